"""The background: what is due, delivered, pulled and probed."""
