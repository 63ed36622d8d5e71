"""Before the ledger is open: that it is being opened, or why it can't be, and what to do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.ui.theme.tokens import SPACE
from terminal.ui.widgets.parts import button, card, label, side_by_side

if TYPE_CHECKING:
    from terminal.wording import Sentence


class OpeningFace(QWidget):
    """Emits `again` and `leave` where it could not be opened."""

    again = Signal()
    leave = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._what, self._why, self._next = (
            label("", "title"),
            label("", "label", wrap=True),
            label("", "label", wrap=True),
        )
        self._retry = button(words("start", "again"), "primary", self.again.emit)
        self._buttons = side_by_side(button(words("start", "leave"), "quiet", self.leave.emit), 1, self._retry)
        self._card = card(self._what, self._why, self._next, self._buttons, inside=4 * SPACE)
        self._card.setFixedWidth(640)
        column = QVBoxLayout(self)
        column.addWidget(self._card, alignment=Qt.AlignmentFlag.AlignCenter)
        self.show_opening()

    def show_opening(self) -> None:
        """Under way."""
        self._what.setText(self._words("start", "opening"))
        for part in (self._why, self._next, self._buttons):
            part.hide()

    def show_trouble(self, said: "Sentence") -> None:
        """It could not be opened: what, why, what to do."""
        self._what.setText(said.what)
        self._why.setText(said.why)
        self._next.setText(f"→ {said.next}")
        for part in (self._why, self._next, self._buttons):
            part.show()
        self._retry.setFocus(Qt.FocusReason.OtherFocusReason)
