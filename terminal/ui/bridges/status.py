"""Watches lines, debts and the time for the top line; a second is the longest that anything stays unseen."""

from PySide6.QtCore import QObject, QTimer, Signal

from sync.services.delivering import Debt
from terminal.presenters.status import AREA, status
from terminal.ui.desk import Desk
from terminal.ui.operation import STATUS
from terminal.wording import clock_of

EVERY_MS = 1_000


class Status(QObject):
    """`seen` carries a StatusView, `ticked` the time of day, `line_changed` that a platform came or went."""

    seen = Signal(object)
    ticked = Signal(str)
    line_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words(AREA)
        self._offline: frozenset[str] = frozenset()
        self._asking = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()

    def refresh(self) -> None:
        """Ask now; one question at a time."""
        self.ticked.emit(clock_of(self._desk.clock.wall_ms(), self._desk.zone))
        if not self._asking:
            self._asking = True
            store = self._desk.store
            self._desk.operations.start(self, store.delivering.debt, self._show, lane=STATUS, finally_=self._asked)

    def begin(self) -> None:
        """What is known without asking, at once; then ask."""
        clock = self._desk.clock
        lines = self._desk.store.lines.states()
        self.seen.emit(status(self._words, lines, Debt(), clock.wall_ms(), clock.monotonic_ms()))
        self.refresh()

    def stop(self) -> None:
        """No more questions."""
        self._timer.stop()

    def _asked(self) -> None:
        self._asking = False

    def _show(self, debt: Debt) -> None:
        clock, lines = self._desk.clock, self._desk.store.lines.states()
        self.seen.emit(status(self._words, lines, debt, clock.wall_ms(), clock.monotonic_ms()))
        offline = frozenset(line.platform for line in lines if line.offline)
        if offline != self._offline:
            self._offline = offline
            self.line_changed.emit()
