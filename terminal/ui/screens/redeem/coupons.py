"""A list of coupons to pick from: a tick, how many, what each costs; one of them is looked at."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sync.domain.money import yuan
from terminal.i18n import Words
from terminal.presenters.counter import BasketLine
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import label, side_by_side


class CouponRow(QFrame):
    """Emits `toggled` when it was pressed, and `stepped` by +1 or −1."""

    toggled = Signal()
    stepped = Signal(int)

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._palette, self._current, self._pressed = palette, False, False
        self._tick = QCheckBox()
        self._tick.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tick.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = label("", "heading", wrap=True)
        self._about = label("", "note", wrap=True)
        self._price = label("", "label")
        self._less = _step(icons.icon("minus", palette.text), words("basket", "less"), lambda: self.stepped.emit(-1))
        self._more = _step(icons.icon("plus", palette.text), words("basket", "more"), lambda: self.stepped.emit(1))
        self._units = label("", "heading")
        self._units.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._units.setMinimumWidth(4 * tokens.SPACE)
        grid = QGridLayout(self)
        grid.setContentsMargins(tokens.SPACE, tokens.SPACE, 2 * tokens.SPACE, tokens.SPACE)
        grid.setHorizontalSpacing(tokens.SPACE)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._tick, 0, 0, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._title, 0, 1)
        grid.addWidget(self._price, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._about, 1, 1)
        self._stepper = side_by_side(self._less, self._units, self._more, space=0)
        grid.addWidget(self._stepper, 1, 2, Qt.AlignmentFlag.AlignRight)

    def show_line(self, line: BasketLine) -> None:
        """One coupon, and how many of it are picked."""
        self._title.setText(line.title)
        self._about.setText(line.about)
        self._about.setVisible(bool(line.about))
        self._price.setText(yuan(line.price_fen))
        self._tick.setChecked(line.units > 0)
        self._units.setText(str(line.units))
        self._stepper.setVisible(line.left > 1)
        self._less.setEnabled(line.units > 0)
        self._more.setEnabled(line.units < line.left)
        mark_said = "✓" if line.units else ""
        self.setAccessibleName("  ".join(filter(None, (mark_said, line.title, yuan(line.price_fen), str(line.units)))))

    def look_at(self, current: bool) -> None:
        """It is this one that the keys speak to."""
        if current != self._current:
            self._current = current
            self.update()

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 Qt calls it
        """A finger is on it."""
        self._pressed = True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 Qt calls it
        """And off it again, on the same row."""
        if self._pressed and self.rect().contains(event.position().toPoint()):
            self.toggled.emit()
        self._pressed = False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """Ringed while it is looked at."""
        if not self._current:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = tokens.FOCUS_RING / 2
        painter.setPen(QPen(QColor(self._palette.accent.ink), tokens.FOCUS_RING))
        painter.setBrush(QColor(self._palette.accent.soft))
        frame = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(frame, tokens.INNER_CORNER, tokens.INNER_CORNER)
        painter.end()


class CouponList(QScrollArea):
    """Emits `toggled` with the place of a row, `stepped` with a place and +1 or −1."""

    toggled = Signal(int)
    stepped = Signal(int, int)

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._rows: list[CouponRow] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.SPACE // 2)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def rows(self) -> tuple[CouponRow, ...]:
        """In their order."""
        return tuple(self._rows)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """As tall as its rows, where there is room."""
        return QSize(super().sizeHint().width(), self._column.sizeHint().height())

    def show_lines(self, lines: tuple[BasketLine, ...], current: int) -> None:
        """All coupons; `current` is looked at."""
        while len(self._rows) < len(lines):
            self._add()
        while len(self._rows) > len(lines):
            gone = self._rows.pop()
            gone.hide()
            gone.deleteLater()
        for place, (row, line) in enumerate(zip(self._rows, lines, strict=True)):
            row.show_line(line)
            row.look_at(place == current)
        self.updateGeometry()
        if current < len(self._rows):
            self.ensureWidgetVisible(self._rows[current], 0, tokens.SPACE)

    def _add(self) -> None:
        row, place = CouponRow(self._words, self._palette), len(self._rows)
        row.toggled.connect(lambda: self.toggled.emit(place))
        row.stepped.connect(lambda step: self.stepped.emit(place, step))
        self._column.insertWidget(place, row)
        self._rows.append(row)


def _step(icon: QIcon, name: str, pressed: Callable[[], object]) -> QToolButton:
    made = QToolButton()
    made.setIcon(icon)
    made.setIconSize(QSize(tokens.ICON, tokens.ICON))
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.clicked.connect(lambda _checked: pressed())
    return made
