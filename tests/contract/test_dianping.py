"""What only Dianping's old interface does: coupons counted under one code, tills beside each other, sessions."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown, Refused
from sync.platforms.port import Denied, Redeemed, Reversed
from sync.platforms.registry import authorisation
from sync.sandbox.sandbox import Sandbox
from tests.contract.conftest import opened
from tests.contract.shop import Shop

TEN_MINUTES_MS = 600_000


@pytest.fixture
def dianping(sandbox: Sandbox) -> Iterator[Shop]:
    yield from opened(sandbox, "dianping_legacy")


def redeemed(shop: Shop, coupon: dict[str, Any], units: int = 1) -> Any:
    """The call that redeemed it, and the results."""
    call = shop.call(shop.typed(coupon), shop.look_up(shop.typed(coupon)), units)
    results = shop.redeem(call)
    assert all(isinstance(result, Redeemed) for result in results)
    return call, results


def test_a_code_with_a_leading_zero_is_kept_whole(dianping: Shop) -> None:
    coupon = next(each for each in dianping.coupons(100, order="each") if each["code"].startswith("0"))
    call, results = redeemed(dianping, coupon)
    dianping.assert_stands(results, coupon)
    assert results[0].code == coupon["code"]
    (answer,) = dianping.platform.reverse(dianping.reversal(call, results), dianping.soon())
    assert isinstance(answer, Reversed)


def test_two_of_three_bring_the_codes_that_were_used(dianping: Shop) -> None:
    coupons = dianping.coupons(3)
    _, results = redeemed(dianping, coupons[1], units=2)
    assert results[0].code == coupons[1]["code"]
    used = {use["code"] for use in dianping.booked(*coupons)}
    assert {result.code for result in results} == used
    assert len(used) == 2


def test_each_of_a_basket_is_taken_back_for_itself(dianping: Shop) -> None:
    coupons = dianping.coupons(3)
    call, results = redeemed(dianping, coupons[0], units=3)
    reversal = dianping.reversal(call, results)
    one = list(reversal.refs)[1]
    single = replace(reversal, refs={one: reversal.refs[one]}, codes={one: reversal.codes[one]})
    (answer,) = dianping.platform.reverse(single, dianping.soon())
    assert isinstance(answer, Reversed)
    assert {use["code"] for use in dianping.booked(*coupons)} == {results[0].code, results[2].code}


def test_what_is_left_of_an_order_is_redeemed_under_a_request_of_its_own(dianping: Shop) -> None:
    coupons = dianping.coupons(4)
    call = dianping.basket(coupons)
    dianping.lot(coupons[3], "expired")
    results = dianping.redeem(call)
    assert [type(result) for result in results] == [Redeemed, Redeemed, Redeemed, Denied]
    assert {use["request_id"] for use in dianping.booked(*coupons)} == {f"{call.request_id}_2"}
    assert len(dianping.kept) == 2


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_that_request_is_settled_where_it_went_unheard(dianping: Shop, kind: str) -> None:
    coupons = dianping.coupons(3)
    call = dianping.basket(coupons)
    dianping.lot(coupons[1], "refunded")

    def strike_once_kept(prepared: Any) -> None:
        dianping.keep(prepared)
        if len(dianping.kept) == 2:
            dianping.fault("verify", kind)

    with pytest.raises(OutcomeUnknown):
        dianping.platform.redeem(call, strike_once_kept, dianping.soon())
    dianping.clear()
    results = dianping.settle(dianping.resumed(call))
    assert [type(result) for result in results] == [Redeemed, Redeemed, Denied]
    assert {use["request_id"] for use in dianping.booked(*coupons)} == {f"{call.request_id}_2"}


@pytest.mark.parametrize(
    ("lot", "code"),
    [
        ("frozen", Code.FROZEN),
        ("other_store", Code.OTHER_STORE),
        ("expired", Code.EXPIRED),
    ],
)
def test_a_look_up_is_refused_with_its_reason(dianping: Shop, lot: str, code: Code) -> None:
    (coupon,) = dianping.coupons()
    dianping.lot(coupon, lot)
    with pytest.raises(Refused) as caught:
        dianping.look_up(dianping.typed(coupon))
    assert caught.value.reason.code is code
    assert not caught.value.reason.about_us
    assert coupon["code"] not in str(caught.value.reason)


def test_another_till_of_the_shop_is_not_taken_for_us(dianping: Shop) -> None:
    (coupon,) = dianping.coupons()
    looked = dianping.look_up(dianping.typed(coupon))
    ours, theirs = (dianping.call(dianping.typed(coupon), looked) for _ in range(2))
    dianping.fault("verify", "drop_before")
    with pytest.raises(OutcomeUnknown):
        dianping.redeem(ours)
    kept = dianping.kept[-1]
    dianping.clear()
    (won,) = dianping.connected(terminal="T2").redeem(theirs, lambda _: None, dianping.soon())
    assert isinstance(won, Redeemed)
    before = dianping.second_attempts()
    (lost,) = dianping.settle(replace(ours, prepared=kept))
    assert isinstance(lost, Denied)
    assert lost.reason.code is Code.USED_ELSEWHERE
    # It was seen, and so not tried.
    assert dianping.second_attempts() == before


def test_what_another_till_has_redeemed_since_is_not_taken_back(dianping: Shop) -> None:
    (coupon,) = dianping.coupons()
    call, results = redeemed(dianping, coupon)
    reversal = dianping.reversal(call, results)
    dianping.fault("cancel", "drop_after")
    with pytest.raises(OutcomeUnknown):
        dianping.platform.reverse(reversal, dianping.soon())
    dianping.clear()
    redeemed(dianping, coupon)
    (answer,) = dianping.platform.reverse(reversal, dianping.soon())
    assert isinstance(answer, Denied)
    assert answer.reason.code is Code.USED_ELSEWHERE
    assert len(dianping.booked(coupon)) == 1


def test_of_a_times_card_only_the_latest_use_is_taken_back(dianping: Shop) -> None:
    (card,) = dianping.coupons(kind="times_card", units=5, price_fen=10_000)
    first, made = redeemed(dianping, card, units=2)
    second, later = redeemed(dianping, card)
    answers = dianping.platform.reverse(dianping.reversal(first, made), dianping.soon())
    assert [answer.reason.code for answer in answers if isinstance(answer, Denied)] == [Code.NOT_LATEST] * 2
    for call, results in ((second, later), (first, made)):
        for _ in range(2):
            answers = dianping.platform.reverse(dianping.reversal(call, results), dianping.soon())
            assert all(isinstance(answer, Reversed) for answer in answers)
    assert dianping.booked(card) == []


def test_the_book_tells_who_redeemed_what(dianping: Shop) -> None:
    started_ms = dianping.clock.wall_ms()
    (coupon,) = dianping.coupons()
    call, _ = redeemed(dianping, coupon)
    (record,) = (
        each for each in dianping.history(started_ms - 2000, started_ms + 60_000) if each.code == coupon["code"]
    )
    assert record.by == f"T1-{call.request_id[:12]}"
    assert len(record.record) == 16
    assert coupon["code"] not in record.record


@pytest.mark.parametrize("ahead_ms", [TEN_MINUTES_MS * 2, -TEN_MINUTES_MS * 2])
def test_a_clock_that_is_off_is_about_us(dianping: Shop, ahead_ms: int) -> None:
    (coupon,) = dianping.coupons()
    dianping.clock.ahead_ms = ahead_ms
    with pytest.raises(Refused) as caught:
        dianping.look_up(dianping.typed(coupon))
    assert caught.value.reason.code is Code.CLOCK_OFF
    assert caught.value.reason.about_us


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"app_secret": "wrong"}, Code.CREDENTIALS_WRONG),
        ({"app_key": "wrong"}, Code.CREDENTIALS_WRONG),
        ({"open_shop_uuid": "wrong"}, Code.NO_PERMISSION),
        ({"session": "wrong", "refresh_token": ""}, Code.AUTHORISATION_ENDED),
        ({"session": "wrong", "refresh_token": "wrong"}, Code.AUTHORISATION_ENDED),
    ],
)
def test_a_wrong_binding_names_what_is_wrong(dianping: Shop, changed: dict[str, str], code: Code) -> None:
    with pytest.raises(Refused) as caught:
        dianping.connected(**changed).probe(dianping.soon())
    assert caught.value.reason.code is code
    assert caught.value.reason.about_us


def test_a_session_that_ended_is_renewed_and_kept(dianping: Shop) -> None:
    (coupon,) = dianping.coupons()
    till = dianping.connected(session="ended")
    assert till.look_up(dianping.typed(coupon), dianping.soon()).coupons
    kept = dict(dianping.renewed)
    assert kept.keys() == {"session", "refresh_token"}
    # Kept, they serve the next start.
    again = dianping.connected(**kept)
    assert again.look_up(dianping.typed(coupon), dianping.soon()).coupons


def test_the_managers_code_binds_the_shop(dianping: Shop) -> None:
    binding = dianping.binding(session="", refresh_token="")
    found = authorisation(binding, dianping.door, dianping.clock)
    assert found is not None
    code = dianping.post("authorisations", {"platform": "dianping"})["code"]
    found.take(code, dianping.soon())
    till = dianping.connected(**dict(dianping.renewed))
    till.probe(dianping.soon())
    with pytest.raises(Refused):
        found.take(code, dianping.soon())


def test_a_qr_that_is_no_code_is_scanned(dianping: Shop) -> None:
    # What such a QR holds, only the platform knows: it is handed on as it is.
    with pytest.raises(Refused) as caught:
        dianping.look_up(Credential(CredentialKind.CODE, "QR-1-abcdef"))
    assert not caught.value.reason.about_us
