"""What the counter shows, and the one step that is under way for it, off the window's thread."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from sync.errors import KnownError
from terminal.presenters.counter import CounterView, Idle, Working
from terminal.ui.desk import Desk
from terminal.ui.operation import COUNTER

Answer = TypeVar("Answer")


class Scene(QObject):
    """`view_changed` carries a CounterView; `over`: what was in view before is done with; `begun`: a step is under way
    that nothing may come between; `refused` carries a KnownError of the terminal itself, `broke` is what nobody
    foresaw."""

    view_changed = Signal(object)
    over = Signal()
    begun = Signal()
    refused = Signal(object)
    broke = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._view: CounterView = Idle()
        self._turn = 0

    @property
    def view(self) -> CounterView:
        """What is shown now."""
        return self._view

    @property
    def turn(self) -> int:
        """Grows with each step: who started something knows by it whether it still matters."""
        return self._turn

    def show(self, view: CounterView) -> None:
        """The step goes on, and this is how it looks."""
        self._view = view
        self.view_changed.emit(view)

    def end(self) -> None:
        """Answers of earlier steps are not heard any more."""
        self._turn += 1
        self.over.emit()

    def begin(self, view: Working) -> int:
        """The next step; its turn."""
        self.end()
        self.begun.emit()
        self.show(view)
        return self._turn

    def start(self, work: Callable[[], Answer], then: Callable[[Answer], object], lane: str = COUNTER) -> None:
        """Ask something for this step; `then` hears the answer while the step lasts."""
        turn = self._turn

        def heard(answer: Answer) -> None:
            if turn == self._turn:
                then(answer)

        def failed(error: KnownError) -> None:
            if turn == self._turn:
                self.refused.emit(error)

        def broke(_error: Exception) -> None:
            if turn == self._turn:
                self.broke.emit()

        self._desk.operations.start(self, work, heard, failed, lane=lane, broken=broke)
