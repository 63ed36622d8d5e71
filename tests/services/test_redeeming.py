"""One scan online: by picture, by dynamic code, by typed code; baskets, repeats, and two hands at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sync.domain.reasons import Code, Reason
from sync.domain.redemption import State
from sync.errors import NotAllowed
from sync.services.looking import Found
from sync.services.request import Request
from sync.services.shifts import Count
from sync.services.verdict import Outcome
from tests.services.counter import Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def looked_up(till: Counter, text: str) -> Found:
    found = till.store.looking.look_up(text)
    assert isinstance(found, Found)
    return found


@PLATFORMS
@pytest.mark.parametrize("shown", ["qr_text", "code"])
def test_a_coupon_is_redeemed_online(till: Counter, platform: str, shown: str) -> None:
    coupon = till.coupon(platform)
    verdict = till.redeem(coupon[shown])
    assert (verdict.first.outcome, verdict.first.tier) == (Outcome.REDEEMED, "online")
    assert verdict.first.amount_fen == 9900
    (use,) = till.booked(coupon)
    (row,) = till.rows()
    assert (row.id, row.state, row.unit) == (verdict.first.redemption_id, State.CONFIRMED, 1)
    if platform == "miniprogram":
        assert use["request_id"] == verdict.first.request_id == row.request_id
    till.agree()


@pytest.mark.parametrize("mode", ["chain", "permit"])
def test_a_dynamic_code_is_redeemed_online(till: Counter, mode: str) -> None:
    coupon = till.coupon("miniprogram")
    verdict = till.redeem(till.dynamic(coupon, mode, store=till.store.profile.own_store))
    assert (verdict.first.outcome, verdict.first.tier) == (Outcome.REDEEMED, "online")
    till.agree()


@PLATFORMS
def test_a_second_scan_of_a_used_coupon_is_refused_with_when_and_where(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    first = till.redeem(coupon["code"])
    again = till.redeem(coupon["code"], staff="c2")
    assert again.first.outcome is Outcome.REFUSED
    assert again.first.reason is not None
    assert again.first.reason.code is Code.USED_HERE
    assert again.first.reason.facts["redemption_id"] == first.first.redemption_id
    assert again.first.reason.facts["staff"] == "c1"
    (refusal,) = till.refusals()
    assert (refusal.reason, refusal.staff, refusal.platform) == ("used_here", "c2", platform)
    till.agree()


def test_a_basket_of_three_of_one_order_of_which_one_fails(till: Counter) -> None:
    coupons = till.coupons("douyin", 3)
    found = looked_up(till, coupons[0]["qr_text"])
    till.lot(coupons[1], "refunded")
    verdict = till.store.redeeming.confirm(found, Request(till.who("c1"), 3))
    till.store.redeeming.flush()
    outcomes = [unit.outcome for unit in verdict.units]
    assert sorted(outcomes) == [Outcome.REDEEMED, Outcome.REDEEMED, Outcome.REFUSED]
    (refused,) = (unit for unit in verdict.units if unit.outcome is Outcome.REFUSED)
    assert refused.reason is not None
    assert refused.reason.code is Code.REFUNDED
    assert len({row.outbox_id for row in till.rows()}) == len({row.basket_id for row in till.rows()}) == 1
    assert len(till.rows(State.CONFIRMED)) == 2
    # Nothing was promised for the third: it is no difference.
    assert till.differences() == []
    till.agree()


@PLATFORMS
def test_uses_of_a_times_card_are_counted(till: Counter, platform: str) -> None:
    card = till.coupon(platform, kind="times_card", units=5)
    assert len(till.redeem(card["code"], 2).units) == 2
    assert till.redeem(card["code"], 1).first.outcome is Outcome.REDEEMED
    too_many = till.redeem(card["code"], 3).first
    assert too_many.reason is not None
    assert (too_many.reason.code, too_many.reason.facts["left"]) == (Code.UNITS_TOO_MANY, 2)
    assert till.redeem(card["code"], 2).first.outcome is Outcome.REDEEMED
    assert [row.unit for row in till.rows()] == [1, 2, 3, 4, 5]
    till.agree()


def test_a_times_card_is_counted_by_events_though_our_clock_is_an_hour_ahead(till: Counter) -> None:
    card = till.coupon("douyin", kind="times_card", units=2)
    till.post("clock", {"offset_s": -3600})
    till.pull()
    assert till.redeem(card["code"]).first.outcome is Outcome.REDEEMED
    assert till.redeem(card["code"]).first.outcome is Outcome.REDEEMED
    till.agree()


@PLATFORMS
@pytest.mark.parametrize(
    ("lot", "code"), [("refunded", Code.REFUNDED), ("used_elsewhere", Code.USED_ELSEWHERE), ("expired", Code.EXPIRED)]
)
def test_what_the_platform_says_no_to_is_refused_and_recorded(
    till: Counter, platform: str, lot: str, code: Code
) -> None:
    coupon = till.coupon(platform)
    till.lot(coupon, lot)
    verdict = till.redeem(coupon["code"])
    assert verdict.first.outcome is Outcome.REFUSED
    assert verdict.first.reason is not None
    assert verdict.first.reason.code is code
    # Douyin lists an expired coupon until it is cleaned away: then the no comes to the claim.
    refused = [refusal.reason for refusal in till.refusals()] + [row.reason for row in till.rows(State.REFUSED)]
    assert len(refused) == 1
    assert code.value in str(refused)
    assert till.store.shifts.report().refusals == 1
    assert till.differences() == []
    till.agree()


@PLATFORMS
def test_one_look_up_confirmed_twice_is_one_redemption(till: Counter, platform: str) -> None:
    card = till.coupon(platform, kind="times_card", units=5)
    found = looked_up(till, card["code"])
    request = Request(till.who("c1"))
    first = till.store.redeeming.confirm(found, request)
    till.store.redeeming.announced(first)
    till.store.redeeming.flush()
    second = till.store.redeeming.confirm(found, request)
    assert second.first.redemption_id == first.first.redemption_id
    assert len(till.booked(card)) == 1
    till.agree()


@PLATFORMS
def test_a_look_up_from_before_somebody_elses_redemption_is_used_here(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    found = looked_up(till, coupon["code"])
    till.clock.advance_ms(5)
    assert till.redeem(coupon["code"]).first.outcome is Outcome.REDEEMED
    till.clock.advance_ms(5)
    verdict = till.store.redeeming.confirm(found, Request(till.who("c2")))
    assert verdict.first.reason is not None
    assert verdict.first.reason.code is Code.USED_HERE
    till.agree()


@PLATFORMS
def test_two_hands_scanning_one_coupon_at_once_redeem_it_once(till: Counter, platform: str) -> None:
    for _ in range(5):
        coupon = till.coupon(platform)
        start = threading.Barrier(2)

        def scan(staff: str, text: str = coupon["code"], start: threading.Barrier = start) -> Outcome:
            start.wait(10)
            return till.store.redeeming.redeem(text, Request(till.who(staff))).first.outcome

        with ThreadPoolExecutor(2) as hands:
            outcomes = list(hands.map(scan, ["c1", "c2"]))
        till.store.redeeming.flush()
        assert Outcome.REDEEMED in outcomes
        assert len(till.booked(coupon)) == 1
    assert len(till.rows()) == 5
    till.agree()


def test_without_an_open_shift_nothing_is_redeemed(till: Counter) -> None:
    till.store.shifts.count(till.who("c1"), Count(0, {}))
    till.store.shifts.close(till.who("c1"))
    with pytest.raises(NotAllowed) as caught:
        till.redeem(till.coupon("douyin")["code"])
    assert caught.value.reason.code is Code.SHIFT_NOT_OPEN
    assert till.booked() == []


NO_COUPONS = ["", "\x00\x1d\r\n", "WIFI:S:shop;T:WPA;P:geheim;;", "😀" * 50, "x" * 10_000, "\ud800\udfff"]


@pytest.mark.parametrize("text", NO_COUPONS)
def test_what_is_no_coupon_is_refused_and_the_next_one_works(till: Counter, text: str) -> None:
    assert isinstance(till.store.looking.look_up(text), Reason)
    verdict = till.redeem(text)
    assert verdict.first.outcome is Outcome.REFUSED
    (refusal,) = till.refusals()
    assert (refusal.kind, refusal.length, refusal.text_sealed) == ("unrecognised", len(text), None)
    assert till.redeem(till.coupon("douyin")["qr_text"]).first.outcome is Outcome.REDEEMED
    till.agree()
