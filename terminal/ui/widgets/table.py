"""The one table of the window: fast at any length, driven by keys alone, its choice kept over every refresh."""

import unicodedata
from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from terminal.presenters.table import Column, Empty, Row
from terminal.ui.theme import fonts, icons, tokens
from terminal.ui.theme.style import mark, tabulate
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import label
from terminal.ui.widgets.rows import Index, Rows

_TICK_MS = 1_000
# Of so many rows the widest text sets a column's width; what is longer further down is cut off.
_MEASURED = 200
_LONGEST = 8
_BESIDE = 32
# Whoever has come so close to the end wants to see on.
_NEAR_END = 10
_WIDEST = 0.34
# Less than this for each share of the rest tells nobody anything.
_SHARE = 176


def _frame(palette: Palette) -> str:
    """As wide with the focus as without it, and the header within its corners, so that the ring is always whole."""
    inner = tokens.INNER_CORNER - tokens.FOCUS_RING
    return f"""
QTableView {{ border: {tokens.FOCUS_RING}px solid {palette.line}; }}
QTableView:focus {{ border: {tokens.FOCUS_RING}px solid {palette.accent.ink}; }}
QTableView[bare="true"], QTableView[bare="true"]:focus {{ border-color: transparent; background: transparent; }}
QHeaderView::section:first {{ border-top-left-radius: {inner}px; }}
QHeaderView::section:last {{ border-top-right-radius: {inner}px; }}
QHeaderView::section:only-one {{ border-top-left-radius: {inner}px; border-top-right-radius: {inner}px; }}
"""


class _Painter(QStyledItemDelegate):
    """Marks a whole row as chosen, and leaves every cell the colour that it means something by."""

    def __init__(self, palette: Palette, table: QTableView) -> None:
        super().__init__(table)
        self._chosen = QColor(palette.accent.soft)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        state = QStyle.StateFlag
        if option.state & state.State_Selected:
            painter.fillRect(option.rect, self._chosen)
        option.state &= ~(state.State_Selected | state.State_HasFocus)
        super().paint(painter, option, index)


class Table(QTableView):
    """Emits the id of a row that was `opened` (Enter, double click, or a tap where `tap_opens`), the id that is
    `chosen` now or None, and `more_wanted` near the end. Up on the first row, letters and Esc are left to the page."""

    opened = Signal(object)
    chosen = Signal(object)
    more_wanted = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        palette: Palette,
        now_ms: Callable[[], int] = lambda: 0,
        *,
        tap_opens: bool = False,
        name: str = "",
    ) -> None:
        super().__init__()
        self._palette = palette
        self._rows = Rows(columns, palette, now_ms, self)
        self._widths = [0] * len(columns)
        self._headed: list[int] = []
        self._keeping = False
        self.setModel(self._rows)
        tabulate(self)
        self.setItemDelegate(_Painter(palette, self))
        self.setStyleSheet(_frame(palette))
        self.setAccessibleName(name)
        self.setIconSize(QSize(tokens.SMALL_ICON, tokens.SMALL_ICON))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setFixedHeight(5 * tokens.SPACE)
        self._empty, self._empty_icon = label("", "label", wrap=True), label()
        self._nothing = self._lay_nothing()
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.viewport().update)
        (self.clicked if tap_opens else self.doubleClicked).connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._tell_chosen)
        self.verticalScrollBar().valueChanged.connect(self._look_ahead)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Other rows; the chosen one stays chosen, and its place on the screen where it can."""
        before, place, at = self.chosen_id, self.currentIndex().row(), self.verticalScrollBar().value()
        self._keeping = True
        self.clearSpans()
        self._rows.replace(tuple(rows))
        self._span_headings(0)
        self._fit(rows)
        kept = self._rows.place_of(before) if before is not None else None
        self._go_to(place if kept is None else kept)
        self.verticalScrollBar().setValue(at)
        self._keeping = False
        if self.chosen_id != before:
            self.chosen.emit(self.chosen_id)
        self._show_state()

    def add_rows(self, rows: Sequence[Row]) -> None:
        """More rows behind the last."""
        if rows:
            first = self._rows.rowCount()
            self._rows.append(tuple(rows))
            self._span_headings(first)
            self._fit(rows)
            self._show_state()

    def show_empty(self, empty: Empty) -> None:
        """What the table says when it has no rows."""
        self._empty.setText(empty.said)
        tone = self._palette.verdicts.get(empty.tone)
        ink = tone.ink if tone is not None else self._palette.text_quiet
        mark(self._empty, tone=empty.tone if tone is not None else "", kind="label" if tone is not None else "quiet")
        self._empty_icon.setVisible(bool(empty.icon))
        if empty.icon:
            self._empty_icon.setPixmap(icons.pixmap(empty.icon, ink, 2 * tokens.ICON))

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows.rows

    @property
    def chosen_id(self) -> Hashable | None:
        """The id of the chosen row."""
        place = self.currentIndex().row()
        return self._rows.rows[place].id if 0 <= place < self._rows.rowCount() else None

    def choose(self, row_id: Hashable) -> None:
        """Choose a row and bring it into view."""
        place = self._rows.place_of(row_id)
        if place is not None:
            self._go_to(place)
            self.scrollTo(self.currentIndex())

    def choose_first(self) -> None:
        """Choose the first row, unless one is chosen."""
        if self.chosen_id is None and self.rows:
            self._go_to(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Arrows move by rows, Enter opens; what a table has no use for belongs to the page."""
        row, last = self.currentIndex().row(), self._rows.rowCount() - 1
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if row >= 0:
                self._open(self.currentIndex())
            case Qt.Key.Key_Home if last >= 0:
                self._go_to(0)
                self.scrollToTop()
            case Qt.Key.Key_End if last >= 0:
                self._go_to(last)
                self.scrollToBottom()
            case Qt.Key.Key_Up if row <= self._first():
                event.ignore()
            case Qt.Key.Key_Up | Qt.Key.Key_Down | Qt.Key.Key_PageUp | Qt.Key.Key_PageDown | Qt.Key.Key_Tab:
                super().keyPressEvent(event)
                self._look_ahead()
            case Qt.Key.Key_Backtab:
                super().keyPressEvent(event)
            case _:
                event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt calls it
        """Columns share the room."""
        super().resizeEvent(event)
        self._lay_out()
        self._nothing.setGeometry(self.rect())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 Qt calls it
        """Countdowns run while somebody sees them."""
        super().showEvent(event)
        self._show_state()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 Qt calls it
        """Nobody looks."""
        self._tick.stop()
        super().hideEvent(event)

    def _lay_nothing(self) -> QWidget:
        cover = QWidget(self)
        cover.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(cover)
        column.setSpacing(2 * tokens.SPACE)
        column.addStretch(2)
        for part in (self._empty_icon, self._empty):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        column.addStretch(3)
        return cover

    def _show_state(self) -> None:
        empty = self._rows.rowCount() == 0
        if bool(self.property("bare")) != empty:
            mark(self, bare=empty)
        self._nothing.setVisible(empty)
        self.horizontalHeader().setVisible(not empty)
        if self.isVisible() and self._rows.counts_down:
            self._tick.start()
        else:
            self._tick.stop()

    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and not self._rows.rows[index.row()].heading:
            self.opened.emit(self._rows.rows[index.row()].id)

    def _first(self) -> int:
        return next((place for place, row in enumerate(self._rows.rows) if not row.heading), 0)

    def _go_to(self, place: int) -> None:
        """To this row, or to the next one that can be chosen."""
        rows = self._rows.rows
        if place < 0 or not rows:
            return
        place = min(place, len(rows) - 1)
        around = (*range(place, len(rows)), *range(place - 1, -1, -1))
        found = next((one for one in around if not rows[one].heading), None)
        if found is not None:
            flags = QItemSelectionModel.SelectionFlag
            index = self._rows.index(found, 0)
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _tell_chosen(self, _now: QModelIndex, _before: QModelIndex) -> None:
        if not self._keeping:
            self.chosen.emit(self.chosen_id)

    def _look_ahead(self) -> None:
        bar = self.verticalScrollBar()
        if not self._keeping and bar.maximum() - bar.value() <= _NEAR_END * tokens.ROW_HEIGHT:
            self.more_wanted.emit()

    def _span_headings(self, first: int) -> None:
        for place, row in enumerate(self._rows.rows[first:], start=first):
            if row.heading and len(self._widths) > 1:
                self.setSpan(place, 0, 1, len(self._widths))

    def _fit(self, rows: Sequence[Row]) -> None:
        """Columns grow with what they hold and never shrink, so that nothing jumps while somebody reads."""
        plain, bold = QFontMetrics(fonts.font()), QFontMetrics(fonts.font(bold=True))
        head = QFontMetrics(fonts.font(tokens.NOTE))
        measured = [row for row in rows[:_MEASURED] if not row.heading]
        for place, column in enumerate(self._rows.columns):
            if column.stretch:
                continue
            cells = [row.cells[place] for row in measured if place < len(row.cells)]
            # Of different words alike in length only measuring tells; each word once, as there are few.
            longest = sorted({self._rows.said(cell) for cell in cells}, key=_rough_width)[-_LONGEST:]
            icon = tokens.SMALL_ICON + tokens.SPACE if any(cell.icon for cell in cells) else 0
            metrics = bold if any(cell.strong for cell in cells) else plain
            widest = max((metrics.horizontalAdvance(said) for said in longest), default=0)
            wanted = max(widest + icon, head.horizontalAdvance(column.title)) + _BESIDE
            self._widths[place] = max(self._widths[place], wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        columns, room = self._rows.columns, self.viewport().width()
        fixed = [
            0 if one.stretch else min(wide, round(room * _WIDEST))
            for one, wide in zip(columns, self._widths, strict=True)
        ]
        shares = sum(column.stretch for column in columns)
        left_out = self._left_out(fixed, room - shares * _SHARE)
        left = max(0, room - sum(width for place, width in enumerate(fixed) if place not in left_out))
        for place, column in enumerate(columns):
            self.setColumnHidden(place, place in left_out)
            self.setColumnWidth(place, left * column.stretch // shares if column.stretch else fixed[place])

    def _left_out(self, fixed: Sequence[int], room: int) -> set[int]:
        """Which columns have to go for the others to have room."""
        spare = sorted(
            (place for place, column in enumerate(self._rows.columns) if column.spare),
            key=lambda place: -self._rows.columns[place].spare,
        )
        gone: set[int] = set()
        while spare and sum(fixed) - sum(fixed[place] for place in gone) > room:
            gone.add(spare.pop(0))
        return gone


def _rough_width(said: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in said)
