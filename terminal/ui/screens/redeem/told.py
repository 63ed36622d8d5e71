"""The verdict, to be read from two metres: colour, icon, word; then what it is about and what to do now."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from sync.domain.money import yuan
from terminal.i18n import Words
from terminal.presenters.counter import Told
from terminal.presenters.status import duration
from terminal.ui.screens.redeem.lights import TONES
from terminal.ui.screens.redeem.units import Units
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.fit_label import FitLabel
from terminal.ui.widgets.parts import button, label, side_by_side

_SURE_MS = 4_000


class ToldFace(QWidget):
    """Emits `undone` after the person said so twice (`undo_begun` at the first time, `undo_dropped` when it was not
    meant), `next` for the next customer, `setup` for the scanner's page, `permit_wanted` for the customer's phone."""

    undone = Signal()
    undo_begun = Signal()
    undo_dropped = Signal()
    next = Signal()
    setup = Signal()
    permit_wanted = Signal()

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._words, self._palette, self._now_ms = words, palette, now_ms
        self._view: Told | None = None
        self._panel = QFrame()
        self._picture = QLabel()
        self._word = FitLabel()
        self._amount = label("", "amount")
        self._title = label("", "title", wrap=True)
        self._why = label("", "title", wrap=True)
        self._next = label("", "title", wrap=True)
        self._small = label("", "label")
        inside = QVBoxLayout(self._panel)
        inside.setContentsMargins(*(4 * tokens.SPACE,) * 4)
        inside.setSpacing(2 * tokens.SPACE)
        head = side_by_side(self._picture, self._word, self._amount, space=3 * tokens.SPACE)
        head.layout().setStretch(1, 1)  # type: ignore[union-attr]
        inside.addStretch(1)
        inside.addWidget(head)
        for part in (self._title, self._why, self._next, self._small):
            inside.addWidget(part)
        inside.addStretch(2)
        self._units = Units(palette)
        self._undo = button("", "plain", self.press_undo)
        self._go_setup = button(words("told", "go_setup"), "plain", self.setup.emit)
        self._permit = button(words("permit", "ask"), "plain", self.permit_wanted.emit)
        self._on = button(words("told", "next"), "primary", self.next.emit)
        column = QVBoxLayout(self)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(self._panel, 1)
        column.addWidget(self._units)
        column.addWidget(side_by_side(self._undo, self._go_setup, self._permit, 1, self._on))
        self._sure = QTimer(self, singleShot=True)
        self._sure.timeout.connect(self._drop_undo)
        self._clock = QTimer(self, interval=1_000)
        self._clock.timeout.connect(self._name_undo)
        self.setFocusProxy(self._on)

    def show_view(self, view: Told) -> None:
        """One verdict; of the same one again only until when it may be undone."""
        before, self._view = self._view, view
        if before is not None and replace(before, undo_until_ms=view.undo_until_ms) == view:
            self._name_undo()
            return
        tone = TONES[view.light]
        ink = tone.of(self._palette).on_fill
        self._picture.setPixmap(icons.pixmap(tone.icon, ink, tokens.VERDICT_ICON))
        self._word.setText(view.word)
        self._amount.setText(yuan(view.amount_fen) if view.amount_fen is not None else "")
        number = self._words("told", "number", number=view.number) if view.number else ""
        tail = f"…{view.code_tail}" if view.code_tail else ""
        for part, said in (
            (self._title, view.title),
            (self._why, view.why),
            (self._next, f"→ {view.next}" if view.next else ""),
            (self._small, "   ".join(filter(None, (number, tail)))),
        ):
            part.setText(said)
            part.setVisible(bool(said))
        mark(self._panel, verdict=tone.name)
        self._panel.setAccessibleName("。".join(filter(None, (view.word, view.why, view.next))))
        self._units.show_units(view.units)
        self._undo.setVisible(bool(view.undo))
        self._go_setup.setVisible(view.setup)
        self._permit.setVisible(view.permit)
        self._sure.stop()
        self._name_undo()
        self._clock.start()

    def press_undo(self) -> None:
        """Once to be asked, once more to do it."""
        if self._view is None or not self._view.undo:
            return
        if self._sure.isActive():
            self._sure.stop()
            self.undone.emit()
            return
        self._sure.start(_SURE_MS)
        self.undo_begun.emit()
        self._undo.setText(self._words("told", "undo_sure"))
        mark(self._undo, kind="danger")

    def rest(self) -> None:
        """Out of view."""
        self._view = None
        self._clock.stop()
        self._sure.stop()

    def _drop_undo(self) -> None:
        self._name_undo()
        self.undo_dropped.emit()

    def _name_undo(self) -> None:
        if self._view is None or self._sure.isActive():
            return
        until_ms = self._view.undo_until_ms
        name = self._words("told", "undo")
        if until_ms is not None:
            left_s = max(0, until_ms - self._now_ms()) // 1000
            name = self._words("told", "undo_until", time=duration(left_s))
        if self._undo.text() != name:
            self._undo.setText(name)
        if self._undo.property("kind") != "plain":
            mark(self._undo, kind="plain")
