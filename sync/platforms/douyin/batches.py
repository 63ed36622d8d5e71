"""Several orders in one verify (batch_verify, platform-contracts.md 1.4): all or none in the end, not all at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import model_validator

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused
from sync.platforms.douyin.attempt import DONE_BEFORE, Attempt, Pair, matched
from sync.platforms.douyin.signing import CERTIFICATE, Access
from sync.platforms.douyin.verifying import Verifying
from sync.platforms.douyin.wire import Data, Envelope, VerifyData, VerifyResult, Wire
from sync.platforms.http import unanswered
from sync.platforms.port import Denied, Outcome, RedeemCall, UseResult

# The length of the list is not published [our guess].
MOST_ORDERS: Final = 10
_REPEATS: Final = 3
_PAUSE_S: Final = 1.0
# About the call across orders itself: verifies of one order each may still be granted.
_UNFIT: Final = frozenset({Code.NO_PERMISSION, Code.CONTRACT_BROKEN})

Begin = Callable[[RedeemCall, int], tuple[Attempt, bool]]
"""A call with its preparation, by a deadline (monotonic ms), and whether that was made now and is to be kept."""
Alone = Callable[[RedeemCall, int], tuple[UseResult, ...]]
"""Redeems one call by itself."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What a batch needs of its adapter and its caller. `budget_ms`: for each question."""

    begin: Begin
    alone: Alone
    stop: Callable[[], bool]
    budget_ms: int


class BatchItem(Wire):
    """The answer to one order, bare or as an envelope of its own."""

    verify_results: list[VerifyResult] | None = None
    data: VerifyData | None = None

    @property
    def lines(self) -> list[VerifyResult]:
        """Its results, however they are wrapped."""
        return self.verify_results or (self.data.verify_results if self.data else None) or []


class BatchData(Data):
    """POST certificate/batch_verify."""

    certificate_verify_resp_list: list[BatchItem] | None = None


class BatchEnvelope(Envelope[BatchData]):
    """The list stands in `data` or, by the official page, beside it."""

    @model_validator(mode="before")
    @classmethod
    def _in_one_place(cls, told: Any) -> Any:
        beside = told.get("certificate_verify_resp_list") if isinstance(told, dict) else None
        if beside is None or not isinstance(told.get("data"), dict | None):
            return told
        return {**told, "data": {"certificate_verify_resp_list": beside, **(told.get("data") or {})}}


@dataclass(slots=True)
class _Order:
    """One order of a batch: what was sent for it, and the answer of each code once all of them said yes."""

    attempt: Attempt
    sent: list[Pair]
    lines: list[VerifyResult] | None = None


class Batches:
    """Verifies across orders. What the platform answers first may be a part: the orders that it refuses then are
    verified behind our back, so such a no is none, and the same tokens are sent until they say yes."""

    def __init__(self, access: Access, clock: Clock, poi_id: str, verifying: Verifying) -> None:
        self._access = access
        self._clock = clock
        self._poi_id = poi_id
        self._verifying = verifying
        self._unfit = False

    def carry_out(self, calls: Sequence[RedeemCall], ways: Ways) -> tuple[Outcome, ...]:
        """The results of each call, in order, or what went wrong with it."""
        outcomes: dict[str, Outcome] = {}
        orders = {} if self._unfit else self._together(calls, ways, outcomes)
        begun = {order.attempt.call.request_id: order.attempt for order in orders.values()}
        if len(orders) > 1 and not ways.stop():
            told = self._verified(list(orders.values()), ways.budget_ms)
            outcomes |= {name: outcome for name, outcome in zip(begun, told, strict=True) if outcome is not None}
        for call in calls:
            if call.request_id not in outcomes:
                outcomes[call.request_id] = self._alone(call, begun.get(call.request_id), ways, outcomes)
        return tuple(outcomes[call.request_id] for call in calls)

    def _together(self, calls: Sequence[RedeemCall], ways: Ways, outcomes: dict[str, Outcome]) -> dict[str, _Order]:
        """What may go into one batch: fresh, Douyin's own codes, every order once. The rest has to wait, and is
        prepared when its turn comes: what is left of its order is known only then."""
        orders: dict[str, _Order] = {}
        for call in calls:
            if ways.stop():
                break
            try:
                attempt, made = ways.begin(call, self._clock.monotonic_ms() + ways.budget_ms)
            except Refused as no:
                denied = tuple(Denied(use.redemption_id, no.reason) for use in call.uses)
                outcomes[call.request_id] = no if no.reason.about_us else denied
                continue
            except PlatformError as error:
                outcomes[call.request_id] = error
                break
            sent, noes = attempt.sendable()
            fit = sent and not noes and not any(held.third for _, held in sent)
            if fit and attempt.preparation.order_id not in orders:
                if made:
                    attempt.checkpoint(attempt.preparation.to_prepared())
                orders[attempt.preparation.order_id] = _Order(attempt, sent)
        return orders

    def _alone(self, call: RedeemCall, begun: Attempt | None, ways: Ways, outcomes: dict[str, Outcome]) -> Outcome:
        stopped = next((each for each in outcomes.values() if isinstance(each, NeverSent | OutcomeUnknown)), None)
        if stopped is not None:
            return NeverSent(stopped.reason)
        if ways.stop():
            return NeverSent(because(Code.UNREACHABLE, what="verify", wrong="stopped"))
        deadline_ms = self._clock.monotonic_ms() + ways.budget_ms
        try:
            if begun is None:
                return ways.alone(call, deadline_ms)
            begun.deadline_ms = deadline_ms
            return self._verifying.carry_out(begun)
        except PlatformError as error:
            return error

    def _verified(self, orders: list[_Order], budget_ms: int) -> list[Outcome | None]:
        """None: nothing was done for it, and it is to be verified by itself."""
        try:
            done_any = self._sent(orders, budget_ms)
        except Refused as no:
            self._unfit = no.reason.code in _UNFIT
            whole = no if no.reason.about_us and not self._unfit else None
            return [whole for _ in orders]
        except (NeverSent, OutcomeUnknown) as error:
            return [error for _ in orders]
        return [self._taken_over(order, done_any, budget_ms) for order in orders]

    def _taken_over(self, order: _Order, done_any: bool, budget_ms: int) -> Outcome | None:
        if order.lines is None:
            return unanswered("verify", "not_all_yet") if done_any else None
        order.attempt.deadline_ms = self._clock.monotonic_ms() + budget_ms
        try:
            return self._verifying.take_over(order.attempt, order.sent, order.lines)
        except PlatformError as error:
            return error

    def _sent(self, orders: list[_Order], budget_ms: int) -> bool:
        """Send them, and send those again that a partial answer left out; whether any was verified."""
        for time in range(_REPEATS):
            left = [order for order in orders if order.lines is None]
            if not left:
                break
            if time:
                self._clock.sleep_s(_PAUSE_S)
            try:
                self._ask(left, budget_ms)
            except PlatformError:
                # After a partial answer the rest is being verified, whatever becomes of this question.
                if not time:
                    raise
                break
            if not any(order.lines for order in orders):
                return False
        return True

    def _ask(self, orders: list[_Order], budget_ms: int) -> None:
        listed = [self._verifying.body(order.attempt, order.sent) for order in orders]
        body = {"certificate_batch_verify_list": listed, "poi_id": self._poi_id}
        path, deadline_ms = f"{CERTIFICATE}/batch_verify/", self._clock.monotonic_ms() + budget_ms
        data = self._access.write(BatchEnvelope, "batch_verify", path, body, deadline_ms)
        told = [line for item in data.certificate_verify_resp_list or () for line in item.lines]
        for order in orders:
            codes = {held.sent_code for _, held in order.sent}
            mine = [line for line in told if line.code in codes]
            if len(mine) >= len(order.sent) and all(line.result == 0 or line.result in DONE_BEFORE for line in mine):
                order.lines = matched(order.sent, mine)
