"""The way in: who may sign in, and whose PIN was right."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from sync.domain.staff import Staff
from sync.errors import KnownError
from sync.services.people import People
from terminal.i18n import Words
from terminal.presenters.people import AREA, people_views
from terminal.ui.operation import Operations
from terminal.ui.screens.sign_in import SignInScreen


class Entrance(QObject):
    """`signed_in` carries a Staff; `say` words an error for whoever stands there."""

    signed_in = Signal(object)

    def __init__(self, people: People, operations: Operations, say: Callable[[KnownError], str]) -> None:
        super().__init__()
        self._people, self._operations, self._say = people, operations, say
        self._last: str | None = None

    def face(self, language: str, store: str) -> SignInScreen:
        """A fresh face; whoever was here last is chosen already."""
        screen = SignInScreen(Words(AREA, language), store)
        screen.entered.connect(lambda who, pin: self._try(screen, who, pin))
        self._operations.start(
            screen, self._people.all, lambda found: screen.show_people(people_views(found, language, self._last))
        )
        return screen

    def _try(self, screen: SignInScreen, who: str, pin: str) -> None:
        self._operations.start(
            screen,
            lambda: self._people.sign_in(who, pin),
            self._enter,
            lambda error: screen.show_wrong(self._say(error)),
            finally_=screen.show_ready,
        )

    def _enter(self, staff: Staff) -> None:
        self._last = staff.id
        self.signed_in.emit(staff)
