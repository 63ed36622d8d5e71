"""All numbers of the main job, each a ratio taken in one run, as one table: `python -m tests.bench`."""

import sys

from rich.console import Console
from rich.table import Table

from tests.bench import decoding, offline, online, window


def main() -> int:
    """Print the table; 1 when a line is over its limit."""
    console = Console(width=110)
    table = Table("what", "ours", "bare", "", "ratio", "at most", "")
    well = True
    for taken in (offline.rows, online.rows, decoding.rows, window.rows):
        for row in taken():
            well = well and row.ok
            figures = (f"{row.ours:.3f}", f"{row.bare:.3f}", row.unit, f"{row.ratio:.2f}", f"{row.limit:.2f}")
            table.add_row(row.name, *figures, "ok" if row.ok else "over")
    console.print(table)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
