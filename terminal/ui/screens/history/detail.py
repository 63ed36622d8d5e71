"""One entry of the history: how it stands, what happened in the order of time, and taking it back."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.history import Answer, DetailView
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, card, label, side_by_side
from terminal.ui.widgets.story import Scrolled, StoryView, reading_column
from terminal.ui.widgets.undo import UndoButton

_BANNERS = {"good": "redeemed", "info": "recorded", "bad": "refused"}


class DetailFace(QWidget):
    """Emits `back`, and `undone` with the redemption's id after the person said so twice."""

    back = Signal()
    undone = Signal(str)

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._palette = palette
        self._view: DetailView | None = None
        self._picture, self._word = QLabel(), label("", "title")
        self._amount = label("", "title")
        self._title = label("", "label", wrap=True)
        self._facts = label("", "quiet", wrap=True)
        self._story = StoryView(palette)
        self._next = label("", "body", wrap=True)
        self._answer, self._then = label("", "heading", wrap=True), label("", "body", wrap=True)
        self._banner = _banner(self._answer, self._then)
        self._back = button(words("detail", "back"), "quiet", self.back.emit)
        self._back.setIcon(icons.icon("chevron-left", palette.accent.ink, tokens.SMALL_ICON))
        self._undo = UndoButton(
            lambda time: words("detail", "undo_until", time=time) if time else words("detail", "undo"),
            words("detail", "undo_sure"),
            now_ms,
        )
        self._undo.sure.connect(self._say_undone)
        head = side_by_side(self._picture, self._word, 1, self._amount)
        top = card(head, self._title, self._facts)
        told = card(self._story, self._next)
        column = QVBoxLayout()
        column.setSpacing(2 * tokens.SPACE)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (top, self._banner, told):
            column.addWidget(part)
        inside = QWidget()
        inside.setLayout(column)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(2 * tokens.SPACE)
        outside.addWidget(reading_column(side_by_side(self._back, 1)))
        self._area = Scrolled(reading_column(inside))
        outside.addWidget(self._area)
        outside.addWidget(reading_column(side_by_side(self._undo, 1)))
        outside.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_view(self, view: DetailView) -> None:
        """One entry, or the same one after something happened to it."""
        self._view = view
        tone = self._palette.verdicts.get(view.standing.tone)
        ink = tone.ink if tone is not None else self._palette.text_quiet
        self._picture.setPixmap(icons.pixmap(view.standing.icon, ink, tokens.LARGE_ICON))
        mark(self._word, tone=view.standing.tone if tone is not None else "")
        for part, said in (
            (self._word, view.standing.word),
            (self._amount, view.amount),
            (self._title, view.title),
            (self._facts, view.facts),
            (self._next, view.next),
        ):
            part.setText(said)
            part.setVisible(bool(said))
        self._story.show_beats(view.beats)
        self._undo.setVisible(bool(view.undo))
        self._undo.setEnabled(True)
        self._undo.show_until(view.undo_until_ms)
        if not view.undo:
            self._undo.rest()
        self.setAccessibleName(f"{view.standing.word} {view.title} {view.amount}")

    def show_answer(self, answer: Answer | None) -> None:
        """What came of taking back; None: nothing was tried."""
        self._banner.setVisible(answer is not None)
        if answer is not None:
            self._answer.setText(answer.said)
            self._then.setText(answer.then)
            self._then.setVisible(bool(answer.then))
            mark(self._banner, banner=_BANNERS[answer.kind])
            self._undo.setEnabled(True)

    def rest(self) -> None:
        """Out of view."""
        self._undo.rest()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Esc goes back to the list; the arrows scroll a long story."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        elif event.key() in step:
            self._area.by(step[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _say_undone(self) -> None:
        if self._view is not None and self._view.undo:
            self._undo.setEnabled(False)
            self.undone.emit(self._view.undo)


def _banner(*parts: QWidget) -> QFrame:
    made = QFrame()
    column = QVBoxLayout(made)
    column.setContentsMargins(3 * tokens.SPACE, 2 * tokens.SPACE, 3 * tokens.SPACE, 2 * tokens.SPACE)
    for part in parts:
        column.addWidget(part)
    made.hide()
    return made
