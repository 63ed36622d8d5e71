"""The differences' screen as one: open ones, one of them as a case, or the comparison of books."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.difference import CaseView, columns, empty
from terminal.presenters.table import Empty, Row
from terminal.ui.screens.differences.books import BooksFace
from terminal.ui.screens.differences.case import CaseFace
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, side_by_side
from terminal.ui.widgets.table import Table


class DifferencesScreen(QWidget):
    """Emits `opened` (a difference's number) and `back` when a case was left for where it was opened from."""

    opened = Signal(object)
    back = Signal()

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._words = words
        self.table = Table(columns(words), palette, now_ms, tap_opens=True, name=words("tabs", "open"))
        self.table.show_empty(Empty(words("empty", "loading")))
        self.books = BooksFace(words, palette, now_ms)
        self.case = CaseFace(words, palette)
        self._tabs = [button(words("tabs", name), "plain") for name in ("open", "books")]
        self._group = QButtonGroup(self)
        self._lists, self._faces = QStackedWidget(), QStackedWidget()
        for place, (tab, face) in enumerate(zip(self._tabs, (self.table, self.books), strict=True)):
            tab.setCheckable(True)
            self._group.addButton(tab, place)
            self._lists.addWidget(face)
        self._tabs[0].setChecked(True)
        self._group.idClicked.connect(self.show_list)
        lists = QWidget()
        column = QVBoxLayout(lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(side_by_side(*self._tabs, 1, space=tokens.SPACE))
        column.addWidget(self._lists, 1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._faces)
        self._faces.addWidget(lists)
        self._faces.addWidget(self.case)
        self.table.opened.connect(self.opened)
        self.books.opened.connect(self.opened)
        self.case.back.connect(self.leave_case)

    @property
    def in_case(self) -> bool:
        """One difference is in view."""
        return self._faces.currentWidget() is self.case

    @property
    def in_books(self) -> bool:
        """The comparison of books is in view, or what was opened from it."""
        return self._lists.currentWidget() is self.books

    def show_rows(self, rows: Sequence[Row]) -> None:
        """All open differences."""
        count = len(rows)
        self._tabs[0].setText(self._words("tabs", "open_count" if count else "open", count=count))
        self.table.show_empty(empty(self._words))
        self.table.show_rows(rows)

    def show_list(self, place: int) -> None:
        """0: the open differences, 1: the books."""
        self._tabs[place].setChecked(True)
        self._lists.setCurrentIndex(place)

    def show_case(self, view: CaseView) -> None:
        """One difference."""
        entering = not self.in_case
        self.case.show_view(view)
        if entering:
            self._faces.setCurrentWidget(self.case)
            self.case.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_case(self) -> None:
        """Back to where it was opened from."""
        if self.in_case:
            self._faces.setCurrentIndex(0)
            self.take_focus()
            self.back.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Up from the first row to the parts of the page, Down into the list."""
        if event.key() == Qt.Key.Key_Up and not self.in_case:
            self._tabs[int(self.in_books)].setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Down and not self.in_case and not self.in_books:
            self.take_focus()
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        """The page came to the front, or a case was left."""
        if self.in_case:
            self.case.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        table = self.books.table if self.in_books else self.table
        table.choose_first()
        (table if table.rows else self._tabs[int(self.in_books)]).setFocus(Qt.FocusReason.OtherFocusReason)
