"""The codes that wait for their turn at the counter: in order, each once, never mixed."""

from collections import deque
from dataclasses import dataclass, field

MOST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that a customer showed or that was typed; a telephone number may be among them. `damaged`: it came through
    a scanner that is set up wrongly."""

    text: str = field(repr=False)
    damaged: bool = False


class Waiting:
    """A queue of texts."""

    def __init__(self) -> None:
        self._queue: deque[Shown] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, shown: Shown) -> bool | None:
        """True when it was new; False for a text that waits already: the same twice is one customer; None when there
        is no room."""
        if any(shown.text == other.text for other in self._queue):
            return False
        if len(self._queue) >= MOST:
            return None
        self._queue.append(shown)
        return True

    def take(self) -> Shown | None:
        """The first one, out of the queue."""
        return self._queue.popleft() if self._queue else None

    def all(self) -> tuple[Shown, ...]:
        """All of them, in order."""
        return tuple(self._queue)
