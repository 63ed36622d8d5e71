"""The rows of a table as Qt asks for them: only what is in view is ever turned into colours and pictures."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from terminal.presenters.status import duration
from terminal.presenters.table import Cell, Column, Row
from terminal.ui.theme import fonts, icons, tokens
from terminal.ui.theme.tokens import Palette

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TOP = QModelIndex()


class Rows(QAbstractTableModel):
    """`now_ms` (UTC) is what countdowns run by."""

    def __init__(
        self, columns: Sequence[Column], palette: Palette, now_ms: Callable[[], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns, self._palette, self._now_ms = tuple(columns), palette, now_ms
        self._rows: tuple[Row, ...] = ()
        self._places: dict[Hashable, int] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return self._rows

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""
        return self._columns

    def place_of(self, row_id: Hashable) -> int | None:
        """Where a row stands now."""
        return self._places.get(row_id)

    def replace(self, rows: tuple[Row, ...]) -> None:
        """Other rows from now on."""
        self.beginResetModel()
        self._rows = rows
        self._places = {row.id: place for place, row in enumerate(rows)}
        self.endResetModel()

    def append(self, rows: tuple[Row, ...]) -> None:
        """More rows behind the last."""
        first = len(self._rows)
        self.beginInsertRows(_TOP, first, first + len(rows) - 1)
        self._rows += rows
        self._places |= {row.id: first + place for place, row in enumerate(rows)}
        self.endInsertRows()

    def said(self, cell: Cell) -> str:
        """What a cell says at this moment."""
        if cell.until_ms is None:
            return cell.said
        left_ms = cell.until_ms - self._now_ms()
        return cell.said.format(time=duration(-(-left_ms // 1000))) if left_ms > 0 else cell.then

    @property
    def counts_down(self) -> bool:
        """Some cell changes with time alone."""
        return any(cell.until_ms is not None for row in self._rows for cell in row.cells)

    def rowCount(self, parent: Index = _TOP) -> int:  # noqa: N802 Qt calls it
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:  # noqa: N802 Qt calls it
        """How many columns."""
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is there to be read."""
        if not index.isValid() or self._rows[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802 Qt calls it
        """The names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        """One cell in one role."""
        row = self._rows[index.row()]
        if index.column() >= len(row.cells):
            return None
        cell = row.cells[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.said(cell)
            case Qt.ItemDataRole.ToolTipRole:
                return self.said(cell) if self._columns[index.column()].stretch else None
            case Qt.ItemDataRole.DecorationRole:
                return icons.icon(cell.icon, self._ink(cell), tokens.SMALL_ICON) if cell.icon else None
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._ink(cell, heading=row.heading))
            case Qt.ItemDataRole.FontRole:
                return fonts.font(bold=True) if cell.strong or row.heading else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if self._columns[index.column()].right and not row.heading else _LEFT
        return None

    def _ink(self, cell: Cell, *, heading: bool = False) -> str:
        palette = self._palette
        if cell.tone == "accent":
            return palette.accent.ink
        if cell.tone in palette.verdicts:
            return palette.verdicts[cell.tone].ink
        return palette.text_quiet if heading or cell.tone == "quiet" else palette.text
