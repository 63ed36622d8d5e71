"""Draining the outbox: batches in order, answers written behind the next call, no entry in another's way."""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sync.domain.outbox import CallKind, OutboxState
from sync.domain.reasons import Code, because
from sync.domain.redemption import Redemption
from sync.domain.staff import Deed, Staff
from sync.errors import KnownError, LedgerError, NeverSent, NotAllowed, OutcomeUnknown
from sync.ledger import outbox, redemptions
from sync.ledger.ledger import Ledger
from sync.ledger.tables import OutboxEntry
from sync.ledger.transaction import Transaction
from sync.services import settling
from sync.services.bundling import bundled
from sync.services.courier import ENGINE, Courier, Parcel
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper

_BATCH = 20
_UNANSWERED_TO_PAUSE = 3


@dataclass(slots=True)
class Drained:
    """What one pass did: entries that were sent, and those that were left because their platform did not answer."""

    sent: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Debt:
    """What the platforms have not got yet: redemptions owed, their worth, when the oldest was accepted (ms UTC);
    `reversals` owed; `held`: calls that wait for a person."""

    count: int = 0
    amount_fen: int = 0
    oldest_ms: int | None = None
    reversals: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """One open entry and the redemptions it redeems or reverses."""

    entry: OutboxEntry
    rows: tuple[Redemption, ...]


class Delivering:
    """One pass over what is due. Three calls in a row without an answer pause that platform until the next pass."""

    def __init__(self, ledger: Ledger, courier: Courier, keeper: Timekeeper, profile: Profile) -> None:
        self._ledger = ledger
        self._courier = courier
        self._keeper = keeper
        self._profile = profile

    def drain(
        self,
        *,
        everything: bool = False,
        offline: Iterable[str] = (),
        progress: Callable[[int], None] = lambda _sent: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Drained:
        """Send what is due now, but nothing to the platforms that are `offline`; `everything`: also what would wait for
        its next attempt (never what is held). `stop` is asked before each call: what was not sent stays due."""
        drained = Drained()
        unanswered = dict.fromkeys(offline, _UNANSWERED_TO_PAUSE)
        # A reversal may have to wait for its redemption, which stands in the same outbox.
        for kind in (CallKind.REDEEM, CallKind.REVERSE):
            done: set[str] = set()
            while not stop() and (batch := self._next_batch(kind, everything, unanswered, done)):
                done.update(batch)
                self._batch(batch, unanswered, drained, stop)
                progress(drained.sent)
            drained.left += len(set(self._ready(kind, everything, -1, ())) - done)
        return drained

    def _next_batch(self, kind: CallKind, everything: bool, unanswered: dict[str, int], done: set[str]) -> list[str]:
        paused = sorted(name for name, count in unanswered.items() if count >= _UNANSWERED_TO_PAUSE)
        ready = self._ready(kind, everything, len(done) + _BATCH, paused)
        return [entry_id for entry_id in ready if entry_id not in done][:_BATCH]

    def owed(self) -> list[Owed]:
        """Everything that is not done, oldest first, with the rows each entry covers."""
        return self._ledger.read(_owed)

    def debt(self) -> Debt:
        """The sums of what is owed, by one question that is cheap however much it is. A redemption for whose first
        answer the counter is waiting at this moment is not among them."""

        def question(tx: Transaction) -> Debt:
            return Debt(*outbox.sums(tx, self._keeper.now(tx).ms - 2 * self._profile.counter_budget_ms))

        return self._ledger.read(question)

    def hold(self, entry: str, staff: Staff) -> str | None:
        """Hold an entry until a person lets it go; its id, or None when there is no such open entry.
        Raises NotAllowed(NOT_PERMITTED)."""
        return self._move(entry, staff, OutboxState.HELD)

    def retry(self, entry: str, staff: Staff) -> str | None:
        """Make an entry due again, its tries forgotten; its id, or None when there is no such open entry. What is
        held is for those who may hold; what only waits, for whoever redeems. Raises NotAllowed(NOT_PERMITTED)."""
        return self._move(entry, staff, OutboxState.DUE)

    def retry_all(self, staff: Staff) -> int:
        """Make every held entry due again; how many there were. Raises NotAllowed(NOT_PERMITTED)."""
        held = [item.entry.id for item in self.owed() if item.entry.state == OutboxState.HELD]
        return sum(self.retry(entry_id, staff) is not None for entry_id in held)

    def _move(self, entry: str, staff: Staff, state: OutboxState) -> str | None:
        open_entries = self._ledger.read(outbox.open_entries)
        found = [e.id for e in open_entries if len(entry) >= 8 and e.id.startswith(entry)]
        if len(found) != 1:
            return None

        def job(tx: Transaction) -> str | None:
            fresh = outbox.by_id(tx, found[0])
            if fresh is None or fresh.state == OutboxState.DONE:
                return None
            deed = Deed.HOLD if OutboxState.HELD in (state, fresh.state) else Deed.REDEEM
            if not staff.may(deed):
                raise NotAllowed(because(Code.NOT_PERMITTED, staff=staff.name))
            stamp = self._keeper.stamp(tx, staff.id)
            outbox.set_state(tx, found[0], state, attempts=0, next_attempt_at_ms=stamp.at_ms)
            tx.note(outbox=found[0], state=state.value)
            tx.seal_entry(f"outbox.{state.value}", stamp)
            return found[0]

        # Not under the hands of whoever is sending it: the answer would undo it.
        with self._courier.holding(found[0], self._profile.delivery_budget_ms):
            return self._ledger.write(job)

    def _ready(self, kind: CallKind, everything: bool, most: int, paused: Collection[str]) -> list[str]:
        def question(tx: Transaction) -> list[str]:
            return outbox.ready(tx, kind, None if everything else self._keeper.now(tx).ms, most, paused)

        return self._ledger.read(question)

    def _batch(
        self, entry_ids: list[str], unanswered: dict[str, int], drained: Drained, stop: Callable[[], bool]
    ) -> None:
        with ExitStack() as hands:
            mine = [entry_id for entry_id in entry_ids if hands.enter_context(self._courier.holding(entry_id))]
            bundles = bundled(self._picked_up(mine), self._courier.platforms)
            writing = [future for bundle in bundles for future in self._sent(bundle, unanswered, drained, stop)]
            # Put down only what is durable: until then nobody else may pick it up.
            for future in writing:
                future.result()

    def _picked_up(self, entry_ids: list[str]) -> list[Parcel]:
        """An entry that can't be read any more is held for a person and takes nothing else with it."""
        try:
            return self._courier.pick_up(entry_ids)
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 whatever is wrong with one entry is no reason to keep the others
            if len(entry_ids) > 1:
                return [parcel for entry_id in entry_ids for parcel in self._picked_up([entry_id])]
            what = error.reason.code.value if isinstance(error, KnownError) else type(error).__name__
            self._ledger.write(lambda tx: self._set_aside(tx, entry_ids[0], what))
            return []

    def _set_aside(self, tx: Transaction, entry_id: str, what: str) -> None:
        stamp = self._keeper.stamp(tx, ENGINE)
        outbox.set_state(tx, entry_id, OutboxState.HELD, last_error=what)
        rows = redemptions.of_call(tx, entry_id) or redemptions.of_reversal(tx, entry_id)
        if rows:
            settling.open_held(tx, entry_id, rows, what, stamp.at_ms)
        tx.seal_entry("outbox.held", stamp)

    def _sent(
        self, bundle: list[Parcel], unanswered: dict[str, int], drained: Drained, stop: Callable[[], bool]
    ) -> list["Future[Any]"]:
        platform = bundle[0].entry.platform
        if unanswered.get(platform, 0) >= _UNANSWERED_TO_PAUSE or stop():
            drained.left += len(bundle)
            return [self._courier.put_back(parcel) for parcel in bundle]
        budget_ms = self._profile.delivery_budget_ms
        several = len(bundle) > 1
        answers = (
            self._courier.carry_many(bundle, budget_ms, stop)
            if several
            else [self._courier.carry(bundle[0], budget_ms)]
        )
        left = sum(isinstance(answer, (NeverSent, OutcomeUnknown)) for answer in answers)
        unanswered[platform] = unanswered.get(platform, 0) + 1 if left == len(answers) else 0
        drained.left += left
        drained.sent += len(answers) - left
        return [self._courier.put_down(parcel, answer) for parcel, answer in zip(bundle, answers, strict=True)]


def _owed(tx: Transaction) -> list[Owed]:
    found: list[Owed] = []
    for entry in outbox.open_entries(tx):
        rows_of = redemptions.of_reversal if entry.kind == CallKind.REVERSE else redemptions.of_call
        found.append(Owed(entry, tuple(rows_of(tx, entry.id))))
    return found
