"""A question before something is left: what would be left behind, and the way back as the easy answer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.ui.theme.tokens import SPACE
from terminal.ui.widgets.parts import button, label, side_by_side


class QuestionSheet(QWidget):
    """Emits `agreed` or `declined`. `section` of the texts has its title and both answers."""

    agreed = Signal()
    declined = Signal()

    def __init__(self, words: Words, section: str, *said: str) -> None:
        super().__init__()
        stay = button(words(section, "no"), "primary", self.declined.emit)
        column = QVBoxLayout(self)
        column.setSpacing(2 * SPACE)
        column.addWidget(label(words(section, "title"), "title"))
        for one in said:
            column.addWidget(label(one, "label", wrap=True))
        column.addWidget(side_by_side(button(words(section, "yes"), "plain", self.agreed.emit), 1, stay))
        self.setMinimumWidth(520)
        self.setFocusProxy(stay)
