"""The sheets of a case: ending it for good, with a note, and its photo in large."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.difference import Choice
from terminal.ui.theme import tokens
from terminal.ui.widgets.parts import button, label, labelled, side_by_side

LONGEST_NOTE = 200


class EndingSheet(QWidget):
    """Emits `sure` with the note."""

    sure = Signal(str)
    cancelled = Signal()

    def __init__(self, words: Words, choice: Choice, about: str) -> None:
        super().__init__()
        self._note = QLineEdit()
        self._note.setMaxLength(LONGEST_NOTE)
        self._sure = button(words("ending", "sure"), "primary", self._press)
        says = label(choice.says, "label", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        for part in (label(words("ending", "title"), "title"), label(about, "quiet", wrap=True), says):
            column.addWidget(part)
        column.addWidget(labelled(words("ending", "note"), self._note))
        column.addWidget(label(words("ending", "final"), "body"))
        column.addWidget(side_by_side(button(words("ending", "cancel"), "quiet", self.cancelled.emit), 1, self._sure))
        self.setFixedWidth(520)
        self.setFocusProxy(self._note)
        self._note.returnPressed.connect(lambda: self._sure.setFocus(Qt.FocusReason.OtherFocusReason))

    def _press(self) -> None:
        # Once: what was ended is ended.
        self._sure.setEnabled(False)
        self.sure.emit(self._note.text())


class PhotoSheet(QWidget):
    """The whole picture, as large as the window lets it be."""

    closed = Signal()

    def __init__(self, words: Words, photo: QImage, room: QSize) -> None:
        super().__init__()
        picture = QLabel()
        mode = Qt.AspectRatioMode.KeepAspectRatio
        picture.setPixmap(QPixmap.fromImage(photo).scaled(room, mode, Qt.TransformationMode.SmoothTransformation))
        close = button(words("buttons", "close"), "plain", self.closed.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(picture)
        column.addWidget(side_by_side(1, close))
        self.setFocusProxy(close)
