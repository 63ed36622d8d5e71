"""Both books beside each other, platform by platform."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.domain.redemption import OWED, State
from terminal.demo.books import Use


class Entry(Protocol):
    """A row of our ledger, as far as it is compared here."""

    @property
    def platform(self) -> str: ...
    @property
    def state(self) -> State: ...
    @property
    def amount_fen(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Side:
    """One platform. `ours`, `ours_fen`: redemptions confirmed in our ledger; `theirs`, `theirs_fen`: uses that stand in
    its book; `owed`: redemptions of ours that it has not answered yet."""

    platform: str
    ours: int = 0
    ours_fen: int = 0
    theirs: int = 0
    theirs_fen: int = 0
    owed: int = 0

    @property
    def agrees(self) -> bool:
        """As many uses and as much money on both sides."""
        return (self.ours, self.ours_fen) == (self.theirs, self.theirs_fen)


def sides(platforms: Sequence[str], rows: Iterable[Entry], uses: Iterable[Use]) -> tuple[Side, ...]:
    """Each of these platforms, in this order, and behind them any other that one of the books names."""
    ours, theirs = list(rows), [use for use in uses if not use.reversed]
    named = {row.platform for row in ours} | {use.platform for use in theirs}
    others = sorted(named - set(platforms))
    return tuple(_side(name, ours, theirs) for name in (*platforms, *others))


def _side(platform: str, ours: list[Entry], theirs: list[Use]) -> Side:
    confirmed = [row.amount_fen for row in ours if row.platform == platform and row.state is State.CONFIRMED]
    live = [use.amount_fen for use in theirs if use.platform == platform]
    owed = sum(row.platform == platform and row.state in OWED for row in ours)
    return Side(platform, len(confirmed), sum(confirmed), len(live), sum(live), owed)
