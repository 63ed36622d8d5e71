"""Where the passphrase of a sealed secrets file comes from: the environment, or whoever sits at the command line."""

import os
import sys
from getpass import getpass

VARIABLE = "HEXIAO_PASSPHRASE"


def passphrase(new: bool) -> str:
    """The passphrase, a `new` one typed twice; empty where nobody can be asked or the two are not the same."""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    # A window that was started from the desktop has nobody behind its input.
    if sys.stdin is None or not sys.stdin.isatty():
        return ""
    try:
        typed = getpass(f"{VARIABLE}: ")
        return typed if not new or getpass(f"{VARIABLE} (again): ") == typed else ""
    except (EOFError, KeyboardInterrupt):
        return ""
