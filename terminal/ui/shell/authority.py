"""Finding somebody who may do a thing: the PIN sheet, asked until the PIN is right or the sheet is closed."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from sync.domain.staff import Deed, Staff
from sync.errors import KnownError
from sync.services.people import People
from terminal.i18n import Words
from terminal.ui.operation import Operations
from terminal.ui.shell.pin_sheet import PinSheet
from terminal.ui.shell.sheet import Veil


class Authority(QObject):
    """`say` words an error for whoever stands there."""

    def __init__(self, veil: Veil, people: People, operations: Operations, say: Callable[[KnownError], str]) -> None:
        super().__init__(veil)
        self._veil, self._people, self._operations, self._say = veil, people, operations, say

    def ask(self, words: Words, why: str, deed: Deed, then: Callable[[Staff], None]) -> None:
        """Somebody whose role may do it types a PIN; `then` hears who."""
        self._operations.start(self, self._people.all, lambda found: self._show(words, why, deed, found, then))

    def _show(self, words: Words, why: str, deed: Deed, found: list[Staff], then: Callable[[Staff], None]) -> None:
        sheet = PinSheet(words, why, [person for person in found if person.may(deed)])

        def entered(who: str, pin: str) -> None:
            self._operations.start(
                sheet,
                lambda: self._people.authorise(who, pin, deed),
                right,
                lambda error: sheet.show_wrong(self._say(error)),
            )

        def right(staff: Staff) -> None:
            self._veil.close_sheet()
            then(staff)

        sheet.cancelled.connect(self._veil.close_sheet)
        sheet.entered.connect(entered)
        self._veil.open(sheet)
