"""Finding somebody who may do a thing: the PIN sheet, asked until the PIN is right or the sheet is closed."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from shiboken6 import isValid

from sync.domain.staff import Deed, Staff
from sync.errors import KnownError
from sync.services.people import People
from terminal.i18n import Words
from terminal.ui.operation import Operations
from terminal.ui.shell.pin_sheet import PinSheet
from terminal.ui.shell.sheet import Veil

# A PIN waits for no page's reading.
LANE = "authority"


class Authority(QObject):
    """`say` words an error for whoever stands there."""

    def __init__(self, veil: Veil, people: People, operations: Operations, say: Callable[[KnownError], str]) -> None:
        super().__init__(veil)
        self._veil, self._people, self._operations, self._say = veil, people, operations, say
        # Whoever asked before it was counted on hears nothing any more.
        self._turn = 0
        self._sheet: PinSheet | None = None

    def ask(
        self, words: Words, why: str, deed: Deed, then: Callable[[Staff], None], owner: QObject | None = None
    ) -> None:
        """Somebody whose role may do it types a PIN; `then` hears who, while `owner`, who asked, is there."""
        asker, turn = owner or self, self._turn

        def show(found: list[Staff]) -> None:
            if turn == self._turn:
                self._show(words, why, deed, found, lambda staff: then(staff) if isValid(asker) else None)

        self._operations.start(asker, self._people.all, show, lane=LANE)

    def dismiss(self) -> None:
        """Nobody is asked any more: what is under way is forgotten, and its sheet taken away."""
        self._turn += 1
        if self._sheet is not None and self._veil.sheet is self._sheet:
            self._veil.close_sheet()
        self._sheet = None

    def _show(self, words: Words, why: str, deed: Deed, found: list[Staff], then: Callable[[Staff], object]) -> None:
        sheet = PinSheet(words, why, [person for person in found if person.may(deed)])

        def entered(who: str, pin: str) -> None:
            self._operations.start(
                sheet,
                lambda: self._people.authorise(who, pin, deed),
                right,
                lambda error: sheet.show_wrong(self._say(error)),
                lane=LANE,
                finally_=sheet.show_ready,
            )

        def right(staff: Staff) -> None:
            # Closed meanwhile, and not yet gone.
            if self._veil.sheet is sheet:
                self._veil.close_sheet()
                then(staff)

        sheet.cancelled.connect(self._veil.close_sheet)
        sheet.entered.connect(entered)
        self._sheet = sheet
        self._veil.open(sheet)
