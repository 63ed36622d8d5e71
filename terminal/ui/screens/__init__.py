"""Screens build widgets, emit intents and show views; they know neither the store nor each other."""
