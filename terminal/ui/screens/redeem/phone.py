"""The last four digits of a telephone number, to be heard from the customer before anything of theirs is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.counter import PhoneCheck
from terminal.ui.screens.redeem.reading import Reading
from terminal.ui.theme import tokens
from terminal.ui.widgets.parts import button, label, side_by_side
from terminal.ui.widgets.story import reading_column

WIDE = 720
_COVERED = "▒▒▒▒"


class PhoneFace(QWidget):
    """Emits `right` when the customer has said the same digits, or `cancelled`."""

    right = Signal()
    cancelled = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._view: PhoneCheck | None = None
        self._reading = Reading()
        self._platform = label("", "note")
        self._number = label("", "amount")
        self._said = label("", "label", wrap=True)
        card = QFrame()
        card.setProperty("kind", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*(4 * tokens.SPACE,) * 4)
        inside.setSpacing(2 * tokens.SPACE)
        self._yes = button(words("phone", "yes"), "primary", self.press)
        no = button(words("phone", "no"), "quiet", self.cancelled.emit)
        for part in (
            self._platform,
            label(words("phone", "title"), "title", wrap=True),
            self._number,
            self._said,
            side_by_side(1, no, self._yes),
        ):
            inside.addWidget(part)
        outside = QVBoxLayout(self)
        outside.addStretch(1)
        outside.addWidget(reading_column(card, WIDE))
        outside.addStretch(2)
        self.setFocusProxy(self._yes)

    def show_view(self, view: PhoneCheck) -> None:
        """One number, all but its end covered."""
        if view != self._view:
            self._reading.renew()
        self._view = view
        self._platform.setText(view.platform)
        self._number.setText(f"{_COVERED} {view.last4}")
        self._number.setAccessibleName(" ".join(view.last4))
        self._said.setText(view.said)

    def rest(self) -> None:
        """Out of view."""
        self._view = None
        self._number.clear()

    def press(self) -> None:
        """They are the same."""
        if self._view is not None and self._reading.done:
            self.right.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Enter: the same. Esc: not."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.press()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """From the first painting on it can be read."""
        super().paintEvent(event)
        if self._view is not None:
            self._reading.painted()
