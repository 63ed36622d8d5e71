"""One redemption: one use of one voucher, and the life it may lead (design.md, "Life of a redemption")."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`claimed → sent → confirmed | refused | unknown`; `claimed → withdrawn` only if never sent;
    `confirmed → reversed`."""

    CLAIMED = "claimed"
    SENT = "sent"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


OWED = frozenset({State.CLAIMED, State.SENT, State.UNKNOWN})
LIVE = OWED | {State.CONFIRMED}

_MOVES = {
    State.CLAIMED: {State.SENT, State.WITHDRAWN},
    State.SENT: {State.CLAIMED, State.CONFIRMED, State.REFUSED, State.UNKNOWN},
    State.UNKNOWN: {State.SENT, State.CONFIRMED, State.REFUSED},
    State.CONFIRMED: {State.REVERSED},
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
    State.REVERSED: set(),
}


def may_become(old: State, new: State) -> bool:
    """Whether a redemption may go from `old` to `new`. `sent → claimed` is a call that provably never left."""
    return new in _MOVES[old]


@dataclass(frozen=True, slots=True)
class Redemption:
    """One ledger row. Amounts in fen, times in ms UTC.

    `voucher` is our own id; `unit` a local ordinal, never renumbered; `number` what the counter can read out.
    `promised`: the customer was told yes while the platform had not answered, so a later refusal is a difference.
    `code_sealed` holds the coupon's code where it is known, else the text shown, but never a telephone number; `refs`
    the platform's handles, JSON; `witnesses` the evidence noted, JSON.
    """

    id: str
    number: str
    basket_id: str
    request_id: str
    outbox_id: str
    voucher: int
    platform: str
    unit: int
    state: State
    tier: str
    promised: bool
    amount_fen: int
    title: str
    code_tail: str
    code_sealed: bytes
    kind: str
    staff: str
    manager: str | None
    shift: int
    outage: int | None
    account: str | None
    terminal: str
    accepted_at_ms: int
    clock: str
    business_day: str
    settled_at_ms: int | None = None
    reason: str | None = None
    refs: str | None = None
    witnesses: str | None = None
    reversal_id: str | None = None

    @property
    def owed(self) -> bool:
        """The platform has not settled it yet."""
        return self.state in OWED

    @property
    def reversible(self) -> bool:
        """There is something to take back: whether the platform lets it is for the platform to say."""
        return self.state in LIVE
