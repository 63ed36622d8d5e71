"""What every platform must do, whichever it is: the cases of a shop's day without faults of the line."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import Refused
from sync.platforms.port import Denied, HistoryRecord, Redeemed, Reversed
from tests.contract.shop import Shop


@pytest.mark.parametrize("way", ["typed", "shown"])
def test_one_coupon_is_looked_up_redeemed_and_told_in_history(shop: Shop, way: str) -> None:
    (coupon,) = shop.coupons()
    credential = shop.typed(coupon) if way == "typed" else shop.shown(coupon)
    looked = shop.look_up(credential)
    assert looked.order_ref == coupon["order_id"]
    (told,) = looked.coupons
    assert (told.price_fen, told.kind, told.units_left, told.state, told.selected) == (9900, "voucher", 1, None, True)
    started_ms = shop.clock.wall_ms()
    (result,) = shop.redeem(shop.call(credential, looked))
    assert isinstance(result, Redeemed)
    assert abs(result.at_ms - started_ms) < 5000
    assert result.amount_fen in {None, 9900}
    (use,) = shop.booked(coupon)
    assert use["redemption_id"] == result.refs["record"]
    page = shop.platform.history(started_ms - 2000, started_ms + 60_000, None, shop.soon())
    record = next(each for each in page.records if each.record == result.refs["record"])
    assert (record.coupon, record.amount_fen) == (result.refs["coupon"], 9900)
    assert record.code_tail == coupon["code"][-4:]
    assert record.reversed_at_ms is None


def test_results_say_which_secret_they_need_and_nothing_more(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    (result,) = shop.redeem(shop.call(shop.typed(coupon)))
    assert isinstance(result, Redeemed)
    assert coupon["code"] not in str(dict(result.refs))


def test_a_basket_of_one_order_in_one_call(shop: Shop) -> None:
    coupons = shop.coupons(3)
    looked = shop.look_up(shop.shown(coupons[0]))
    assert len(looked.coupons) == 3
    call = shop.call(shop.shown(coupons[0]), looked)
    results = shop.redeem(call)
    assert [result.redemption_id for result in results] == [use.redemption_id for use in call.uses]
    assert all(isinstance(result, Redeemed) for result in results)
    assert len({use["request_id"] for use in shop.booked(*coupons)}) == 1


def test_a_basket_may_succeed_in_part(shop: Shop) -> None:
    coupons = shop.coupons(3)
    looked = shop.look_up(shop.shown(coupons[0]))
    shop.lot(coupons[1], "refunded")
    results = shop.redeem(shop.call(shop.shown(coupons[0]), looked))
    kinds = sorted(type(result).__name__ for result in results)
    assert kinds == ["Denied", "Redeemed", "Redeemed"]
    (denied,) = (result for result in results if isinstance(result, Denied))
    assert denied.reason.code is Code.REFUNDED
    assert len(shop.booked(*coupons)) == 2


def test_uses_of_a_times_card_stand_beside_each_other(shop: Shop) -> None:
    (card,) = shop.coupons(kind="times_card", units=5, price_fen=10_000)
    looked = shop.look_up(shop.shown(card))
    (told,) = looked.coupons
    assert (told.kind, told.units_total, told.units_left, told.price_fen) == ("times_card", 5, 5, 2000)
    first = shop.redeem(shop.call(shop.shown(card), looked, units=2))
    again = shop.look_up(shop.typed(card))
    assert again.coupons[0].units_left == 3
    second = shop.redeem(shop.call(shop.typed(card), again, units=1))
    redeemed = [result for result in (*first, *second) if isinstance(result, Redeemed)]
    assert [result.refs["serial"] for result in redeemed] == ["1", "2", "3"]
    assert [result.amount_fen for result in redeemed] == [2000] * 3
    assert len({result.refs["record"] for result in redeemed}) == 3
    assert len(shop.booked(card)) == 3


def test_a_redemption_made_on_trust_needs_no_look_up(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    call = shop.call(shop.typed(coupon))
    (result,) = shop.redeem(call)
    assert isinstance(result, Redeemed)
    assert len(shop.booked(coupon)) == 1
    assert len(shop.kept) == (1 if shop.name == "douyin" else 0)


@pytest.mark.parametrize(
    ("lot", "code"),
    [("refunded", Code.REFUNDED), ("used_elsewhere", Code.USED_ELSEWHERE), ("expired", Code.EXPIRED)],
)
def test_a_coupon_that_cannot_be_used_is_denied_with_its_reason(shop: Shop, lot: str, code: Code) -> None:
    (coupon,) = shop.coupons()
    looked = shop.look_up(shop.typed(coupon))
    shop.lot(coupon, lot)
    before = shop.second_attempts()
    (result,) = shop.redeem(shop.call(shop.typed(coupon), looked))
    assert isinstance(result, Denied)
    assert result.reason.code is code
    assert not [use for use in shop.booked(coupon) if not use["request_id"].startswith("elsewhere")]
    if lot == "used_elsewhere":
        # The platform's count of clashes, here of a real one: as it should be, once.
        assert shop.second_attempts() == before + 1
        shop.forgive(1)


@pytest.mark.parametrize(
    ("lot", "code"),
    [("refunded", Code.REFUNDED), ("used_elsewhere", Code.USED_ELSEWHERE)],
)
def test_a_look_up_tells_why_a_coupon_cannot_be_used(shop: Shop, lot: str, code: Code) -> None:
    (coupon,) = shop.coupons()
    shop.lot(coupon, lot)
    (told,) = shop.look_up(shop.typed(coupon)).coupons
    assert told.state is not None
    assert told.state.code is code
    assert told.selected


def test_a_frozen_coupon_is_not_usable(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    shop.lot(coupon, "frozen")
    (told,) = shop.look_up(shop.typed(coupon)).coupons
    assert told.state is not None
    assert told.state.code is (Code.REFUND_ASKED if shop.name == "douyin" else Code.FROZEN)


def test_an_unknown_code_is_not_found(shop: Shop) -> None:
    code = {"douyin": "104686126200130", "miniprogram": "8800000000000005"}[shop.name]
    credential = Credential(CredentialKind.CODE, code)
    with pytest.raises(Refused) as caught:
        shop.look_up(credential)
    assert caught.value.reason.code is Code.NOT_FOUND
    assert code not in f"{caught.value} {caught.value.reason}"
    (result,) = shop.redeem(shop.call(credential))
    assert isinstance(result, Denied)
    assert result.reason.code is Code.NOT_FOUND


def test_a_reversal_frees_the_coupon_and_a_repeat_answers_the_same(shop: Shop) -> None:
    coupons = shop.coupons(2)
    call = shop.call(shop.shown(coupons[0]), shop.look_up(shop.shown(coupons[0])))
    results = shop.redeem(call)
    reversal = shop.reversal(call, results)
    first = shop.platform.reverse(reversal, shop.soon())
    assert all(isinstance(result, Reversed) for result in first)
    assert shop.booked(*coupons) == []
    second = shop.platform.reverse(reversal, shop.soon())
    assert [(type(each), each.redemption_id) for each in second] == [(type(each), each.redemption_id) for each in first]
    again = shop.look_up(shop.typed(coupons[0]))
    assert [coupon.state for coupon in again.coupons] == [None, None]


def test_one_use_of_a_times_card_is_taken_back(shop: Shop) -> None:
    (card,) = shop.coupons(kind="times_card", units=3)
    call = shop.call(shop.typed(card), shop.look_up(shop.typed(card)), units=2)
    results = shop.redeem(call)
    reversal = shop.reversal(call, results[1:])
    for _ in range(2):
        (result,) = shop.platform.reverse(reversal, shop.soon())
        assert isinstance(result, Reversed)
    assert len(shop.booked(card)) == 1


def test_the_window_for_a_reversal_passes(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    call = shop.call(shop.typed(coupon), shop.look_up(shop.typed(coupon)))
    results = shop.redeem(call)
    shop.later(25 * 3600)
    (result,) = shop.platform.reverse(shop.reversal(call, results), shop.soon())
    assert isinstance(result, Denied)
    assert result.reason.code is Code.WINDOW_PASSED
    assert len(shop.booked(coupon)) == 1


@pytest.mark.parametrize("late", [False, True])
def test_the_window_is_as_long_as_the_platform_says(shop: Shop, late: bool) -> None:
    window_ms = shop.platform.reversal_window_ms
    assert window_ms is not None
    assert window_ms > 0
    (coupon,) = shop.coupons()
    call = shop.call(shop.typed(coupon), shop.look_up(shop.typed(coupon)))
    results = shop.redeem(call)
    shop.later(window_ms // 1000 + (60 if late else -60))
    (result,) = shop.platform.reverse(shop.reversal(call, results), shop.soon())
    assert isinstance(result, Denied if late else Reversed)


def test_history_comes_in_pages_and_whole(shop: Shop) -> None:
    coupons = shop.coupons(45)
    started_ms = shop.clock.wall_ms() // 1000 * 1000
    looked = shop.look_up(shop.typed(coupons[0]))
    call = shop.call(shop.typed(coupons[0]), looked)
    results = shop.redeem(call)
    shop.platform.reverse(shop.reversal(call, results[:1]), shop.soon())
    seen: list[HistoryRecord] = []
    cursor, pages = None, 0
    while pages == 0 or cursor is not None:
        page = shop.platform.history(started_ms, started_ms + 60_000, cursor, shop.soon())
        seen += page.records
        cursor, pages = page.cursor, pages + 1
    ours = {result.refs["record"] for result in results if isinstance(result, Redeemed)}
    told = [record for record in seen if record.record in ours]
    assert len(told) == len(ours) == 45
    assert sum(record.reversed_at_ms is not None for record in told) == 1
    assert {record.request_id for record in told} == {None if shop.name == "douyin" else call.request_id}


def test_a_probe_is_answered(shop: Shop) -> None:
    shop.platform.probe(shop.soon())


def test_a_wrong_secret_is_about_us(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    till = shop.connected(client_secret="wrong")
    with pytest.raises(Refused) as caught:
        till.look_up(shop.typed(coupon), shop.soon())
    assert caught.value.reason.code is Code.CREDENTIALS_WRONG
    assert caught.value.reason.about_us
    with pytest.raises(Refused):
        till.redeem(shop.call(shop.typed(coupon)), shop.keep, shop.soon())
    assert shop.booked(coupon) == []


def test_two_threads_share_an_adapter(shop: Shop) -> None:
    coupons = shop.coupons(40, order="each")

    def one(coupon: dict[str, str]) -> bool:
        (result,) = shop.redeem(shop.call(shop.typed(coupon), shop.look_up(shop.typed(coupon))))
        return isinstance(result, Redeemed)

    with ThreadPoolExecutor(4, "redeems") as pool:
        assert all(pool.map(one, coupons))
    assert len(shop.booked(*coupons)) == 40


def test_a_phone_number_is_taken_where_it_is_offered(shop: Shop) -> None:
    phone = "13800138000"
    credential = Credential(CredentialKind.PHONE, phone)
    if shop.name == "douyin":
        with pytest.raises(Refused) as caught:
            shop.look_up(credential)
        assert phone not in str(caught.value)
        return
    (coupon,) = shop.coupons(phone=phone)
    looked = shop.look_up(credential)
    assert coupon["code"] in {each.code for each in looked.coupons}
