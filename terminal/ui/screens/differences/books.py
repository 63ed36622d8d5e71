"""Comparing the books of a day: which day, four numbers for each platform, and the lines that need a person."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateEdit, QGridLayout, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.books import BookCard, Figure
from terminal.presenters.difference import columns
from terminal.presenters.table import Empty, Row
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, card, label, side_by_side, under_each_other
from terminal.ui.widgets.table import Table

_FORM = "yyyy-MM-dd"


class BooksFace(QWidget):
    """Emits `wanted` (a day, YYYY-MM-DD) and `opened` (a difference's number)."""

    wanted = Signal(str)
    opened = Signal(object)

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._day = QDateEdit()
        self._day.setDisplayFormat(_FORM)
        self._day.setAccessibleName(words("books", "day"))
        self._day.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._day.setFixedWidth(24 * tokens.SPACE)
        self._day.lineEdit().setTextMargins(tokens.SPACE, 0, 0, 0)
        before = self._step("chevron-left", words("books", "before"), -1, palette)
        after = self._step("chevron-right", words("books", "after"), 1, palette)
        self._run = button(words("books", "run"), "plain", self._ask)
        self._said = label("", "quiet")
        self._books = QVBoxLayout()
        self._headline = label("", "heading")
        self.table = Table(columns(words), palette, now_ms, tap_opens=True, name=words("tabs", "books"))
        self.table.opened.connect(self.opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(side_by_side(before, self._day, after, self._run, self._said, 1, space=tokens.SPACE))
        column.addLayout(self._books)
        column.addWidget(self._headline)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self._run)

    @property
    def day(self) -> str:
        """The chosen day."""
        return self._day.date().toString(_FORM)

    def show_day(self, today: str, day: str) -> None:
        """The day to compare; none lies behind `today`."""
        self._day.setMaximumDate(QDate.fromString(today, _FORM))
        self._day.setDate(QDate.fromString(day, _FORM))

    def show_reading(self, said: str) -> None:
        """How far it is; empty: nothing is being read."""
        self._said.setText(said)
        self._run.setEnabled(not said)

    def show_books(self, cards: Sequence[BookCard]) -> None:
        """The platforms under each other, a row for each."""
        while self._books.count():
            item = self._books.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        if cards:
            self._books.addWidget(card(_Sheet(cards), inside=2 * tokens.SPACE))

    def show_rows(self, rows: Sequence[Row], empty: Empty, headline: str) -> None:
        """What needs a person."""
        self._headline.setText(headline)
        self._headline.setVisible(bool(headline))
        self.table.show_empty(empty)
        self.table.show_rows(rows)
        if self.table.hasFocus():
            self.table.choose_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Enter in the day asks at once; Up leaves the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._day.hasFocus():
            self._ask()
        elif event.key() == Qt.Key.Key_Up and self.table.hasFocus():
            self._run.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Down and self.table.rows:
            self.table.choose_first()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        if self._run.isEnabled():
            self.wanted.emit(self.day)

    def _step(self, icon: str, name: str, days: int, palette: Palette) -> QWidget:
        made = button("", "quiet", lambda: self._day.setDate(self._day.date().addDays(days)))
        made.setIcon(icons.icon(icon, palette.text, tokens.ICON))
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.setFixedWidth(6 * tokens.SPACE)
        return made


class _Sheet(QWidget):
    """Four numbers a platform, with what is to be said of it beside them."""

    def __init__(self, cards: Sequence[BookCard]) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(3 * tokens.SPACE)
        self._grid.setVerticalSpacing(tokens.SPACE)
        heads = next((one.figures for one in cards if one.figures), ())
        for place, head in enumerate(heads):
            self._put(label(head.name, "note"), 0, 1 + place, right=True)
        said = 1 + len(heads)
        for row, one in enumerate(cards, 1):
            self._grid.addWidget(_whose(one), row, 0)
            for place, figure in enumerate(one.figures):
                self._put(_figure(figure), row, 1 + place, right=True)
            told = label(one.trouble or one.note, "body" if one.trouble else "note", wrap=True)
            self._grid.addWidget(told, row, 1 if one.trouble else said, 1, -1)
        self._grid.setColumnStretch(said, 1)

    def _put(self, part: QWidget, row: int, column: int, *, right: bool) -> None:
        where = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(part, row, column, where | Qt.AlignmentFlag.AlignVCenter)


def _whose(one: BookCard) -> QWidget:
    return under_each_other(label(one.platform, "body"), label(one.shop, "note"), space=0)


def _figure(figure: Figure) -> QWidget:
    count = label(str(figure.count), "label")
    if figure.tone:
        mark(count, tone=figure.tone)
    count.setAccessibleName(f"{figure.name} {figure.count}")
    return count
