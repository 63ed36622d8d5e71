"""Leaving the till: closing it and signing out, each with a word about what would be left behind."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from sync.domain.staff import Deed, Staff
from sync.services.delivering import Debt
from sync.services.store import Store
from terminal.i18n import Words
from terminal.presenters.counter import AREA as COUNTER
from terminal.presenters.waiting import waiting_line
from terminal.ui.desk import Frame
from terminal.ui.operation import Operations
from terminal.ui.shell.question_sheet import QuestionSheet


class Leaving(QObject):
    """`closed`: the window may close; `signed_out`: the person may go. `still` runs a function once no step is under
    way."""

    closed = Signal()
    signed_out = Signal()

    def __init__(
        self,
        frame: Frame,
        store: Store,
        operations: Operations,
        words: Callable[[], Words],
        still: Callable[[Callable[[], object]], object],
        *,
        kiosk: bool,
    ) -> None:
        super().__init__()
        self._frame, self._store, self._operations = frame, store, operations
        self._words, self._still, self._kiosk = words, still, kiosk

    def sign_out(self, waiting: Sequence[str]) -> None:
        """At once, unless codes wait: those are forgotten with the person who scanned them."""
        if not waiting:
            self.signed_out.emit()
            return
        words = self._words()
        sheet = QuestionSheet(words, "sign_out", self._waiting(waiting), words("sign_out", "body"))
        sheet.declined.connect(self._frame.close_sheet)
        sheet.agreed.connect(self.signed_out)
        self._frame.show_sheet(sheet)

    def close(self, staff: Staff | None, waiting: Sequence[str]) -> None:
        """Closing loses nothing that was accepted; it says what stays owed, and a kiosk is closed by who may open an
        outage's limits."""

        def ask(debt: Debt) -> None:
            words, owed = self._words(), debt.count + debt.reversals
            said = words("close", "body", count=owed) if owed else words("close", "nothing")
            left = (self._waiting(waiting), words("close", "waiting")) if waiting else ()
            sheet = QuestionSheet(words, "close", said, *left)
            sheet.declined.connect(self._frame.close_sheet)
            sheet.agreed.connect(lambda: self._agreed(staff))
            self._frame.show_sheet(sheet)

        self._operations.start(self, self._store.delivering.debt, ask)

    def _agreed(self, staff: Staff | None) -> None:
        def closed(_: object = None) -> None:
            self._still(self.closed.emit)

        if self._kiosk and (staff is None or not staff.may(Deed.CLOSE_TILL)):
            self._frame.authorise(self._words()("close", "kiosk"), Deed.CLOSE_TILL, closed)
        else:
            closed()

    def _waiting(self, waiting: Sequence[str]) -> str:
        return waiting_line(Words(COUNTER, self._words().language), waiting)
