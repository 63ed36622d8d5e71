"""One phone on the sheet: a QR code to scan, the digits under it to type, and what it is."""

from functools import lru_cache

import segno
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sync.domain.money import yuan
from terminal.demo.customers import Kind, Phone
from terminal.i18n import Words, text
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import (
    BODY,
    CORNER,
    DARK,
    FOCUS_RING,
    INNER_CORNER,
    LABEL,
    LIGHT,
    NOTE,
    SPACE,
)
from terminal.ui.widgets.parts import label

WIDTH = 204
_GLASS_HEIGHT = 252
_QUIET_MODULES = 4
_TELEPHONE_DIGITS = 11
# As many digits as the line under a picture holds at its usual size.
_USUAL_DIGITS = 16
# A phone's screen is bright whatever the theme of the shop's own window.
_LOOK = f"""
QFrame#phone {{ background: {DARK.page}; border: 0; border-radius: {CORNER + SPACE}px; }}
QFrame#glass {{ background: {LIGHT.surface}; border: 0; border-radius: {CORNER}px; }}
QFrame#glass QLabel {{ color: {LIGHT.text}; font-size: {NOTE}px; }}
QFrame#glass QPushButton {{
    background: {LIGHT.raised}; color: {LIGHT.text}; border: {FOCUS_RING}px solid {LIGHT.raised};
    border-radius: {INNER_CORNER}px; font-size: {BODY}px; min-height: 28px; max-height: 28px; padding: 0;
}}
QFrame#glass QPushButton[long="yes"] {{ font-size: {NOTE}px; }}
QFrame#glass QPushButton:hover {{ border-color: {LIGHT.line}; }}
QFrame#glass QPushButton:focus {{ border-color: {LIGHT.accent.fill}; }}
QFrame#glass QPushButton:disabled {{ background: {LIGHT.surface}; border-color: {LIGHT.surface};
    color: {LIGHT.text_disabled}; }}
"""


@lru_cache(maxsize=64)
def modules(told: str) -> QImage:
    """A QR code, one pixel a module, without its quiet zone."""
    rows = [bytes(row) for row in segno.make_qr(told, error="m", boost_error=False).matrix_iter(border=0)]
    side = len(rows)
    made = QImage(side, side, QImage.Format.Format_Grayscale8)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            made.setPixelColor(x, y, QColor(LIGHT.text if dark else LIGHT.surface))
    return made


def in_groups(code: str) -> str:
    """Digits as they are printed under a picture, and a telephone number as it is said."""
    if len(code) == _TELEPHONE_DIGITS:
        return f"{code[:3]} {in_groups(code[3:])}"
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


class Picture(QAbstractButton):
    """What fills the phone's screen: a QR code, or large digits where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._told, self._digits = "", ""
        self.setFixedHeight(_GLASS_HEIGHT - 76)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_code(self, told: str, digits: str) -> None:
        """`told` as a QR code; `digits` where it is empty."""
        self._told, self._digits = told, digits
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """Modules on whole device pixels, so that a camera reads them too."""
        painter = QPainter(self)
        if self._told:
            self._paint_picture(painter)
        else:
            font = painter.font()
            font.setPixelSize(LABEL)
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(LIGHT.text))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, in_groups(self._digits).replace(" ", "\n"))
        if self.hasFocus() or self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(LIGHT.accent.fill if self.hasFocus() else LIGHT.line), FOCUS_RING))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), INNER_CORNER, INNER_CORNER)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        image, ratio = modules(self._told), self.devicePixelRatioF()
        room = min(self.width(), self.height())
        side = max(1, int(room * ratio) // (image.width() + _QUIET_MODULES)) * image.width() / ratio
        left, top = (self.width() - side) / 2, (self.height() - side) / 2
        painter.drawImage(QRect(round(left), round(top), round(side), round(side)), image)


class PhoneCard(QWidget):
    """Emits `scanned` with the picture's text, `typed` with the code."""

    scanned = Signal(str)
    typed = Signal(str)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.phone: Phone | None = None
        self.state = ""
        self._platform, self._price = label(), label()
        self.picture = Picture()
        self.picture.clicked.connect(self._scan)
        self.code = QPushButton()
        self.code.setAutoDefault(True)
        self.code.clicked.connect(self._type)
        self._kind, self._state = label("", "body"), label("", "note")
        for one in (self._kind, self._state):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._body(), alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(SPACE // 2)
        column.addWidget(self._kind)
        column.addWidget(self._state)

    def _body(self) -> QFrame:
        body, glass = QFrame(), QFrame()
        body.setObjectName("phone")
        glass.setObjectName("glass")
        body.setStyleSheet(_LOOK)
        body.setFixedWidth(WIDTH)
        glass.setFixedHeight(_GLASS_HEIGHT)
        around = QVBoxLayout(body)
        around.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        around.addWidget(glass)
        inside = QVBoxLayout(glass)
        inside.setContentsMargins(SPACE // 2, SPACE, SPACE // 2, SPACE // 2)
        inside.setSpacing(SPACE // 2)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE // 2, 0, SPACE // 2, 0)
        head.addWidget(self._platform)
        head.addStretch()
        head.addWidget(self._price)
        inside.addLayout(head)
        inside.addWidget(self.picture)
        inside.addWidget(self.code)
        return body

    def show_phone(self, phone: Phone, state: str = "") -> None:
        """What it shows now; `state`: how its platform has the coupon."""
        words, self.phone, self.state = self._words, phone, state
        kind = words("kinds", phone.kind.value)
        self._kind.setText(kind)
        told = words("on_phone", state) if state else ""
        self._state.setText(told)
        mark(self._state, tone="redeemed" if state == "used" else "")
        self._platform.setText(text(words.language, "platforms", phone.platform) if phone.platform else "")
        self._price.setText(yuan(phone.price_fen) if phone.price_fen else "")
        self.picture.show_code(phone.picture, phone.code)
        self.picture.setAccessibleName(words("window", "scan" if phone.picture else "type", kind=kind))
        self.code.setText(self._under(phone))
        mark(self.code, long="yes" if len(phone.code) > _USUAL_DIGITS else "")
        self.code.setAccessibleName(words("window", "type", kind=kind))
        self.code.setEnabled(bool(phone.code and phone.picture))

    def _under(self, phone: Phone) -> str:
        if not phone.code:
            return self._words("window", "no_code")
        if phone.picture:
            return in_groups(phone.code)
        return self._words("window", "only_number" if phone.kind is Kind.TELEPHONE else "only_code")

    def _scan(self) -> None:
        if self.phone is not None:
            if self.phone.picture:
                self.scanned.emit(self.phone.picture)
            else:
                self.typed.emit(self.phone.code)

    def _type(self) -> None:
        if self.phone is not None and self.phone.code:
            self.typed.emit(self.phone.code)
