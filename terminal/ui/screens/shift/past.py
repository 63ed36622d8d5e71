"""The shifts of before, to be chosen from."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.shift import PastLine
from terminal.presenters.table import Cell, Column, Empty, Row
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label
from terminal.ui.widgets.table import Table


class PastFace(QWidget):
    """Emits `picked` with a shift's number; `back`."""

    picked = Signal(int)
    back = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        columns = (
            Column(words("past", "number"), right=True),
            Column(words("past", "day")),
            Column(words("past", "from_to")),
            Column(words("past", "who"), 1),
        )
        self._table = Table(columns, palette, name=words("title", "past"))
        self._table.show_empty(Empty(words("past", "none"), "shift"))
        self._table.opened.connect(lambda _number: self._pick())
        self._open = button(words("past", "open"), "primary", self._pick)
        foot = QHBoxLayout()
        foot.addWidget(button(words("past", "back"), "quiet", self.back.emit))
        foot.addStretch()
        foot.addWidget(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(label(words("title", "past"), "title"))
        column.addWidget(label(words("past", "hint"), "quiet"))
        column.addWidget(self._table, 1)
        column.addLayout(foot)
        self.setFocusProxy(self._table)

    def show_view(self, view: tuple[PastLine, ...]) -> None:
        """The newest first, and chosen."""
        self._open.setEnabled(bool(view))
        self._table.show_rows(
            [
                Row(one.number, tuple(Cell(said) for said in (str(one.number), one.day, one.from_to, one.who)))
                for one in view
            ]
        )
        self._table.choose_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        else:
            super().keyPressEvent(event)

    def _pick(self) -> None:
        if isinstance(self._table.chosen_id, int):
            self.picked.emit(self._table.chosen_id)
