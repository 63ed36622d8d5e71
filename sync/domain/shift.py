"""A shift (交接班): opened, worked, counted blind, closed for good; late answers amend it, never change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sync.domain.redemption import Redemption, State
from sync.domain.staff import Role


class ShiftState(StrEnum):
    """`open → counted → closed`."""

    OPEN = "open"
    COUNTED = "counted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift. Amounts in fen, times in ms UTC; `counts` and `report` are JSON once they exist."""

    id: int
    state: ShiftState
    opened_by: str
    opened_at_ms: int
    clock: str
    business_day: str
    float_fen: int
    counted_by: str | None = None
    counted_at_ms: int | None = None
    counts: str | None = None
    closed_by: str | None = None
    closed_at_ms: int | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a count may be off before a manager has to approve the close: cash in fen either way, slips in pieces
    over all platforms; None: as far as it likes."""

    cash_fen: int | None
    slips: int | None

    def bears(self, cash_off_fen: int, slips_off: int) -> bool:
        """Whether a count that is so far off is within it."""
        cash_ok = self.cash_fen is None or abs(cash_off_fen) <= self.cash_fen
        return cash_ok and (self.slips is None or abs(slips_off) <= self.slips)


TOLERANCE: Mapping[Role, Tolerance] = MappingProxyType(
    {Role.CASHIER: Tolerance(1_000, 1), Role.MANAGER: Tolerance(None, None)}
)
"""By the role of who closes (product.md A6); a role that is not named tolerates nothing."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many and how much."""

    count: int = 0
    amount_fen: int = 0

    def plus(self, amount_fen: int) -> "Tally":
        """One more of that amount."""
        return Tally(self.count + 1, self.amount_fen + amount_fen)


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """One platform's part of the close (product.md A6). `on_trust` counts what was accepted on trust, settled or not;
    `owed` what the platform has not settled yet, with the oldest acceptance; `denied` what it refused later."""

    platform: str
    redeemed: Tally = Tally()
    reversed: Tally = Tally()
    on_trust: Tally = Tally()
    owed: Tally = Tally()
    oldest_owed_at_ms: int | None = None
    denied: Tally = Tally()


def platform_lines(redemptions: Iterable[Redemption]) -> tuple[PlatformLine, ...]:
    """The lines of a close, by platform in order of name. Withdrawn redemptions never happened."""
    sums: dict[str, dict[str, Tally]] = {}
    oldest: dict[str, int] = {}
    for row in redemptions:
        names = _names(row)
        tallies = sums.setdefault(row.platform, {})
        for name in names:
            tallies[name] = tallies.get(name, Tally()).plus(row.amount_fen)
        if "owed" in names:
            oldest[row.platform] = min(row.accepted_at_ms, oldest.get(row.platform, row.accepted_at_ms))
    return tuple(
        PlatformLine(platform, oldest_owed_at_ms=oldest.get(platform), **_tallies(tallies))
        for platform, tallies in sorted(sums.items())
    )


def _tallies(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    return {name: tallies.get(name, Tally()) for name in ("redeemed", "reversed", "on_trust", "owed", "denied")}


def _names(row: Redemption) -> tuple[str, ...]:
    by_state = {
        State.CONFIRMED: "redeemed",
        State.REVERSED: "reversed",
        State.REFUSED: "denied" if row.promised else "",
        State.WITHDRAWN: "",
    }
    name = by_state.get(row.state, "owed")
    trusted = row.promised and row.state is not State.WITHDRAWN
    return tuple(n for n in (name, "on_trust" if trusted else "") if n)
