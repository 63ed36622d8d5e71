"""Beside the customer in front: whose redemption still runs, how it ended, and who waits."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sync.domain.money import yuan
from terminal.i18n import Words
from terminal.presenters.counter import Aside, Light
from terminal.ui.screens.redeem.lights import TONES
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label


class Beside(QWidget):
    """Emits `read` with the key of one that somebody has read."""

    read = Signal(int)

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._waiting = label("", "heading")
        self._waiting.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(tokens.SPACE)
        column = QVBoxLayout(self)
        # At the sides that of the faces below.
        sides = column.contentsMargins()
        column.setContentsMargins(sides.left(), 0, sides.right(), 0)
        column.setSpacing(tokens.SPACE)
        column.addLayout(self._rows)
        column.addWidget(self._waiting)
        self.hide()

    def show_waiting(self, said: str) -> None:
        """Who waits; nothing for nobody."""
        self._waiting.setText(said)
        self._waiting.setVisible(bool(said))
        mark(self._waiting, tone="working")
        self._appear()

    def show_asides(self, asides: tuple[Aside, ...]) -> None:
        """One row each."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for aside in asides:
            self._rows.addWidget(self._row(aside))
        self._appear()

    def _appear(self) -> None:
        self.setVisible(self._rows.count() > 0 or not self._waiting.isHidden())

    def _row(self, aside: Aside) -> QFrame:
        told = aside.told
        tone = TONES[told.light] if told is not None else None
        name = tone.name if tone is not None else "working"
        made = QFrame()
        mark(made, banner=name)
        row = QHBoxLayout(made)
        row.setContentsMargins(2 * tokens.SPACE, tokens.SPACE, tokens.SPACE, tokens.SPACE)
        row.setSpacing(2 * tokens.SPACE)
        picture = QLabel()
        ink = self._palette.verdicts[name].ink
        picture.setPixmap(icons.pixmap(tone.icon if tone is not None else "working", ink, tokens.ICON))
        row.addWidget(picture)
        said = told.word if told is not None else self._words("beside", "under_way")
        row.addWidget(label(said, "heading"))
        tail = f"…{aside.code_tail}" if aside.code_tail else ""
        worth_fen = told.amount_fen if told is not None and told.amount_fen is not None else aside.amount_fen
        amount = yuan(worth_fen) if worth_fen is not None else ""
        about = "   ".join(filter(None, (aside.title, tail, amount)))
        if told is not None and _wants_reading(told.light, aside):
            why = "  → ".join(filter(None, (told.why, told.next)))
            row.addWidget(label("   ".join(filter(None, (about, why))), "body", wrap=True), 1)
            row.addWidget(button(self._words("beside", "read"), "plain", lambda: self.read.emit(aside.key)))
        else:
            row.addWidget(label(about, "body", wrap=True), 1)
        return made


def _wants_reading(light: Light, aside: Aside) -> bool:
    """A plain yes goes by itself; whatever is not one stays until it was read."""
    refused = aside.told is not None and any(unit.light is Light.REFUSED for unit in aside.told.units)
    return light not in (Light.REDEEMED, Light.RECORDED) or refused
