"""Differences: listed for their owners, ended by a person, once and for all."""

from sync.domain.difference import ENDINGS, Difference, Ending, resolution_of
from sync.domain.reasons import Code, because
from sync.domain.staff import Deed, Staff
from sync.errors import NotAllowed
from sync.ledger.ledger import Ledger
from sync.ledger.tables import DIFFERENCES
from sync.ledger.transaction import Transaction
from sync.services.timekeeping import Timekeeper


class Differences:
    """The open and ended differences of this ledger."""

    def __init__(self, ledger: Ledger, keeper: Timekeeper) -> None:
        self._ledger = ledger
        self._keeper = keeper

    def open(self) -> list[Difference]:
        """What still needs a person, the earliest deadline first."""
        return self._ledger.read(lambda tx: tx.all(DIFFERENCES, "resolved_at_ms IS NULL ORDER BY deadline_at_ms, id"))

    def resolve(self, number: int, staff: Staff, ending: Ending, note: str = "") -> Difference:
        """End a difference for good. Raises NotAllowed when it does not exist, is ended already, can't end in this way,
        or the role may not."""
        if not staff.may(Deed.RESOLVE):
            raise NotAllowed(because(Code.NOT_PERMITTED, staff=staff.name))

        def job(tx: Transaction) -> Difference:
            found = tx.one(DIFFERENCES, "id = ?", (number,))
            if found is None:
                raise NotAllowed(because(Code.NO_SUCH_RECORD, name=str(number)))
            if found.resolved_at_ms is not None:
                raise NotAllowed(because(Code.ALREADY_RESOLVED, name=str(number)))
            if ending not in ENDINGS[found.cause]:
                raise NotAllowed(because(Code.ENDING_UNFIT, name=str(number), choices=", ".join(ENDINGS[found.cause])))
            stamp = self._keeper.stamp(tx, staff.id)
            resolution = resolution_of(ending, note)
            tx.change(DIFFERENCES, number, resolution=resolution, resolved_by=staff.id, resolved_at_ms=stamp.at_ms)
            tx.seal_entry("difference.resolved", stamp)
            ended = tx.one(DIFFERENCES, "id = ?", (number,))
            assert ended is not None
            return ended

        return self._ledger.write(job)
