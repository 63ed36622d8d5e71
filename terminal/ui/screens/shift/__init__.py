"""The shift's screen: ready, running, counting, the report; one at a time."""
