"""Whether each platform can be reached, judged from real answers alone, with hysteresis (product.md A5)."""

import threading
from dataclasses import dataclass

from sync.clock import Clock

_FAILURES_TO_OFFLINE = 2
_ANSWERS_TO_ONLINE = 2
PROBE_EVERY_MS = 3_000
# A line that nobody uses is listened to, so that its loss is seen before the next customer meets it.
LISTEN_EVERY_MS = 3_000


@dataclass(slots=True)
class _Line:
    offline: bool = False
    failures: int = 0
    answers: int = 0
    since_ms: int | None = None
    last_try_ms: int = 0
    answered_ms: int | None = None


@dataclass(frozen=True, slots=True)
class LineState:
    """One platform's line. `since_ms`: monotonic time of the last change, None while it never changed; `answered_ms`:
    monotonic time of its last answer, None before the first."""

    platform: str
    offline: bool
    since_ms: int | None
    answered_ms: int | None = None


class Lines:
    """Two calls in a row without an answer take a platform offline, two answers in a row bring it back. While it is
    offline one question every three seconds is let through, so that it comes back by itself."""

    def __init__(self, platforms: tuple[str, ...], clock: Clock) -> None:
        self._lines = {platform: _Line() for platform in platforms}
        self._clock = clock
        self._since_ms = clock.monotonic_ms()
        self._lock = threading.Lock()

    def worth_asking(self, platform: str) -> bool:
        """Online, or offline and due for a question."""
        with self._lock:
            line = self._lines[platform]
            now_ms = self._clock.monotonic_ms()
            if not line.offline or line.answers or now_ms - line.last_try_ms >= PROBE_EVERY_MS:
                line.last_try_ms = now_ms
                return True
            return False

    def worth_hearing(self, platform: str) -> bool:
        """Online, and either silent for a while or just without an answer: is it still there?"""
        with self._lock:
            line = self._lines[platform]
            now_ms = self._clock.monotonic_ms()
            silent_ms = now_ms - max(line.answered_ms or self._since_ms, line.last_try_ms)
            if line.offline or not (line.failures or silent_ms >= LISTEN_EVERY_MS):
                return False
            line.last_try_ms = now_ms
            return True

    def answered(self, platform: str) -> None:
        """The platform answered, whatever it said."""
        with self._lock:
            line = self._lines[platform]
            line.failures, line.answers = 0, line.answers + 1
            line.answered_ms = self._clock.monotonic_ms()
            if line.offline and line.answers >= _ANSWERS_TO_ONLINE:
                line.offline, line.since_ms = False, self._clock.monotonic_ms()

    def failed(self, platform: str) -> None:
        """No valid answer came."""
        with self._lock:
            line = self._lines[platform]
            line.failures, line.answers = line.failures + 1, 0
            if not line.offline and line.failures >= _FAILURES_TO_OFFLINE:
                line.offline, line.since_ms = True, self._clock.monotonic_ms()

    def states(self) -> tuple[LineState, ...]:
        """All platforms, in the order of the store."""
        with self._lock:
            return tuple(
                LineState(name, line.offline, line.since_ms, line.answered_ms) for name, line in self._lines.items()
            )

    def troubled(self, platform: str) -> bool:
        """Whether the last question to the platform went without an answer."""
        with self._lock:
            return self._lines[platform].failures > 0

    def offline(self, platform: str) -> bool:
        """Whether the platform counts as offline now."""
        with self._lock:
            return self._lines[platform].offline
