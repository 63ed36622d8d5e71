"""A code for the customer's phone, which asks the platform while the till can't."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.counter import Permit
from terminal.presenters.status import duration
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.widgets.codes import CodeView
from terminal.ui.widgets.parts import button, label
from terminal.ui.widgets.story import reading_column

_SIDE = 360
_WIDE = 960
_TICK_MS = 1_000
# From here on it is worth hurrying.
_SOON_S = 20


class PermitFace(QWidget):
    """Emits `cancelled`; the scan of what the phone answers goes the way of every scan."""

    cancelled = Signal()

    def __init__(self, words: Words, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._words, self._now_ms = words, now_ms
        self._view: Permit | None = None
        self._code: CodeView | None = None
        self._left = label("", "amount")
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._count_down)
        self._cancel = button(words("permit", "cancel"), "plain", self.cancelled.emit)
        card = QFrame()
        card.setProperty("kind", "card")
        self._row = QHBoxLayout(card)
        self._row.setContentsMargins(*(4 * tokens.SPACE,) * 4)
        self._row.setSpacing(5 * tokens.SPACE)
        self._row.addWidget(self._steps(words), 1)
        outside = QVBoxLayout(self)
        outside.addStretch(1)
        outside.addWidget(reading_column(card, _WIDE))
        outside.addStretch(2)
        # Not on the button: whoever presses Enter by habit closes nothing.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_view(self, view: Permit) -> None:
        """A fresh code, and how long it is good for."""
        self._view = view
        self._drop()
        self._code = CodeView(view.text, _SIDE)
        self._row.insertWidget(0, self._code, alignment=Qt.AlignmentFlag.AlignCenter)
        self._count_down()
        self._tick.start()

    def rest(self) -> None:
        """Out of view."""
        self._view = None
        self._tick.stop()
        self._drop()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Esc: not any more."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _drop(self) -> None:
        if self._code is not None:
            self._code.hide()
            self._code.deleteLater()
            self._code = None

    def _count_down(self) -> None:
        if self._view is not None:
            left_s = -(-max(0, self._view.until_ms - self._now_ms()) // 1000)
            self._left.setText(self._words("permit", "left", time=duration(left_s)))
            mark(self._left, tone="recorded" if left_s <= _SOON_S else "")

    def _steps(self, words: Words) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addStretch(1)
        column.addWidget(label(words("permit", "title"), "title", wrap=True))
        column.addWidget(label(words("permit", "why"), "quiet", wrap=True))
        steps = QGridLayout()
        steps.setHorizontalSpacing(2 * tokens.SPACE)
        steps.setVerticalSpacing(tokens.SPACE)
        steps.setColumnStretch(1, 1)
        for number in (1, 2, 3):
            steps.addWidget(label(str(number), "heading"), number, 0, Qt.AlignmentFlag.AlignTop)
            steps.addWidget(label(words("permit", f"step_{number}"), "label", wrap=True), number, 1)
        column.addLayout(steps)
        column.addWidget(self._left)
        column.addStretch(1)
        column.addWidget(self._cancel, alignment=Qt.AlignmentFlag.AlignLeft)
        return made
