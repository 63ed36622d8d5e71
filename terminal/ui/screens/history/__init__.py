"""The history: search, list, and one entry told as a story."""
