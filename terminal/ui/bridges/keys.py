"""The keyboard wedge: every key of the window passes here first, and a scanner's never reach a field."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from shiboken6 import isValid

from hardware.scanning.scan import Scan, stopwatch_ms
from hardware.scanning.wedge import Kind, Rules, Ruling, Stroke, Wedge

SOURCE = "keyboard"
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)
# What comes from the queue after the timer was due, while the thread was busy, is older than the timer.
_TURNS_BEFORE_SILENCE = 2


class WedgeKeys(QObject):
    """Watches whichever window has the focus. `scanned` carries a Scan."""

    scanned = Signal(object)

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules
        self._wedge: Wedge[QKeyEvent] = Wedge(rules)
        self._watched: QWindow | None = None
        self._withheld: set[int] = set()
        self._replaying = False
        self._decide_at_ms: int | None = None
        self._turns = 0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self._application = application
        application.focusWindowChanged.connect(self._watch)
        self._watch(QGuiApplication.focusWindow())

    @property
    def holding(self) -> bool:
        """Whether some key is still undecided."""
        return self._decide_at_ms is not None

    def follow(self, rules: Rules) -> None:
        """Other rules from now on; what is held goes to where it was typed."""
        if self._decide_at_ms is not None:
            self._decide(self._wedge.silence(self._decide_at_ms))
        self._rules, self._wedge = rules, Wedge(rules)

    def stop(self) -> None:
        """No more keys."""
        self._timer.stop()
        self._application.focusWindowChanged.disconnect(self._watch)
        self._watch(None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt calls it
        """True for a key that is held back or belongs to a scan."""
        if self._replaying or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyPress:
            return self._pressed(event)
        if event.type() == QEvent.Type.KeyRelease:
            return self._released(event)
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        stroke = Stroke(
            _copy(event), event.text(), event.timestamp() or stopwatch_ms(), _kind(event), event.isAutoRepeat()
        )
        ruling = self._wedge.key(stroke)
        # A key that never was held goes its own way, so that auto-repeat and releases stay what they are.
        if ruling.replay == (stroke.payload,) and ruling.scan is None:
            return False
        self._withheld.add(event.nativeScanCode() or event.key())
        self._decide(ruling)
        return True

    def _released(self, event: QKeyEvent) -> bool:
        code = event.nativeScanCode() or event.key()
        if code not in self._withheld:
            return False
        if not event.isAutoRepeat():
            self._withheld.discard(code)
        return True

    def _decide(self, ruling: Ruling[QKeyEvent]) -> None:
        self._decide_at_ms = ruling.decide_at_ms
        if ruling.holding:
            self._turns = 0
            self._timer.start(self._rules.gap_ms + 1)
        else:
            self._timer.stop()
        if ruling.scan is not None:
            self.scanned.emit(Scan(ruling.scan, "", SOURCE, stopwatch_ms()))
        self._replay(ruling.replay)

    def _turn(self) -> None:
        """The gap is over by our own clock; keys that were pressed within it may still stand in the queue."""
        self._turns += 1
        if self._turns <= _TURNS_BEFORE_SILENCE:
            self._timer.start(0)
        elif self._decide_at_ms is not None:
            self._decide(self._wedge.silence(self._decide_at_ms))

    def _replay(self, presses: tuple[QKeyEvent, ...]) -> None:
        window = self._watched
        if window is None:
            return
        self._replaying = True
        try:
            for press in presses:
                QCoreApplication.sendEvent(window, press)
                QCoreApplication.sendEvent(window, _copy(press, QEvent.Type.KeyRelease))
        finally:
            self._replaying = False

    def _watch(self, window: QWindow | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = window
        if window is not None:
            window.installEventFilter(self)


def _copy(event: QKeyEvent, kind: QEvent.Type = QEvent.Type.KeyPress) -> QKeyEvent:
    return QKeyEvent(
        kind,
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )


def _kind(event: QKeyEvent) -> Kind:
    key = Qt.Key(event.key()) if event.key() else None
    if key in _MODIFIERS:
        return "modifier"
    if event.modifiers() & _COMMANDS:
        return "other"
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return "enter"
    if key is Qt.Key.Key_Tab:
        return "tab"
    return "printable" if event.text() and event.text().isprintable() else "other"
