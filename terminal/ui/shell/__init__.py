"""The frame around every page: top line, rail, dialogs, and the last resort."""
