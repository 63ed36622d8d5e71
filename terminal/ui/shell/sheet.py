"""A dialog laid over the page inside the window, so that scanner, kiosk and screen reader stay in one window."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QVBoxLayout, QWidget
from shiboken6 import isValid

from terminal.ui.theme import tokens

_VEIL = QColor(0, 0, 0, 110)


class Veil(QWidget):
    """Darkens the page and carries one dialog in a card. Emits `closed` when Esc takes it away, `emptied` whenever
    there is none any more."""

    closed = Signal()
    emptied = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._card = QFrame(self)
        self._card.setProperty("kind", "card")
        shadow = QGraphicsDropShadowEffect(self._card, blurRadius=32, xOffset=0, yOffset=8)
        shadow.setColor(QColor(0, 0, 0, 80))
        self._card.setGraphicsEffect(shadow)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(*(4 * tokens.SPACE,) * 4)
        outside = QVBoxLayout(self)
        outside.addWidget(self._card, alignment=Qt.AlignmentFlag.AlignCenter)
        self._inside = inside
        self._sheet: QWidget | None = None
        self._before: QWidget | None = None
        window.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._keep_focus)
        self.hide()

    @property
    def sheet(self) -> QWidget | None:
        """The dialog that is open."""
        return self._sheet

    def open(self, sheet: QWidget) -> None:
        """Show a dialog; one that is open already is replaced."""
        if self._sheet is None:
            self._before = QApplication.focusWidget()
        self._drop()
        self._sheet = sheet
        self._inside.addWidget(sheet)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        sheet.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_sheet(self) -> None:
        """Take the dialog away and give the focus back to where it was."""
        if self._sheet is None:
            return
        self._drop()
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.emptied.emit()

    def _keep_focus(self, old: QWidget | None, now: QWidget | None) -> None:
        """What goes on below, a scan that is looked up say, never takes the keys away from the dialog."""
        if self._sheet is None or now is None or now.window() is not self._window.window() or self.isAncestorOf(now):
            return
        self._before = now
        # To the very field that had it: two people may be typing their PINs one after the other.
        back = old if old is not None and isValid(old) and self.isAncestorOf(old) else self._sheet
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self) -> None:
        sheet, self._sheet = self._sheet, None
        if sheet is not None:
            self._inside.removeWidget(sheet)
            sheet.hide()
            sheet.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Esc closes; no other key reaches the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
            self.closed.emit()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 Qt calls it
        """Tab stays within the dialog."""
        inside = [w for w in self._card.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        inside = [w for w in inside if w.isVisible() and w.isEnabled()]
        now = QApplication.focusWidget()
        if not inside:
            return True
        place = inside.index(now) if now in inside else -1
        inside[(place + (1 if forward else -1)) % len(inside)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt calls it
        """Cover the window whatever its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """The veil itself."""
        QPainter(self).fillRect(self.rect(), _VEIL)
