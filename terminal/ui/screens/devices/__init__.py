"""The devices of the terminal, the scanner's set-up, and the printed card of commands."""
