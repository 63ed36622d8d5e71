"""Taking a redemption back: at once, queued, withdrawn before it was ever sent, or refused."""

import pytest

from sync.domain.difference import Cause, Ending
from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.errors import NotAllowed
from sync.services.reversing import Reversal, ReversalVerdict
from sync.services.shifts import Count
from sync.services.verdict import Outcome
from tests.services.counter import HOUR_MS, NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def reverse(till: Counter, number: int = -1, staff: str = "c1") -> ReversalVerdict:
    return till.store.reversing.reverse(till.rows()[number].id, till.who(staff))


@PLATFORMS
def test_at_once_and_the_coupon_is_free_again(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    number = till.redeem(coupon["code"]).first.number
    assert till.store.reversing.reverse(number or "", till.who("c1")).outcome is Reversal.REVERSED
    assert till.booked(coupon) == []
    till.agree()
    with pytest.raises(NotAllowed) as caught:
        reverse(till)
    assert caught.value.reason.code is Code.ALREADY_REVERSED
    assert till.redeem(coupon["code"]).first.outcome is Outcome.REDEEMED
    assert [(row.unit, row.state) for row in till.rows()] == [(1, State.REVERSED), (1, State.CONFIRMED)]
    till.agree()


@PLATFORMS
@pytest.mark.parametrize("kind", ["refuse", "drop_before", "drop_after", "http_500", "empty"])
def test_queued_while_the_line_is_down_and_done_once(till: Counter, platform: str, kind: str) -> None:
    coupon = till.coupon(platform)
    till.redeem(coupon["code"])
    till.fault(kind, "cancel", platform)
    assert reverse(till).outcome is Reversal.QUEUED
    # A second press while it waits makes no second reversal.
    assert reverse(till).outcome is Reversal.QUEUED
    assert len(till.store.delivering.owed()) == 1
    till.line_up()
    till.deliver()
    assert till.rows()[0].state is State.REVERSED
    assert till.booked(coupon) == []
    till.agree()


@PLATFORMS
def test_withdrawn_when_it_was_never_sent(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.line_down()
    till.redeem(coupon["code"], noted=NOTED)
    assert reverse(till).outcome is Reversal.WITHDRAWN
    till.line_up()
    till.deliver()
    assert till.booked(coupon) == []
    assert till.store.delivering.owed() == []
    assert till.redeem(coupon["code"]).first.outcome is Outcome.REDEEMED
    till.agree()


@PLATFORMS
def test_one_that_may_have_been_done_is_settled_first_and_then_reversed(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.fault("drop_after", "verify", platform)
    till.redeem(coupon["code"])
    assert reverse(till).outcome is Reversal.QUEUED
    till.line_up()
    till.deliver()
    assert till.rows()[0].state is State.REVERSED
    assert till.booked(coupon) == []
    till.agree()


@PLATFORMS
def test_a_refused_reversal_is_a_difference_and_the_redemption_stands(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.redeem(coupon["code"])
    till.clock.advance_ms(25 * HOUR_MS)
    verdict = reverse(till)
    assert verdict.outcome is Reversal.REFUSED
    assert verdict.reason is not None
    assert verdict.reason.code is Code.WINDOW_PASSED
    (difference,) = till.store.differences.open()
    assert (difference.cause, difference.redemption_id) == (Cause.REVERSAL_REFUSED, till.rows()[0].id)
    assert len(till.booked(coupon)) == 1
    till.agree()


@PLATFORMS
def test_one_use_of_a_card_is_freed_and_taken_again(till: Counter, platform: str) -> None:
    card = till.coupon(platform, kind="times_card", units=3)
    till.redeem(card["code"], 3)
    assert reverse(till, 1).outcome is Reversal.REVERSED
    assert till.redeem(card["code"]).first.outcome is Outcome.REDEEMED
    assert [row.unit for row in till.rows()] == [1, 2, 3, 2]
    till.agree()


@PLATFORMS
def test_a_reversal_of_a_closed_shift_amends_it(till: Counter, platform: str) -> None:
    till.redeem(till.coupon(platform)["code"])
    till.store.shifts.count(till.who("c1"), Count(0, {platform: 1}))
    till.store.shifts.close(till.who("c1"))
    till.store.shifts.open(till.who("c2"))
    assert reverse(till, staff="c2").outcome is Reversal.REVERSED
    assert [(a.what, a.amount_fen) for a in till.store.shifts.report(1).adjustments] == [("reversed", -9900)]


@pytest.mark.parametrize(("platform", "hours"), [("douyin", 1), ("miniprogram", 24)])
def test_until_when_it_can_be_taken_back_is_a_hint_from_its_settling(till: Counter, platform: str, hours: int) -> None:
    reversing, coupon = till.store.reversing, till.coupon(platform)
    till.line_down()
    till.redeem(coupon["code"], noted=NOTED)
    # Not redeemed there yet: no clock runs.
    assert reversing.until_ms(till.rows()[0]) is None
    till.line_up()
    till.deliver()
    (row,) = till.rows()
    assert row.settled_at_ms is not None
    assert reversing.until_ms(row) == reversing.until_of(row.id) == row.settled_at_ms + hours * HOUR_MS
    assert reverse(till).outcome is Reversal.REVERSED
    assert reversing.until_of(row.id) is None
    assert reversing.until_of("no such row") is None


@PLATFORMS
def test_the_hint_forbids_nothing(till: Counter, platform: str) -> None:
    till.redeem(till.coupon(platform)["code"])
    hint_ms = till.store.reversing.until_of(till.rows()[0].id)
    # Our clock says that it is too late; the platform's does not.
    till.post("clock", {"offset_s": -48 * 3600})
    till.clock.advance_ms(48 * HOUR_MS)
    assert hint_ms is not None
    assert till.store.ledger.read(till.store.keeper.now).ms > hint_ms
    assert reverse(till).outcome is Reversal.REVERSED


@pytest.mark.parametrize("name", ["", "T1-999999", "x" * 500, "'; DROP TABLE redemptions"])
def test_what_does_not_exist_can_not_be_reversed(till: Counter, name: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        till.store.reversing.reverse(name, till.who("c1"))
    assert caught.value.reason.code is Code.NO_SUCH_RECORD


@PLATFORMS
def test_what_was_refused_can_not_be_reversed(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.line_down()
    till.redeem(coupon["code"], noted=NOTED)
    till.lot(coupon, "refunded")
    till.line_up()
    till.deliver()
    with pytest.raises(NotAllowed) as caught:
        reverse(till)
    assert caught.value.reason.code is Code.NOT_REVERSIBLE


@PLATFORMS
def test_a_reversal_that_is_refused_again_and_again_is_one_open_difference(till: Counter, platform: str) -> None:
    till.redeem(till.coupon(platform)["code"])
    (row,) = till.rows()
    till.clock.advance_ms(25 * HOUR_MS)
    till.pull()
    for _ in range(3):
        assert till.store.reversing.reverse(row.id, till.who("m1")).outcome is Reversal.REFUSED
    (difference,) = till.store.differences.open()
    till.store.differences.resolve(difference.id, till.who("m1"), Ending.CONTACT)
    till.store.reversing.reverse(row.id, till.who("m1"))
    assert len(till.store.differences.open()) == 1
