"""A shift that was counted: what was taken, counted against expected, what is left over; then closed, on paper."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from terminal.i18n import Words
from terminal.presenters.shift_report import ReportView
from terminal.ui.screens.shift.face import Face, centred
from terminal.ui.screens.shift.parts import (
    adjustments_card,
    cards_row,
    count_card,
    differences_card,
    owed_card,
)
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label, side_by_side

OWED_SHOWN = 40


class ReportFace(Face):
    """Emits `hand_over_wanted` and `recount_wanted` before the close; `print_wanted`, `pdf_wanted`, `folder_wanted`,
    `sign_out_wanted` and `back` after it."""

    hand_over_wanted = Signal()
    recount_wanted = Signal()
    print_wanted = Signal()
    pdf_wanted = Signal()
    folder_wanted = Signal()
    sign_out_wanted = Signal()
    back = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__(palette)
        self._words = words
        self._view: ReportView | None = None
        self._just_closed = self._inside = False
        self._back = button(words("report", "back"), "quiet", self.back.emit)
        self._recount = button(words("report", "recount"), "plain", self.recount_wanted.emit)
        self._sign_out = button(words("report", "sign_out"), "plain", self.sign_out_wanted.emit)
        self._print = button(words("report", "print"), "plain", self.print_wanted.emit)
        self._pdf = button(words("report", "pdf"), "primary", self.pdf_wanted.emit)
        self._carry = button(words("report", "carry"), "primary", self.hand_over_wanted.emit)
        self._saved = label("", "body", wrap=True)
        self._folder = button(words("report", "folder"), "quiet", self.folder_wanted.emit)
        row = side_by_side(self.sign("check", palette.redeemed.ink), self._saved, self._folder)
        row.layout().setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)  # type: ignore[union-attr]
        row.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self._after = centred(row)
        self._after.hide()
        self.layout().insertWidget(1, self._after)  # type: ignore[union-attr]
        for part in (self._back, self._recount):
            self.foot.addWidget(part)
        self.foot.addStretch()
        for part in (self._sign_out, self._print, self._pdf, self._carry):
            self.foot.addWidget(part)

    def show_view(self, view: ReportView, *, just_closed: bool = False) -> None:
        """A report; `just_closed`: nobody has left the till since."""
        self._name_buttons(view, just_closed)
        if view == self._view and just_closed == self._just_closed:
            return
        if self.is_other(view):
            self._after.hide()
            self.to_top()
        self._view, self._just_closed = view, just_closed
        self.clear()
        state = label(view.state, "label")
        state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        self.body.addWidget(side_by_side(label(view.title, "title"), 1, state))
        self.body.addWidget(label("    ".join(f"{name} {value}" for name, value in view.facts), "quiet", wrap=True))
        if just_closed:
            self.body.addWidget(self.banner("redeemed", self._words("report", "done", number=view.number)))
        for one in view.banners:
            self.body.addWidget(self.banner(one.tone, one.said))
        if view.approval:
            self.body.addWidget(self.banner("manager", view.approval))
        if view.adjustments:
            self.body.addWidget(adjustments_card(self._words, view.adjustments))
        if view.cards:
            self.body.addWidget(cards_row(view.cards))
        self.body.addWidget(count_card(self._words, view.counts))
        self._show_left_over(view)
        self.body.addStretch()

    @property
    def view(self) -> ReportView | None:
        """What is shown."""
        return self._view

    def is_other(self, view: ReportView) -> bool:
        """Whether it is another report than the one in view, or the same one closed meanwhile."""
        before = self._view
        return before is None or (before.number, before.closed) != (view.number, view.closed)

    def show_saved(self, said: str) -> None:
        """Where the PDF is."""
        self._saved.setText(said)
        self._after.show()
        if not self._inside:
            self._folder.setFocus()

    def stay_inside(self) -> None:
        """Nothing that opens a window of the system: neither the printers nor the folder."""
        self._inside = True
        self._folder.hide()

    def begin(self) -> None:
        """From the beginning, the focus on the main thing."""
        self.to_top()
        view = self._view
        (self._pdf if view is not None and view.closed else self._carry).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Esc goes back from a report that is closed."""
        if event.key() == Qt.Key.Key_Escape and self._view is not None and self._view.closed:
            self.back.emit()
        else:
            super().keyPressEvent(event)

    def _name_buttons(self, view: ReportView, just_closed: bool) -> None:
        self._back.setText(self._words("report", "open_next" if just_closed else "back"))
        for part in (self._back, self._pdf):
            part.setVisible(view.closed)
        self._print.setVisible(view.closed and not self._inside)
        for part in (self._recount, self._carry):
            part.setVisible(not view.closed)
        self._sign_out.setVisible(just_closed)

    def _show_left_over(self, view: ReportView) -> None:
        words = self._words
        if view.differences:
            self.body.addWidget(differences_card(words, words("report", "differences_title"), view.differences))
        if view.owed:
            more = words("report", "owed_more", count=max(0, len(view.owed) - OWED_SHOWN))
            self.body.addWidget(owed_card(words, words("report", "owed_title"), view.owed, OWED_SHOWN, more))
        for note in view.notes:
            self.body.addWidget(label(note, "quiet", wrap=True))
        self.body.addSpacing(tokens.SPACE)
