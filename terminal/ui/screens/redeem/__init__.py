"""The counter's screen: idle, working, an offer, a verdict; one at a time."""
