"""What a scan came to, unit by unit: the answer that screens, slips and scripts show."""

from dataclasses import dataclass
from enum import StrEnum

from sync.domain.reasons import Reason, from_json
from sync.domain.redemption import Redemption, State

BOOKED = "booked"
"""The kind of a redemption that rests on a permit with our nonce: the platform has it already."""


class Outcome(StrEnum):
    """The four lights of the counter (screens.md)."""

    REDEEMED = "redeemed"
    RECORDED = "recorded"
    ASK_MANAGER = "ask_manager"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class UnitVerdict:
    """One unit. `redemption_id`, `number` and `request_id` are None where nothing was accepted."""

    outcome: Outcome
    tier: str | None
    reason: Reason | None
    platform: str | None
    title: str = ""
    code_tail: str = ""
    amount_fen: int | None = None
    redemption_id: str | None = None
    number: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One scan: at least one unit."""

    units: tuple[UnitVerdict, ...]

    @property
    def first(self) -> UnitVerdict:
        """The unit that stands for the scan where only one can be shown."""
        return self.units[0]


def refused(reason: Reason, platform: str | None, code_tail: str = "", title: str = "") -> UnitVerdict:
    """A unit that was not accepted."""
    return UnitVerdict(Outcome.REFUSED, None, reason, platform, title, code_tail)


def of_row(row: Redemption) -> UnitVerdict:
    """The verdict on a unit as the ledger has it."""
    reason = from_json(row.reason) if row.reason else None
    if row.state is State.CONFIRMED or (row.owed and row.kind == BOOKED):
        outcome = Outcome.REDEEMED
    elif row.owed:
        outcome = Outcome.RECORDED
    else:
        outcome = Outcome.REFUSED
    return UnitVerdict(
        outcome,
        row.tier,
        reason,
        row.platform,
        row.title,
        row.code_tail,
        row.amount_fen,
        row.id,
        row.number,
        row.request_id,
    )
