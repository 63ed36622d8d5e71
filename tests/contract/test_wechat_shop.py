"""What only WeChat Shop does: baskets of all or none, revokes until it is settled, a book that can't be listed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown, Refused
from sync.platforms.port import Denied, Redeemed, Reversed
from sync.sandbox.sandbox import Sandbox
from tests.contract.conftest import opened
from tests.contract.shop import Shop


@pytest.fixture
def wechat(sandbox: Sandbox) -> Iterator[Shop]:
    yield from opened(sandbox, "wechat_shop")


def one(shop: Shop, **wish: Any) -> tuple[dict[str, Any], Any, Any]:
    """A coupon, its redemption, and the call that did it."""
    (coupon,) = shop.coupons(**wish)
    call = shop.call(shop.shown(coupon), shop.look_up(shop.shown(coupon)))
    results = shop.redeem(call)
    assert isinstance(results[0], Redeemed)
    return coupon, call, results


def test_a_redemption_bears_its_own_id_as_the_platforms_number(wechat: Shop) -> None:
    coupon, call, (result,) = one(wechat)
    (use,) = wechat.booked(coupon)
    assert use["request_id"] == call.request_id == result.refs["consume_request_no"]


def test_a_typed_code_is_found_by_the_skus_of_the_settings_or_by_what_was_shown_before(wechat: Shop) -> None:
    first, second = wechat.coupons(1)[0], wechat.coupons(1)[0]
    till = wechat.connected(sku_ids="")
    with pytest.raises(Refused) as caught:
        till.look_up(wechat.typed(first), wechat.soon())
    assert caught.value.reason.code is Code.NOT_FOUND
    till.look_up(wechat.shown(second), wechat.soon())
    assert till.look_up(wechat.typed(first), wechat.soon()).coupons[0].code == first["code"]


@pytest.mark.parametrize(
    ("lot", "code"),
    [("other_store", Code.OTHER_STORE), ("frozen", Code.REFUND_ASKED)],
)
def test_what_a_look_up_does_not_show_the_redemption_tells(wechat: Shop, lot: str, code: Code) -> None:
    (coupon,) = wechat.coupons()
    looked = wechat.look_up(wechat.shown(coupon))
    wechat.lot(coupon, lot)
    (result,) = wechat.redeem(wechat.call(wechat.shown(coupon), looked))
    assert isinstance(result, Denied)
    assert result.reason.code is code
    assert result.reason.facts["words"]


def test_once_settled_nothing_is_taken_back(wechat: Shop) -> None:
    coupon, call, results = one(wechat)
    wechat.lot(coupon, "settled")
    (answer,) = wechat.platform.reverse(wechat.reversal(call, results), wechat.soon())
    assert isinstance(answer, Denied)
    assert answer.reason.code is Code.SETTLED
    assert len(wechat.booked(coupon)) == 1


def test_a_basket_of_one_sku_is_one_call_and_its_rest_another(wechat: Shop) -> None:
    coupons = [wechat.coupons(1)[0] for _ in range(4)]
    looked = [wechat.look_up(wechat.shown(coupon)) for coupon in coupons]
    wanted = [coupon for each in looked for coupon in each.coupons]
    assert len({coupon.offer for coupon in wanted}) == 1
    call = wechat.call(wechat.shown(coupons[0]), looked[0], wanted=wanted)
    wechat.lot(coupons[0], "refunded")
    results = wechat.redeem(call)
    assert [type(result) for result in results] == [Denied, Redeemed, Redeemed, Redeemed]
    assert {use["request_id"] for use in wechat.booked(*coupons)} == {f"{call.request_id}_2"}
    # What was kept, then kept again before the rest was sent.
    assert len(wechat.kept) == 2


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_the_rest_of_a_basket_that_went_unheard_is_settled_under_its_own_number(wechat: Shop, kind: str) -> None:
    coupons = [wechat.coupons(1)[0] for _ in range(3)]
    looked = [wechat.look_up(wechat.shown(coupon)) for coupon in coupons]
    call = wechat.call(wechat.shown(coupons[0]), looked[0], wanted=[each.coupons[0] for each in looked])
    wechat.lot(coupons[0], "refunded")

    def strike_once_kept(prepared: Any) -> None:
        wechat.keep(prepared)
        if len(wechat.kept) == 2:
            wechat.fault("verify", kind)

    with pytest.raises(OutcomeUnknown):
        wechat.platform.redeem(call, strike_once_kept, wechat.soon())
    assert len(wechat.booked(*coupons)) == (2 if kind == "drop_after" else 0)
    wechat.clear()
    results = wechat.settle(wechat.resumed(call))
    assert [type(result) for result in results] == [Denied, Redeemed, Redeemed]
    assert {use["request_id"] for use in wechat.booked(*coupons)} == {f"{call.request_id}_2"}


def test_more_uses_of_a_card_than_a_call_takes_are_several_calls(wechat: Shop) -> None:
    (card,) = wechat.coupons(kind="times_card", units=15, price_fen=15_000)
    looked = wechat.look_up(wechat.shown(card))
    call = wechat.call(wechat.shown(card), looked, units=12)
    results = wechat.redeem(call)
    wechat.assert_stands(results, card)
    assert [result.refs["serial"] for result in results if isinstance(result, Redeemed)] == [
        str(n) for n in range(1, 13)
    ]
    assert {use["request_id"] for use in wechat.booked(card)} == {call.request_id, f"{call.request_id}_2"}


def test_what_is_left_of_a_card_is_used(wechat: Shop) -> None:
    (card,) = wechat.coupons(kind="times_card", units=3, price_fen=3000)
    looked = wechat.look_up(wechat.shown(card))
    wechat.redeem(wechat.call(wechat.shown(card), looked, units=1))
    results = wechat.redeem(wechat.call(wechat.shown(card), looked, units=3))
    assert [type(result) for result in results] == [Redeemed, Redeemed, Denied]
    (denied,) = (result for result in results if isinstance(result, Denied))
    assert denied.reason.code is Code.UNITS_TOO_MANY
    assert len(wechat.booked(card)) == 3
    wechat.forgive(wechat.second_attempts() - wechat.tried_before)


def test_a_voucher_goes_to_and_fro(wechat: Shop) -> None:
    (coupon,) = wechat.coupons()
    for _ in range(3):
        call = wechat.call(wechat.shown(coupon), wechat.look_up(wechat.shown(coupon)))
        results = wechat.redeem(call)
        (answer,) = wechat.platform.reverse(wechat.reversal(call, results), wechat.soon())
        assert isinstance(answer, Reversed)
    assert wechat.booked(coupon) == []


def test_a_use_that_another_till_took_back_and_made_again_is_not_ours_any_more(wechat: Shop) -> None:
    coupon, call, results = one(wechat)
    (known,) = wechat.known(call, results)
    wechat.platform.reverse(wechat.reversal(call, results), wechat.soon())
    again = wechat.redeem(wechat.call(wechat.shown(coupon), wechat.look_up(wechat.shown(coupon))))
    assert isinstance(again[0], Redeemed)
    now_ms = wechat.clock.wall_ms()
    (record,) = wechat.history(now_ms - 60_000, now_ms + 60_000, [known])
    assert record.record == known.refs["record"]
    assert record.reversed_at_ms is not None
    # A late reversal of the first does not touch the second.
    (answer,) = wechat.platform.reverse(wechat.reversal(call, results), wechat.soon())
    assert isinstance(answer, Reversed)
    assert len(wechat.booked(coupon)) == 1


def test_the_book_says_that_it_is_not_whole(wechat: Shop) -> None:
    page = wechat.platform.history(0, wechat.clock.wall_ms(), None, wechat.soon())
    assert (page.records, page.cursor, page.whole) == ((), None, False)


def refuse(shop: Shop, number: int, endpoint: str, **more: Any) -> None:
    """The platform answers the next such question with this errcode."""
    shop.post("wechat_shop/refuse", {"errcode": number, "endpoint": endpoint, "count": 1, **more})


@pytest.mark.parametrize("acted", [True, False])
def test_a_system_error_may_have_been_a_yes(wechat: Shop, acted: bool) -> None:
    (coupon,) = wechat.coupons()
    call = wechat.call(wechat.shown(coupon), wechat.look_up(wechat.shown(coupon)))
    refuse(wechat, -1, "verify", acted=acted)
    with pytest.raises(OutcomeUnknown):
        wechat.redeem(call)
    assert len(wechat.booked(coupon)) == acted
    results = wechat.settle(wechat.resumed(call))
    wechat.assert_stands(results, coupon)
    reversal = wechat.reversal(call, results)
    refuse(wechat, -1, "cancel", acted=acted)
    with pytest.raises(OutcomeUnknown):
        wechat.platform.reverse(reversal, wechat.soon())
    (answer,) = wechat.platform.reverse(reversal, wechat.soon())
    assert isinstance(answer, Reversed)
    assert wechat.booked(coupon) == []


@pytest.mark.parametrize(("number", "code"), [(40164, Code.NO_PERMISSION), (40125, Code.CREDENTIALS_WRONG)])
def test_a_till_that_gets_no_token_has_sent_nothing(wechat: Shop, number: int, code: Code) -> None:
    (coupon,) = wechat.coupons()
    till = wechat.connected()
    refuse(wechat, number, "token")
    with pytest.raises(Refused) as caught:
        till.redeem(wechat.call(wechat.shown(coupon)), wechat.keep, wechat.soon())
    assert caught.value.reason.code is code
    assert wechat.kept == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (40164, Code.NO_PERMISSION),
        (48001, Code.NO_PERMISSION),
        (45009, Code.QUOTA_USED_UP),
        (-1, Code.BUSY),
        (10029999, Code.PLATFORM_REFUSED),
    ],
)
def test_a_gateways_refusal_reads_as_one_reason(wechat: Shop, number: int, code: Code) -> None:
    (coupon,) = wechat.coupons()
    refuse(wechat, number, "read")
    with pytest.raises(Refused) as caught:
        wechat.look_up(wechat.shown(coupon))
    assert caught.value.reason.code is code
    assert caught.value.reason.facts["platform_code"] == number
    assert caught.value.reason.about_us == (code is not Code.PLATFORM_REFUSED)


def test_settling_needs_nothing_but_what_was_kept(wechat: Shop) -> None:
    (coupon,) = wechat.coupons()
    call = wechat.call(wechat.shown(coupon), wechat.look_up(wechat.shown(coupon)))
    wechat.fault("verify", "drop_after")
    with pytest.raises(OutcomeUnknown):
        wechat.redeem(call)
    wechat.clear()
    bare = replace(wechat.resumed(call), uses=tuple(replace(use, handle=None, code=None) for use in call.uses))
    (result,) = wechat.connected().settle(bare, wechat.keep, wechat.soon())
    assert isinstance(result, Redeemed)
    assert result.code == coupon["code"]
    assert len(wechat.booked(coupon)) == 1
