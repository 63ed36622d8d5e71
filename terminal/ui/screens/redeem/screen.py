"""The counter's screen as one: shows whichever face a view asks for and passes intents on."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

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
from terminal.ui.screens.redeem.beside import Beside
from terminal.ui.screens.redeem.idle import IdleFace
from terminal.ui.screens.redeem.offer import OfferFace
from terminal.ui.screens.redeem.told import ToldFace
from terminal.ui.screens.redeem.working import WorkingFace
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette

if TYPE_CHECKING:
    from terminal.ui.screens.redeem.basket import BasketFace
    from terminal.ui.screens.redeem.choose import ChooseFace
    from terminal.ui.screens.redeem.permit import PermitFace
    from terminal.ui.screens.redeem.phone import PhoneFace


class _Face(Protocol):
    def rest(self) -> None: ...


Rare = TypeVar("Rare", bound=QWidget)


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
        self._words, self._palette, self._now_ms = words, palette, now_ms
        self._view: CounterView = Idle()
        self._faces = QStackedWidget()
        self.beside = Beside(words, palette)
        self.idle = IdleFace(words, palette)
        self.working = WorkingFace(words, palette)
        self.offer = OfferFace(words, palette)
        self.told = ToldFace(words, palette, now_ms)
        self._all: list[_Face] = [self.idle, self.working, self.offer, self.told]
        for face in (self.idle, self.working, self.offer, self.told):
            self._faces.addWidget(face)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SPACE)
        column.addWidget(self.beside)
        column.addWidget(self._faces, 1)
        self._connect()

    def _connect(self) -> None:
        offer, told = self.offer, self.told
        self.idle.typed.connect(self.typed)
        offer.confirmed.connect(self.confirmed)
        offer.units_wanted.connect(self.units_wanted)
        offer.cancelled.connect(self.cancelled)
        offer.photo_wanted.connect(self.photo_wanted)
        for asks in (self.idle, offer, told):
            asks.permit_wanted.connect(self.permit_wanted)
        told.undone.connect(self.undone)
        told.undo_begun.connect(self.undo_begun)
        told.undo_dropped.connect(self.undo_dropped)
        told.next.connect(self.cancelled)
        told.setup.connect(self.setup_wanted)
        self.beside.read.connect(self.read)

    # What few customers need is made when the first of them comes: the window stands the sooner.

    @cached_property
    def choose(self) -> "ChooseFace":
        """Which platform?"""
        from terminal.ui.screens.redeem.choose import ChooseFace

        made = ChooseFace(self._words, self._palette)
        made.chosen.connect(self.chosen)
        made.cancelled.connect(self.cancelled)
        return self._added(made, made)

    @cached_property
    def phone(self) -> "PhoneFace":
        """The last four digits."""
        from terminal.ui.screens.redeem.phone import PhoneFace

        made = PhoneFace(self._words)
        made.right.connect(self.checked)
        made.cancelled.connect(self.cancelled)
        return self._added(made, made)

    @cached_property
    def basket(self) -> "BasketFace":
        """Several coupons."""
        from terminal.ui.screens.redeem.basket import BasketFace

        made = BasketFace(self._words, self._palette)
        made.picked.connect(self.picked)
        made.units_wanted.connect(self.units_wanted)
        made.confirmed.connect(self.confirmed)
        made.cancelled.connect(self.cancelled)
        return self._added(made, made)

    @cached_property
    def permit(self) -> "PermitFace":
        """The code for the customer's phone."""
        from terminal.ui.screens.redeem.permit import PermitFace

        made = PermitFace(self._words, self._now_ms)
        made.cancelled.connect(self.cancelled)
        return self._added(made, made)

    def _added(self, made: Rare, rests: _Face) -> Rare:
        self._faces.addWidget(made)
        self._all.append(rests)
        return made

    def show_view(self, view: CounterView) -> None:
        """The face for this moment."""
        self._view = view
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
        match self._view:
            case Offer():
                self.offer.press_confirm()
            case Basket():
                self.basket.press_confirm()
            case Choose():
                self.choose.press()
            case PhoneCheck():
                self.phone.press()

    def by(self, step: int) -> None:
        """One more or one fewer, by the command card."""
        match self._view:
            case Offer():
                self.offer.by(step)
            case Basket():
                self.basket.by(step)

    def take_focus(self) -> None:
        """The page came to the front."""
        face = self._faces.currentWidget()
        own = isinstance(self._view, (Offer, Choose))
        if face is not None and not (own and face.isAncestorOf(self.focusWidget() or self)):
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
