"""Which platform a text is from: one key, and the look-up goes on."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.counter import Choose
from terminal.ui.screens.redeem.banner import Banner
from terminal.ui.screens.redeem.reading import Reading
from terminal.ui.theme import fonts, tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import Button, button, label, side_by_side
from terminal.ui.widgets.story import reading_column

WIDE = 560
_TALL = 9 * tokens.SPACE
_CAP = 5 * tokens.SPACE
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ChooseFace(QWidget):
    """Emits `chosen` with a platform, or `cancelled`."""

    chosen = Signal(str)
    cancelled = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._view: Choose | None = None
        self._reading = Reading()
        self._title = label(words("choose", "title"), "title", wrap=True)
        self._code = label("", "label")
        self._banner = Banner()
        self._answers = QVBoxLayout()
        self._answers.setSpacing(2 * tokens.SPACE)
        self._buttons: list[_Answer] = []
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        for part in (self._title, self._code, self._banner):
            column.addWidget(part)
        column.addSpacing(tokens.SPACE)
        column.addLayout(self._answers)
        cancel = button(words("offer", "cancel"), "quiet", self.cancelled.emit)
        column.addWidget(side_by_side(label(words("choose", "hint"), "note"), 1, cancel))
        outside = QVBoxLayout(self)
        outside.addStretch(1)
        outside.addWidget(reading_column(inside, WIDE))
        outside.addStretch(2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_view(self, view: Choose) -> None:
        """The platforms it may be from, the usual one in focus."""
        self._view = view
        self._reading.renew()
        self._code.setText(view.code)
        self._banner.say("working", view.said, "")
        for old in self._buttons:
            old.hide()
            old.deleteLater()
        self._buttons = []
        for number, (name, platform) in enumerate(zip(view.names, view.platforms, strict=True), 1):
            made = _Answer(number, name, self._palette)
            made.clicked.connect(lambda _checked, platform=platform: self._choose(platform))
            self._answers.addWidget(made)
            self._buttons.append(made)
        self._buttons[view.place].setFocus(Qt.FocusReason.OtherFocusReason)

    def rest(self) -> None:
        """Out of view."""
        self._view = None

    def press(self) -> None:
        """The one in focus."""
        place = next((place for place, one in enumerate(self._buttons) if one.hasFocus()), None)
        if self._view is not None:
            self._choose(self._view.platforms[self._view.place if place is None else place])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Its number picks a platform, Enter the one in focus, Esc none; the arrows move."""
        view, key = self._view, Qt.Key(event.key())
        if view is None or event.isAutoRepeat():
            return
        if event.text().isdecimal() and 1 <= int(event.text()) <= len(view.platforms):
            self._choose(view.platforms[int(event.text()) - 1])
        elif key in _ENTER:
            self.press()
        elif key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """From the first painting on it can be read."""
        super().paintEvent(event)
        if self._view is not None:
            self._reading.painted()

    def _choose(self, platform: str) -> None:
        if self._reading.done:
            self.chosen.emit(platform)


class _Answer(Button):
    """One platform, with the key that picks it."""

    def __init__(self, number: int, name: str, palette: Palette) -> None:
        super().__init__()
        self._number, self._name, self._palette = str(number), name, palette
        self.setAccessibleName(f"{number} {name}")
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """As wide as there is."""
        return QSize(WIDE, _TALL)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """Never flat."""
        return QSize(tokens.RAIL_WIDTH, _TALL)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """A key cap and a name, ringed while in focus."""
        palette, accent = self._palette, self._palette.accent
        focused, lit = self.hasFocus(), self.hasFocus() or self.underMouse()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = tokens.FOCUS_RING if focused else tokens.HAIRLINE
        frame = QRectF(self.rect()).adjusted(ring / 2, ring / 2, -ring / 2, -ring / 2)
        painter.setPen(QPen(QColor(accent.ink if focused else palette.edge), ring))
        painter.setBrush(QColor(accent.soft if focused else palette.raised if lit else palette.surface))
        painter.drawRoundedRect(frame, tokens.CORNER, tokens.CORNER)
        cap = QRectF(2 * tokens.SPACE, (self.height() - _CAP) / 2, _CAP, _CAP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(accent.fill if focused else palette.raised))
        painter.drawRoundedRect(cap, tokens.INNER_CORNER, tokens.INNER_CORNER)
        self._write(painter, cap, Qt.AlignmentFlag.AlignCenter, fonts.font(tokens.LABEL, bold=True), self._number)
        name = QRectF(self.rect()).adjusted(cap.right() + 2 * tokens.SPACE, 0, -2 * tokens.SPACE, 0)
        font = fonts.font(tokens.TITLE, bold=True)
        self._write(painter, name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, font, self._name)
        painter.end()

    def _write(self, painter: QPainter, room: QRectF, place: Qt.AlignmentFlag, font: QFont, said: str) -> None:
        on_cap = said == self._number and self.hasFocus()
        painter.setPen(QColor(self._palette.accent.on_fill if on_cap else self._palette.text))
        painter.setFont(font)
        painter.drawText(room, int(place), said)
