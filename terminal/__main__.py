"""`hexiao` and `python -m terminal`."""

import sys

from terminal.cli.app import run


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run())


if __name__ == "__main__":
    main()
