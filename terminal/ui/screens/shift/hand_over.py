"""Two signatures: who hands over, and who takes over or that nobody does; each types their own PIN."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.shift import HandOverView
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.widgets.parts import button, label, labelled, side_by_side
from terminal.ui.widgets.pin_field import PinField

_WIDTH = 460


class HandOverSheet(QWidget):
    """Emits `signed` (PIN of who hands over, id of who takes over or None, PIN of that person); `cancelled`. Stays
    open until both PINs were right."""

    signed = Signal(str, object, str)
    cancelled = Signal()

    def __init__(self, words: Words, view: HandOverView) -> None:
        super().__init__()
        self._words = words
        self._closer, self._receiver, self._who = PinField(), PinField(), QComboBox()
        self._who.addItem(words("hand_over", "nobody"), None)
        for staff_id, name in view.receivers:
            self._who.addItem(name, staff_id)
        if view.receivers:
            self._who.setCurrentIndex(1)
        self._said = label(words("hand_over", "said"), "body", wrap=True)
        self._receiver_part = labelled(words("hand_over", "pin"), self._receiver)
        self._yes = button(words("hand_over", "confirm"), "primary", self._sign)
        no = button(words("hand_over", "cancel"), "quiet", self.cancelled.emit)
        column = QVBoxLayout(self)
        column.setSpacing(2 * tokens.SPACE)
        for part in (
            label(words("title", "hand_over"), "title"),
            self._said,
            labelled(words("hand_over", "closer", name=view.closer), self._closer),
            labelled(words("hand_over", "receiver"), self._who),
            self._receiver_part,
            side_by_side(no, 1, self._yes),
        ):
            column.addWidget(part)
        self.setMinimumWidth(_WIDTH)
        self.setFocusProxy(self._closer)
        self._who.currentIndexChanged.connect(self._show_receiver)
        self._closer.returnPressed.connect(self._onward)
        self._receiver.returnPressed.connect(self._sign)
        for field in (self._closer, self._receiver):
            field.textEdited.connect(lambda _said, field=field: mark(field, wrong=""))
        self._show_receiver()

    def show_wrong(self, said: str, *, receiver: bool) -> None:
        """One of the PINs was not taken: why, and that field empty again."""
        self._ready(True)
        self._said.setText(said)
        mark(self._said, tone="refused")
        field = self._receiver if receiver else self._closer
        mark(field, wrong=True)
        field.clear()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_ready(self) -> None:
        """Whatever became of the PINs, they can be typed again."""
        self._ready(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Up and Down choose who takes over without leaving the PIN."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step:
            self._who.setCurrentIndex((self._who.currentIndex() + step) % self._who.count())
        else:
            super().keyPressEvent(event)

    def _show_receiver(self) -> None:
        somebody = self._who.currentData() is not None
        self._receiver_part.setEnabled(somebody)
        self._receiver.clear()
        mark(self._receiver, wrong="")

    def _onward(self) -> None:
        if self._who.currentData() is None or self._receiver.text():
            self._sign()
        else:
            self._receiver.setFocus()

    def _sign(self) -> None:
        if self._yes.isEnabled():
            self._ready(False)
            self.signed.emit(self._closer.text(), self._who.currentData(), self._receiver.text())

    def _ready(self, ready: bool) -> None:
        # Not disabled: the focus would go to the button that cancels.
        for field in (self._closer, self._receiver):
            field.setReadOnly(not ready)
        self._who.setEnabled(ready)
        self._yes.setEnabled(ready)
