"""The page for an error that nobody foresaw: says what is safe, and goes on."""

import hashlib
import traceback
from pathlib import PureWindowsPath

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.ui.theme import tokens

_CODE_LENGTH = 8


def details_of(error: BaseException) -> tuple[str, str]:
    """A short code that is the same for the same error, and the stack without any value in it."""
    frames = traceback.extract_tb(error.__traceback__)
    # A Windows path knows both kinds of slashes.
    stack = "\n".join(f"{frame.name}:{frame.lineno} {PureWindowsPath(frame.filename).name}" for frame in frames)
    told = f"{type(error).__name__}\n{stack}"
    return hashlib.sha256(told.encode()).hexdigest()[:_CODE_LENGTH].upper(), told


class LastResort(QWidget):
    """Shows one error. Emits `gone_on`."""

    gone_on = Signal()

    def __init__(self, words: Words, error: BaseException) -> None:
        super().__init__()
        self._words = words
        code, self._details = details_of(error)
        column = QVBoxLayout(self)
        column.setSpacing(2 * tokens.SPACE)
        for said, kind in (
            (words("resort", "title"), "title"),
            (words("resort", "safe"), "label"),
            (words("resort", "code", code=code), "note"),
        ):
            label = QLabel(said, self)
            label.setProperty("kind", kind)
            label.setWordWrap(True)
            column.addWidget(label)
        self._copy = QPushButton(words("resort", "copy"), self)
        self._copy.setProperty("kind", "quiet")
        self._copy.clicked.connect(self._to_clipboard)
        again = QPushButton(words("resort", "again"), self)
        again.setProperty("kind", "primary")
        again.setDefault(True)
        again.setAutoDefault(True)
        again.clicked.connect(self.gone_on)
        row = QHBoxLayout()
        row.addWidget(self._copy)
        row.addStretch()
        row.addWidget(again)
        column.addLayout(row)
        self.setMinimumWidth(560)
        self.setFocusProxy(again)
        again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self._copy.setText(self._words("resort", "copied"))
