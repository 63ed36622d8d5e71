"""One at a time within an order: what Douyin asks for codes that a third party issued (platform-contracts.md 1.4)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent


@dataclass(slots=True)
class _Turn:
    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted: int = 0


class Turns:
    """A lock for each order that somebody in this process is at. Between two tills nothing but the platform guards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns: dict[str, _Turn] = {}
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, order_id: str, deadline_ms: int) -> Iterator[None]:
        """Alone at this order. NeverSent when its turn does not come by `deadline_ms` (monotonic)."""
        with self._lock:
            turn = self._turns.setdefault(order_id, _Turn())
            turn.wanted += 1
        try:
            left_s = (deadline_ms - self._clock.monotonic_ms()) / 1000
            if left_s <= 0 or not turn.lock.acquire(timeout=left_s):
                raise NeverSent(because(Code.UNREACHABLE, what="verify", wrong="deadline"))
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            with self._lock:
                turn.wanted -= 1
                if not turn.wanted:
                    del self._turns[order_id]
