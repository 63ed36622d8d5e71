"""A false platform with its own truth and faults, built from the platforms' contracts alone."""
