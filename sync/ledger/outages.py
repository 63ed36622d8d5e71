"""Outages per platform, and what each purse has given out in them (product.md A5)."""

from sync.domain.redemption import Redemption
from sync.domain.trust import PURSE_OF, Outage, Purse, Spent, Tier
from sync.ledger.schema import OWED_STATES
from sync.ledger.tables import OUTAGES, OutageRow
from sync.ledger.transaction import Transaction


def current(tx: Transaction, platform: str) -> Outage | None:
    """The outage under way, with what it has given out so far; withdrawn rows never happened, all others count."""
    rows = tx.run(
        "SELECT o.id, o.started_at_ms, o.opened_by, s.purse, s.count, s.amount_fen FROM outages o"
        " LEFT JOIN outage_spent s ON s.outage = o.id WHERE o.platform = ? AND o.ended_at_ms IS NULL",
        (platform,),
    ).fetchall()
    if not rows:
        return None
    number, started_at_ms, opened_by = rows[0][:3]
    spent = {Purse(purse): Spent(count, amount_fen) for *_, purse, count, amount_fen in rows if purse is not None}
    return Outage(number, started_at_ms, opened_by, spent)


def begin(tx: Transaction, platform: str, at_ms: int) -> int:
    """Start an outage, with its first acceptance on trust; answers with its number."""
    row = OutageRow(tx.next_id(OUTAGES), platform, at_ms)
    tx.add(OUTAGES, row)
    return row.id


def spend(tx: Transaction, outage: int, row: Redemption, sign: int = 1) -> None:
    """Count a row against its outage's purse; `sign` -1 gives a withdrawn one back."""
    tx.run(
        "INSERT INTO outage_spent (outage, purse, count, amount_fen) VALUES (?, ?, ?, ?) ON CONFLICT (outage, purse)"
        " DO UPDATE SET count = count + excluded.count, amount_fen = amount_fen + excluded.amount_fen",
        (outage, PURSE_OF[Tier(row.tier)], sign, sign * row.amount_fen),
    )


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
