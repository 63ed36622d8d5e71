"""Asking before the program closes: what stays owed, and that none of it is lost."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.ui.theme.tokens import SPACE
from terminal.ui.widgets.parts import button, label, side_by_side


class CloseSheet(QWidget):
    """Emits `agreed` or `declined`."""

    agreed = Signal()
    declined = Signal()

    def __init__(self, words: Words, owed: int) -> None:
        super().__init__()
        said = words("close", "body", count=owed) if owed else words("close", "nothing")
        stay = button(words("close", "no"), "primary", self.declined.emit)
        column = QVBoxLayout(self)
        column.setSpacing(2 * SPACE)
        column.addWidget(label(words("close", "title"), "title"))
        column.addWidget(label(said, "label", wrap=True))
        column.addWidget(side_by_side(button(words("close", "yes"), "plain", self.agreed.emit), 1, stay))
        self.setMinimumWidth(520)
        self.setFocusProxy(stay)
