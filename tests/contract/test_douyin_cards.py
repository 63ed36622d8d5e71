"""Times cards at Douyin after an unknown outcome: other tills and reversals in between, and a token that has ended."""

from dataclasses import replace
from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown, PlatformError, Refused
from sync.platforms.port import Denied, HistoryRecord, RedeemCall, Redeemed, ReverseCall, Reversed, UseResult
from tests.contract.shop import Shop
from tests.contract.test_douyin import TOKEN_LIFE_S

TOKEN_ENDED_S = TOKEN_LIFE_S + 60
Card = dict[str, Any]


def card(douyin: Shop, units: int = 5) -> Card:
    (sold,) = douyin.coupons(kind="times_card", units=units, price_fen=units * 2000)
    return sold


def wanted(douyin: Shop, sold: Card, units: int) -> RedeemCall:
    credential = douyin.typed(sold)
    return douyin.call(credential, douyin.look_up(credential), units=units)


def other_till(douyin: Shop, sold: Card, units: int = 1) -> list[Redeemed]:
    results = douyin.connected().redeem(wanted(douyin, sold, units), lambda _: None, douyin.soon())
    return [result for result in results if isinstance(result, Redeemed)]


def unheard(douyin: Shop, call: RedeemCall, kind: str = "drop_after") -> None:
    douyin.fault("verify", kind)
    with pytest.raises(OutcomeUnknown):
        douyin.redeem(call)
    douyin.clear()


def book_of(douyin: Shop, sold: Card) -> list[HistoryRecord]:
    now_ms = douyin.clock.wall_ms()
    records: list[HistoryRecord] = []
    cursor: str | None = None
    while True:
        page = douyin.platform.history(now_ms - 86_400_000, now_ms + 86_400_000, cursor, douyin.soon())
        records += [record for record in page.records if record.code_tail == sold["code"][-4:]]
        cursor = page.cursor
        if cursor is None:
            return records


def take_back(douyin: Shop, sold: Card, record: str, coupon: str) -> None:
    """At the shop's other till, or in the merchant's app."""
    refs = {"gone": {"record": record, "coupon": coupon, "order_id": sold["order_id"]}}
    (result,) = douyin.connected().reverse(ReverseCall("away", "away", refs), douyin.soon())
    assert isinstance(result, Reversed)


def records_of(results: tuple[UseResult, ...]) -> set[str]:
    return {result.refs["record"] for result in results if isinstance(result, Redeemed)}


@pytest.mark.parametrize("seconds", [0, TOKEN_ENDED_S])
@pytest.mark.parametrize("first", ["theirs", "ours"])
def test_another_tills_use_is_not_taken_for_one_of_ours(douyin: Shop, first: str, seconds: int) -> None:
    sold = card(douyin)
    call = wanted(douyin, sold, 3)
    theirs: list[Redeemed] = []
    if first == "theirs":
        theirs = other_till(douyin, sold)
        douyin.later(30)
    unheard(douyin, call)
    if first == "ours":
        douyin.later(30)
        theirs = other_till(douyin, sold)
    douyin.later(30 + seconds)
    for _ in range(2):
        results = douyin.settle(call)
        assert len(records_of(results)) == 3
        assert records_of(results) | records_of(tuple(theirs)) == {use["redemption_id"] for use in douyin.booked(sold)}
    assert len(douyin.booked(sold)) == 4
    assert douyin.kept == []


def test_uses_that_nobody_can_tell_apart_are_held_and_nothing_is_sent_twice(douyin: Shop) -> None:
    sold = card(douyin)
    call = wanted(douyin, sold, 2)
    unheard(douyin, call, "drop_before")
    other_till(douyin, sold)
    douyin.later(TOKEN_ENDED_S)
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            douyin.settle(call)
        assert caught.value.reason.code is Code.USES_UNCLEAR
        assert caught.value.reason.about_us
    assert len(douyin.booked(sold)) == 1
    assert douyin.kept == []


@pytest.mark.parametrize("whose", ["ours", "an earlier one"])
@pytest.mark.parametrize("seconds", [0, TOKEN_ENDED_S])
def test_a_use_taken_back_meanwhile_does_not_make_us_redeem_again(douyin: Shop, whose: str, seconds: int) -> None:
    sold = card(douyin)
    (earlier,) = other_till(douyin, sold)
    douyin.later(30)
    call = wanted(douyin, sold, 3)
    unheard(douyin, call)
    ours = [record for record in book_of(douyin, sold) if record.record != earlier.refs["record"]]
    assert len(ours) == 3
    gone = ours[1].record if whose == "ours" else earlier.refs["record"]
    take_back(douyin, sold, gone, earlier.refs["coupon"])
    douyin.later(30 + seconds)
    results = douyin.settle(call)
    assert records_of(results) == {record.record for record in ours}
    assert {use["redemption_id"] for use in douyin.booked(sold)} == records_of((earlier, *results)) - {gone}


def test_a_card_that_nobody_used_is_prepared_afresh_after_its_token_ended(douyin: Shop) -> None:
    sold = card(douyin)
    call = wanted(douyin, sold, 3)
    unheard(douyin, call, "drop_before")
    douyin.later(TOKEN_ENDED_S)
    results = douyin.settle(call)
    assert len(records_of(results)) == 3
    assert len(douyin.kept) == 1
    assert records_of(douyin.settle(replace(call, prepared=douyin.kept[0]))) == records_of(results)
    assert len(douyin.booked(sold)) == 3


def test_a_card_used_up_by_others_is_denied(douyin: Shop) -> None:
    sold = card(douyin, units=2)
    call = wanted(douyin, sold, 2)
    unheard(douyin, call, "drop_before")
    other_till(douyin, sold, units=1)
    douyin.later(60)
    other_till(douyin, sold, units=1)
    # Under the living token the platform's own answer decides, whatever the certificate lists.
    results = douyin.settle(call)
    assert all(isinstance(result, Denied) for result in results)
    assert len(douyin.booked(sold)) == 2
    douyin.forgive(douyin.second_attempts() - douyin.tried_before)


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_what_one_preparation_settled_is_not_sent_under_the_next(douyin: Shop, kind: str) -> None:
    sold = card(douyin)
    call = wanted(douyin, sold, 3)
    unheard(douyin, call, "drop_before")
    douyin.later(TOKEN_ENDED_S)
    douyin.fault("verify", kind, count=2)
    with pytest.raises(PlatformError):
        douyin.settle(call)
    douyin.clear()
    results = douyin.settle(replace(call, prepared=douyin.kept[-1]) if douyin.kept else call)
    assert len(records_of(results)) == 3
    assert len(douyin.booked(sold)) == 3


def test_several_uses_of_a_card_are_taken_back_in_one_call(douyin: Shop) -> None:
    sold = card(douyin)
    call = wanted(douyin, sold, 4)
    results = douyin.redeem(call)
    reversal = douyin.reversal(call, results[1:])
    for _ in range(2):
        told = douyin.platform.reverse(reversal, douyin.soon())
        assert [type(each) for each in told] == [Reversed] * 3
        assert [each.redemption_id for each in told] == list(reversal.refs)
    assert [use["redemption_id"] for use in douyin.booked(sold)] == list(records_of(results[:1]))


def test_uses_are_taken_back_as_far_as_the_platform_lets(douyin: Shop) -> None:
    sold = card(douyin)
    early = wanted(douyin, sold, 1)
    first = douyin.redeem(early)
    douyin.later(50 * 60)
    late = wanted(douyin, sold, 1)
    second = douyin.redeem(late)
    douyin.later(65 * 60)
    reversal = douyin.reversal(early, (*first, *second))
    denied, taken = douyin.platform.reverse(reversal, douyin.soon())
    assert isinstance(denied, Denied)
    assert denied.reason.code is Code.WINDOW_PASSED
    assert isinstance(taken, Reversed)
    assert len(douyin.booked(sold)) == 1
