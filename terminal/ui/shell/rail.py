"""The left rail: one entry a page, by role; F1…F8 go there as well."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from terminal.ui.theme import icons, tokens
from terminal.ui.theme.tokens import Palette

Entry = tuple[str, str, str]
"""Page, its name as shown, its icon."""


class Rail(QFrame):
    """Emits the page that was chosen."""

    chosen = Signal(str)

    def __init__(self, entries: Iterable[Entry], palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self.setFixedWidth(tokens.RAIL_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.SPACE, tokens.SPACE, tokens.SPACE, tokens.SPACE)
        column.setSpacing(tokens.SPACE // 2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        for place, (page, name, picture) in enumerate(entries, start=1):
            button = QToolButton(self)
            button.setProperty("kind", "rail")
            button.setText(name)
            button.setToolTip(f"{name}  F{place}")
            button.setAccessibleName(name)
            button.setIcon(icons.icon(picture, palette.text_quiet, on=palette.accent.ink))
            button.setIconSize(QSize(tokens.ICON, tokens.ICON))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setCheckable(True)
            # The way to the rail by keyboard is its F key; Tab stays within the task.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked, page=page: self.chosen.emit(page))
            self._group.addButton(button)
            self._buttons[page] = button
            column.addWidget(button)
        column.addStretch()

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages in their order."""
        return tuple(self._buttons)

    def show_page(self, page: str) -> None:
        """Mark the page that is in front; one without an entry leaves none marked."""
        button = self._buttons.get(page)
        if button is not None:
            button.setChecked(True)
            return
        self._group.setExclusive(False)
        for other in self._buttons.values():
            other.setChecked(False)
        self._group.setExclusive(True)
