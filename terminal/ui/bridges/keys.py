"""The keyboard wedge: every key of the window passes here first, and a scanner's never reach a field."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from unicodedata import category

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from hardware.scanning.burst import Kind, Stroke
from hardware.scanning.scan import Scan, stopwatch_ms
from hardware.scanning.wedge import Rules, Ruling, Suffix, Wedge
from terminal.ui.bridges.strokes import committed, copy_of, kind_of

SOURCE = "keyboard"
# What comes from the queue after the timer was due, while the thread was busy, is older than the timer.
_TURNS_BEFORE_SILENCE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Typed:
    """A copy of what came from the keyboard, and where it was going: a window, or a field for an input method."""

    target: QObject
    event: QKeyEvent | QInputMethodEvent


@dataclass(frozen=True, slots=True)
class Burst:
    """How the last scan was typed: milliseconds from key to key, and the key that ended it."""

    pace_ms: int
    ended: Suffix


class WedgeKeys(QObject):
    """Watches whichever window has the focus. `scanned` carries a Scan; `burst` then tells how it was typed. `unread`
    says that a scanner typed something that is no whole code."""

    scanned = Signal(object)
    unread = Signal()

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules
        self._wedge: Wedge[Typed] = Wedge(rules)
        self._window: QObject | None = None
        self._field: QObject | None = None
        self._withheld: set[int] = set()
        self._replaying = self._stopped = False
        self._decide_at_ms: int | None = None
        self._ahead_ms = 0
        self._seen: list[tuple[int, Kind]] = []
        self.burst: Burst | None = None
        self._turns = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._turn)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._watch_window)
        application.focusObjectChanged.connect(self._watch_field)
        self._watch_window(QGuiApplication.focusWindow())
        self._watch_field(QGuiApplication.focusObject())

    @property
    def holding(self) -> bool:
        """Whether some key is still undecided."""
        return self._decide_at_ms is not None

    def follow(self, rules: Rules) -> None:
        """Other rules from now on; what is held goes to where it was typed."""
        self._settle()
        self._rules, self._wedge = rules, Wedge(rules)

    def stop(self) -> None:
        """No more keys; once is enough."""
        if self._stopped:
            return
        self._stopped = True
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.disconnect(self._watch_window)
        application.focusObjectChanged.disconnect(self._watch_field)
        self._timer.stop()
        self._watch_window(None)
        self._watch_field(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt calls it
        """True for what is held back or belongs to a scan."""
        if isinstance(event, QInputMethodEvent):
            return not self._was_replayed() and self._committed(watched, event)
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWindow) or self._was_replayed():
            return False
        if event.type() == QEvent.Type.KeyPress:
            return self._pressed(watched, event)
        if event.type() == QEvent.Type.KeyRelease:
            return self._released(event)
        return False

    def _was_replayed(self) -> bool:
        # For one event only: what a replayed key opens may have an event loop of its own.
        replayed, self._replaying = self._replaying, False
        return replayed

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        typed, code = Typed(window, copy_of(event)), event.nativeScanCode() or event.key()
        stroke = Stroke(typed, event.text(), self._at_ms(event.timestamp()), kind_of(event), event.isAutoRepeat())
        held = self._heard(stroke)
        if held:
            self._withheld.add(code)
        else:
            # Its release may have gone to another window.
            self._withheld.discard(code)
        return held

    def _released(self, event: QKeyEvent) -> bool:
        code = event.nativeScanCode() or event.key()
        if code not in self._withheld:
            return False
        if not event.isAutoRepeat():
            self._withheld.discard(code)
        return True

    def _committed(self, field: QObject, event: QInputMethodEvent) -> bool:
        """A letter put together from a dead key, or widened, comes this way even where no input method is wanted."""
        text = committed(event)
        if not text:
            self._settle()
            return False
        if not self.holding and (len(text) > 1 or category(text) == "Lo"):
            # Chinese: no scanner begins with it, and nobody who writes it is kept waiting.
            return False
        again = QInputMethodEvent()
        again.setCommitString(text)
        return self._heard(Stroke(Typed(field, again), text, self._at_ms(0)))

    def _heard(self, stroke: Stroke[Typed]) -> bool:
        ruling = self._wedge.key(stroke)
        # What never was held goes its own way, so that auto-repeat and releases stay what they are.
        if ruling.replay == (stroke.payload,) and ruling.scan is None and ruling.short is None:
            return False
        if stroke.kind != "modifier":
            self._seen.append((stroke.at_ms, stroke.kind))
        self._decide(ruling, stroke.at_ms)
        return True

    def _at_ms(self, given_ms: int) -> int:
        """The event's own time; where it has none, what our stopwatch says it would be."""
        own_ms = stopwatch_ms()
        if not given_ms:
            return own_ms + self._ahead_ms
        self._ahead_ms = given_ms - own_ms
        return given_ms

    def _settle(self) -> None:
        if self._decide_at_ms is not None:
            self._decide(self._wedge.silence(self._decide_at_ms), self._decide_at_ms)

    def _decide(self, ruling: Ruling[Typed], now_ms: int) -> None:
        self._decide_at_ms = ruling.decide_at_ms
        if ruling.decide_at_ms is not None:
            self._turns = 0
            self._timer.start(max(ruling.decide_at_ms - now_ms, 0))
        else:
            self._timer.stop()
        seen = self._seen
        if ruling.scan is not None or ruling.short is not None or not ruling.holding:
            self._seen = self._seen[-1:] if ruling.holding else []
        if ruling.scan is not None:
            self.burst = _burst(seen)
            self.scanned.emit(Scan(ruling.scan, "", SOURCE, stopwatch_ms()))
        if ruling.short is not None:
            self.unread.emit()
        self._replay(ruling.replay)

    def _turn(self) -> None:
        """The gap is over by our own clock; keys that were pressed within it may still stand in the queue."""
        self._turns += 1
        if self._turns <= _TURNS_BEFORE_SILENCE:
            self._timer.start(0)
        else:
            self._settle()

    def _replay(self, strokes: tuple[Typed, ...]) -> None:
        for typed in strokes:
            target = next(filter(_usable, (typed.target, self._window, QGuiApplication.focusWindow())), None)
            if target is None or _blocked(target):
                continue
            self._send(target, typed.event)
            if isinstance(typed.event, QKeyEvent) and isValid(target):
                self._send(target, copy_of(typed.event, QEvent.Type.KeyRelease))

    def _send(self, target: QObject, event: QEvent) -> None:
        # Only where the filter stands does it take the mark off again.
        self._replaying = target is self._window or target is self._field
        try:
            QCoreApplication.sendEvent(target, event)
        finally:
            self._replaying = False

    def _watch_window(self, window: QWindow | None) -> None:
        self._window = self._instead_of(self._window, window)

    def _watch_field(self, field: QObject | None) -> None:
        self._field = self._instead_of(self._field, field)

    def _instead_of(self, old: QObject | None, new: QObject | None) -> QObject | None:
        if old is not None and isValid(old):
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)
        return new


def _usable(target: QObject | None) -> bool:
    return target is not None and isValid(target) and (not isinstance(target, QWindow) or target.isVisible())


def _blocked(target: QObject) -> bool:
    """A dialog stands before it that wants its answer first; what was typed for the page is not that answer."""
    modal = QGuiApplication.modalWindow()
    window = target.window().windowHandle() if isinstance(target, QWidget) else target
    if modal is None or not isinstance(window, QWindow) or window is modal or window.type() == Qt.WindowType.Popup:
        return False
    if modal.modality() == Qt.WindowModality.WindowModal:
        return window.isAncestorOf(modal)
    return not modal.isAncestorOf(window)


def _burst(seen: list[tuple[int, Kind]]) -> Burst:
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(seen)]
    last = seen[-1][1] if seen else "other"
    return Burst(round(median(gaps)) if gaps else 0, last if last in ("enter", "tab") else "none")
