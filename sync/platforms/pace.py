"""How fast each endpoint of a platform may be asked: its published rate, and the rest it asked for with a 429."""

import threading
from dataclasses import dataclass, field

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import HeldBack

# Where a platform names no time itself: a second, then twice as long each time, up to half a minute.
_FIRST_REST_MS, _LONGEST_REST_MS = 1_000, 30_000

Endpoint = tuple[str, str]
"""Host, and what is asked of it."""


@dataclass(slots=True)
class _Gate:
    """One endpoint. `next_ms`: the first moment that its rate leaves free; `rest_until_ms`: until when it asked to be
    left alone; `refusals`: how often in a row (monotonic ms)."""

    next_ms: float = 0
    rest_until_ms: float = 0
    refusals: int = 0


@dataclass(slots=True)
class Pace:
    """The gates of all endpoints; used by several threads. One that is slowed slows no other."""

    clock: Clock
    _gates: dict[Endpoint, _Gate] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, endpoint: Endpoint, per_second: int | None, deadline_ms: int) -> None:
        """Wait for a turn. HeldBack(busy) when it comes too late for `deadline_ms` (monotonic): nothing was sent."""
        with self._lock:
            gate, now_ms = self._gates.setdefault(endpoint, _Gate()), self.clock.monotonic_ms()
            open_ms = max(gate.next_ms, gate.rest_until_ms, now_ms)
            if open_ms > now_ms and open_ms >= deadline_ms:
                wait_s = -int(-(open_ms - now_ms) // 1000)
                raise HeldBack(because(Code.BUSY, what=endpoint[1], retry_after_s=wait_s))
            if per_second is not None:
                gate.next_ms = open_ms + 1000 / per_second
        if open_ms > now_ms:
            self.clock.sleep_s((open_ms - now_ms) / 1000)

    def slow(self, endpoint: Endpoint, retry_after_s: int) -> None:
        """The endpoint answered 429."""
        with self._lock:
            gate = self._gates.setdefault(endpoint, _Gate())
            rest_ms = retry_after_s * 1000 or min(_FIRST_REST_MS << min(gate.refusals, 8), _LONGEST_REST_MS)
            gate.refusals += 1
            gate.rest_until_ms = max(gate.rest_until_ms, self.clock.monotonic_ms() + rest_ms)

    def answered(self, endpoint: Endpoint) -> None:
        """The endpoint answered anything else."""
        gate = self._gates.get(endpoint)
        if gate is not None:
            gate.refusals = 0
