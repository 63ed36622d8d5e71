"""Rows to write, and what a test wants to know of the file afterwards."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sync.domain.redemption import Redemption, State
from sync.ledger.journal import Stamp
from sync.ledger.ledger import Ledger
from sync.ledger.sealing import Sealer
from sync.ledger.tables import REDEMPTIONS
from sync.ledger.transaction import Transaction
from sync.ledger.verify import Verified, verify
from sync.ledger.writer import connect

STAMP = Stamp("anna", 1_795_000_000_000, "platform")


def redemption(name: str, **changes: Any) -> Redemption:
    told: dict[str, Any] = {
        "id": name,
        "number": f"T1-{name}",
        "basket_id": "b",
        "request_id": "q",
        "outbox_id": "o",
        "voucher": 1,
        "platform": "douyin",
        "unit": 1,
        "state": State.CLAIMED,
        "tier": "online",
        "promised": False,
        "amount_fen": 100,
        "title": "套餐",
        "code_tail": "6200",
        "code_sealed": b"\x00\xff",
        "kind": "code",
        "staff": "anna",
        "manager": None,
        "shift": 1,
        "outage": None,
        "account": None,
        "terminal": "T1",
        "accepted_at_ms": STAMP.at_ms,
        "clock": "platform",
        "business_day": "2026-08-01",
    }
    return Redemption(**told | changes)


def add(ledger: Ledger, *rows: Redemption) -> None:
    """Each row in a transaction and an entry of its own."""
    for row in rows:

        def job(tx: Transaction, row: Redemption = row) -> None:
            tx.add(REDEMPTIONS, row)
            tx.seal_entry("redemption.claimed", STAMP)

        ledger.write(job)


def change(ledger: Ledger, name: str, **changes: Any) -> None:
    def job(tx: Transaction) -> None:
        tx.change(REDEMPTIONS, name, **changes)
        tx.seal_entry("redemption.changed", STAMP)

    ledger.write(job)


def erase(ledger: Ledger, seq: int) -> None:
    def job(tx: Transaction) -> None:
        tx.erase(seq)
        tx.seal_entry("journal.erased", STAMP)

    ledger.write(job)


def stored(ledger: Ledger) -> dict[str, Redemption]:
    return {row.id: row for row in ledger.read(lambda tx: tx.all(REDEMPTIONS, "1 ORDER BY seq"))}


def walked(path: Path, sealer: Sealer | None) -> Verified:
    with closing(connect(path, read_only=True)) as connection:
        return verify(connection, "T1", sealer)


def tamper(path: Path, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """What somebody with the file and without the key can do."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement, values)
        connection.commit()
