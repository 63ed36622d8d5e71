"""What the platforms believe beside what our own ledger says, in a few figures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sync.domain.redemption import OWED, State
from sync.ledger.tables import REDEMPTIONS
from sync.services.store import Store
from terminal.demo.control import Book


class Standing(StrEnum):
    """How the two books stand to each other."""

    AGREE = "agree"
    OWING = "owing"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True)
class Figures:
    """`at_platforms`: uses that stand in their books; `confirmed`, `owed`: redemptions in ours; `states`: (platform,
    code) → usable, used, refunded, frozen or expired."""

    at_platforms: int
    second_attempts: int
    confirmed: int
    owed: int
    differences: int
    states: Mapping[tuple[str, str], str]

    @property
    def standing(self) -> Standing:
        """What is owed explains a difference until it is delivered; afterwards nothing does."""
        if self.second_attempts:
            return Standing.DIFFER
        if self.owed:
            return Standing.OWING
        return Standing.AGREE if self.at_platforms == self.confirmed else Standing.DIFFER


def figures(book: Book, store: Store) -> Figures:
    """Both sides as they stand; read one after the other, so that a redemption under way may be in one of them only."""
    states = Counter(row.state for row in store.ledger.read(lambda tx: tx.all(REDEMPTIONS, "1")))
    return Figures(
        sum(not use.reversed for use in book.uses),
        book.second_attempts,
        states[State.CONFIRMED],
        sum(states[state] for state in OWED),
        len(store.differences.open()),
        book.states,
    )
