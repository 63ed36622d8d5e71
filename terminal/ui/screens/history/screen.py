"""The history's screen as one: the list, or one entry of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.history import DetailView
from terminal.ui.screens.history.detail import DetailFace
from terminal.ui.screens.history.found import FoundFace
from terminal.ui.theme.tokens import Palette


class HistoryScreen(QWidget):
    """Emits `back` when an entry was left for the list."""

    back = Signal()

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self.found = FoundFace(words, palette, now_ms)
        self.detail = DetailFace(words, palette, now_ms)
        self._faces = QStackedWidget()
        self._faces.addWidget(self.found)
        self._faces.addWidget(self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._faces)
        self.detail.back.connect(self.show_list)

    @property
    def in_detail(self) -> bool:
        """One entry is in view."""
        return self._faces.currentWidget() is self.detail

    def show_detail(self, view: DetailView) -> None:
        """One entry."""
        entering = not self.in_detail
        self.detail.show_view(view)
        if entering:
            self.detail.show_answer(None)
            self._faces.setCurrentWidget(self.detail)
            self.detail.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_list(self) -> None:
        """Back to the list, where it was left."""
        if not self.in_detail:
            return
        self.detail.rest()
        self._faces.setCurrentWidget(self.found)
        table = self.found.table
        (table if table.chosen_id is not None else self.found).setFocus(Qt.FocusReason.OtherFocusReason)
        self.back.emit()

    def take_focus(self) -> None:
        """The page came to the front."""
        (self.detail if self.in_detail else self.found).setFocus(Qt.FocusReason.OtherFocusReason)
