"""Answers of Meituan's dining line that the sandbox does not give: newer calls, menus, states, uses of others."""

import json
from dataclasses import replace
from typing import Any

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.domain.voucher import Line
from sync.errors import OutcomeUnknown, Refused
from sync.platforms.meituan.dining_wire import Standing
from sync.platforms.meituan.identity import Till
from sync.platforms.port import Denied, Redeemed, ReverseCall, Reversed
from tests.platforms.meituan_script import CODE, Script, bad, call, good

REQUEST_ID = call(None).request_id
MARK = Till("T1").marked(REQUEST_ID)
ITEM: dict[str, Any] = {
    "result": 0,
    "couponCode": CODE,
    "count": 1,
    "dealId": 7,
    "dealTitle": "双人餐",
    "dealPrice": 99.0,
    "couponBuyPrice": 88.8,
}
USED_AT = "2026-11-22 10:00:00"
OTHERS = ["183826222602", "183826222603"]
DONE = good({"result": 0, "couponCodes": [CODE], "dealId": 7})
MENU = [
    [
        {"content": "主食", "type": "0"},
        {"content": "炒面", "specification": "2份", "price": "18.00", "total": "36.00", "type": "128"},
        {"content": "例汤", "specification": "", "price": "8.00", "total": "8.00", "type": "128"},
    ],
    "odd",
    [None, {"content": ""}],
]


def dining(*answers: dict[str, Any] | bytes) -> Script:
    return Script(answers, "1")


def looked(**item: Any) -> Any:
    return dining(good({**ITEM, **item})).look_up()


def standing(state: str, account: str = MARK, **more: Any) -> dict[str, Any]:
    told = {
        "couponCode": CODE,
        "couponStatusDesc": state,
        "verifyAcct": account,
        "couponUseTime": "2026-11-22 10:00:00",
    }
    return good({**told, **more})


@pytest.mark.parametrize(("bought", "price"), [(88.8, 8880), (-1, 9900), (None, 9900), ("0.01", 1), (0, 0)])
def test_a_coupon_is_worth_what_it_was_bought_for_where_that_is_known(bought: Any, price: int) -> None:
    assert looked(couponBuyPrice=bought).coupons[0].price_fen == price


@pytest.mark.parametrize("menu", [MENU, json.dumps(MENU)])
def test_a_menu_is_told_as_dishes_with_their_number(menu: Any) -> None:
    assert looked(dealMenu=menu).coupons[0].contents == (Line("炒面", 2), Line("例汤", 1))


@pytest.mark.parametrize("menu", [None, "", "{", [], {"a": 1}, "3", 7])
def test_a_menu_that_makes_no_sense_is_none(menu: Any) -> None:
    assert looked(dealMenu=menu).coupons[0].contents == ()


def test_the_others_of_an_order_are_units_of_the_shown_one() -> None:
    (coupon,) = looked(count=3).coupons
    assert (coupon.ref, coupon.units_total, coupon.units_left, coupon.kind) == (CODE, 3, 3, "voucher")


def test_several_go_in_one_call_and_each_learns_its_code() -> None:
    script = dining(good({"result": 0, "couponCodes": [OTHERS[0], CODE, OTHERS[1]], "dealId": 7}))
    results = script.redeem(call(looked(count=3).prepared, CODE, CODE, CODE))
    assert [result.code for result in results] == [CODE, *OTHERS]
    assert [dict(result.refs) for result in results] == [{"deal": "7"}] * 3
    path, biz = script.asked[0]
    assert path == "/tuangou/coupon/consume"
    assert biz == {"couponCode": CODE, "count": 3, "eId": MARK, "eName": MARK, "eOrderId": REQUEST_ID}


@pytest.mark.parametrize("codes", [[CODE, OTHERS[0]], [CODE], [], None])
def test_a_yes_that_tells_fewer_codes_than_were_asked_for_is_not_understood(codes: Any) -> None:
    script = dining(good({"result": 0, "couponCodes": codes}))
    with pytest.raises(OutcomeUnknown):
        script.redeem(call(looked(count=3).prepared, CODE, CODE, CODE))


def test_a_yes_about_one_coupon_need_not_tell_its_code() -> None:
    (result,) = dining(good({"result": 0})).redeem(call(looked().prepared, CODE))
    assert result.code == CODE


@pytest.mark.parametrize("first", [bad("OP_API_GRANT_FAILED"), bad("OP_BIZ_ERROR", "券码不存在"), bad("ZX")])
def test_goods_that_only_the_newer_calls_know_are_redeemed_by_those(first: dict[str, Any]) -> None:
    script = dining(first, good({**ITEM, "vourcher": True, "dealMenu": json.dumps(MENU)}))
    found = script.look_up()
    assert [path for path, _ in script.asked] == ["/tuangou/coupon/prepare", "/tuangou/ng/coupon/msprepare"]
    assert script.asked[1][1] == {"code": CODE}
    again = dining(good({"couponCodes": [CODE], "dealId": 7}))
    (result,) = again.redeem(call(found.prepared, CODE))
    assert isinstance(result, Redeemed)
    assert again.asked == [("/tuangou/ng/coupon/msconsume", {"code": CODE, "num": 1})]


def test_what_neither_call_knows_is_refused_as_the_first_one_said() -> None:
    with pytest.raises(Refused) as caught:
        dining(bad("OP_BIZ_ERROR", "券码不存在"), bad("OP_API_GRANT_FAILED")).look_up()
    assert caught.value.reason.code is Code.NOT_FOUND
    with pytest.raises(Refused) as caught:
        dining(bad("OP_BIZ_ERROR", "券码不存在"), bad("OP_LIMITATION_REJECT")).look_up()
    assert caught.value.reason.code is Code.BUSY


@pytest.mark.parametrize("words", ["该券已使用", "该券已退款", "该券已过期"])
def test_what_the_first_call_knows_is_not_asked_of_the_newer(words: str) -> None:
    script = dining(bad("OP_BIZ_ERROR", words))
    with pytest.raises(Refused):
        script.look_up()
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("未使用", None),
        ("已使用", Code.USED_ELSEWHERE),
        ("已消费", Code.USED_ELSEWHERE),
        ("已冻结", Code.FROZEN),
        ("作弊冻结", Code.FROZEN),
        ("已退款", Code.REFUNDED),
        ("退款中", Code.REFUND_ASKED),
        ("已过期", Code.EXPIRED),
        ("薛定谔", Code.PLATFORM_REFUSED),
        ("", Code.PLATFORM_REFUSED),
        (None, Code.PLATFORM_REFUSED),
    ],
)
def test_a_coupons_state_is_told_in_words(words: str | None, code: Code | None) -> None:
    state = Standing.model_validate({"couponStatusDesc": words}).state
    assert (state.code if state else None) is code


@pytest.mark.parametrize(
    ("account", "at", "ours"),
    [
        (MARK, "2000-01-01 00:00:00", True),
        (f"店员({MARK})", "2026-11-22 10:00:00", True),
        ("T1", "2026-11-22 10:00:00", True),
        ("", "2026-11-22 10:00:00", True),
        (None, "2026-11-22 10:00:00", True),
        ("T1", "2000-01-01 00:00:00", False),
        ("", "2000-01-01 00:00:00", False),
        ("", None, False),
        ("T2", "2026-11-22 10:00:00", False),
        ("T1-000000000000", "2026-11-22 10:00:00", False),
        ("13800138000", "2026-11-22 10:00:00", False),
    ],
)
def test_a_used_coupon_is_never_sent_again_and_is_ours_by_account_and_time(account: Any, at: Any, ours: bool) -> None:
    script = dining(standing("已使用", account, couponUseTime=at))
    (result,) = script.settle(call(looked().prepared, CODE))
    assert [path for path, _ in script.asked] == ["/tuangou/coupon/queryById"]
    assert isinstance(result, Redeemed if ours else Denied)
    if isinstance(result, Redeemed) and at.startswith("2026"):
        assert result.at_ms == 1_795_312_800_000


@pytest.mark.parametrize("told", [standing("未使用", ""), good(None), bad("OP_BIZ_ERROR", "券码未验证")])
def test_an_unused_coupon_is_redeemed_by_settling(told: dict[str, Any]) -> None:
    script = dining(told, DONE)
    (result,) = script.settle(call(looked().prepared, CODE))
    assert isinstance(result, Redeemed)
    assert script.asked[1][1]["eOrderId"] == REQUEST_ID


def test_a_call_that_arrived_after_it_was_asked_about_is_recognised() -> None:
    script = dining(standing("未使用", ""), bad("OP_BIZ_ERROR", "该券已使用"), standing("已使用"))
    (result,) = script.settle(call(looked().prepared, CODE))
    assert isinstance(result, Redeemed)


def test_codes_of_several_that_went_unheard_come_out_of_the_book() -> None:
    when = "2026-11-22 10:00:00"
    rows = [
        {
            "couponCode": code,
            "couponStatusDesc": "已使用",
            "verifyAcct": account,
            "couponUseTime": when,
            "dealTitle": "x",
        }
        for code, account in [(OTHERS[1], MARK), (CODE, MARK), ("111111111111", "T2"), (OTHERS[0], MARK)]
    ]
    script = dining(standing("已使用"), good({"total": 4, "couponCodes": rows}))
    results = script.settle(call(looked(count=3).prepared, CODE, CODE, CODE))
    assert [result.code for result in results] == [CODE, *OTHERS]
    assert script.asked[1][1] == {"date": "2026-11-22", "offset": 0, "limit": 100}


@pytest.mark.parametrize("recent", [True, False])
def test_codes_that_the_book_does_not_tell_yet_are_waited_for_but_not_for_ever(recent: bool) -> None:
    when = "2999-01-01 10:00:00" if recent else "2026-11-20 10:00:00"
    script = dining(standing("已使用", couponUseTime=when), good({"total": 0, "couponCodes": []}))
    if recent:
        with pytest.raises(OutcomeUnknown):
            script.settle(call(looked(count=2).prepared, CODE, CODE))
    else:
        results = script.settle(call(looked(count=2).prepared, CODE, CODE))
        assert [type(result).__name__ for result in results] == ["Redeemed", "Denied"]


def test_a_book_that_is_refused_says_nothing_about_coupons_that_were_used() -> None:
    script = dining(standing("已使用", couponUseTime="2999-01-01 10:00:00"), bad("OP_BIZ_ERROR", "ZX-42"))
    with pytest.raises(OutcomeUnknown):
        script.settle(call(looked(count=2).prepared, CODE, CODE))


def test_codes_are_not_waited_for_for_ever_where_no_time_is_told() -> None:
    script = dining(standing("已使用", couponUseTime=""), good({"total": 0}))
    whole = replace(call(looked(count=2).prepared, CODE, CODE), accepted_at_ms=1_600_000_000_000)
    results = script.settle(whole)
    assert [type(result).__name__ for result in results] == ["Redeemed", "Denied"]


@pytest.mark.parametrize("state", ["交易完成", "", None])
def test_a_state_in_new_words_with_the_time_of_a_use_is_used(state: str | None) -> None:
    script = dining(standing(state or ""))
    (result,) = script.settle(call(looked().prepared, CODE))
    assert isinstance(result, Redeemed)
    (result,) = dining(standing(state or "", "T2")).settle(call(looked().prepared, CODE))
    assert isinstance(result, Denied)
    assert result.reason.code is Code.USED_ELSEWHERE


def test_a_state_in_new_words_and_nothing_else_is_no_no() -> None:
    script = dining(standing("薛定谔", "", couponUseTime=""), DONE)
    (result,) = script.settle(call(looked().prepared, CODE))
    assert isinstance(result, Redeemed)


REVERSAL = ReverseCall("v" * 32, REQUEST_ID, {"r0": {"deal": "7"}}, {"r0": CODE})


def reverse(*answers: dict[str, Any] | bytes) -> tuple[Any, Script]:
    script = dining(*answers)
    (result,) = script.play(lambda platform, soon: platform.reverse(REVERSAL, soon))
    return result, script


def test_what_a_reversal_sends() -> None:
    result, script = reverse(standing("已使用"), good({"result": 0}))
    assert isinstance(result, Reversed)
    who = Till("T1").marked(REVERSAL.request_id)
    assert script.asked[1] == (
        "/tuangou/coupon/cancel",
        {"couponCode": CODE, "type": 1, "eId": who, "eName": who},
    )


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (standing("已使用", "T2"), Code.USED_ELSEWHERE),
        (standing("已使用", "T1-000000000000"), Code.USED_ELSEWHERE),
        (standing("已退款"), Code.REFUNDED),
        (standing("已冻结"), Code.FROZEN),
    ],
)
def test_what_is_not_ours_or_not_used_is_not_taken_back(told: dict[str, Any], code: Code) -> None:
    result, script = reverse(told)
    assert isinstance(result, Denied)
    assert result.reason.code is code
    assert len(script.asked) == 1


@pytest.mark.parametrize("told", [standing("未使用", "")])
def test_what_stands_unused_was_taken_back_before(told: dict[str, Any]) -> None:
    result, script = reverse(told)
    assert isinstance(result, Reversed)
    assert len(script.asked) == 1


@pytest.mark.parametrize(("can", "words", "code"), [(0, "ZX", Code.WINDOW_PASSED), (1, "ZX", Code.PLATFORM_REFUSED)])
def test_whether_it_can_still_be_taken_back_the_coupon_tells(can: int, words: str, code: Code) -> None:
    result, _ = reverse(standing("已使用", couponCancelStatus=can), bad("OP_BIZ_ERROR", words))
    assert isinstance(result, Denied)
    assert result.reason.code is code


@pytest.mark.parametrize("words", ["您未验过此券", "订单已取消", "该券未核销"])
def test_words_alone_take_nothing_back(words: str) -> None:
    result, _ = reverse(standing("已使用"), bad("OP_BIZ_ERROR", words), standing("已使用"))
    assert isinstance(result, Denied)
    assert result.reason.code is Code.PLATFORM_REFUSED
    result, _ = reverse(standing("已使用"), bad("OP_BIZ_ERROR", words), standing("未使用", ""))
    assert isinstance(result, Reversed)
    with pytest.raises(OutcomeUnknown):
        reverse(standing("已使用"), bad("OP_BIZ_ERROR", words), b"")


def test_a_phone_number_is_not_taken() -> None:
    with pytest.raises(Refused) as caught:
        dining().look_up(Credential(CredentialKind.PHONE, "13800138000"))
    assert caught.value.reason.code is Code.PHONE_NUMBER
    assert "13800138000" not in str(caught.value.reason)
