"""A shift at work: since when, what is owed, what differs; the figures only for who may see them before the count."""

from PySide6.QtCore import Signal

from terminal.i18n import Words
from terminal.presenters.shift import RunningView
from terminal.ui.screens.shift.face import Face
from terminal.ui.screens.shift.parts import cards_row, differences_card, owed_card
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label

OWED_SHOWN = 12


class RunningFace(Face):
    """Emits `count_wanted`, `past_wanted`, `owed_wanted`."""

    count_wanted = Signal()
    past_wanted = Signal()
    owed_wanted = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__(palette)
        self._words = words
        self._view: RunningView | None = None
        self._count = button(words("running", "count"), "primary", self.count_wanted.emit)
        self._owed = button(words("running", "owed_open"), "quiet", self.owed_wanted.emit)
        self.foot.addWidget(button(words("running", "past"), "quiet", self.past_wanted.emit))
        self.foot.addWidget(self._owed)
        self.foot.addStretch()
        self.foot.addWidget(self._count)
        self.setFocusProxy(self._count)

    def show_view(self, view: RunningView) -> None:
        """The shift as it stands."""
        if view == self._view:
            return
        self._view = view
        self.clear()
        self._owed.setVisible(bool(view.owed))
        self.body.addWidget(label(view.title, "title"))
        self.body.addWidget(label("    ".join((view.opened, view.since, view.day)), "quiet", wrap=True))
        if view.cards:
            self.body.addWidget(cards_row(view.cards))
        if not view.owed and not view.differences:
            self.body.addWidget(self.banner("redeemed", self._words("running", "well")))
        if view.owed:
            more = self._words("running", "owed_more", count=max(0, len(view.owed) - OWED_SHOWN))
            said = f"{self._words('running', 'owed')}  {view.owed_total}"
            self.body.addWidget(owed_card(self._words, said, view.owed, OWED_SHOWN, more))
        if view.differences:
            said = self._words("running", "differences")
            self.body.addWidget(differences_card(self._words, said, view.differences))
        if not view.cards:
            self.body.addWidget(label(self._words("running", "blind"), "quiet", wrap=True))
        self.body.addStretch()
