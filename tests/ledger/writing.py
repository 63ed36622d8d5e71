"""A process of its own that opens a ledger and writes to it until it is killed; says each row once it is durable."""

import sys
from pathlib import Path

from sync.clock import SystemClock
from sync.ledger.ledger import Ledger
from sync.ledger.sealing import Sealer
from sync.ledger.tables import REDEMPTIONS
from sync.ledger.transaction import Transaction
from tests.ledger.rows import STAMP, redemption

KEY = b"k" * 32


def write_on(ledger: Ledger, start: int) -> None:
    """Pairs of rows, each pair in one transaction: half a pair must never be seen."""
    number = start
    while True:

        def job(tx: Transaction, number: int = number) -> None:
            for half in ("a", "b"):
                tx.add(REDEMPTIONS, redemption(f"{number}{half}", unit=2 * number + (half == "b")))
            tx.seal_entry("redemption.claimed", STAMP)
            tx.change(REDEMPTIONS, f"{number}a", amount_fen=number)
            tx.seal_entry("redemption.changed", STAMP)

        ledger.write(job)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    clock = SystemClock()
    opened = Ledger(Path(sys.argv[1]), Sealer(KEY, clock), clock, lock_wait_s=0)
    sys.stdout.write("open\n")
    sys.stdout.flush()
    write_on(opened, int(sys.argv[2]))
