"""Where a terminal keeps its files when nobody says otherwise, and where the files are that ship with it."""

from pathlib import Path

import resources


def default_data() -> Path:
    """The folder of this user's terminal."""
    # Asked only where nobody named a folder.
    from platformdirs import user_data_path

    return user_data_path("hexiao", appauthor=False)


def resource(*parts: str) -> Path:
    """A file under resources. Whether it is there is for the reader to find out."""
    # By the package's own file: importlib.resources would be imported before the first paint.
    return Path(resources.__file__).parent.joinpath(*parts)
