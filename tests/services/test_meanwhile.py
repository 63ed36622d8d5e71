"""What happens while something else is under way: a comparison during delivery, a hold in flight, an answer of busy."""

import threading
from typing import Any

import pytest

from sync.domain.difference import Cause
from sync.domain.matching import Bucket
from sync.domain.outbox import LASTING_S, OutboxState
from sync.domain.reasons import Code, because
from sync.domain.redemption import State
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.port import Checkpoint, RedeemCall, UseResult
from sync.services.reversing import Reversal
from sync.services.shifts import Count
from sync.services.verdict import Outcome
from tests.services.counter import HOUR_MS, NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def recorded(till: Counter, platform: str) -> dict[str, Any]:
    """A coupon recorded without a line, which is back."""
    coupon = till.coupon(platform)
    till.line_down()
    assert till.redeem(coupon["code"], noted=NOTED).first.outcome is Outcome.RECORDED
    till.line_up()
    return coupon


def busy_but_done(till: Counter, platform: str, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The platform redeems it and says that it is busy."""
    adapter, coupon = till.store.asking.platforms[platform], till.coupon(platform)
    redeem = adapter.redeem

    def done(call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        redeem(call, checkpoint, deadline_ms)
        raise Refused(because(Code.BUSY))

    patch.setattr(adapter, "redeem", done)
    assert till.redeem(coupon["code"]).first.outcome is Outcome.RECORDED
    patch.undo()
    assert len(till.booked(coupon)) == 1
    return coupon


@PLATFORMS
def test_what_busy_may_have_done_is_unknown_and_never_withdrawn(
    till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    coupon = busy_but_done(till, platform, monkeypatch)
    assert [row.state for row in till.rows()] == [State.UNKNOWN]
    assert till.store.reversing.reverse(till.rows()[0].id, till.who("m1")).outcome is Reversal.QUEUED
    till.line_up()
    till.deliver()
    assert [row.state for row in till.rows()] == [State.REVERSED]
    assert till.booked(coupon) == []
    till.agree()


@PLATFORMS
def test_what_busy_has_done_is_found_by_asking(till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    coupon = busy_but_done(till, platform, monkeypatch)
    till.clock.advance_ms(3 * HOUR_MS)
    till.deliver()
    assert [row.state for row in till.rows()] == [State.CONFIRMED]
    assert len(till.booked(coupon)) == 1
    assert till.differences() == []
    till.agree()


@PLATFORMS
def test_a_comparison_while_it_is_delivered_opens_nothing(
    till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(till, platform)
    adapter = till.store.asking.platforms[platform]
    history = adapter.history

    def delivered_after(*asked: Any) -> object:
        page = history(*asked)
        till.deliver()
        return page

    monkeypatch.setattr(adapter, "history", delivered_after)
    day = till.rows()[0].business_day
    till.store.reconciliation.reconcile(platform, day)
    assert [row.state for row in till.rows()] == [State.CONFIRMED]
    assert till.differences() == []
    monkeypatch.undo()
    compared = till.store.reconciliation.reconcile(platform, day)
    assert [line.bucket for line in compared.matches] == [Bucket.MATCHED]
    assert till.differences() == []


@PLATFORMS
def test_a_comparison_while_it_is_reversed_opens_nothing(
    till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = till.redeem(till.coupon(platform)["code"])
    adapter = till.store.asking.platforms[platform]
    history = adapter.history

    def reversed_after(*asked: Any) -> object:
        page = history(*asked)
        till.store.reversing.reverse(verdict.first.redemption_id or "", till.who("m1"))
        return page

    monkeypatch.setattr(adapter, "history", reversed_after)
    till.store.reconciliation.reconcile(platform, till.rows()[0].business_day)
    assert [row.state for row in till.rows()] == [State.REVERSED]
    assert till.differences() == []


@PLATFORMS
@pytest.mark.parametrize("deed", ["hold", "retry"])
def test_who_holds_or_retries_an_entry_waits_until_it_is_put_down(
    till: Counter, platform: str, deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(till, platform)
    adapter, delivering = till.store.asking.platforms[platform], till.store.delivering
    entry = delivering.owed()[0].entry.id
    move = delivering.hold if deed == "hold" else delivering.retry
    began, people = threading.Event(), []
    courier = till.store.courier
    holding = courier.holding

    def waited_for(entry_id: str, wait_ms: int = 0) -> Any:
        if threading.current_thread() in people:
            began.set()
        return holding(entry_id, wait_ms)

    def in_flight(*_asked: object) -> tuple[UseResult, ...]:
        person = threading.Thread(target=move, args=(entry, till.who("m1")))
        people.append(person)
        person.start()
        assert began.wait(10)
        raise NeverSent(because(Code.UNREACHABLE))

    monkeypatch.setattr(courier, "holding", waited_for)
    monkeypatch.setattr(adapter, "redeem", in_flight)
    delivering.drain(everything=True) if deed == "hold" else delivering.drain()
    monkeypatch.undo()
    people[0].join(10)
    # What the person said came last, and stands.
    (owed,) = delivering.owed()
    assert owed.entry.state == (OutboxState.HELD if deed == "hold" else OutboxState.DUE)
    assert (owed.entry.attempts, owed.entry.next_attempt_at_ms) == (0, till.store.ledger.read(till.store.keeper.now).ms)


@PLATFORMS
def test_a_withdrawal_after_the_shift_was_closed_amends_it(till: Counter, platform: str) -> None:
    till.line_down()
    assert till.redeem(till.coupon(platform)["code"], noted=NOTED).first.outcome is Outcome.RECORDED
    till.store.shifts.count(till.who("m1"), Count(0, {platform: 1}))
    closed = till.store.shifts.close(till.who("m1"))
    till.store.shifts.open(till.who("c2"))
    assert till.store.reversing.reverse(till.rows()[0].id, till.who("m1")).outcome is Reversal.WITHDRAWN
    after = till.store.shifts.report(1)
    assert after.lines == closed.lines
    assert [(each.what, each.amount_fen) for each in after.adjustments] == [("withdrawn", -9900)]


@PLATFORMS
def test_a_refusal_about_us_is_tried_again_for_days_and_holds_nothing(
    till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(till, platform)

    def forbidden(*_asked: object) -> tuple[UseResult, ...]:
        raise Refused(because(Code.NO_PERMISSION))

    monkeypatch.setattr(till.store.asking.platforms[platform], "redeem", forbidden)
    monkeypatch.setattr(till.store.asking.platforms[platform], "settle", forbidden)
    for _ in range(30):
        till.store.delivering.drain()
        (owed,) = till.store.delivering.owed()
        wait_ms = owed.entry.next_attempt_at_ms - till.store.ledger.read(till.store.keeper.now).ms
        assert LASTING_S * 1000 <= wait_ms <= LASTING_S * 1200
        till.clock.advance_ms(HOUR_MS)
    assert owed.entry.state == OutboxState.DUE
    assert till.differences() == []
    monkeypatch.undo()
    till.deliver()
    till.agree()


def test_an_entry_that_a_person_must_bring_on_is_a_difference(till: Counter) -> None:
    recorded(till, "douyin")
    till.fault("http_429", "verify", "douyin")
    for _ in range(20):
        till.store.delivering.drain()
        till.clock.advance_ms(60_000)
    (difference,) = till.differences()
    assert (difference.cause, difference.owner, difference.amount_fen) == (Cause.HELD, "m1", 9900)
    assert (difference.redemption_id, till.rows()[0].state) == (till.rows()[0].id, State.UNKNOWN)


def test_a_refused_question_about_a_redemption_says_nothing_of_it(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    coupon = till.coupon("miniprogram")
    till.fault("drop_after", "verify", "miniprogram")
    till.redeem(coupon["code"])
    till.line_up()
    access = vars(till.store.asking.platforms["miniprogram"])["_access"]
    ask = access.ask

    def maintained(model: object, what: str, *asked: object, **more: object) -> object:
        if what == "redemptions":
            raise Refused(because(Code.PLATFORM_REFUSED, platform_code="maintenance", status=423))
        return ask(model, what, *asked, **more)

    monkeypatch.setattr(access, "ask", maintained)
    till.deliver()
    assert [row.state for row in till.rows()] == [State.UNKNOWN]
    assert till.differences() == []
    monkeypatch.undo()
    till.deliver()
    assert len(till.booked(coupon)) == 1
    till.agree()


def test_what_is_not_answered_is_asked_about_ever_less_often(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(till, "miniprogram")
    adapter = till.store.asking.platforms["miniprogram"]

    def silent(*_asked: object) -> tuple[UseResult, ...]:
        raise OutcomeUnknown(because(Code.NO_ANSWER, what="redeem", wrong="http_500"))

    monkeypatch.setattr(adapter, "redeem", silent)
    monkeypatch.setattr(adapter, "settle", silent)
    waits = []
    for pause_ms in (0, 200_000, HOUR_MS):
        till.clock.advance_ms(pause_ms)
        till.deliver()
        (owed,) = till.store.delivering.owed()
        waits.append(owed.entry.next_attempt_at_ms - till.store.ledger.read(till.store.keeper.now).ms)
        assert (owed.entry.attempts, owed.entry.state) == (0, OutboxState.DUE)
    assert 5_000 <= waits[0] < waits[1] < 40_000 <= waits[2] <= 48_000
