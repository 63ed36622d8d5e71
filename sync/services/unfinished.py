"""Scans that never came to an end: their platform has not answered, or nobody was told its answer."""

from collections.abc import Callable, Iterable

from sync.domain.moment import Moment
from sync.domain.redemption import Redemption, State
from sync.domain.trust import Tier
from sync.ledger import redemptions
from sync.ledger.transaction import Transaction

# A yes that nobody was told is told at a second scan for so long: whoever comes back comes back the same day. What is
# older is an earlier use, also where it was redeemed before verdicts were kept as shown.
UNTOLD_MS = 86_400_000


def unfinished_of(tx: Transaction, rows: Iterable[Redemption], now: Callable[[], Moment]) -> str | None:
    """The call of an earlier scan that never came to an end: its platform has not answered, or its verdict was never
    shown. A second scan resumes it and never makes another (design.md, "Life of a redemption"). `now` is asked only
    where something settled was not shown."""
    for row in rows:
        unanswered = row.owed and row.tier == Tier.ONLINE
        if unanswered or _untold(tx, row, now):
            return row.outbox_id
    return None


def _untold(tx: Transaction, row: Redemption, now: Callable[[], Moment]) -> bool:
    """Nobody at the counter was told yes: the power went, the window was closed. A row that is being taken back was
    seen by whoever does that."""
    settled = row.state is State.CONFIRMED and row.reversal_id is None
    if not (row.owed or settled) or redemptions.is_announced(tx, row.id):
        return False
    return row.owed or now().ms - row.accepted_at_ms < UNTOLD_MS
