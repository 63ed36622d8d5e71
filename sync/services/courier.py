"""Delivering what is owed, now or later, by the same code: each entry in one hand at a time (design.md, deliver())."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sync.clock import Clock
from sync.domain.checks.budget import over_budget
from sync.domain.outbox import (
    LONGEST_WAIT_MS,
    CallKind,
    OutboxState,
    lasting_retry_s,
    next_try_s,
    unanswered_retry_s,
    unsent_retry_s,
)
from sync.domain.reasons import Code, Reason, because
from sync.domain.redemption import Redemption, State
from sync.domain.trust import Limits, Outage, Purse, Spent
from sync.errors import HeldBack, NeverSent, OutcomeUnknown, PlatformError, Refused
from sync.ledger import outages, outbox, redemptions
from sync.ledger.ledger import Ledger
from sync.ledger.tables import REDEMPTIONS, OutboxEntry
from sync.ledger.transaction import Transaction
from sync.platforms.port import Batches, Denied, Platform, Prepared, RedeemCall, Redeemed, ReverseCall, Reversed
from sync.services import calls, settling
from sync.services.asking import Asking
from sync.services.settled import Settled
from sync.services.timekeeping import Timekeeper

ENGINE = "engine"
Result = Redeemed | Denied | Reversed
Answer = tuple[Result, ...] | PlatformError


@dataclass(frozen=True, slots=True)
class Parcel:
    """One entry in hand, marked `sending`: its call, its open rows, and whether an earlier try may have got through."""

    entry: OutboxEntry
    rows: tuple[Redemption, ...]
    call: RedeemCall | ReverseCall
    maybe_done: bool


class Courier:
    """Sends parcels. Safe to use from several threads; `held` entries and rows in another's hand are left alone."""

    def __init__(
        self,
        ledger: Ledger,
        asking: Asking,
        keeper: Timekeeper,
        clock: Clock,
        settled: Settled,
        limits: Limits,
    ) -> None:
        self._ledger = ledger
        self._asking = asking
        self._keeper = keeper
        self._clock = clock
        self._settled = settled
        self._limits = limits
        self._hands: set[str] = set()
        self._changed = threading.Condition()

    @property
    def platforms(self) -> Mapping[str, Platform]:
        """Where parcels go, by name."""
        return self._asking.platforms

    @contextmanager
    def holding(self, entry_id: str, wait_ms: int = 0) -> Iterator[bool]:
        """Whether this thread has the entry in hand; waits that long for another to put it down."""
        with self._changed:
            free = self._changed.wait_for(lambda: entry_id not in self._hands, wait_ms / 1000)
            if free:
                self._hands.add(entry_id)
        try:
            yield free
        finally:
            if free:
                with self._changed:
                    self._hands.discard(entry_id)
                    self._changed.notify_all()

    def pick_up(self, entry_ids: list[str]) -> list[Parcel]:
        """Mark entries `sending`, all in one transaction, and bring back what there is to send."""

        def job(tx: Transaction) -> list[Parcel]:
            parcels = [parcel for parcel in (self._pick(tx, entry_id) for entry_id in entry_ids) if parcel is not None]
            tx.seal_entry("outbox.sending", self._keeper.stamp(tx, ENGINE))
            return parcels

        return self._ledger.write(job)

    def _pick(self, tx: Transaction, entry_id: str) -> Parcel | None:
        entry = outbox.by_id(tx, entry_id)
        if entry is None or entry.state in (OutboxState.DONE, OutboxState.HELD):
            return None
        if entry.kind == CallKind.REVERSE:
            return self._pick_reversal(tx, entry)
        rows = [row for row in redemptions.of_call(tx, entry.id) if row.owed]
        if not rows:
            outbox.set_state(tx, entry.id, OutboxState.DONE)
            return None
        maybe_done = any(row.state is not State.CLAIMED for row in rows)
        for row in rows:
            if row.state is State.CLAIMED:
                redemptions.move(tx, row, State.SENT)
        outbox.set_state(tx, entry.id, OutboxState.SENDING)
        call = calls.redeem_call(tx.sealer, entry, frozenset(row.id for row in rows))
        return Parcel(entry, tuple(rows), call, maybe_done)

    def _pick_reversal(self, tx: Transaction, entry: OutboxEntry) -> Parcel | None:
        rows = redemptions.of_reversal(tx, entry.id)
        if any(row.owed for row in rows):
            # The redemption itself has to be settled first; its own entry stands in the outbox too.
            outbox.set_state(tx, entry.id, OutboxState.DUE, next_attempt_at_ms=self._later(tx))
            return None
        rows = [row for row in rows if row.state is State.CONFIRMED]
        if not rows:
            outbox.set_state(tx, entry.id, OutboxState.DONE)
            return None
        maybe_done = entry.state == OutboxState.SENDING
        outbox.set_state(tx, entry.id, OutboxState.SENDING)
        return Parcel(entry, tuple(rows), calls.reverse_call(tx.sealer, entry, rows), maybe_done)

    def carry(self, parcel: Parcel, budget_ms: int) -> Answer:
        """Ask the platform. Nothing is written here but what must be kept before sending (the checkpoint)."""
        call = parcel.call

        def question(platform: Platform, deadline_ms: int) -> tuple[Result, ...]:
            if isinstance(call, ReverseCall):
                return platform.reverse(call, deadline_ms)
            send = platform.settle if parcel.maybe_done else platform.redeem
            return send(call, lambda prepared: self._keep_prepared(parcel.entry.id, prepared), deadline_ms)

        return self._asking.ask(parcel.entry.platform, budget_ms, question)

    def carry_many(self, bundle: Sequence[Parcel], budget_ms: int, stop: Callable[[], bool]) -> list[Answer]:
        """The same for parcels of one platform that takes several at once, none of which was sent before; an answer for
        each. `budget_ms`: for each question. Several that all went without an answer tell of one line, once."""
        calls_made = [parcel.call for parcel in bundle if isinstance(parcel.call, RedeemCall)]
        entries = {parcel.entry.request_id: parcel.entry.id for parcel in bundle}
        told: list[Answer] = []

        def keep(request_id: str, prepared: Prepared) -> None:
            self._keep_prepared(entries[request_id], prepared)

        def question(platform: Platform, _deadline_ms: int) -> None:
            assert isinstance(platform, Batches)
            told.extend(platform.redeem_many(calls_made, keep, budget_ms, stop))
            unheard = [answer for answer in told if isinstance(answer, NeverSent | OutcomeUnknown)]
            if len(unheard) == len(told):
                raise unheard[0]

        failed = self._asking.ask(bundle[0].entry.platform, budget_ms, question)
        if told:
            return told
        assert failed is not None
        return [failed] * len(bundle)

    def _keep_prepared(self, entry_id: str, prepared: Prepared) -> None:
        def job(tx: Transaction) -> None:
            outbox.set_state(
                tx, entry_id, OutboxState.SENDING, prepared_sealed=calls.seal_prepared(tx.sealer, prepared)
            )

        self._ledger.write(job)

    def put_down(self, parcel: Parcel, answer: Answer, who: str = ENGINE, *, promise: bool = False) -> "Future[Any]":
        """Write the answer; the future is done once it is durable. `promise`: the customer is there and is told yes
        even when the platform has not settled it: such rows count toward the limits (design.md, "Life"). The future's
        value is the Reason why that was not promised, or None."""
        results, error = sorted_out(parcel, answer)
        self._settled.add(result.redemption_id for result in results)

        def job(tx: Transaction) -> Reason | None:
            stamp, unpromised = self._keeper.stamp(tx, who), None
            for row, result in self._paired(tx, parcel, results):
                _take_over(tx, parcel.entry.kind, row, result, stamp.at_ms)
            if error is None:
                outbox.set_state(tx, parcel.entry.id, OutboxState.DONE, last_error=None)
            else:
                self._not_settled(tx, parcel, error, stamp.at_ms)
                unpromised = self._promise(tx, [row.id for row in parcel.rows], stamp.at_ms) if promise else None
            tx.seal_entry("outbox.answered", stamp)
            return unpromised

        return self._ledger.write_soon(job)

    def put_back(self, parcel: Parcel) -> "Future[Any]":
        """A parcel that was picked up and not sent goes back as it was."""
        return self.put_down(parcel, NeverSent(because(Code.UNREACHABLE, platform=parcel.entry.platform)))

    def promise(self, redemption_ids: list[str], who: str) -> Reason | None:
        """Promise what is still owed, outside any answer: the customer is there and is told yes."""

        def job(tx: Transaction) -> Reason | None:
            stamp = self._keeper.stamp(tx, who)
            unpromised = self._promise(tx, redemption_ids, stamp.at_ms)
            tx.seal_entry("redemption.promised", stamp)
            return unpromised

        return self._ledger.write(job)

    def _promise(self, tx: Transaction, redemption_ids: list[str], at_ms: int) -> Reason | None:
        """Rows that were never promised become so, if the outage's limits bear it; else nothing is promised."""
        found = [redemptions.by_id(tx, redemption_id) for redemption_id in redemption_ids]
        rows = [row for row in found if row is not None and row.owed and not row.promised]
        if not rows:
            return None
        platform, budget = rows[0].platform, self._limits.chain
        outage = outages.current(tx, platform) or Outage(0, at_ms)
        added = Spent(len(rows), sum(row.amount_fen for row in rows))
        over = over_budget(budget, outage, outage.used(Purse.SHARED), added, at_ms)
        if over is not None:
            return over
        number = outage.id or outages.begin(tx, platform, at_ms)
        for row in rows:
            tx.change(REDEMPTIONS, row.id, promised=True, outage=number)
            outages.spend(tx, number, row)
        return None

    def _paired(
        self, tx: Transaction, parcel: Parcel, results: tuple[Result, ...]
    ) -> Iterator[tuple[Redemption, Result]]:
        by_id = {result.redemption_id: result for result in results}
        for row in parcel.rows:
            # Read again: what the parcel was picked up with may have been promised or amended meanwhile.
            fresh = redemptions.by_id(tx, row.id)
            if fresh is not None and row.id in by_id:
                yield fresh, by_id[row.id]

    def _not_settled(self, tx: Transaction, parcel: Parcel, error: PlatformError, at_ms: int) -> None:
        attempts = parcel.entry.attempts + (isinstance(error, Refused) and not isinstance(error, HeldBack))
        age_s = (at_ms - parcel.entry.created_at_ms) / 1000
        wait_s = _wait_s(error, attempts, age_s, self._clock.jitter())
        self._mark_rows(tx, parcel, error)
        state = OutboxState.DUE if wait_s is not None else OutboxState.HELD
        next_ms = at_ms + min(round((wait_s or 0) * 1000), LONGEST_WAIT_MS)
        code = error.reason.code.value
        outbox.set_state(tx, parcel.entry.id, state, attempts=attempts, next_attempt_at_ms=next_ms, last_error=code)
        if state is OutboxState.HELD:
            settling.open_held(tx, parcel.entry.id, parcel.rows, code, at_ms)

    def _mark_rows(self, tx: Transaction, parcel: Parcel, error: PlatformError) -> None:
        """Certainly never sent, now or before: claimed again. Anything else may have been done, also what was answered
        with "busy" (platform-contracts.md 1.4: the repeat may say that it was): unknown."""
        if parcel.entry.kind == CallKind.REVERSE:
            return
        state = State.CLAIMED if isinstance(error, NeverSent) and not parcel.maybe_done else State.UNKNOWN
        for row in parcel.rows:
            fresh = redemptions.by_id(tx, row.id)
            if fresh is not None and fresh.owed and fresh.state is not state:
                redemptions.move(tx, fresh, state)

    def _later(self, tx: Transaction) -> int:
        return self._keeper.now(tx).ms + round(unsent_retry_s(self._clock.jitter()) * 1000)


def sorted_out(parcel: Parcel, answer: Answer) -> tuple[tuple[Result, ...], PlatformError | None]:
    """What the answer settles, and what is left: a no about the coupon settles, one about us does not."""
    if isinstance(answer, Refused) and not answer.reason.about_us:
        return tuple(Denied(row.id, answer.reason) for row in parcel.rows), None
    if isinstance(answer, PlatformError):
        return (), answer
    about_us = [result.reason for result in answer if isinstance(result, Denied) and result.reason.about_us]
    settled = tuple(result for result in answer if not (isinstance(result, Denied) and result.reason.about_us))
    return settled, Refused(about_us[0]) if about_us else None


def _wait_s(error: PlatformError, tries: int, age_s: float, jitter: float) -> float | None:
    """Seconds until the next try; None: held for a person."""
    if isinstance(error, OutcomeUnknown):
        return unanswered_retry_s(age_s, jitter)
    if not isinstance(error, Refused):
        return unsent_retry_s(jitter)
    if error.reason.code not in (Code.BUSY, Code.USES_UNCLEAR):
        return lasting_retry_s(jitter)
    wait_s, asked_s = next_try_s(tries, jitter), error.reason.facts.get("retry_after_s", 0)
    return None if wait_s is None else max(wait_s, float(asked_s))


def _take_over(tx: Transaction, kind: str, row: Redemption, result: Result, at_ms: int) -> None:
    if kind == CallKind.REVERSE:
        assert not isinstance(result, Redeemed)
        settling.take_back(tx, row, result, at_ms)
    else:
        assert not isinstance(result, Reversed)
        settling.settle(tx, row, result, at_ms)
