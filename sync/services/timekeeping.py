"""The platform's time, learnt from its answers and kept for the next start (dynamic-code.md)."""

import threading

from sync.clock import Clock
from sync.domain.moment import Moment, TimeSync, moment
from sync.ledger import lists
from sync.ledger.journal import Stamp
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction

_LONGEST_TRIP_MS = 5_000
_WORTH_KEEPING_MS = 500
_KEEP_AGAIN_AFTER_MS = 600_000


class Timekeeper:
    """Answers what time it is. Safe to use from several threads."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._lock = threading.Lock()
        self._sync = ledger.read(lists.time_sync)

    def now(self, tx: Transaction) -> Moment:
        """The moment of this transaction; never before the journal's last entry when our own clock had to serve."""
        return moment(
            self._sync, self._clock.boot_id(), self._clock.monotonic_ms(), self._clock.wall_ms(), tx.last_entry_ms()
        )

    def stamp(self, tx: Transaction, who: str) -> Stamp:
        """Who, now, by which clock."""
        return stamp_of(self.now(tx), who)

    def learnt(self, server_ms: int, sent_ms: int, received_ms: int) -> None:
        """A platform told its time in an authenticated answer. Slow answers tell too little and are left alone."""
        if not 0 <= received_ms - sent_ms <= _LONGEST_TRIP_MS:
            return
        middle_ms = (sent_ms + received_ms) // 2
        late_ms = self._clock.monotonic_ms() - middle_ms
        sync = TimeSync(self._clock.boot_id(), middle_ms, server_ms, self._clock.wall_ms() - late_ms)
        with self._lock:
            old = self._sync
            if old is not None and old.boot == sync.boot:
                drift_ms = abs(server_ms - (old.server_ms + middle_ms - old.monotonic_ms))
                wall_moved_ms = abs((sync.wall_ms - server_ms) - (old.wall_ms - old.server_ms))
                if (
                    max(drift_ms, wall_moved_ms) < _WORTH_KEEPING_MS
                    and middle_ms - old.monotonic_ms < _KEEP_AGAIN_AFTER_MS
                ):
                    return
            self._sync = sync
        self._ledger.write_soon(lambda tx: lists.keep_time_sync(tx, sync))


def stamp_of(now: Moment, who: str) -> Stamp:
    """Who, at a moment that is known already."""
    return Stamp(who, now.ms, now.source.value)
