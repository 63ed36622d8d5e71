"""The counter's screen as one: shows whichever face a view asks for and passes intents on."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.counter import CounterView, Idle, Offer, Told, Working
from terminal.ui.screens.redeem.idle import IdleFace
from terminal.ui.screens.redeem.offer import OfferFace
from terminal.ui.screens.redeem.told import ToldFace
from terminal.ui.screens.redeem.working import WorkingFace
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import label


class RedeemScreen(QWidget):
    """Emits typed(text), confirmed(Witnesses, Offer), units_wanted(int), cancelled, undo_begun, undo_dropped, undone,
    photo_wanted, setup_wanted."""

    typed = Signal(str)
    confirmed = Signal(object, object)
    units_wanted = Signal(int)
    cancelled = Signal()
    undo_begun = Signal()
    undo_dropped = Signal()
    undone = Signal()
    photo_wanted = Signal()
    setup_wanted = Signal()

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._words = words
        self._faces = QStackedWidget()
        self.idle = IdleFace(words, palette)
        self.working = WorkingFace(words, palette)
        self.offer = OfferFace(words, palette)
        self.told = ToldFace(words, palette, now_ms)
        for face in (self.idle, self.working, self.offer, self.told):
            self._faces.addWidget(face)
        self._waiting: QLabel = label("", "heading")
        self._waiting.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._waiting)
        column.addWidget(self._faces, 1)
        self.idle.typed.connect(self.typed)
        self.offer.confirmed.connect(self.confirmed)
        self.offer.units_wanted.connect(self.units_wanted)
        self.offer.cancelled.connect(self.cancelled)
        self.offer.photo_wanted.connect(self.photo_wanted)
        self.told.undone.connect(self.undone)
        self.told.undo_begun.connect(self.undo_begun)
        self.told.undo_dropped.connect(self.undo_dropped)
        self.told.next.connect(self.cancelled)
        self.told.setup.connect(self.setup_wanted)

    def show_view(self, view: CounterView) -> None:
        """The face for this moment."""
        face: QWidget
        match view:
            case Idle():
                face = self.idle
                self.idle.show_view(view)
            case Working():
                face = self.working
                self.working.show_view(view)
            case Offer():
                face = self.offer
                self.offer.show_view(view)
            case Told():
                face = self.told
                self.told.show_view(view)
        for other in (self.working, self.offer, self.told):
            if other is not face:
                other.rest()
        changed = self._faces.currentWidget() is not face
        self._faces.setCurrentWidget(face)
        if changed and not isinstance(view, Offer) and self.isVisible() and self.isActiveWindow():
            face.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_waiting(self, count: int) -> None:
        """How many codes wait for their turn."""
        self._waiting.setText(self._words("waiting", "count", count=count))
        self._waiting.setVisible(count > 0)
        mark(self._waiting, tone="working")

    def take_focus(self) -> None:
        """The page came to the front."""
        face = self._faces.currentWidget()
        if face is self.offer and self.offer.isAncestorOf(self.focusWidget() or self):
            return
        if face is not None:
            face.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """From a verdict straight to the next code: Esc, or its first letter."""
        if self._faces.currentWidget() is self.told:
            if event.key() == Qt.Key.Key_Escape:
                self.cancelled.emit()
                return
            if event.text().isalnum() and event.text().isascii():
                self.cancelled.emit()
                if self._faces.currentWidget() is self.idle:
                    self.idle.begin(event.text())
                return
        super().keyPressEvent(event)
