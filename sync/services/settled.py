"""In which order platforms settled redemptions: what a look-up's answer can know of, and what came after it."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

_MOST = 10_000


class Settled:
    """Counts, so that no two clocks have to be compared. Of this run of the program: a look-up never outlives it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._numbers: OrderedDict[str, int] = OrderedDict()

    def mark(self) -> int:
        """To be taken before a platform is asked."""
        with self._lock:
            return self._count

    def add(self, redemption_ids: Iterable[str]) -> None:
        """The platform has just settled these; to be called before the ledger is told."""
        with self._lock:
            self._count += 1
            for redemption_id in redemption_ids:
                self._numbers[redemption_id] = self._count
            while len(self._numbers) > _MOST:
                self._numbers.popitem(last=False)

    def since(self, redemption_id: str, mark: int) -> bool:
        """Whether it was settled after the mark was taken."""
        with self._lock:
            return self._numbers.get(redemption_id, 0) > mark
