"""The button that takes a redemption back: once to be asked, once more to do it; it counts the hint down."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton

from terminal.presenters.status import duration
from terminal.ui.theme.style import mark

SURE_MS = 4_000


class UndoButton(QPushButton):
    """Emits `sure` after the second press. `named` gives its name for what is left of the time ("" when no clock
    limits it), `asked` is its name while it waits for the second."""

    sure = Signal()

    def __init__(self, named: Callable[[str], str], asked: str, now_ms: Callable[[], int]) -> None:
        super().__init__(named(""))
        self._named, self._asked, self._now_ms = named, asked, now_ms
        self._until_ms: int | None = None
        self.setProperty("kind", "plain")
        self.setAutoDefault(True)
        self._sure = QTimer(self, singleShot=True, interval=SURE_MS)
        self._sure.timeout.connect(self._show_name)
        self._clock = QTimer(self, interval=1_000)
        self._clock.timeout.connect(self._show_name)
        self.clicked.connect(self._press)

    def show_until(self, until_ms: int | None) -> None:
        """Until when (UTC) the platform may be expected to agree; None: no clock limits it."""
        self._sure.stop()
        self._until_ms = until_ms
        self._show_name()
        if until_ms is None:
            self._clock.stop()
        else:
            self._clock.start()

    def rest(self) -> None:
        """Out of view."""
        self._sure.stop()
        self._clock.stop()
        self._show_name()

    def _press(self) -> None:
        if self._sure.isActive():
            self._sure.stop()
            self._show_name()
            self.sure.emit()
            return
        self._sure.start()
        self.setText(self._asked)
        mark(self, kind="danger")

    def _show_name(self) -> None:
        if self._sure.isActive():
            return
        left_ms = 0 if self._until_ms is None else max(0, self._until_ms - self._now_ms())
        name = self._named("" if self._until_ms is None else duration(left_ms // 1000))
        if self.text() != name:
            self.setText(name)
        if self.property("kind") != "plain":
            mark(self, kind="plain")
