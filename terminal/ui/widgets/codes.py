"""QR codes on screen and on paper: black on white in every theme, sharp at every size."""

import segno
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

# What the standard asks for around a code, in modules.
QUIET_ZONE = 4
_BLACK, _WHITE = QColor("#000000"), QColor("#FFFFFF")

Rows = tuple[bytes, ...]


def rows_of(text: str) -> Rows:
    """The modules of a code, one byte each, the quiet zone included."""
    return tuple(bytes(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix_iter(border=QUIET_ZONE))


def paint_code(painter: QPainter, rows: Rows, square: QRectF) -> None:
    """Draw a code into a square, on white."""
    painter.fillRect(square, _WHITE)
    side = square.width() / len(rows)
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                # One bar a run: single squares would leave hairlines between them on paper.
                bar = QRectF(square.x() + start * side, square.y() + y * side, (x - start) * side, side)
                painter.fillRect(bar, _BLACK)
            x += 1


class CodeView(QWidget):
    """One code on screen."""

    def __init__(self, text: str, side: int) -> None:
        super().__init__()
        self._rows = rows_of(text)
        # A whole number of pixels a module keeps the edges sharp.
        self._pixels = max(1, side // len(self._rows))
        self.setFixedSize(*(self._pixels * len(self._rows),) * 2)
        self.setAccessibleName(text)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """The code."""
        painter = QPainter(self)
        paint_code(painter, self._rows, QRectF(self.rect()))
        painter.end()
