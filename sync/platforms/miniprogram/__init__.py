"""The merchant's own mini-program platform (docs/own-platform.md)."""
