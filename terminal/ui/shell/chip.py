"""One part of the top line: an icon, a few words, and the page behind them; as wide as that and no wider."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from terminal.ui.theme import tokens

_BETWEEN = 6


class Chip(QToolButton):
    """A tool button that asks for exactly the room of its icon and its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "chip")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(tokens.SMALL_ICON, tokens.SMALL_ICON))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        # The pages behind the top line have their keys; Tab stays within the task.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """Icon, words and the same air on both sides."""
        self.ensurePolished()
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(4 * tokens.SPACE + tokens.SMALL_ICON + _BETWEEN + words, tokens.CHIP_HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """May be narrower on a screen where even the short words have no room."""
        return QSize(tokens.CHIP_HEIGHT, tokens.CHIP_HEIGHT)
