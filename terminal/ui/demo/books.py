"""Both books at the foot of the customers' window: every platform's beside ours, and how they stand to each other."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from terminal.demo.figures import Figures, Standing
from terminal.demo.sides import Side
from terminal.i18n import Words, text
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import SPACE
from terminal.ui.widgets.parts import card, label

_TONES = {Standing.AGREE: "redeemed", Standing.OWING: "recorded", Standing.DIFFER: "refused"}
_START, _END = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_PLATFORM, _THEIRS, _OURS = range(3)


class BooksCard(QWidget):
    """Where the window is wide a column for each platform, else a line."""

    def __init__(self, words: Words, wide: bool) -> None:
        super().__init__()
        self._words, self._wide = words, wide
        self.cells: dict[str, tuple[QLabel, QLabel]] = {}
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE)
        self._grid.setVerticalSpacing(SPACE // 4)
        self._more = label("", "note", wrap=True)
        self._more.hide()
        self._standing = label(words("figures", "wait"), "heading", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card(self._table, self._more, self._standing, space=SPACE // 2, inside=3 * SPACE // 2))
        self._put_names(())

    @property
    def standing(self) -> str:
        """How the two books stand, in words."""
        return self._standing.text()

    def show_figures(self, found: Figures) -> None:
        """Both books as they stand."""
        words = self._words
        names = tuple(side.platform for side in found.sides)
        if tuple(self.cells)[:-1] != names:
            self._put_names(names)
        for side in found.sides:
            self._show(side.platform, side.theirs, side.ours, _standing_of(side))
        self._show("", found.at_platforms, found.confirmed, found.standing)
        parts = (("second", found.second_attempts), ("owed", found.owed), ("differences", found.differences))
        self._more.setText(" · ".join(words("figures", key, count=count) for key, count in parts if count))
        self._more.setVisible(bool(self._more.text()))
        self._standing.setText(words("figures", found.standing.value))
        mark(self._standing, tone=_TONES[found.standing])

    def _show(self, name: str, theirs: int, ours: int, standing: Standing) -> None:
        tone = "" if standing is Standing.AGREE else _TONES[standing]
        for cell, count in zip(self.cells[name], (theirs, ours), strict=True):
            cell.setText(str(count))
            mark(cell, tone=tone)

    def _put_names(self, names: tuple[str, ...]) -> None:
        """The headings, and an empty pair of cells for each platform and for all together."""
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        words = self._words
        self.cells = {}
        side = _START if self._wide else _END
        for which, key in ((_THEIRS, "platforms"), (_OURS, "ours")):
            said = words("figures", key if self._wide else f"{key}_short")
            self._put(label(said, "note"), 0, which, side)
        for place, name in enumerate((*names, ""), 1):
            said = text(words.language, "platforms", name) if name else words("figures", "all")
            self._put(label(said, "note"), place, _PLATFORM, _END if self._wide else _START)
            kind = "body" if self._wide else "note"
            self.cells[name] = label("", kind), label("", kind)
            for which, cell in zip((_THEIRS, _OURS), self.cells[name], strict=True):
                self._put(cell, place, which, _END)
        stretched = range(1, len(names) + 2) if self._wide else (_THEIRS, _OURS)
        for place in stretched:
            self._grid.setColumnStretch(place, 1)

    def _put(self, cell: QLabel, place: int, which: int, side: Qt.AlignmentFlag) -> None:
        row, column = (which, place) if self._wide else (place, which)
        self._grid.addWidget(cell, row, column, side | Qt.AlignmentFlag.AlignVCenter)


def _standing_of(side: Side) -> Standing:
    if side.agrees and not side.owed:
        return Standing.AGREE
    return Standing.OWING if side.owed else Standing.DIFFER
