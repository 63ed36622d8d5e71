"""No shift is open: is the till well, how much cash is in the drawer, and open it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.shift import CheckLine, ReadyView, fen_of
from terminal.ui.screens.shift.face import Face
from terminal.ui.screens.shift.number_field import NumberField
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, card, label, side_by_side, under_each_other


class ReadyFace(Face):
    """Emits `opened` with the cash in the drawer (fen), `past_wanted`."""

    opened = Signal(int)
    past_wanted = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__(palette)
        self._words = words
        self._view: ReadyView | None = None
        self._checks = QFrame()
        self._checks.setProperty("kind", "card")
        self._float = NumberField(words("ready", "float"))
        self._float.returnPressed.connect(self._open)
        self._float.textEdited.connect(lambda _said: mark(self._float, wrong=""))
        self._wrong = label("", "note")
        mark(self._wrong, tone="refused")
        self._wrong.hide()
        said = label(words("ready", "float"), "label", wrap=True)
        said.setBuddy(self._float)
        row = side_by_side(said, self._float)
        row.layout().setStretch(0, 1)  # type: ignore[union-attr]
        self.body.addWidget(label(words("title", "ready"), "title"))
        self.body.addWidget(card(row, self._wrong, space=tokens.SPACE))
        self.body.addWidget(self._checks)
        self.body.addStretch()
        self.foot.addWidget(button(words("ready", "past"), "quiet", self.past_wanted.emit))
        self.foot.addStretch()
        self.foot.addWidget(button(words("ready", "open"), "primary", self._open))
        self.setFocusProxy(self._float)

    def show_view(self, view: ReadyView) -> None:
        """What the check found; what was typed stays."""
        if view == self._view:
            return
        self._view = view
        fresh = QFrame()
        grid = QGridLayout(fresh)
        grid.setHorizontalSpacing(2 * tokens.SPACE)
        grid.setVerticalSpacing(2 * tokens.SPACE)
        grid.setColumnStretch(2, 1)
        tone = {True: "redeemed", False: "recorded", None: "working"}[view.well]
        if view.well:
            inside = self.banner(tone, view.said)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.addWidget(inside, 0, 0, 1, 3)
        else:
            fresh.setProperty("kind", "card")
            grid.setContentsMargins(*(3 * tokens.SPACE,) * 4)
            icon = "warning" if view.well is False else ""
            grid.addWidget(self.banner(tone, view.said, icon), 0, 0, 1, 3)
            for number, check in enumerate(view.checks, start=1):
                self._add(grid, number, check)
        self.body.replaceWidget(self._checks, fresh)
        self._checks.hide()
        self._checks.deleteLater()
        self._checks = fresh

    def clear_float(self) -> None:
        """An empty field, for the next shift."""
        self._float.clear()

    def _add(self, grid: QGridLayout, number: int, check: CheckLine) -> None:
        tones = self._palette
        icon, color = ("check", tones.redeemed.ink) if check.well else ("warning", tones.recorded.ink)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.sign(icon, color), number, 0, top)
        grid.addWidget(label(check.title, "quiet" if check.well else "body"), number, 1, top)
        said: list[QWidget] = [label(check.what, "quiet" if check.well else "body", wrap=True)]
        if check.next:
            said.append(label(self._words("ready", "next", next=check.next), "quiet", wrap=True))
        grid.addWidget(under_each_other(*said, space=4), number, 2)

    def _open(self) -> None:
        said = self._float.text()
        fen = fen_of(said) if said.strip() else 0
        mark(self._float, wrong=fen is None or "")
        self._wrong.setVisible(fen is None)
        if fen is None:
            self._wrong.setText(self._words("ready", "wrong"))
            self._float.setFocus()
            return
        self.opened.emit(fen)
