"""The window: one face at a time (opening, signing in, the desk), a dialog above it, a notice at its foot."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from terminal.ui.shell.notice import Notice
from terminal.ui.shell.sheet import Veil
from terminal.ui.theme.tokens import SPACE

SMALLEST = (1024, 720)
USUAL = (1280, 800)


class Window(QWidget):
    """Shows what it is given. Emits `closing` instead of closing; `let_go` makes the next close a real one."""

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("hexiao")
        # A till's screen may be smaller than what we should like.
        room = self.screen().availableSize()
        self.setMinimumSize(QSize(*SMALLEST).boundedTo(room))
        self.resize(QSize(*USUAL).boundedTo(room))
        self._leaving = False
        self._faces = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._faces)
        self._pages: QStackedWidget | None = None
        self.veil = Veil(self)
        self.notice = Notice(self)

    def show_face(self, face: QWidget) -> None:
        """Replace the whole content; what was there is gone."""
        self.veil.close_sheet()
        self._pages = None
        while self._faces.count():
            old = self._faces.widget(0)
            assert old is not None
            self._faces.removeWidget(old)
            old.deleteLater()
        self._faces.addWidget(face)
        face.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_desk(self, top: QWidget, rail: QWidget, first: QWidget) -> None:
        """The frame of screens.md: top line, rail, one task."""
        face = QWidget()
        column = QVBoxLayout(face)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        pages = QStackedWidget(face)
        inside = QVBoxLayout()
        inside.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        inside.addWidget(pages)
        row.addLayout(inside, 1)
        column.addLayout(row, 1)
        self.show_face(face)
        self._pages = pages
        self.show_page(first)

    def show_page(self, page: QWidget) -> None:
        """Bring a task to the front; it stays in the window for the next time."""
        if self._pages is None:
            return
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def let_go(self) -> None:
        """Close for good."""
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 Qt calls it
        """Closing is decided by whoever knows what is still owed."""
        if self._leaving:
            event.accept()
        else:
            event.ignore()
            self.closing.emit()
