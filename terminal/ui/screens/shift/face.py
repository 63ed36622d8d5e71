"""What every face of the shift is laid out on: a column that scrolls, and the buttons below it that never do."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from terminal.presenters.table import Cell, Column
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import VERDICT_ICONS, Palette
from terminal.ui.widgets.parts import label

WIDEST = 960
_BAR = 12
_STEPS = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
}


class Face(QWidget):
    """`body` scrolls (Page Up and Down, from wherever the focus is), `foot` stays."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 2 * tokens.SPACE)
        self.body.setSpacing(2 * tokens.SPACE)
        self._room = centred(inside)
        self._scroll.setWidget(self._room)
        # The bar takes its place from the margin, so that nothing moves when it comes.
        self._scroll.verticalScrollBar().rangeChanged.connect(self._leave_room)
        feet = QWidget()
        self.foot = QHBoxLayout(feet)
        self.foot.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)
        self.foot.setSpacing(2 * tokens.SPACE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(self._scroll, 1)
        column.addWidget(centred(feet))
        self._leave_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """What no button takes turns the page."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._scroll.verticalScrollBar().triggerAction(step)

    def clear(self) -> None:
        """An empty body."""
        while self.body.count():
            item = self.body.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def to_top(self) -> None:
        """The beginning in view."""
        self._scroll.verticalScrollBar().setValue(0)

    def _leave_room(self) -> None:
        bar = self._scroll.verticalScrollBar().maximum() > 0
        self._room.setContentsMargins(0, 0, 0 if bar else _BAR, 0)

    def banner(self, tone: str, said: str, icon: str = "") -> QFrame:
        """One sentence in its tone, with the icon that goes with the tone unless another one is named."""
        made = QFrame()
        mark(made, banner=tone)
        row = QHBoxLayout(made)
        row.setContentsMargins(2 * tokens.SPACE, tokens.SPACE, 2 * tokens.SPACE, tokens.SPACE)
        row.setSpacing(2 * tokens.SPACE)
        row.addWidget(self.sign(icon or VERDICT_ICONS[tone], self._palette.verdicts[tone].ink))
        row.addWidget(label(said, "heading", wrap=True), 1)
        return made

    def sign(self, icon: str, color: str) -> QLabel:
        """An icon that stands before words."""
        made = QLabel()
        made.setPixmap(icons.pixmap(icon, color, tokens.ICON))
        made.setFixedWidth(tokens.ICON)
        return made


def centred(inside: QWidget) -> QWidget:
    """No wider than a line of text can be read."""
    inside.setMaximumWidth(WIDEST)
    made = QWidget()
    made.setContentsMargins(0, 0, _BAR, 0)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(inside, 1_000)
    row.addStretch(1)
    return made


def lines(columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]) -> QWidget:
    """A few rows under their columns' names: for what is read, not chosen from."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(3 * tokens.SPACE)
    grid.setVerticalSpacing(tokens.SPACE)
    for place, column in enumerate(columns):
        grid.setColumnStretch(place, column.stretch)
        grid.addWidget(_cell(Cell(column.title), column, "note"), 0, place)
    for number, cells in enumerate(rows, start=1):
        for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            grid.addWidget(_cell(cell, column, "heading" if cell.strong else "body"), number, place)
    return made


def _cell(cell: Cell, column: Column, kind: str) -> QLabel:
    made = label(cell.said, kind, wrap=bool(column.stretch))
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    made.setAlignment(side | Qt.AlignmentFlag.AlignTop)
    if cell.tone:
        mark(made, tone=cell.tone)
    return made
