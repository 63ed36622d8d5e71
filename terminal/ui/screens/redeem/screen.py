"""The counter's screen as one: shows whichever face a view asks for and passes intents on."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.counter import (
    Aside,
    Basket,
    Choose,
    CounterView,
    Idle,
    Offer,
    Permit,
    PhoneCheck,
    Told,
    Working,
)
from terminal.ui.screens.redeem.basket import BasketFace
from terminal.ui.screens.redeem.beside import Beside
from terminal.ui.screens.redeem.choose import ChooseFace
from terminal.ui.screens.redeem.idle import IdleFace
from terminal.ui.screens.redeem.offer import OfferFace
from terminal.ui.screens.redeem.permit import PermitFace
from terminal.ui.screens.redeem.phone import PhoneFace
from terminal.ui.screens.redeem.told import ToldFace
from terminal.ui.screens.redeem.working import WorkingFace
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette


class _Face(Protocol):
    def rest(self) -> None: ...


class RedeemScreen(QWidget):
    """Emits typed(text), chosen(platform), checked, picked(ref, units), confirmed(Witnesses, Offer or Basket),
    units_wanted(int), cancelled, undo_begun, undo_dropped, undone, photo_wanted, setup_wanted, permit_wanted,
    read(key)."""

    typed = Signal(str)
    chosen = Signal(str)
    checked = Signal()
    picked = Signal(str, int)
    confirmed = Signal(object, object)
    units_wanted = Signal(int)
    cancelled = Signal()
    undo_begun = Signal()
    undo_dropped = Signal()
    undone = Signal()
    photo_wanted = Signal()
    setup_wanted = Signal()
    permit_wanted = Signal()
    read = Signal(int)

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._faces = QStackedWidget()
        self.beside = Beside(words, palette)
        self.idle = IdleFace(words, palette)
        self.working = WorkingFace(words, palette)
        self.choose = ChooseFace(words, palette)
        self.phone = PhoneFace(words)
        self.offer = OfferFace(words, palette)
        self.basket = BasketFace(words, palette)
        self.permit = PermitFace(words, now_ms)
        self.told = ToldFace(words, palette, now_ms)
        self._all: tuple[_Face, ...] = (
            self.idle,
            self.working,
            self.choose,
            self.phone,
            self.offer,
            self.basket,
            self.permit,
            self.told,
        )
        for face in self._all:
            assert isinstance(face, QWidget)
            self._faces.addWidget(face)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SPACE)
        column.addWidget(self.beside)
        column.addWidget(self._faces, 1)
        self._connect()

    def _connect(self) -> None:
        offer, basket, told = self.offer, self.basket, self.told
        self.idle.typed.connect(self.typed)
        self.choose.chosen.connect(self.chosen)
        self.phone.right.connect(self.checked)
        basket.picked.connect(self.picked)
        for face in (offer, basket):
            face.confirmed.connect(self.confirmed)
            face.units_wanted.connect(self.units_wanted)
        for cancels in (self.choose, self.phone, offer, basket, self.permit):
            cancels.cancelled.connect(self.cancelled)
        for asks in (self.idle, offer, told):
            asks.permit_wanted.connect(self.permit_wanted)
        offer.photo_wanted.connect(self.photo_wanted)
        told.undone.connect(self.undone)
        told.undo_begun.connect(self.undo_begun)
        told.undo_dropped.connect(self.undo_dropped)
        told.next.connect(self.cancelled)
        told.setup.connect(self.setup_wanted)
        self.beside.read.connect(self.read)

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
            case Choose():
                face = self.choose
                self.choose.show_view(view)
            case PhoneCheck():
                face = self.phone
                self.phone.show_view(view)
            case Offer():
                face = self.offer
                self.offer.show_view(view)
            case Basket():
                face = self.basket
                self.basket.show_view(view)
            case Permit():
                face = self.permit
                self.permit.show_view(view)
            case Told():
                face = self.told
                self.told.show_view(view)
        for other in self._all:
            if other is not face:
                other.rest()
        changed = self._faces.currentWidget() is not face
        self._faces.setCurrentWidget(face)
        # These see to their own focus: in which field depends on what is asked.
        own = isinstance(view, (Offer, Choose))
        if changed and not own and self.isVisible() and self.isActiveWindow():
            face.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_waiting(self, said: str) -> None:
        """Which codes wait for their turn."""
        self.beside.show_waiting(said)

    def show_asides(self, asides: tuple[Aside, ...]) -> None:
        """What goes on beside the customer in front."""
        self.beside.show_asides(asides)

    def press_confirm(self) -> None:
        """Yes to what is in view, by the command card."""
        match self._faces.currentWidget():
            case self.offer:
                self.offer.press_confirm()
            case self.basket:
                self.basket.press_confirm()
            case self.choose:
                self.choose.press()
            case self.phone:
                self.phone.press()

    def by(self, step: int) -> None:
        """One more or one fewer, by the command card."""
        match self._faces.currentWidget():
            case self.offer:
                self.offer.by(step)
            case self.basket:
                self.basket.by(step)

    def take_focus(self) -> None:
        """The page came to the front."""
        face = self._faces.currentWidget()
        if face in (self.offer, self.choose) and face.isAncestorOf(self.focusWidget() or self):
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
