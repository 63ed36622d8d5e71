"""What the platforms believe beside what our own ledger says, in a few figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sync.ledger.tables import REDEMPTIONS
from sync.services.store import Store
from terminal.demo.control import Book
from terminal.demo.sides import Side, sides


class Standing(StrEnum):
    """How the two books stand to each other."""

    AGREE = "agree"
    OWING = "owing"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True)
class Figures:
    """`sides`: both books by platform; `states`: (platform, code) → usable, used, refunded, frozen or expired."""

    sides: tuple[Side, ...] = ()
    second_attempts: int = 0
    differences: int = 0
    states: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def at_platforms(self) -> int:
        """Uses that stand in the platforms' books."""
        return sum(side.theirs for side in self.sides)

    @property
    def confirmed(self) -> int:
        """Redemptions that our ledger has as confirmed."""
        return sum(side.ours for side in self.sides)

    @property
    def owed(self) -> int:
        """Redemptions that are still to be delivered or settled."""
        return sum(side.owed for side in self.sides)

    @property
    def standing(self) -> Standing:
        """What is owed explains a difference at its platform until it is delivered; afterwards nothing does."""
        if self.second_attempts or not all(side.agrees or side.owed for side in self.sides):
            return Standing.DIFFER
        return Standing.OWING if self.owed else Standing.AGREE


def figures(book: Book, store: Store) -> Figures:
    """Both sides as they stand; read one after the other, so that a redemption under way may be in one of them only."""
    rows = store.ledger.read(lambda tx: tx.all(REDEMPTIONS, "1"))
    compared = sides(tuple(store.asking.platforms), rows, book.uses)
    return Figures(compared, book.second_attempts, len(store.differences.open()), book.states)
