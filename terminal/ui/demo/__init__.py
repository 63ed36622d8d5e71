"""The demo in the window: the till, and beside it the phones of its customers."""
