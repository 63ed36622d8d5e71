"""Our icons, tinted to a colour and sharp at every scale of the screen."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from terminal.paths import resource
from terminal.ui.theme import tokens

# Every SVG is drawn in this one colour, which stands for the tint.
DRAWN_IN = "#000000"
# The scales that Windows and Linux offer.
RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


@cache
def drawing(name: str) -> str:
    """The SVG's text; FileNotFoundError for a name that is not in resources/icons."""
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@cache
def pixmap(name: str, color: str, size: int = tokens.ICON, ratio: float = 1.0) -> QPixmap:
    """A square of `size` device-independent pixels, drawn for a screen of that `ratio`."""
    side = round(size * ratio)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing(name).replace(DRAWN_IN, color).encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


@cache
def icon(name: str, color: str, size: int = tokens.ICON, on: str = "") -> QIcon:
    """For buttons; `on` is the colour while the button is checked."""
    made = QIcon()
    for ratio in RATIOS:
        made.addPixmap(pixmap(name, color, size, ratio))
        if on:
            made.addPixmap(pixmap(name, on, size, ratio), QIcon.Mode.Normal, QIcon.State.On)
    return made
