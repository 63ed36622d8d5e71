"""Whose turn it is at the counter: what is in hand, what waits, and how long a verdict stays in view."""

from PySide6.QtCore import QObject, QTimer, Signal

from sync.clock import Clock
from terminal.presenters.counter import Light
from terminal.ui.bridges.waiting import Shown, Waiting

# A scanner that reads twice must not turn a green light into a red one.
SAME_AGAIN_MS = 5_000
# A verdict that nobody could have read yet is not pushed aside by the next code.
GLANCE_MS = 1_000
# How long a verdict stays in view before the next code that waits takes its place.
DWELL_MS = {Light.REFUSED: 4_000, Light.MANAGER: 4_000, Light.RECORDED: 2_500}
SHORT_DWELL_MS = 1_500
_LONG_AGO_MS = -(10**9)


class Turns(QObject):
    """`started` carries the Shown whose turn it is; `waiting_changed` every Shown that waits; `same_again`: what is in
    hand, is under way beside it, or was just told, was shown once more; `full`: no more can wait."""

    started = Signal(object)
    waiting_changed = Signal(object)
    same_again = Signal()
    full = Signal()

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._waiting = Waiting()
        self._shown = Shown("")
        self._in_hand = self._may_pass = False
        self._beside: dict[str, int | None] = {}
        self._told_at_ms = _LONG_AGO_MS
        self._dwell_ms = SHORT_DWELL_MS
        self._dwell = QTimer(self, singleShot=True)
        self._dwell.timeout.connect(self._next)

    @property
    def shown(self) -> Shown:
        """What is in hand, or was told last."""
        return self._shown

    def waiting(self) -> tuple[Shown, ...]:
        """What waits, in order."""
        return self._waiting.all()

    def unfinished(self) -> tuple[Shown, ...]:
        """What has not come to a verdict, the one in hand first."""
        return (*((self._shown,) if self._in_hand and self._shown.text else ()), *self._waiting.all())

    def hear(self, shown: Shown, *, at_once: bool = False) -> None:
        """A code was shown. While another one is in hand it waits; the one in hand again is no new scan. `at_once`: the
        counter waits for this and for nothing else."""
        if self._is_same(shown):
            self.same_again.emit()
        elif at_once and not self._in_hand:
            self._start(shown)
        elif (self._in_hand and not self._may_pass) or len(self._waiting) or self._dwell.isActive():
            self._wait(shown)
        elif not self._in_hand and self._since_told_ms() < GLANCE_MS:
            self._wait(shown)
            self._dwell.start(GLANCE_MS)
        else:
            self._start(shown)

    def taken(self) -> None:
        """Something is under way that nothing may come between."""
        self._dwell.stop()
        self._in_hand, self._may_pass = True, False

    def let_pass(self) -> None:
        """What is in hand goes on by itself: whoever waits, or comes next, need not wait for it."""
        self._may_pass = self._in_hand
        if self._may_pass:
            self._next()

    def ended_beside(self, shown: Shown, *, again: bool) -> None:
        """What others came before has ended."""
        self._beside.pop(shown.text, None)
        if not again:
            self._beside[shown.text] = self._clock.monotonic_ms()

    def told(self, light: Light, *, again: bool = False) -> None:
        """A verdict is in view. `again`: it was no verdict on the coupon, so the same code at once is a new scan."""
        self._in_hand = False
        self._told_at_ms = _LONG_AGO_MS if again else self._clock.monotonic_ms()
        self._dwell_ms = DWELL_MS.get(light, SHORT_DWELL_MS)
        self.go_on()

    def hold(self) -> None:
        """Somebody is in the middle of something with the verdict: it stays."""
        self._dwell.stop()

    def go_on(self) -> None:
        """The verdict gives way once it was long enough in view."""
        if len(self._waiting) and not self._in_hand:
            self._dwell.start(self._dwell_ms)

    def rest(self, *, then_next: bool = True) -> None:
        """Nothing is in hand or in view: the next one, if any, at once, unless it shall wait a little longer."""
        self._dwell.stop()
        self._in_hand, self._shown, self._told_at_ms = False, Shown(""), _LONG_AGO_MS
        if then_next:
            self._next()

    def take_up(self, shown: Shown | None, waiting: tuple[Shown, ...]) -> None:
        """What was in hand and what waited, at a counter that was built anew."""
        for one in waiting:
            self._waiting.add(one)
        self.waiting_changed.emit(self._waiting.all())
        if shown is not None:
            self._shown = shown
            self.taken()

    def _is_same(self, shown: Shown) -> bool:
        now_ms = self._clock.monotonic_ms()
        for text, ended_ms in tuple(self._beside.items()):
            if ended_ms is not None and now_ms - ended_ms >= SAME_AGAIN_MS:
                del self._beside[text]
        if shown.text in self._beside:
            return True
        return shown.text == self._shown.text and (self._in_hand or self._since_told_ms() < SAME_AGAIN_MS)

    def _wait(self, shown: Shown) -> None:
        match self._waiting.add(shown):
            case True:
                self.waiting_changed.emit(self._waiting.all())
            case False:
                self.same_again.emit()
            case None:
                self.full.emit()

    def _next(self) -> None:
        shown = self._waiting.take()
        if shown is not None:
            self.waiting_changed.emit(self._waiting.all())
            self._start(shown)

    def _start(self, shown: Shown) -> None:
        if self._in_hand:
            self._beside[self._shown.text] = None
        self._shown = shown
        self.taken()
        self.started.emit(shown)

    def _since_told_ms(self) -> int:
        return self._clock.monotonic_ms() - self._told_at_ms
