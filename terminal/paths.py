"""Where a terminal keeps its files when nobody says otherwise."""

from pathlib import Path

from platformdirs import user_data_path


def default_data() -> Path:
    """The folder of this user's terminal."""
    return user_data_path("hexiao", appauthor=False)
