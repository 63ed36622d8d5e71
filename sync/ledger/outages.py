"""Outages per platform, and what each purse has given out in them (product.md A5)."""

import json

from sync.domain.redemption import Redemption
from sync.domain.trust import PURSE_OF, Outage, Purse, Spent, Tier
from sync.ledger.journal import canonical
from sync.ledger.schema import OWED_STATES
from sync.ledger.tables import OUTAGES, OutageRow
from sync.ledger.transaction import Transaction


def current(tx: Transaction, platform: str) -> Outage | None:
    """The outage under way, with what it has given out so far; withdrawn rows never happened, all others count."""
    row = tx.one(OUTAGES, "platform = ? AND ended_at_ms IS NULL", (platform,))
    return None if row is None else Outage(row.id, row.started_at_ms, row.opened_by, _spent(row.spent))


def _spent(text: str) -> dict[Purse, Spent]:
    return {Purse(purse): Spent(*figures) for purse, figures in json.loads(text).items()}


def begin(tx: Transaction, platform: str, at_ms: int) -> int:
    """Start an outage, with its first acceptance on trust; answers with its number."""
    row = OutageRow(tx.next_id(OUTAGES), platform, at_ms)
    tx.add(OUTAGES, row)
    return row.id


def spend(tx: Transaction, outage: int, row: Redemption, sign: int = 1) -> None:
    """Count a row against its outage's purse; `sign` -1 gives a withdrawn one back. A fact like any other: nobody can
    make room under a limit without the journal showing it."""
    found = tx.one(OUTAGES, "id = ?", (outage,))
    spent = json.loads(found.spent) if found else {}
    purse = PURSE_OF[Tier(row.tier)].value
    count, amount_fen = spent.get(purse, (0, 0))
    spent[purse] = [count + sign, amount_fen + sign * row.amount_fen]
    tx.change(OUTAGES, outage, spent=canonical(spent))


def open_by_manager(tx: Transaction, outage: int, manager: str, at_ms: int) -> None:
    """A manager raises the limits of this outage, once."""
    tx.change(OUTAGES, outage, opened_by=manager, opened_at_ms=at_ms)


def end_if_settled(tx: Transaction, outage: int, at_ms: int) -> None:
    """End the outage when the platform has settled the last row accepted in it."""
    owed = tx.run(
        f"SELECT 1 FROM redemptions WHERE outage = ? AND state IN {OWED_STATES} LIMIT 1", (outage,)
    ).fetchone()
    if owed is None and tx.one(OUTAGES, "id = ? AND ended_at_ms IS NULL", (outage,)) is not None:
        tx.change(OUTAGES, outage, ended_at_ms=at_ms)
