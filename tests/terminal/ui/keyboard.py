"""A keyboard and a scanner that poses as one, for a window that is watched by the wedge."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from hardware.scanning.scan import Scan
from hardware.scanning.wedge import Rules
from terminal.ui.bridges.keys import WedgeKeys

SCANNER_MS, FAST_PERSON_MS, PERSON_MS = 2, 45, 150
PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_PATIENCE_MS = 10_000


class Recorder(QObject):
    """Writes down which keys reach a field."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.seen: list[tuple[QEvent.Type, int, bool]] = []
        field.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt calls it
        """Listens only."""
        if isinstance(event, QKeyEvent) and event.type() in (PRESS, RELEASE):
            self.seen.append((event.type(), event.key(), event.isAutoRepeat()))
        return False


class Keyboard:
    """A small window with a field and two buttons; keys go to whichever window has the focus."""

    def __init__(self, rules: Rules) -> None:
        self.keys = WedgeKeys(rules)
        self.scans: list[str] = []
        self.keys.scanned.connect(self._scanned)
        self.window = QWidget()
        self.field = QLineEdit(self.window)
        self.other = QLineEdit(self.window)
        self.button = QPushButton("yes", self.window)
        self.button.setAutoDefault(True)
        self.pressed = 0
        self.button.clicked.connect(self._clicked)
        column = QVBoxLayout(self.window)
        for part in (self.field, self.other, self.button):
            column.addWidget(part)
        self.reached = Recorder(self.field)
        self.now_ms = 5_000_000
        self.window.show()
        self.window.activateWindow()
        self.until_focus(self.field)

    def until_focus(self, part: QWidget) -> None:
        """Put the focus there and wait for it."""
        part.setFocus()
        self.until(lambda: part.hasFocus() and QGuiApplication.focusWindow() is not None)

    def until(self, true: object) -> None:
        """Let the window live until something is true."""
        assert callable(true)
        waited_ms = 0
        while not true():
            assert waited_ms < _PATIENCE_MS, "it never came true"
            QTest.qWait(2)
            waited_ms += 2

    def decided(self) -> None:
        """Until no key is undecided any more."""
        self.until(lambda: not self.keys.holding)

    def event(self, kind: QEvent.Type, key: int, text: str = "", *, repeat: bool = False, shift: bool = False) -> None:
        """One event of the keyboard, now."""
        event = QKeyEvent(kind, key, SHIFT if shift else PLAIN, text, repeat)
        event.setTimestamp(self.now_ms)
        window = QGuiApplication.focusWindow()
        assert window is not None
        QCoreApplication.sendEvent(window, event)

    def stroke(self, letter: str, gap_ms: int) -> None:
        """One key down and up; capitals and marks with Shift, as a keyboard sends them."""
        shift = letter.isupper() or letter in '!@#$%^&*()_+{}|:"<>?~'
        if shift:
            self.event(PRESS, Qt.Key.Key_Shift, shift=True)
        key = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}.get(letter, ord(letter.upper()))
        self.event(PRESS, key, letter, shift=shift)
        self.event(RELEASE, key, letter, shift=shift)
        if shift:
            self.event(RELEASE, Qt.Key.Key_Shift)
        self.now_ms += gap_ms

    def scan(self, text: str, end: str = "\r") -> None:
        """A scanner."""
        for letter in text + end:
            self.stroke(letter, SCANNER_MS)
        self.now_ms += 1_000

    def type(self, text: str, gap_ms: int = PERSON_MS) -> None:
        """A person."""
        for letter in text:
            self.stroke(letter, gap_ms)
        self.decided()

    def commit(self, text: str, preedit: str = "") -> None:
        """An input method, speaking to whatever has the focus."""
        event = QInputMethodEvent(preedit, [])
        event.setCommitString(text)
        QCoreApplication.sendEvent(QGuiApplication.focusObject(), event)

    def _scanned(self, scan: Scan) -> None:
        self.scans.append(scan.text)

    def _clicked(self) -> None:
        self.pressed += 1


@contextmanager
def keyboard() -> Iterator[Keyboard]:
    """The window, gone afterwards."""
    found = Keyboard(Rules())
    try:
        yield found
    finally:
        found.keys.stop()
        found.window.close()
        found.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
