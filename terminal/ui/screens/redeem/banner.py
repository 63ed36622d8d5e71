"""What stands in the way of a coupon, or what an acceptance would rest on, tinted in its colour."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.widgets.parts import label


class Banner(QFrame):
    """A heading and a line."""

    def __init__(self) -> None:
        super().__init__()
        self._head, self._body = label("", "heading", wrap=True), label("", "body", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * tokens.SPACE, tokens.SPACE, 2 * tokens.SPACE, tokens.SPACE)
        column.setSpacing(tokens.SPACE // 2)
        column.addWidget(self._head)
        column.addWidget(self._body)

    def say(self, tone: str, head: str, body: str) -> None:
        """In the colours of a verdict; without a heading there is nothing to say."""
        self._head.setText(head)
        self._body.setText(body)
        self._body.setVisible(bool(body))
        self.setVisible(bool(head))
        mark(self, banner=tone)
