"""A yes that nobody at the counter was told is told at the next scan, once, and is no second redemption."""

from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.services.looking import Found
from sync.services.request import Request
from sync.services.unfinished import UNTOLD_MS
from sync.services.verdict import Outcome, Verdict
from sync.services.weighing import Resume
from tests.services.counter import NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def unseen(till: Counter, coupon: dict[str, Any], units: int = 1) -> Verdict:
    """The platform said yes, and the window was gone before anybody saw it."""
    verdict = till.store.redeeming.redeem(coupon["code"], Request(till.who("c1"), units))
    till.store.redeeming.flush()
    assert verdict.first.outcome is Outcome.REDEEMED
    return verdict


def ids(verdict: Verdict) -> list[str | None]:
    return [unit.redemption_id for unit in verdict.units]


@PLATFORMS
@pytest.mark.parametrize("down", [False, True])
def test_it_is_told_once_and_then_it_is_used(till: Counter, platform: str, down: bool) -> None:
    coupon = till.coupon(platform)
    first = unseen(till, coupon)
    till.reopen()
    if down:
        till.line_down()
    again = till.redeem(coupon["code"])
    assert (again.first.outcome, ids(again)) == (Outcome.REDEEMED, ids(first))
    third = till.redeem(coupon["code"]).first
    assert third.reason is not None
    assert (third.outcome, third.reason.code) == (Outcome.REFUSED, Code.USED_HERE)
    assert len(till.rows()) == len(till.booked(coupon)) == 1
    till.agree()


@PLATFORMS
def test_it_is_told_however_often_until_somebody_saw_it(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    first = unseen(till, coupon)
    assert [ids(unseen(till, coupon)) for _ in range(3)] == [ids(first)] * 3
    assert len(till.booked(coupon)) == 1


@PLATFORMS
def test_a_times_card_tells_the_unseen_use_before_it_makes_another(till: Counter, platform: str) -> None:
    card = till.coupon(platform, kind="times_card", units=5)
    first = unseen(till, card, 2)
    told = till.redeem(card["code"])
    assert ids(told) == ids(first)
    assert len(till.booked(card)) == 2
    fresh = till.redeem(card["code"])
    assert fresh.first.outcome is Outcome.REDEEMED
    assert fresh.first.redemption_id not in ids(first)
    assert len(till.booked(card)) == 3
    till.agree()


@PLATFORMS
def test_it_is_foreseen_as_such(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    unseen(till, coupon)
    found = till.store.looking.look_up(coupon["code"])
    assert isinstance(found, Found)
    entry = till.rows()[0].outbox_id
    assert found.unfinished == entry
    assert till.store.redeeming.foresee(found, Request(till.who("c1"))).decision == Resume(entry)


@PLATFORMS
def test_of_the_day_before_it_is_an_earlier_use(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    unseen(till, coupon)
    till.clock.advance_ms(UNTOLD_MS - 1)
    assert ids(unseen(till, coupon)) == [till.rows()[0].id]
    till.clock.advance_ms(1)
    reason = till.redeem(coupon["code"]).first.reason
    assert reason is not None
    assert reason.code is Code.USED_HERE


@PLATFORMS
def test_what_was_taken_back_is_a_new_redemption(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    first = unseen(till, coupon)
    till.store.reversing.reverse(till.rows()[0].id, till.who("m1"))
    second = till.redeem(coupon["code"])
    assert second.first.outcome is Outcome.REDEEMED
    assert ids(second) != ids(first)
    till.agree()


def test_while_it_is_being_taken_back_it_is_a_use(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    unseen(till, coupon)
    till.line_down()
    till.store.reversing.reverse(till.rows()[0].id, till.who("m1"))
    assert till.redeem(coupon["code"]).first.outcome is Outcome.REFUSED


def test_of_several_units_those_that_stand_are_told(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=5)
    first = unseen(till, card, 2)
    till.store.reversing.reverse(till.rows()[0].id, till.who("m1"))
    assert ids(till.redeem(card["code"])) == ids(first)[1:]


def test_recorded_and_shown_is_told_even_if_the_platform_settles_it_later(till: Counter) -> None:
    coupon = till.coupon("douyin")
    till.line_down()
    assert till.redeem(coupon["code"], noted=NOTED).first.outcome is Outcome.RECORDED
    till.line_up()
    till.deliver()
    assert [row.state for row in till.rows()] == [State.CONFIRMED]
    reason = till.redeem(coupon["code"]).first.reason
    assert reason is not None
    assert reason.code is Code.USED_HERE


def test_recorded_and_not_shown_is_told_as_redeemed_once_it_is(till: Counter) -> None:
    coupon = till.coupon("douyin")
    till.line_down()
    till.store.redeeming.redeem(coupon["code"], Request(till.who("c1"), 1, NOTED))
    till.line_up()
    till.deliver()
    again = till.redeem(coupon["code"])
    assert (again.first.outcome, ids(again)) == (Outcome.REDEEMED, [till.rows()[0].id])
    assert len(till.booked(coupon)) == 1


@PLATFORMS
@pytest.mark.settings("[limits.chain]\ncount = 1\n")
def test_told_not_now_is_not_told_how_it_ended(till: Counter, platform: str) -> None:
    before, coupon = till.coupons(platform, 2, order="each")
    till.fault("drop_before", "verify", platform)
    till.redeem(before["code"])
    told = till.redeem(coupon["code"]).first
    assert told.outcome is Outcome.REFUSED
    till.line_up()
    till.deliver()
    assert [row.state for row in till.rows()] == [State.CONFIRMED] * 2
    again = till.redeem(coupon["code"]).first
    assert (again.outcome, again.redemption_id) == (Outcome.REDEEMED, told.redemption_id)
    till.agree()
