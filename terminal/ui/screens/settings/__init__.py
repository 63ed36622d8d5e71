"""The settings of the terminal: how it looks, its scanner, its people, and what the owner's file holds."""
