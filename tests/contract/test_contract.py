"""What every platform must do, whichever it is: the cases of a shop's day without faults of the line."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import Refused
from sync.platforms.port import Denied, KnownUse, Redeemed, Reversed
from tests.contract.shop import Shop


@pytest.mark.parametrize("way", ["typed", "shown"])
def test_one_coupon_is_looked_up_redeemed_and_told_in_history(shop: Shop, way: str) -> None:
    (coupon,) = shop.coupons()
    credential = shop.typed(coupon) if way == "typed" else shop.shown(coupon)
    looked = shop.look_up(credential)
    assert looked.order_ref == (coupon["order_id"] if shop.row.tells_order else None)
    (told,) = looked.coupons
    assert (told.price_fen, told.kind, told.units_left, told.state, told.selected) == (9900, "voucher", 1, None, True)
    started_ms = shop.clock.wall_ms()
    call = shop.call(credential, looked)
    results = shop.redeem(call)
    (result,) = results
    assert isinstance(result, Redeemed)
    assert abs(result.at_ms - started_ms) < 5000
    assert result.amount_fen in {None, 9900}
    shop.assert_stands(results, coupon)
    (use,) = shop.known(call, results)
    record = shop.listed(use, shop.history(started_ms - 2000, started_ms + 60_000, [use]))
    assert record is not None
    assert record.coupon == use.refs.get("coupon", "")
    assert record.coupon or record.code == coupon["code"]
    assert record.amount_fen in {None, 9900}
    assert record.code_tail == coupon["code"][-4:]
    assert abs(record.at_ms - started_ms) < 5000
    assert record.reversed_at_ms is None
    assert coupon["code"] not in record.record


def test_results_say_which_secret_they_need_and_nothing_more(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    (result,) = shop.redeem(shop.call(shop.typed(coupon)))
    assert isinstance(result, Redeemed)
    assert coupon["code"] not in str(dict(result.refs))


def test_a_basket_of_one_order_in_one_call(shop: Shop) -> None:
    coupons = shop.coupons(3)
    call = shop.basket(coupons)
    results = shop.redeem(call)
    assert [result.redemption_id for result in results] == [use.redemption_id for use in call.uses]
    shop.assert_stands(results, *coupons)
    assert {use.code for use in shop.known(call, results)} >= {coupon["code"] for coupon in coupons[1:]}
    assert len({use["request_id"] for use in shop.booked(*coupons)}) == (1 if shop.row.one_request else 3)


def test_a_basket_may_succeed_in_part(shop: Shop) -> None:
    coupons = shop.coupons(3)
    call = shop.basket(coupons)
    shop.lot(coupons[1], "refunded")
    results = shop.redeem(call)
    denied = [result for result in results if isinstance(result, Denied)]
    assert len(denied) == 3 - shop.row.left_of_three
    assert shop.row.spoilt in {each.reason.code for each in denied}
    assert len(shop.booked(*coupons)) == shop.row.left_of_three


def test_uses_of_a_times_card_stand_beside_each_other(shop: Shop) -> None:
    card = shop.card(5, 10_000)
    looked = shop.look_up(shop.shown(card))
    (told,) = looked.coupons
    assert (told.kind, told.units_total, told.units_left, told.price_fen) == ("times_card", 5, 5, 2000)
    first = shop.redeem(shop.call(shop.shown(card), looked, units=2))
    again = shop.look_up(shop.typed(card))
    assert again.coupons[0].units_left == 3
    second = shop.redeem(shop.call(shop.typed(card), again, units=1))
    shop.assert_stands((*first, *second), card)
    redeemed = [result for result in (*first, *second) if isinstance(result, Redeemed)]
    assert [result.refs.get("serial") for result in redeemed] == (["1", "2", "3"] if shop.row.serials else [None] * 3)
    assert [result.amount_fen for result in redeemed] == [2000] * 3


def test_a_redemption_made_on_trust_needs_no_look_up(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    call = shop.call(shop.typed(coupon))
    (result,) = shop.redeem(call)
    assert isinstance(result, Redeemed)
    assert len(shop.booked(coupon)) == 1
    assert len(shop.kept) == shop.row.checkpoints


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
    assert shop.standing(shop.typed(coupon)) is None
    shop.lot(coupon, lot)
    why = shop.standing(shop.typed(coupon))
    assert why is not None
    assert why.code is code


def test_a_frozen_coupon_is_not_usable(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    shop.lot(coupon, "frozen")
    why = shop.standing(shop.typed(coupon))
    assert (why.code if why else None) is shop.row.frozen
    (result,) = shop.redeem(shop.call(shop.typed(coupon)))
    assert isinstance(result, Denied)
    assert shop.booked(coupon) == []


def test_an_unknown_code_is_not_found(shop: Shop) -> None:
    code = shop.row.strange
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
    call = shop.basket(coupons)
    results = shop.redeem(call)
    reversal = shop.reversal(call, results)
    first = shop.platform.reverse(reversal, shop.soon())
    assert all(isinstance(result, Reversed) for result in first)
    assert shop.booked(*coupons) == []
    second = shop.platform.reverse(reversal, shop.soon())
    assert [(type(each), each.redemption_id) for each in second] == [(type(each), each.redemption_id) for each in first]
    assert [shop.standing(shop.typed(coupon)) for coupon in coupons] == [None, None]


def test_one_use_of_a_times_card_is_taken_back(shop: Shop) -> None:
    card = shop.card(3)
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
    assert (result.reason.code if isinstance(result, Denied) else None) is shop.row.too_late
    assert len(shop.booked(coupon)) == (0 if shop.row.too_late is None else 1)


@pytest.mark.parametrize("late", [False, True])
def test_the_window_is_as_long_as_the_platform_says(shop: Shop, late: bool) -> None:
    window_ms = shop.platform.reversal_window_ms
    if window_ms is None:
        # Nothing is promised: the platform alone decides, as the case before this one shows.
        return
    assert window_ms > 0
    (coupon,) = shop.coupons()
    call = shop.call(shop.typed(coupon), shop.look_up(shop.typed(coupon)))
    results = shop.redeem(call)
    shop.later(window_ms // 1000 + (60 if late else -60))
    (result,) = shop.platform.reverse(shop.reversal(call, results), shop.soon())
    assert isinstance(result, Denied if late else Reversed)


def test_history_comes_in_pages_and_whole(shop: Shop) -> None:
    started_ms = shop.clock.wall_ms() // 1000 * 1000
    known: list[KnownUse] = []
    requests = set()
    while len(known) < 45:
        call = shop.basket(shop.coupons(min(45 - len(known), shop.row.most)))
        results = shop.redeem(call, 20_000)
        if not known:
            shop.platform.reverse(shop.reversal(call, results[:1]), shop.soon())
        known += shop.known(call, results)
        requests.add(call.request_id)
    records = shop.history(started_ms, started_ms + 60_000, known)
    found = [record for use in known if (record := shop.listed(use, records)) is not None]
    assert len({record.record for record in found}) == len(found) == 45 - (not shop.row.keeps_reversed)
    assert sum(record.reversed_at_ms is not None for record in found) == shop.row.keeps_reversed
    assert {record.request_id for record in found} <= (requests if shop.row.names_requests else {None})
    assert len({record.record for record in records}) == len(records)


def test_uses_of_a_times_card_are_listed_one_by_one(shop: Shop) -> None:
    started_ms = shop.clock.wall_ms() // 1000 * 1000
    card = shop.card(5, 10_000)
    call = shop.call(shop.typed(card), shop.look_up(shop.typed(card)), units=3)
    known = shop.known(call, shop.redeem(call))
    records = shop.history(started_ms, started_ms + 60_000, known)
    told = [record for record in records if record.code_tail == card["code"][-4:]]
    assert len(told) == 3
    assert {record.amount_fen for record in told} <= {2000, None}
    assert len({record.record for record in told}) == 3
    assert all(shop.listed(use, records) in told for use in known)


def test_a_probe_is_answered(shop: Shop) -> None:
    shop.platform.probe(shop.soon())


def test_a_wrong_secret_is_about_us(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    till = shop.connected(**shop.row.wrong)
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
    (coupon,) = shop.coupons(phone=phone)
    credential = Credential(CredentialKind.PHONE, phone)
    if not shop.row.phone:
        with pytest.raises(Refused) as caught:
            shop.look_up(credential)
        assert phone not in f"{caught.value} {caught.value.reason}"
        return
    looked = shop.look_up(credential)
    mine = next(each for each in looked.coupons if each.code == coupon["code"])
    # Whoever gives a number has shown no coupon yet.
    assert not any(each.selected for each in looked.coupons)
    call = shop.call(credential, looked, wanted=[mine])
    shop.assert_stands(shop.redeem(call), coupon)
