"""A difference (差异): something the books do not agree on, with an owner, until a person ends it."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why the books do not agree (product.md A7)."""

    REFUSED_LATER = "refused_later"
    REVERSAL_REFUSED = "reversal_refused"
    OURS_ONLY = "ours_only"
    THEIRS_ONLY = "theirs_only"
    AMOUNT = "amount"
    REVERSED_ELSEWHERE = "reversed"
    ALIAS_CLASH = "alias_clash"
    HELD = "held"
    BOOKED_UNUSED = "booked_unused"
    JOURNAL_REWRITTEN = "journal_rewritten"
    CLOCK = "clock"


class Ending(StrEnum):
    """The ways in which a difference ends (product.md A7): accept the loss, claim it from the platform, contact the
    customer, re-enter."""

    CONTACT = "contact"
    CLAIM = "claim"
    REENTER = "reenter"
    ACCEPT_LOSS = "accept_loss"


_LOST = (Ending.CONTACT, Ending.CLAIM, Ending.ACCEPT_LOSS)
ENDINGS = {
    Cause.REFUSED_LATER: _LOST,
    Cause.REVERSAL_REFUSED: _LOST,
    Cause.REVERSED_ELSEWHERE: _LOST,
    Cause.OURS_ONLY: (Ending.CLAIM, Ending.REENTER, Ending.ACCEPT_LOSS),
    Cause.THEIRS_ONLY: (Ending.REENTER, Ending.CLAIM, Ending.ACCEPT_LOSS),
    Cause.HELD: (Ending.REENTER, Ending.CLAIM, Ending.ACCEPT_LOSS),
    Cause.AMOUNT: (Ending.CLAIM, Ending.ACCEPT_LOSS),
    Cause.CLOCK: (Ending.CLAIM, Ending.ACCEPT_LOSS),
    Cause.ALIAS_CLASH: (Ending.CONTACT, Ending.ACCEPT_LOSS),
    Cause.BOOKED_UNUSED: (Ending.CONTACT, Ending.ACCEPT_LOSS),
    Cause.JOURNAL_REWRITTEN: (Ending.CLAIM, Ending.ACCEPT_LOSS),
}
"""How a difference of each cause may end, the likeliest first."""

NOTE_MARK = "："


def resolution_of(ending: Ending, note: str) -> str:
    """An ending with the note of whoever chose it, as the ledger keeps it: the same in every language."""
    note = " ".join(note.split())
    return f"{ending}{NOTE_MARK}{note}" if note else ending.value


@dataclass(frozen=True, slots=True)
class Difference:
    """One open or ended difference. `key` names it once and for all, so that finding it again opens no second one;
    `facts` is JSON; `deadline_at_ms`: 48 h after it opened (product.md A4, system fault)."""

    id: int
    key: str
    platform: str
    cause: Cause
    redemption_id: str | None
    amount_fen: int
    owner: str
    opened_at_ms: int
    deadline_at_ms: int
    facts: str
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at_ms: int | None = None


DEADLINE_MS = 48 * 3_600_000
