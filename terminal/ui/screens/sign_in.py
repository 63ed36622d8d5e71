"""Signing in: choose the name, type the PIN; arrows and digits are enough."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from terminal.i18n import Words
from terminal.presenters.people import PersonView
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.widgets.pin_field import PinField

_ID = Qt.ItemDataRole.UserRole


class SignInScreen(QWidget):
    """Emits (staff id, PIN)."""

    entered = Signal(str, str)

    def __init__(self, words: Words, store: str) -> None:
        super().__init__()
        self._words = words
        self._people = QListWidget(self)
        self._people.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pin = PinField(self)
        self._pin.setPlaceholderText(words("form", "pin"))
        self._said = QLabel(words("form", "hint"), self)
        self._said.setProperty("kind", "quiet")
        self._said.setWordWrap(True)
        self._go = QPushButton(words("form", "enter"), self)
        self._go.setProperty("kind", "primary")
        self._go.clicked.connect(self._enter)
        self._pin.returnPressed.connect(self._enter)
        self._people.itemClicked.connect(lambda _item: self._pin.setFocus())
        card = QFrame(self)
        card.setProperty("kind", "card")
        card.setMaximumWidth(560)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(4 * tokens.SPACE,) * 4)
        column.setSpacing(2 * tokens.SPACE)
        name = QLabel(store, card)
        name.setProperty("kind", "title")
        for part in (name, self._people, self._pin, self._said, self._go):
            column.addWidget(part)
        row = QHBoxLayout(self)
        row.addStretch()
        row.addWidget(card, 1)
        row.addStretch()
        column.setStretch(1, 1)
        card.setMaximumHeight(640)
        self.setFocusProxy(self._pin)

    def show_people(self, people: Sequence[PersonView]) -> None:
        """Everybody who may sign in, the one who was here last first chosen."""
        self._people.clear()
        for person in people:
            item = QListWidgetItem(self._words("form", "person", name=person.name, role=person.role))
            item.setData(_ID, person.id)
            self._people.addItem(item)
        if people:
            self._people.setCurrentRow(0)

    def show_wrong(self, said: str) -> None:
        """The PIN was not taken; the reason in words, and the field empty again."""
        self._said.setText(said)
        mark(self._said, tone="refused")
        mark(self._pin, wrong=True)
        self._ready()

    def show_ready(self) -> None:
        """Whatever became of the PIN, it can be typed again."""
        if self.isVisible() and not self._go.isEnabled():
            self._ready()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Up and Down choose the person without leaving the PIN."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step and self._people.count():
            self._people.setCurrentRow((self._people.currentRow() + step) % self._people.count())
            return
        super().keyPressEvent(event)

    def _ready(self) -> None:
        self._pin.clear()
        self._pin.setEnabled(True)
        self._go.setEnabled(True)
        self._pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self) -> None:
        item = self._people.currentItem()
        if item is not None and self._go.isEnabled():
            self._pin.setEnabled(False)
            self._go.setEnabled(False)
            self.entered.emit(str(item.data(_ID)), self._pin.text())
