"""A device's state as one line: an icon, the words in its colour, what to do below, and a technician's detail."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from terminal.presenters.devices import Health, StateView
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import label, side_by_side

_LOOKS = {
    Health.GOOD: ("check", "redeemed"),
    Health.BUSY: ("working", "working"),
    Health.TROUBLE: ("warning", "refused"),
    Health.QUIET: ("info", ""),
}


def icon_of(health: Health) -> str:
    """The icon that goes with it."""
    return _LOOKS[health][0]


def tone_of(health: Health) -> str:
    """The verdict whose colour goes with it; empty for the quiet one."""
    return _LOOKS[health][1]


def ink_of(health: Health, palette: Palette) -> str:
    """Its colour on a plain ground."""
    tone = tone_of(health)
    return palette.verdicts[tone].ink if tone else palette.text_quiet


class StateLine(QWidget):
    """Shows one StateView."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._icon = QLabel()
        self._said = label("", "body", wrap=True)
        self._next = label("", "quiet", wrap=True)
        self._detail = label("", "note", wrap=True)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = side_by_side(self._icon, self._said, space=tokens.SPACE)
        head.layout().setStretch(1, 1)  # type: ignore[union-attr]
        for part in (head, self._next, self._detail):
            column.addWidget(part)

    def show_state(self, view: StateView) -> None:
        """How it is now."""
        ink = ink_of(view.health, self._palette)
        self._icon.setPixmap(icons.pixmap(icon_of(view.health), ink, tokens.SMALL_ICON))
        self._said.setText(view.said)
        mark(self._said, tone=tone_of(view.health))
        for part, said in ((self._next, view.next), (self._detail, view.detail)):
            part.setText(said)
            part.setVisible(bool(said))
        self.setAccessibleName("。".join(filter(None, (view.said, view.next))))
