"""The steps from scan to verdict as they happen."""

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.counter import Mark, Working
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.fit_label import FitLabel
from terminal.ui.widgets.parts import label

_EVERY_MS = 100
# A step that is over at once needs no stopwatch.
_WORTH_SAYING_S = 0.4


class WorkingFace(QWidget):
    """Four steps beside each other; the one that runs shows its seconds."""

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._view: Working | None = None
        self._since = QElapsedTimer()
        self._clock = QTimer(self, interval=_EVERY_MS)
        self._clock.timeout.connect(self._tick)
        panel = QFrame()
        mark(panel, banner="working")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(*(4 * tokens.SPACE,) * 4)
        inside.setSpacing(3 * tokens.SPACE)
        self._title = FitLabel(tokens.AMOUNT)
        self._steps = QHBoxLayout()
        self._steps.setSpacing(4 * tokens.SPACE)
        inside.addWidget(self._title)
        inside.addLayout(self._steps)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(panel)
        column.addStretch(2)
        self._marks: list[tuple[QLabel, QLabel]] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_view(self, view: Working) -> None:
        """The steps; the stopwatch starts anew whenever another one runs."""
        before, self._view = self._view, view
        self._title.setText(view.title or self._words("working", "title"))
        while len(self._marks) < len(view.steps):
            self._add_step()
        for (picture, said), step in zip(self._marks, view.steps, strict=False):
            tone = {Mark.DONE: self._palette.redeemed, Mark.RUNNING: self._palette.working}.get(step.mark)
            color = tone.ink if tone is not None else self._palette.text_disabled
            name = {Mark.DONE: "check", Mark.RUNNING: "working"}.get(step.mark, "clock")
            picture.setPixmap(icons.pixmap(name, color, tokens.ICON))
            said.setText(step.name)
            said.setEnabled(step.mark is not Mark.WAITING)
        for picture, said in self._marks[len(view.steps) :]:
            picture.clear()
            said.clear()
        if before is None or _running(before) != _running(view):
            self._since.start()
        self._clock.start()

    def rest(self) -> None:
        """Out of view: nothing has to be counted."""
        self._clock.stop()
        self._view = None

    def _tick(self) -> None:
        seconds = self._since.elapsed() / 1000
        place = _running(self._view) if self._view is not None else -1
        if self._view is not None and 0 <= place < len(self._marks) and seconds >= _WORTH_SAYING_S:
            name = self._view.steps[place].name
            self._marks[place][1].setText(self._words("working", "seconds", step=name, seconds=f"{seconds:.1f}"))

    def _add_step(self) -> None:
        picture, said = QLabel(), label("", "label")
        self._steps.addWidget(picture)
        self._steps.addWidget(said)
        self._steps.addStretch()
        self._marks.append((picture, said))


def _running(view: Working) -> int:
    return next((place for place, step in enumerate(view.steps) if step.mark is Mark.RUNNING), -1)
