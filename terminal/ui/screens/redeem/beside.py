"""Beside the customer in front: whose redemption still runs, how it ended, and who waits."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sync.domain.money import yuan
from terminal.i18n import Words
from terminal.presenters.counter import Aside
from terminal.presenters.told import wants_reading
from terminal.ui.screens.redeem.lights import TONES
from terminal.ui.theme import fonts, icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label, under_each_other

# What is in front needs the room; whatever is read makes room for the next.
SHOWN = 2
_LONGEST_TITLE = 320


class Beside(QWidget):
    """Emits `read` with the key of one that somebody has read."""

    read = Signal(int)

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._more, self._waiting = label("", "note"), label("", "heading")
        for part in (self._more, self._waiting):
            part.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(tokens.SPACE)
        column = QVBoxLayout(self)
        # At the sides that of the faces below.
        sides = column.contentsMargins()
        column.setContentsMargins(sides.left(), 0, sides.right(), 0)
        column.setSpacing(tokens.SPACE)
        column.addLayout(self._rows)
        column.addWidget(self._more)
        column.addWidget(self._waiting)
        self.hide()

    def show_waiting(self, said: str) -> None:
        """Who waits; nothing for nobody."""
        self._waiting.setText(said)
        self._waiting.setVisible(bool(said))
        mark(self._waiting, tone="working")
        self._appear()

    def show_asides(self, asides: tuple[Aside, ...]) -> None:
        """One row each, those first that want to be read."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for aside in sorted(asides, key=_urgency)[:SHOWN]:
            self._rows.addWidget(self._row(aside))
        hidden = len(asides) - SHOWN
        self._more.setText(self._words("beside", "more", count=hidden))
        self._more.setVisible(hidden > 0)
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
        row.addWidget(label(told.word if told is not None else self._words("beside", "under_way"), "heading"))
        about = label(_about(aside), "body")
        if told is not None and wants_reading(told):
            why = "  → ".join(filter(None, (told.why, told.next)))
            row.addWidget(under_each_other(about, label(why, "body", wrap=True), space=2), 1)
            row.addWidget(button(self._words("beside", "read"), "plain", lambda: self.read.emit(aside.key)))
        else:
            row.addWidget(about, 1)
        return made


def _urgency(aside: Aside) -> int:
    if aside.told is None:
        return 1
    return 0 if wants_reading(aside.told) else 2


def _about(aside: Aside) -> str:
    told = aside.told
    title = QFontMetrics(fonts.font()).elidedText(aside.title, Qt.TextElideMode.ElideRight, _LONGEST_TITLE)
    worth_fen = told.amount_fen if told is not None and told.amount_fen is not None else aside.amount_fen
    tail = f"…{aside.code_tail}" if aside.code_tail else ""
    return "   ".join(filter(None, (title, tail, yuan(worth_fen) if worth_fen is not None else "")))
