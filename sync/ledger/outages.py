"""Outages per platform, and what each purse has given out in them (product.md A5)."""

from sync.domain.redemption import OWED
from sync.domain.trust import PURSE_OF, Outage, Purse, Spent, Tier
from sync.ledger.tables import OUTAGES, OutageRow
from sync.ledger.transaction import Transaction, marks

_OWED = tuple(sorted(OWED))


def current(tx: Transaction, platform: str) -> Outage | None:
    """The outage under way, with what it has given out so far; withdrawn rows never happened, all others count."""
    row = tx.one(OUTAGES, "platform = ? AND ended_at_ms IS NULL", (platform,))
    if row is None:
        return None
    spent: dict[Purse, Spent] = {}
    sql = (
        "SELECT tier, count(*), sum(amount_fen) FROM redemptions"
        " WHERE outage = ? AND state <> 'withdrawn' GROUP BY tier"
    )
    for tier, count, amount_fen in tx.run(sql, (row.id,)):
        purse = PURSE_OF[Tier(tier)]
        before = spent.get(purse, Spent())
        spent[purse] = Spent(before.count + count, before.amount_fen + amount_fen)
    return Outage(row.id, row.started_at_ms, row.opened_by, spent)


def begin(tx: Transaction, platform: str, at_ms: int) -> int:
    """Start an outage, with its first acceptance on trust; answers with its number."""
    row = OutageRow(tx.next_id(OUTAGES), platform, at_ms)
    tx.add(OUTAGES, row)
    return row.id


def open_by_manager(tx: Transaction, outage: int, manager: str, at_ms: int) -> None:
    """A manager raises the limits of this outage, once."""
    tx.change(OUTAGES, outage, opened_by=manager, opened_at_ms=at_ms)


def end_if_settled(tx: Transaction, outage: int, at_ms: int) -> None:
    """End the outage when the platform has settled the last row accepted in it."""
    sql = f"SELECT 1 FROM redemptions WHERE outage = ? AND state IN ({marks(_OWED)}) LIMIT 1"
    still_open = tx.one(OUTAGES, "id = ? AND ended_at_ms IS NULL", (outage,)) is not None
    if still_open and tx.run(sql, (outage, *_OWED)).fetchone() is None:
        tx.change(OUTAGES, outage, ended_at_ms=at_ms)
