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
