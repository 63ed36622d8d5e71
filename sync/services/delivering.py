"""Draining the outbox: batches in order, answers written behind the next call, no entry in another's way."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sync.errors import NeverSent, OutcomeUnknown
from sync.ledger import outbox
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.services.courier import Courier, Parcel
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper

_BATCH = 20
_UNANSWERED_TO_PAUSE = 3


@dataclass(slots=True)
class Drained:
    """What one pass did: entries that were sent, and those that were left because their platform did not answer."""

    sent: int = 0
    left: int = 0


class Delivering:
    """One pass over what is due. Three calls in a row without an answer pause that platform until the next pass."""

    def __init__(self, ledger: Ledger, courier: Courier, keeper: Timekeeper, profile: Profile) -> None:
        self._ledger = ledger
        self._courier = courier
        self._keeper = keeper
        self._profile = profile

    def drain(self, *, everything: bool = False, progress: Callable[[int], None] = lambda _sent: None) -> Drained:
        """Send what is due now; `everything`: also what would wait for its next attempt (never what is held)."""
        drained = Drained()
        paused: dict[str, int] = {}
        done: set[str] = set()
        while True:
            batch = [entry_id for entry_id in self._ready(everything, len(done)) if entry_id not in done][:_BATCH]
            if not batch:
                return drained
            done.update(batch)
            self._batch(batch, paused, drained)
            progress(drained.sent)

    def _ready(self, everything: bool, seen: int) -> list[str]:
        def question(tx: Transaction) -> list[str]:
            return outbox.ready(tx, None if everything else self._keeper.now(tx).ms, seen + _BATCH)

        return self._ledger.read(question)

    def _batch(self, entry_ids: list[str], unanswered: dict[str, int], drained: Drained) -> None:
        with ExitStack() as hands:
            mine = [entry_id for entry_id in entry_ids if hands.enter_context(self._courier.holding(entry_id))]
            writing = [self._one(parcel, unanswered, drained) for parcel in self._courier.pick_up(mine)]
            # Put down only what is durable: until then nobody else may pick it up.
            for future in writing:
                future.result()

    def _one(self, parcel: Parcel, unanswered: dict[str, int], drained: Drained) -> "Future[Any]":
        platform = parcel.entry.platform
        if unanswered.get(platform, 0) >= _UNANSWERED_TO_PAUSE:
            drained.left += 1
            return self._courier.put_back(parcel)
        answer = self._courier.carry(parcel, self._profile.delivery_budget_ms)
        if isinstance(answer, (NeverSent, OutcomeUnknown)):
            unanswered[platform] = unanswered.get(platform, 0) + 1
            drained.left += 1
        else:
            unanswered[platform] = 0
            drained.sent += 1
        return self._courier.put_down(parcel, answer)
