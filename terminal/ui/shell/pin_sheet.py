"""Asking for the PIN of somebody who may do a thing: a manager at the cashier's till."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from sync.domain.staff import Staff
from terminal.i18n import Words
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.widgets.pin_field import PinField


class PinSheet(QWidget):
    """Emits (staff id, PIN); stays open until it is told that the PIN was right."""

    entered = Signal(str, str)
    cancelled = Signal()

    def __init__(self, words: Words, why: str, people: Sequence[Staff]) -> None:
        super().__init__()
        self._who = QComboBox(self)
        for person in people:
            self._who.addItem(person.name, person.id)
        self._pin = PinField(self)
        self._said = QLabel(why if people else words("pin", "nobody"), self)
        self._said.setProperty("kind", "body")
        self._said.setWordWrap(True)
        title = QLabel(words("pin", "title"), self)
        title.setProperty("kind", "title")
        yes = QPushButton(words("pin", "confirm"), self)
        yes.setProperty("kind", "primary")
        yes.setEnabled(bool(people))
        no = QPushButton(words("pin", "cancel"), self)
        no.setProperty("kind", "quiet")
        column = QVBoxLayout(self)
        column.setSpacing(2 * tokens.SPACE)
        for part in (title, self._said, self._labelled(words("pin", "who"), self._who)):
            column.addWidget(part)
        column.addWidget(self._labelled(words("pin", "pin"), self._pin))
        row = QHBoxLayout()
        row.addWidget(no)
        row.addStretch()
        row.addWidget(yes)
        column.addLayout(row)
        self.setMinimumWidth(420)
        self.setFocusProxy(self._pin)
        self._pin.returnPressed.connect(self._enter)
        yes.clicked.connect(self._enter)
        no.clicked.connect(self.cancelled)

    def show_wrong(self, said: str) -> None:
        """The PIN was not taken; say why and let it be typed again."""
        self._said.setText(said)
        mark(self._said, tone="refused")
        mark(self._pin, wrong=True)
        self.show_ready()

    def show_ready(self) -> None:
        """Whatever became of the PIN, it can be typed again."""
        if self.isVisible() and not self._pin.isEnabled():
            self._pin.clear()
            self._pin.setEnabled(True)
            self._pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Up and Down choose the person without leaving the PIN."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step and self._who.count():
            self._who.setCurrentIndex((self._who.currentIndex() + step) % self._who.count())
            return
        super().keyPressEvent(event)

    def _enter(self) -> None:
        if self._pin.text() and self._who.currentData() is not None:
            self._pin.setEnabled(False)
            self.entered.emit(str(self._who.currentData()), self._pin.text())

    def _labelled(self, name: str, field: QComboBox | QLineEdit) -> QWidget:
        made = QWidget(self)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        label = QLabel(name, made)
        label.setProperty("kind", "note")
        label.setBuddy(field)
        column.addWidget(label)
        column.addWidget(field)
        return made
