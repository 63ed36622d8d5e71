"""The units of a verdict that has several: what was refused first, and why; it scrolls where there are many."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sync.domain.money import yuan
from terminal.presenters.counter import Light, UnitLine
from terminal.ui.screens.redeem.details import bare
from terminal.ui.screens.redeem.lights import TONES
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import label, under_each_other
from terminal.ui.widgets.story import Scrolled

_ACCEPTED = (Light.REDEEMED, Light.RECORDED)


class Units(QWidget):
    """One row a unit."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._inside = QWidget()
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(tokens.SPACE)
        self._area = Scrolled(self._inside)
        bare(self._area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)

    def show_units(self, units: tuple[UnitLine, ...]) -> None:
        """All of them; nothing for a verdict on one."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for unit in units:
            if unit.light not in _ACCEPTED:
                self._rows.addWidget(self._denied(unit))
        accepted = [unit for unit in units if unit.light in _ACCEPTED]
        if accepted:
            self._rows.addWidget(self._taken(accepted))
        self._area.verticalScrollBar().setValue(0)
        self.setVisible(bool(units))

    def _denied(self, unit: UnitLine) -> QFrame:
        made = QFrame()
        mark(made, banner=TONES[unit.light].name)
        row = QHBoxLayout(made)
        row.setContentsMargins(2 * tokens.SPACE, tokens.SPACE, 2 * tokens.SPACE, tokens.SPACE)
        row.setSpacing(2 * tokens.SPACE)
        row.addWidget(self._icon(unit))
        title = (label(unit.title, "heading", wrap=True),) if unit.title else ()
        row.addWidget(under_each_other(*title, label(unit.said, "body", wrap=True), space=2), 1)
        return made

    def _taken(self, units: list[UnitLine]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(2 * tokens.SPACE + tokens.SPACE // 2, 0, 2 * tokens.SPACE, 0)
        grid.setHorizontalSpacing(2 * tokens.SPACE)
        grid.setVerticalSpacing(tokens.SPACE // 2)
        grid.setColumnStretch(2, 1)
        for row, unit in enumerate(units):
            amount = label(yuan(unit.amount_fen) if unit.amount_fen is not None else "", "label")
            amount.setAlignment(Qt.AlignmentFlag.AlignRight)
            parts = (self._icon(unit), label(unit.number, "quiet"), label(unit.title, "body", wrap=True), amount)
            for place, part in enumerate(parts):
                grid.addWidget(part, row, place)
        return made

    def _icon(self, unit: UnitLine) -> QLabel:
        tone, picture = TONES[unit.light], QLabel()
        picture.setPixmap(icons.pixmap(tone.icon, tone.of(self._palette).ink, tokens.ICON))
        return picture
