"""The dialog about one person: name, role, PIN."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from sync.domain.staff import Role, Staff
from terminal.i18n import Words
from terminal.presenters.devices import Choice
from terminal.presenters.settings import Draft
from terminal.ui.screens.settings.fields import Field, show_all
from terminal.ui.theme import tokens
from terminal.ui.widgets.parts import button, label, side_by_side
from terminal.ui.widgets.pin_field import PinField

_WIDTH = 440
_LONGEST_NAME = 40


class PersonSheet(QWidget):
    """Emits drafted(Draft) and cancelled."""

    drafted = Signal(object)
    cancelled = Signal()

    def __init__(self, words: Words, roles: Sequence[Choice], person: Staff | None) -> None:
        super().__init__()
        self._id = person.id if person is not None else ""
        # The one field where Chinese is written.
        self._name, self._role, self._pin, self._again = QLineEdit(), QComboBox(), PinField(), PinField()
        self._name.setMaxLength(_LONGEST_NAME)
        for role in roles:
            self._role.addItem(role.name, role.value)
        if person is not None:
            self._name.setText(person.name)
            self._role.setCurrentIndex(self._role.findData(person.role.value))
        self._fields = {
            "name": Field(words("people", "name"), self._name),
            "role": Field(words("people", "role"), self._role),
            "pin": Field(
                words("people", "pin" if person is None else "new_pin"), self._pin, words("people", "pin_hint")
            ),
            "again": Field(words("people", "again"), self._again),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(label(words("people", "add" if person is None else "change"), "title"))
        for field in self._fields.values():
            column.addWidget(field)
        no = button(words("people", "cancel"), "quiet", self.cancelled.emit)
        self._yes = button(words("people", "save"), "primary", self._draft)
        column.addWidget(side_by_side(no, 1, self._yes))
        for part in (self._name, self._pin, self._again):
            part.returnPressed.connect(self._draft)
        self.setFixedWidth(_WIDTH)
        self.setFocusProxy(self._name)

    def show_wrong(self, wrong: Mapping[str, str]) -> None:
        """What can't be taken, beside its field."""
        self._yes.setEnabled(True)
        show_all(self._fields, wrong)
        # Only now is the window laid out for the sentences.
        self.updateGeometry()

    def _draft(self) -> None:
        if not self._yes.isEnabled():
            return
        self._yes.setEnabled(False)
        role = Role(str(self._role.currentData()))
        draft = Draft(self._id, self._name.text().strip(), role, self._pin.text(), self._again.text())
        self.drafted.emit(draft)

    def refocus(self) -> None:
        """Begin with the name."""
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)
