"""Redemptions as they stand in the ledger: the questions that services ask of them."""

from collections.abc import Iterable
from typing import Any

from sync.domain.evidence import PastUse
from sync.domain.redemption import OWED, Redemption, State, may_become
from sync.ledger.schema import LIVE_STATES
from sync.ledger.tables import REDEMPTIONS
from sync.ledger.transaction import Transaction

_OWED = "('" + "', '".join(sorted(OWED)) + "')"


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


def of_reversal(tx: Transaction, outbox_id: str) -> list[Redemption]:
    """The rows that one reversal call takes back."""
    return tx.all(REDEMPTIONS, "reversal_id = ? ORDER BY seq", (outbox_id,))


def of_shift(tx: Transaction, shift: int) -> list[Redemption]:
    """All rows of a shift."""
    return tx.all(REDEMPTIONS, "shift = ? ORDER BY seq", (shift,))


def of_day(tx: Transaction, platform: str, business_day: str) -> list[Redemption]:
    """All rows of a platform that belong to a business day."""
    return tx.all(REDEMPTIONS, "platform = ? AND business_day = ? ORDER BY seq", (platform, business_day))


def by_name(tx: Transaction, name: str) -> Redemption | None:
    """A redemption by its id or the number on its slip."""
    return tx.one(REDEMPTIONS, "id = ? OR number = ?", (name, name))


def settled_span(tx: Transaction, platform: str, business_day: str) -> tuple[int, int] | None:
    """The first and last time (ms) at which the platform settled rows of a business day; None: it settled none."""
    sql = "SELECT min(settled_at_ms), max(settled_at_ms) FROM redemptions WHERE platform = ? AND business_day = ?"
    first, last = tx.run(sql, (platform, business_day)).fetchone()
    return None if first is None else (first, last + 1)


def records_of_other_days(tx: Transaction, platform: str, business_day: str) -> frozenset[str]:
    """The platform's ids of redemptions that belong to other business days of ours."""
    sql = (
        "SELECT json_extract(refs, '$.record') FROM redemptions"
        " WHERE platform = ? AND business_day <> ? AND refs IS NOT NULL"
    )
    return frozenset(row[0] for row in tx.run(sql, (platform, business_day)))


def owed(tx: Transaction) -> list[Redemption]:
    """All rows that a platform has not settled, oldest first."""
    return tx.all(REDEMPTIONS, f"state IN {_OWED} ORDER BY seq")


def account_uses(tx: Transaction, account: str, business_day: str) -> int:
    """How many live redemptions an account has on a business day."""
    sql = f"SELECT count(*) FROM redemptions WHERE account = ? AND business_day = ? AND state IN {LIVE_STATES}"
    return int(tx.run(sql, (account, business_day)).fetchone()[0])


def is_announced(tx: Transaction, redemption_id: str) -> bool:
    """Whether the verdict was shown at the counter."""
    return tx.run("SELECT 1 FROM announced WHERE redemption_id = ?", (redemption_id,)).fetchone() is not None


def announce(tx: Transaction, redemption_ids: tuple[str, ...], at_ms: int) -> None:
    """Remember that the verdict was shown; bookkeeping, not a fact."""
    tx.connection.executemany(
        "INSERT OR IGNORE INTO announced (redemption_id, at_ms) VALUES (?, ?)", [(i, at_ms) for i in redemption_ids]
    )
