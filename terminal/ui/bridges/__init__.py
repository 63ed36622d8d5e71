"""Between services and screens: each bridge starts operations, turns answers into views, and hears intents."""
