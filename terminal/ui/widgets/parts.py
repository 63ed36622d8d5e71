"""The small parts that every screen is made of: labels, buttons, cards, each marked with its kind for the theme."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from terminal.ui.theme.tokens import SPACE


def label(said: str = "", kind: str = "body", *, wrap: bool = False) -> QLabel:
    """Plain text, whatever it holds: nothing that a customer shows is ever read as markup."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(said)
    made.setProperty("kind", kind)
    made.setWordWrap(wrap)
    return made


class Button(QPushButton):
    """A button that a key held down presses once."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Whoever keeps Enter down has not read what came after the first press."""
        if not event.isAutoRepeat():
            super().keyPressEvent(event)


def button(said: str, kind: str = "plain", pressed: Callable[[], object] | None = None) -> QPushButton:
    """A button that Enter presses while it has the focus."""
    made = Button(said)
    made.setProperty("kind", kind)
    made.setAutoDefault(True)
    if pressed is not None:
        made.clicked.connect(lambda _checked: pressed())
    return made


def card(*parts: QWidget, kind: str = "card", space: int = 2 * SPACE, inside: int = 3 * SPACE) -> QFrame:
    """Parts under each other in a frame."""
    made = QFrame()
    made.setProperty("kind", kind)
    column = QVBoxLayout(made)
    column.setContentsMargins(inside, inside, inside, inside)
    column.setSpacing(space)
    for part in parts:
        column.addWidget(part)
    return made


def side_by_side(*parts: QWidget | int, space: int = 2 * SPACE) -> QWidget:
    """Parts beside each other; a number is a stretch."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(space)
    for part in parts:
        if isinstance(part, int):
            row.addStretch(part)
        else:
            row.addWidget(part)
    return made


def under_each_other(*parts: QWidget | int, space: int = SPACE) -> QWidget:
    """Parts under each other without a frame; a number is a stretch."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(space)
    for part in parts:
        if isinstance(part, int):
            column.addStretch(part)
        else:
            column.addWidget(part)
    return made


def labelled(name: str, field: QWidget) -> QWidget:
    """A field with its name above it."""
    said = label(name, "note")
    said.setBuddy(field)
    field.setAccessibleName(name)
    return under_each_other(said, field, space=4)
