"""One sentence for a few seconds at the foot of the window; it never takes the focus."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark

STAYS_MS = 4_000
_BANNERS = {"good": "redeemed", "bad": "refused", "info": "working"}


class Notice(QFrame):
    """Hidden until something is said."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._said = QLabel(self)
        self._said.setProperty("kind", "label")
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * tokens.SPACE, 2 * tokens.SPACE, 3 * tokens.SPACE, 2 * tokens.SPACE)
        row.addWidget(self._said)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, said: str, kind: str) -> None:
        """Show it now; the last one said is the one in view."""
        self._said.setText(said)
        mark(self, banner=_BANNERS.get(kind, "working"))
        self.setAccessibleName(said)
        self.adjustSize()
        window = self._window
        self.move((window.width() - self.width()) // 2, window.height() - self.height() - 4 * tokens.SPACE)
        self.show()
        self.raise_()
        self._timer.start(STAYS_MS)
