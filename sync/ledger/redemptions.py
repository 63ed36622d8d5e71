"""Redemptions as they stand in the ledger: the questions that services ask of them."""

from collections.abc import Iterable
from typing import Any

from sync.domain.evidence import PastUse
from sync.domain.redemption import Redemption, State, may_become
from sync.ledger.schema import LIVE_STATES
from sync.ledger.tables import REDEMPTIONS
from sync.ledger.transaction import Transaction


def live_of(tx: Transaction, platform: str, voucher: int) -> list[Redemption]:
    """The live redemptions of a voucher, by unit."""
    where = f"platform = ? AND voucher = ? AND state IN {LIVE_STATES} ORDER BY unit"
    return tx.all(REDEMPTIONS, where, (platform, voucher))


def move(tx: Transaction, row: Redemption, state: State, **changes: Any) -> None:
    """Take a row on to its next state; a move that its life does not have is a defect and raises ValueError."""
    if not may_become(row.state, state):
        raise ValueError(f"a redemption can't go from {row.state} to {state}")
    tx.change(REDEMPTIONS, row.id, state=state, **changes)


def past_uses(rows: Iterable[Redemption]) -> tuple[PastUse, ...]:
    """Live redemptions as evidence."""
    return tuple(
        PastUse(
            row.id,
            row.unit,
            row.accepted_at_ms,
            row.staff,
            row.terminal,
            row.settled_at_ms if row.state is State.CONFIRMED else None,
        )
        for row in rows
    )


def free_units(rows: Iterable[Redemption], count: int) -> list[int]:
    """The `count` lowest unit ordinals that no live redemption holds."""
    taken = {row.unit for row in rows}
    free: list[int] = []
    unit = 1
    while len(free) < count:
        if unit not in taken:
            free.append(unit)
        unit += 1
    return free


def of_call(tx: Transaction, outbox_id: str) -> list[Redemption]:
    """The rows that one redeem call covers, in the order they were claimed."""
    return tx.all(REDEMPTIONS, "outbox_id = ? ORDER BY seq", (outbox_id,))


def of_basket(tx: Transaction, outbox_id: str) -> list[Redemption]:
    """All rows of the scan to which a redeem call belongs; those of several orders are in several calls."""
    first = tx.one(REDEMPTIONS, "outbox_id = ?", (outbox_id,))
    if first is None:
        return []
    where = "business_day = ? AND basket_id = ? ORDER BY seq"
    return tx.all(REDEMPTIONS, where, (first.business_day, first.basket_id))


def of_reversal(tx: Transaction, outbox_id: str) -> list[Redemption]:
    """The rows that one reversal call takes back."""
    return tx.all(REDEMPTIONS, "reversal_id = ? ORDER BY seq", (outbox_id,))


def of_shift(tx: Transaction, shift: int) -> list[Redemption]:
    """All rows of a shift."""
    return tx.all(REDEMPTIONS, "shift = ? ORDER BY seq", (shift,))


def of_day(tx: Transaction, platform: str, business_day: str) -> list[Redemption]:
    """All rows of a platform that belong to a business day."""
    return tx.all(REDEMPTIONS, "platform = ? AND business_day = ? ORDER BY seq", (platform, business_day))


def by_id(tx: Transaction, redemption_id: str) -> Redemption | None:
    """A redemption by its id."""
    return tx.one(REDEMPTIONS, "id = ?", (redemption_id,))


def by_name(tx: Transaction, name: str) -> Redemption | None:
    """A redemption by its id or the number on its slip."""
    return by_id(tx, name) or tx.one(REDEMPTIONS, "number = ?", (name,))


def settled_span(tx: Transaction, platform: str, business_day: str) -> tuple[int, int] | None:
    """The first and last time (ms) at which the platform settled rows of a business day; None: it settled none."""
    sql = "SELECT min(settled_at_ms), max(settled_at_ms) FROM redemptions WHERE platform = ? AND business_day = ?"
    first, last = tx.run(sql, (platform, business_day)).fetchone()
    return None if first is None else (first, last + 1)


def by_record(tx: Transaction, platform: str, record: str) -> Redemption | None:
    """The redemption that the platform lists under this id; None: it is none of ours."""
    where = "platform = ? AND json_extract(refs, '$.record') = ? AND refs IS NOT NULL"
    return tx.one(REDEMPTIONS, where, (platform, record))


def day_of_record(tx: Transaction, platform: str, record: str) -> str | None:
    """The business day of the redemption that the platform lists under this id; None: it is none of ours."""
    sql = (
        "SELECT business_day FROM redemptions"
        " WHERE platform = ? AND json_extract(refs, '$.record') = ? AND refs IS NOT NULL"
    )
    row = tx.run(sql, (platform, record)).fetchone()
    return None if row is None else row[0]


def unnumbered_elsewhere(tx: Transaction, platform: str, voucher: int, business_day: str) -> bool:
    """Whether the platform has settled a use of this voucher on another business day without numbering it."""
    sql = (
        "SELECT 1 FROM redemptions WHERE platform = ? AND voucher = ? AND business_day <> ? AND state IN"
        " ('confirmed', 'reversed') AND coalesce(json_extract(refs, '$.record'), '') = '' LIMIT 1"
    )
    return tx.run(sql, (platform, voucher, business_day)).fetchone() is not None


def owed(tx: Transaction, platform: str) -> list[Redemption]:
    """All rows that a platform has not settled, oldest first; found by their calls, which are few."""
    where = (
        "outbox_id IN (SELECT id FROM outbox WHERE state <> 'done' AND kind = 'redeem' AND platform = ?) ORDER BY seq"
    )
    return [row for row in tx.all(REDEMPTIONS, where, (platform,)) if row.owed]


def account_uses(tx: Transaction, account: str, business_day: str) -> int:
    """How many live redemptions an account has on a business day that were accepted on trust."""
    sql = (
        "SELECT count(*) FROM redemptions"
        f" WHERE account = ? AND business_day = ? AND tier <> 'online' AND state IN {LIVE_STATES}"
    )
    return int(tx.run(sql, (account, business_day)).fetchone()[0])


def is_announced(tx: Transaction, redemption_id: str) -> bool:
    """Whether the verdict was shown at the counter."""
    return tx.run("SELECT 1 FROM announced WHERE redemption_id = ?", (redemption_id,)).fetchone() is not None


def announce(tx: Transaction, redemption_ids: tuple[str, ...], at_ms: int) -> None:
    """Remember that the verdict was shown; bookkeeping, not a fact."""
    tx.connection.executemany(
        "INSERT OR IGNORE INTO announced (redemption_id, at_ms) VALUES (?, ?)", [(i, at_ms) for i in redemption_ids]
    )
