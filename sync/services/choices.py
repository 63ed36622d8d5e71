"""Where a text may come from several platforms: what the cashiers of this store picked last (product.md A2)."""

from sync.domain.codes import RECOGNISED
from sync.domain.reasons import Code, Reason
from sync.domain.recognisers import recognise
from sync.domain.staff import Staff
from sync.ledger import lists
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.services.timekeeping import Timekeeper

_NAME = "choice "


class Choices:
    """The remembered choices. `connected`: the platforms of this store."""

    def __init__(self, ledger: Ledger, keeper: Timekeeper, connected: frozenset[str]) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._connected = connected

    def remember(self, shape: str, platform: str, staff: Staff) -> None:
        """The cashier's pick for texts of a shape (the fact of WHICH_PLATFORM); durable on return. The last pick is the
        one remembered, and the journal says who changed it."""
        if platform not in RECOGNISED or not shape:
            return

        def job(tx: Transaction) -> None:
            if usual(tx, shape) == platform:
                return
            stamp = self._keeper.stamp(tx, staff.id)
            lists.set_cursor(tx, _NAME + shape, platform, stamp.at_ms)
            tx.note(choice=shape, platform=platform)
            tx.seal_entry("platform.chosen", stamp)

        self._ledger.write(job)

    def usual(self, shape: str) -> str:
        """The platform picked last for this shape; empty where none was."""
        return self._ledger.read(lambda tx: usual(tx, shape))

    def picked(self, text: str, platform: str, staff: Staff) -> None:
        """The same for a text: remembers nothing where it could have come from no other platform."""
        asked = recognise(text, self._connected)
        if not isinstance(asked, Reason) or asked.code is not Code.WHICH_PLATFORM:
            return
        if platform in str(asked.facts["choices"]).split(","):
            self.remember(str(asked.facts["shape"]), platform, staff)


def usual(tx: Transaction, shape: str) -> str:
    """The platform picked last for this shape, as the ledger has it; empty where none was."""
    found = lists.cursor(tx, _NAME + shape)
    return found[0] if found is not None else ""
