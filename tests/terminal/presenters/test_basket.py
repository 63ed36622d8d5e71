"""Several coupons at once: which are picked, what they come to, and that a telephone number is never seen whole."""

from dataclasses import asdict, replace

import pytest

from sync.domain.codes import Credential, CredentialKind, Recognised
from sync.domain.reasons import Code, because
from sync.domain.voucher import Coupon, Line
from sync.platforms.port import LookedUp
from sync.services.looking import Found
from sync.services.request import Want
from terminal.i18n import Words
from terminal.presenters import basket as file
from terminal.presenters.basket import basket, first_wants, is_basket, one_less, one_more, picked, spread, still
from terminal.presenters.counter import Basket

ZH = Words("redeem", "zh")
ZONE = "Asia/Shanghai"
NUMBER = "13800138000"
CODE = Recognised("douyin", Credential(CredentialKind.CODE, "123456789012"))
PHONE = Recognised("miniprogram", Credential(CredentialKind.PHONE, NUMBER))


def coupon(ref: str, price_fen: int = 9_900, left: int = 1, *, selected: bool = True, used: bool = False) -> Coupon:
    return Coupon(
        ref=ref,
        handle=ref,
        code=f"8800000000{ref:0>6}",
        title=f"套餐 {ref}",
        price_fen=price_fen,
        kind="voucher",
        units_total=left,
        units_left=left,
        valid_from_ms=None,
        valid_until_ms=1_795_000_000_000,
        state=because(Code.USED_ELSEWHERE) if used else None,
        selected=selected,
        contents=(Line("清江鱼", 1),),
    )


SHOWN, OTHER, CARD = coupon("1"), coupon("2", 5_000, selected=False), coupon("3", 3_000, 4, selected=False)
ORDER = (OTHER, SHOWN, CARD)


def found(recognised: Recognised, coupons: tuple[Coupon, ...]) -> Found:
    return Found(recognised, "r", LookedUp("o", coupons))


def shown(*wants: Want, recognised: Recognised = CODE) -> Basket:
    return basket(ZH, ZONE, found(recognised, ORDER), ORDER, wants)


def test_one_coupon_is_no_basket() -> None:
    assert not is_basket(found(CODE, (SHOWN,)), (SHOWN,))
    assert not is_basket(found(CODE, (SHOWN, coupon("2", used=True))), (SHOWN, coupon("2", used=True)))


def test_without_an_answer_there_is_no_basket() -> None:
    assert not is_basket(Found(CODE, "r"), ORDER)


def test_a_used_coupon_is_refused_though_others_of_its_order_are_left() -> None:
    order = (coupon("1", used=True), OTHER, CARD)
    assert not is_basket(found(CODE, order), order)
    assert first_wants(found(CODE, order), order) == ()


def test_of_an_order_the_shown_coupon_is_picked_and_listed_first() -> None:
    assert is_basket(found(CODE, ORDER), ORDER)
    assert first_wants(found(CODE, ORDER), ORDER) == (Want("1", 1),)
    assert [line.ref for line in shown().lines] == ["1", "2", "3"]


def test_of_a_customer_nothing_is_picked_unless_there_is_but_one() -> None:
    theirs = (OTHER, CARD)
    assert first_wants(found(PHONE, theirs), theirs) == ()
    assert is_basket(found(PHONE, theirs), theirs)
    assert first_wants(found(PHONE, (CARD,)), (CARD,)) == (Want("3", 1),)
    assert first_wants(found(PHONE, ()), ()) == ()


def test_the_sum_is_that_of_what_is_picked() -> None:
    view = shown(Want("1", 1), Want("3", 3))
    assert (view.units, view.amount_fen) == (4, 9_900 + 3 * 3_000)
    assert [line.units for line in view.lines] == [1, 0, 3]


def test_picking_keeps_the_order_of_the_list_and_none_takes_a_coupon_out() -> None:
    wants = picked(ORDER, (Want("3", 2),), "1", 1)
    assert wants == (Want("1", 1), Want("3", 2))
    assert picked(ORDER, wants, "3", 0) == (Want("1", 1),)


@pytest.mark.parametrize("units", [9, 5])
def test_no_more_of_a_coupon_than_it_has(units: int) -> None:
    assert picked(ORDER, (), "3", units) == (Want("3", 4),)


def test_a_coupon_that_is_not_there_is_not_picked() -> None:
    assert picked(ORDER, (), "9", 1) == ()
    assert still((SHOWN,), (Want("1", 1), Want("3", 2))) == (Want("1", 1),)


@pytest.mark.parametrize(
    ("units", "wants"),
    [(1, {"1": 1}), (2, {"1": 1, "2": 1}), (4, {"1": 1, "2": 1, "3": 2}), (9, {"1": 1, "2": 1, "3": 4})],
)
def test_a_number_is_taken_from_the_first_on(units: int, wants: dict[str, int]) -> None:
    assert {want.ref: want.units for want in spread(ORDER, units)} == wants


def test_one_more_is_of_the_same_while_it_lasts_then_of_the_next() -> None:
    assert one_more(shown(), 2) == (2, 1)
    assert one_more(shown(Want("3", 4)), 2) == (0, 1)
    assert one_more(shown(Want("1", 1), Want("3", 4)), 0) == (1, 1)
    assert one_more(shown(Want("1", 1), Want("2", 1), Want("3", 4)), 0) is None


def test_one_less_is_of_the_same_or_of_the_last_that_is_picked() -> None:
    assert one_less(shown(Want("1", 1), Want("3", 2)), 2) == (2, 1)
    assert one_less(shown(Want("1", 1), Want("2", 1)), 2) == (1, 0)
    assert one_less(shown(), 0) is None


def test_the_number_is_masked_and_of_codes_only_the_end_is_told() -> None:
    view = shown(recognised=PHONE)
    assert "138****8000" in view.head
    said = str(asdict(view)) + repr(view)
    assert NUMBER not in said
    assert all(one.code not in said for one in ORDER if one.code)


def test_a_ref_that_is_a_code_is_not_printed() -> None:
    assert "secret-ref" not in repr(
        basket(ZH, ZONE, found(CODE, (SHOWN,)), (replace(SHOWN, ref="secret-ref"),), ()).lines
    )


def test_what_stands_in_the_way_is_told_in_three_parts() -> None:
    view = file.basket(ZH, ZONE, found(CODE, ORDER), ORDER, (Want("1", 1),), because(Code.BLACKLISTED))
    assert view.why is not None
    assert view.why.what
    assert view.why.next
