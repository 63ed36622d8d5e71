"""All that the ledger knows of one redemption or one difference, as a person wants to read it; changes nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sync.domain.difference import Difference
from sync.domain.redemption import Redemption, State
from sync.ledger import mentions, outbox, redemptions
from sync.ledger.ledger import Ledger
from sync.ledger.tables import DIFFERENCES, REDEMPTIONS, STAFF, OutboxEntry
from sync.ledger.transaction import Transaction
from sync.services.reversing import Reversing


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One attempt to take a redemption back: by whom (staff id) and when (ms UTC) it was asked for, and how it ended:
    None while it is open, else when, and whether the platform agreed."""

    who: str
    asked_at_ms: int
    ended_at_ms: int | None = None
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A redemption with what became of it. `call` and `reversal` are what is owed to the platform for it, done or not;
    `reversible_until_ms` is a hint (None: no clock limits it); `people`: names by staff id, of everybody ever."""

    redemption: Redemption
    call: OutboxEntry | None
    reversal: OutboxEntry | None
    taken_back: tuple[TakenBack, ...]
    differences: tuple[Difference, ...]
    reversible: bool
    reversible_until_ms: int | None
    people: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """A difference, the story of the redemption it is about, if it is about one of ours, and the numbers of all that
    it covers."""

    difference: Difference
    story: Story | None
    numbers: tuple[str, ...]
    people: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Brief:
    """An open difference in a list, with the redemption that it is about, if it is about one of ours."""

    difference: Difference
    redemption: Redemption | None


class Stories:
    """Reads the ledger in one snapshot for each question."""

    def __init__(self, ledger: Ledger, reversing: Reversing) -> None:
        self._ledger = ledger
        self._reversing = reversing

    def of(self, redemption_id: str) -> Story | None:
        """The story of a redemption; None when there is none with this id."""
        return self._ledger.read(lambda tx: self._story(tx, redemption_id))

    def open(self) -> tuple[Brief, ...]:
        """What still needs a person, the earliest deadline first."""

        def question(tx: Transaction) -> tuple[Brief, ...]:
            found = tx.all(DIFFERENCES, "resolved_at_ms IS NULL ORDER BY deadline_at_ms, id")
            return tuple(
                Brief(one, redemptions.by_id(tx, one.redemption_id) if one.redemption_id else None) for one in found
            )

        return self._ledger.read(question)

    def people(self) -> dict[str, str]:
        """Names by staff id, of everybody ever."""
        return self._ledger.read(_people)

    def case(self, number: int) -> Case | None:
        """A difference by its number, open or ended; None when there is none."""

        def question(tx: Transaction) -> Case | None:
            found = tx.one(DIFFERENCES, "id = ?", (number,))
            if found is None:
                return None
            story = self._story(tx, found.redemption_id) if found.redemption_id else None
            covered = json.loads(found.facts).get("numbers", ())
            own = (story.redemption.number,) if story is not None else ()
            return Case(found, story, tuple(dict.fromkeys((*own, *covered))), _people(tx))

        return self._ledger.read(question)

    def _story(self, tx: Transaction, redemption_id: str) -> Story | None:
        row = redemptions.by_id(tx, redemption_id)
        if row is None:
            return None
        return Story(
            row,
            outbox.by_id(tx, row.outbox_id),
            outbox.by_id(tx, row.reversal_id) if row.reversal_id else None,
            _taken_back(tx, row),
            tuple(tx.all(DIFFERENCES, "redemption_id = ? ORDER BY id", (row.id,))),
            row.reversible and row.reversal_id is None,
            self._reversing.until_ms(row),
            _people(tx),
        )


def _people(tx: Transaction) -> dict[str, str]:
    return {person.id: person.name for person in tx.all(STAFF, "1")}


def _taken_back(tx: Transaction, row: Redemption) -> tuple[TakenBack, ...]:
    """From the journal: the row itself keeps only the reversal that is open or went through."""
    found: list[TakenBack] = []
    for mention in mentions.of_row(tx, REDEMPTIONS.name, row.id, row.accepted_at_ms):
        state, asked = mention.changed.get("state"), mention.changed.get("reversal_id", "")
        if asked:
            found.append(TakenBack(mention.who, mention.at_ms))
        elif state == State.WITHDRAWN:
            found.append(TakenBack(mention.who, mention.at_ms, mention.at_ms, agreed=True))
        elif found and (state == State.REVERSED or asked is None):
            found[-1] = TakenBack(found[-1].who, found[-1].asked_at_ms, mention.at_ms, agreed=asked == "")
    return tuple(found)
