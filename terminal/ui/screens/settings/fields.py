"""A field of a form with its name above it and the sentence about a wrong input below."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from terminal.ui.theme.style import mark
from terminal.ui.widgets.parts import label


class Field(QWidget):
    """Holds one input widget."""

    def __init__(self, name: str, part: QWidget, hint: str = "") -> None:
        super().__init__()
        self.part = part
        self._hint = hint
        said = label(name, "note")
        said.setBuddy(part)
        part.setAccessibleName(name)
        self._below: QLabel = label(hint, "note", wrap=True)
        self._below.setVisible(bool(hint))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for one in (said, part, self._below):
            column.addWidget(one)

    def show_wrong(self, said: str) -> None:
        """The sentence, or "" where the input is taken."""
        mark(self.part, wrong=bool(said) or "")
        mark(self._below, tone="refused" if said else "")
        self._below.setText(said or self._hint)
        self._below.setVisible(bool(said or self._hint))
        self.part.setAccessibleDescription(said)


def show_all(fields: Mapping[str, Field], wrong: Mapping[str, str]) -> None:
    """Each field its sentence; the first wrong one gets the focus."""
    first: Field | None = None
    for name, field in fields.items():
        field.show_wrong(wrong.get(name, ""))
        if first is None and name in wrong:
            first = field
    if first is not None:
        first.part.setFocus(Qt.FocusReason.OtherFocusReason)
