"""A word as large as fits: 72 where there is room, else the next smaller size of the scale."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from terminal.ui.theme import fonts
from terminal.ui.theme.tokens import AMOUNT, LABEL, TITLE, VERDICT

SIZES = (VERDICT, AMOUNT, TITLE, LABEL)
# Room for two lines of a size, spacing included.
_TWO_LINES = 2.7
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FitLabel(QLabel):
    """Wraps over two lines at most before it grows smaller."""

    def __init__(self, largest: int = VERDICT) -> None:
        super().__init__()
        self._sizes = tuple(size for size in SIZES if size <= largest)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", "verdict")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """As wide as there is."""
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """May be narrow."""
        return QSize(160, TITLE)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 Qt calls it
        """The height of the text in the size that fits."""
        return self._height(self._fitting(width), width)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt calls it
        """Where it is wider the size may be larger, and the height with it."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """The text in the size that fits."""
        painter = QPainter(self)
        painter.setFont(self._fitting(self.width()))
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), int(_WRAPPED), self.text())

    def _fitting(self, width: int) -> QFont:
        for size in self._sizes:
            font = fonts.font(size, bold=True)
            if self._height(font, width) <= _TWO_LINES * size:
                return font
        return font

    def _height(self, font: QFont, width: int) -> int:
        return QFontMetrics(font).boundingRect(0, 0, width, 10_000, int(_WRAPPED), self.text()).height()
