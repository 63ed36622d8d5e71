"""A shop's day, played on the real parts and checked against the platforms' own book."""
