"""A field for digits: an amount in yuan, or a number of slips; nothing else can be typed."""

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit

AMOUNT, PIECES = r"[0-9]{0,7}([.][0-9]{0,2})?", r"[0-9]{0,5}"
_WIDTH = 220


class NumberField(QLineEdit):
    """`pattern`: what may be typed."""

    def __init__(self, name: str, pattern: str = AMOUNT) -> None:
        super().__init__()
        self.setValidator(QRegularExpressionValidator(QRegularExpression(pattern), self))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName(name)
        self.setFixedWidth(_WIDTH)
