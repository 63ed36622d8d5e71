"""What is owed: how much, call by call, and what can be done about the chosen one."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.owed import OwedDetail, OwedView, columns, empty
from terminal.presenters.table import Empty
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, card, label, side_by_side
from terminal.ui.widgets.table import Table


class OwedScreen(QWidget):
    """Emits the id of the call that is `chosen` (or None), and what is wanted for one: `retried`, `held`, `let_go`."""

    chosen = Signal(object)
    retried = Signal(str)
    held = Signal(str)
    let_go = Signal(str)

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._words = words
        self._shown: OwedDetail | None = None
        self._title, self._note = label(words("summary", "title"), "title"), label("", "heading")
        mark(self._note, tone="refused")
        self.table = Table(columns(words), palette, now_ms, name=words("summary", "title"))
        self.table.show_empty(Empty(words("summary", "loading")))
        self._what, self._amount = label("", "heading", wrap=True), label("", "heading")
        self._facts = label("", "quiet", wrap=True)
        self._error, self._hint = label("", "body", wrap=True), label("", "note", wrap=True)
        self._main = button("", "primary", self._press_main)
        self._hold = button(words("buttons", "hold"), "plain", self._press_hold)
        head = side_by_side(self._what, self._amount)
        head.layout().setStretch(0, 1)  # type: ignore[union-attr]
        act = side_by_side(self._hint, self._hold, self._main)
        act.layout().setStretch(0, 1)  # type: ignore[union-attr]
        self._card = card(head, self._facts, self._error, act, space=tokens.SPACE, inside=2 * tokens.SPACE)
        self._card.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(side_by_side(self._title, self._note, 1))
        column.addWidget(self.table, 1)
        column.addWidget(self._card)
        self.table.chosen.connect(self.chosen)
        self.table.opened.connect(lambda _row: self._main.setFocus(Qt.FocusReason.OtherFocusReason))
        self.setFocusProxy(self.table)

    def show_summary(self, title: str, note: str) -> None:
        """How much is owed."""
        self._title.setText(title)
        self._note.setText(note)

    def show_view(self, view: OwedView) -> None:
        """All calls."""
        self.show_summary(view.title, view.note)
        self.table.show_empty(empty(self._words))
        self.table.show_rows(view.rows)
        self.table.choose_first()

    def show_detail(self, detail: OwedDetail | None) -> None:
        """The chosen call; None: nothing is chosen."""
        if detail is None and self._card.isAncestorOf(self.focusWidget() or self):
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._card.setVisible(detail is not None)
        if detail is None or detail == self._shown:
            self._shown = detail
            return
        self._shown = detail
        for part, said in (
            (self._what, detail.title),
            (self._amount, detail.amount),
            (self._facts, detail.facts),
            (self._error, detail.error),
            (self._hint, detail.hint),
        ):
            part.setText(said)
            part.setVisible(bool(said))
        mark(self._error, tone="refused" if detail.held else "")
        self._main.setText(self._words("buttons", "let_go" if detail.held else "retry"))
        self._hold.setVisible(not detail.held)
        self.show_busy(busy=False)

    def show_busy(self, *, busy: bool) -> None:
        """Something is being done to the chosen call."""
        for part in (self._main, self._hold):
            part.setEnabled(not busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Esc goes from the buttons back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _press_main(self) -> None:
        if self._shown is not None:
            (self.let_go if self._shown.held else self.retried).emit(self._shown.id)

    def _press_hold(self) -> None:
        if self._shown is not None:
            self.held.emit(self._shown.id)
