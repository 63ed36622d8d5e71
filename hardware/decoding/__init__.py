"""Codes in pictures: from pixels to text, and nothing about what the text means."""
