"""Domain → what is shown; no window and no sentences of its own beyond the catalogue."""
