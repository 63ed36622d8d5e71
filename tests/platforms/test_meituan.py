"""Answers of Meituan's retail services that the sandbox does not give: odd shapes, other orders, uses of others."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.meituan.identity import Till
from sync.platforms.meituan.preparation import preparation_of
from sync.platforms.meituan.wire import Receipt, codes_in, coupon_of
from sync.platforms.moments import days, ms_of
from sync.platforms.port import Denied, Redeemed
from tests.platforms.meituan_script import CODE, ITEM, TYPED, Script, bad, call, good

OTHERS = ["183826222602", "183826222603"]
DONE = good({"result": [{**ITEM, "flowId": "f1"}]})
NOT_USED = bad("OP_BIZ_ERROR", "券码未验证")
MARK = Till("T1").marked(call(None).request_id)
CARD = {**ITEM, "bizType": 205, "tgTimesCardFlag": True, "purchaseToConsumeRatio": "5", "timesCardUnitPrice": "19.8"}


def used_by(account: str, channel: str = "15", at: str = "2026-11-22 10:00:00") -> dict[str, Any]:
    return good({"receiptCode": CODE, "verifyAccount": account, "verifyChannel": channel, "verifyTime": at})


def looked(**item: Any) -> Any:
    return Script([good({**ITEM, **item})]).look_up()


@given(st.integers(0, 9_999_999))
@settings(max_examples=300)
def test_prices_of_coupons_are_exact_to_the_fen(fen: int) -> None:
    yuan = fen / 100
    for told in (yuan, f"{yuan:.2f}", f"{fen // 100}.{fen % 100:02d}"):
        assert coupon_of(CODE, Receipt.model_validate({"dealPrice": told}), selected=True).price_fen == fen
        card = {"bizType": 205, "purchaseToConsumeRatio": "3", "timesCardUnitPrice": told}
        assert coupon_of(CODE, Receipt.model_validate(card), selected=True).price_fen == fen


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (None, []),
        ({}, []),
        ([], []),
        ({"result": OTHERS}, OTHERS),
        ({"result": [{"receiptCode": OTHERS[0]}, {"serialNumber": OTHERS[1]}]}, OTHERS),
        ({"receiptCodes": [*OTHERS, OTHERS[0]]}, OTHERS),
        ([{"receipt_code": int(OTHERS[0])}, {"x": 1}, None, True], OTHERS[:1]),
    ],
)
def test_codes_are_found_in_any_of_their_shapes(data: Any, codes: list[str]) -> None:
    assert codes_in(data) == codes


@pytest.mark.parametrize(
    ("told", "ms"),
    [
        ("2026-11-22 10:00:00", 1_795_312_800_000),
        ("2026-11-22T10:00:00", 1_795_312_800_000),
        ("2026-11-22 10:00", 1_795_312_800_000),
        (1_795_312_800, 1_795_312_800_000),
        ("1795312800000", 1_795_312_800_000),
        ("", None),
        (None, None),
        (0, None),
    ],
)
def test_times_are_shanghais_or_numbers(told: Any, ms: int | None) -> None:
    assert ms_of(told) == ms


@pytest.mark.parametrize("told", ["today", "2026-13-01", "22.11.2026", [], {}])
def test_what_is_no_time_is_refused(told: Any) -> None:
    with pytest.raises(ValueError, match="no moment"):
        ms_of(told)


def test_a_span_touches_days_of_shanghai() -> None:
    midnight_ms = 1_795_276_800_000
    assert days(midnight_ms, midnight_ms) == ["2026-11-22"]
    assert days(midnight_ms - 1, midnight_ms) == ["2026-11-21"]
    assert days(midnight_ms - 1, midnight_ms + 1) == ["2026-11-21", "2026-11-22"]
    assert len(days(midnight_ms, midnight_ms + 366 * 86_400_000)) == 366


@pytest.mark.parametrize(
    "spoilt", [good([]), good("x"), good({"receiptCode": "999999999999"}), good({"dealPrice": "x"})]
)
def test_a_look_up_that_answers_something_else_says_nothing(spoilt: Any) -> None:
    with pytest.raises((OutcomeUnknown, Refused)) as caught:
        Script([spoilt]).look_up()
    assert caught.value.reason.code in {Code.NO_ANSWER, Code.NOTHING_USABLE}


@pytest.mark.parametrize("wrong", [bad("OP_SYSTEM_ERROR"), b"", b"<html>", bad("OP_API_GRANT_FAILED")])
def test_the_shown_coupon_is_told_also_where_the_others_are_not(wrong: Any) -> None:
    found = Script([good({**ITEM, "count": 3}), wrong]).look_up()
    assert [coupon.ref for coupon in found.coupons] == [CODE]


def test_others_of_another_deal_are_asked_for_one_by_one() -> None:
    script = Script(
        [
            good({**ITEM, "count": 1 + 1}),
            good({"result": OTHERS}),
            good({**ITEM, "receiptCode": OTHERS[0], "dealTitle": "单人餐", "dealPrice": 39.9, "dealId": 8}),
            bad("OP_BIZ_ERROR", "该券已使用"),
        ]
    )
    found = script.look_up()
    assert [(c.ref, c.title, c.price_fen, c.selected) for c in found.coupons] == [
        (CODE, "双人餐", 9900, True),
        (OTHERS[0], "单人餐", 3990, False),
    ]


def test_a_cards_uses_are_one_call_and_keep_what_was_left() -> None:
    found = Script([good({**CARD, "count": 5}), good({"result": []})]).look_up()
    (coupon,) = found.coupons
    assert (coupon.kind, coupon.units_total, coupon.units_left, coupon.price_fen) == ("times_card", 5, 5, 1980)
    details = [{**CARD, "flowId": f"f{number}"} for number in range(2)]
    script = Script([good([{"single_consume_code": 200, "consume_detail_list": details}])])
    results = script.redeem(call(found.prepared, CODE, CODE))
    assert [(r.refs["record"], r.refs["left"], r.amount_fen) for r in results] == [("f0", "4", 1980), ("f1", "3", 1980)]
    path, biz = script.asked[0]
    assert path.endswith("/batchconsume")
    assert biz["receipt_code_infos"] == [{"receipt_code": CODE, "num": 2}]
    assert script.kept == []


@pytest.mark.parametrize(
    "answer",
    [
        [{"singleConsumeCode": 1, "singleConsumeMsg": "可用次数不足"}],
        [{"single_consume_code": 200, "single_consume_msg": "可用次数不足"}],
        [{"single_consume_code": 200, "single_consume_msg": "success"}],
        [{"receipt_code": CODE}],
        {"result": []},
        [],
    ],
)
def test_a_card_without_details_is_no_yes(answer: Any) -> None:
    found = Script([good({**CARD, "count": 5}), good([])]).look_up()
    script = Script([good(answer)])
    if "次数" in str(answer):
        assert [r.reason.code for r in script.redeem(call(found.prepared, CODE, CODE))] == [Code.UNITS_TOO_MANY] * 2
    else:
        with pytest.raises(OutcomeUnknown):
            script.redeem(call(found.prepared, CODE, CODE))


@pytest.mark.parametrize("done", [good({"result": []}), good(None), good({"result": [{"receiptCode": OTHERS[0]}]})])
def test_a_yes_about_something_else_is_not_ours(done: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        Script([done]).redeem(call(looked().prepared, CODE))


def test_what_a_redemption_sends() -> None:
    script = Script([DONE])
    (result,) = script.redeem(call(looked().prepared, CODE))
    assert isinstance(result, Redeemed)
    assert (result.refs, result.code, result.amount_fen) == ({"deal": "7", "record": "f1"}, CODE, 9900)
    ((path, biz),) = script.asked
    assert path == "/ddzh/tuangou/receipt/consume"
    assert biz == {
        "receiptCode": CODE,
        "count": 1,
        "requestId": call(None).request_id,
        "appShopAccount": MARK,
        "appShopAccountName": "T1",
    }
    assert len(MARK) <= 32


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        (NOT_USED, True),
        (good(None), True),
        (used_by("T1"), True),
        (used_by(MARK), True),
        (used_by(""), True),
        (used_by("T2"), True),
        (used_by("13800138000"), True),
        (used_by("T2-4f6d2a8b9c0d"), False),
        (used_by("T1-000000000000"), False),
        (used_by("T1", channel="3"), False),
    ],
)
def test_settling_repeats_only_what_is_unused_or_may_be_ours(told: Any, sent: bool) -> None:
    script = Script([told, DONE] if sent else [told])
    (result,) = script.settle(call(looked().prepared, CODE))
    if sent:
        assert isinstance(result, Redeemed)
        assert script.asked[1][1]["requestId"] == call(None).request_id
    else:
        assert isinstance(result, Denied)
        assert result.reason.code is Code.USED_ELSEWHERE


@pytest.mark.parametrize(
    ("no", "told", "ours"),
    [
        ("该券已使用", used_by(MARK), True),
        ("该券已使用", used_by("T1"), False),
        ("重复请求", used_by("T1"), True),
        ("重复请求", used_by("T2"), False),
        ("重复请求", used_by("T1", at="2026-11-10 10:00:00"), False),
        ("该券已退款", NOT_USED, False),
        ("ZX-42", used_by(MARK), True),
    ],
)
def test_a_repeat_that_is_refused_is_known_by_the_coupons_last_use(no: str, told: Any, ours: bool) -> None:
    first = NOT_USED if told is NOT_USED else used_by("T1")
    script = Script([first, bad("OP_BIZ_ERROR", no), told])
    (result,) = script.settle(call(looked().prepared, CODE))
    assert isinstance(result, Redeemed if ours else Denied)


def test_uses_that_are_settled_on_the_way_do_not_move_the_others_ids() -> None:
    found = Script([good({**ITEM, "count": 3}), good({"result": OTHERS})]).look_up()
    script = Script([DONE, b""])
    whole = call(found.prepared, CODE, *OTHERS)
    with pytest.raises(OutcomeUnknown):
        script.redeem(whole)
    (kept,) = script.kept
    rest = replace(whole, uses=whole.uses[2:], prepared=kept)
    last = good({"result": [{**ITEM, "receiptCode": OTHERS[1], "flowId": "f3"}]})
    again = Script([NOT_USED, last])
    (result,) = again.settle(rest)
    assert isinstance(result, Redeemed)
    assert again.asked[1][1]["requestId"] == f"{whole.request_id}-3"
    assert preparation_of(kept) is not None
    assert CODE not in str(dict(result.refs))


@pytest.mark.parametrize("end", ["2026年12月31日", "2026/12/31", "长期有效", [], 7])
def test_an_end_in_an_unheard_of_form_does_not_spoil_a_yes(end: Any) -> None:
    (result,) = Script([good({"result": [{**ITEM, "flowId": "f1", "receiptEndDate": end}]})]).redeem(
        call(looked(receiptEndDate=end).prepared, CODE)
    )
    assert isinstance(result, Redeemed)


def test_one_of_several_that_is_not_answered_leaves_all_unknown_and_sends_no_more() -> None:
    found = Script([good({**ITEM, "count": 3}), good({"result": OTHERS})]).look_up()
    script = Script([DONE, b""])
    with pytest.raises(OutcomeUnknown):
        script.redeem(call(found.prepared, CODE, *OTHERS))
    assert len(script.asked) == 2


def test_one_of_several_that_is_refused_stops_nobody() -> None:
    found = Script([good({**ITEM, "count": 3}), good({"result": OTHERS})]).look_up()
    last = good({"result": [{**ITEM, "receiptCode": OTHERS[1], "flowId": "f3"}]})
    results = Script([DONE, bad("OP_BIZ_ERROR", "该券已退款"), last]).redeem(call(found.prepared, CODE, *OTHERS))
    assert [type(result).__name__ for result in results] == ["Redeemed", "Denied", "Redeemed"]


def test_more_uses_than_coupons_are_denied() -> None:
    results = Script([DONE]).redeem(call(looked().prepared, CODE, "nobody's"))
    assert [type(result).__name__ for result in results] == ["Redeemed", "Denied"]


@pytest.mark.parametrize("answer", [b"", b"<html>", good("x")])
def test_a_redemption_on_trust_whose_look_up_fails_was_never_sent(answer: Any) -> None:
    script = Script([answer])
    with pytest.raises(NeverSent):
        script.redeem(call(None, None))
    assert script.kept == []


def test_a_phone_number_alone_redeems_nothing() -> None:
    phone = replace(call(None, None), credential=Credential(CredentialKind.PHONE, "13800138000"))
    (result,) = Script([]).redeem(phone)
    assert isinstance(result, Denied)
    assert result.reason.code is Code.PHONE_NUMBER


def test_a_customers_coupons_are_those_of_the_label() -> None:
    phone = Credential(CredentialKind.PHONE, "13800138000")
    listed = good({"result": [{"serialNumber": CODE}, {"serialNumber": "0332808512"}]})
    script = Script([listed, good(ITEM)])
    assert [(c.ref, c.selected) for c in script.look_up(phone).coupons] == [(CODE, False)]
    assert script.asked[0][1] == {"mobile": "13800138000", "platform": 2, "offset": 0, "limit": 30}
    other = Script([listed, good({**ITEM, "receiptCode": "0332808512"})])
    found = other.play(lambda platform, soon: platform.look_up(phone, soon), dianping=True)
    assert [coupon.ref for coupon in found.coupons] == ["0332808512"]
    assert other.asked[0][1]["platform"] == 1
    with pytest.raises(Refused) as caught:
        Script([good({"result": []})]).look_up(phone)
    assert caught.value.reason.code is Code.NOTHING_USABLE


@pytest.mark.parametrize("kind", [CredentialKind.SHORT_LINK, CredentialKind.DYNAMIC])
@pytest.mark.parametrize("business", ["58", "1"])
def test_what_it_does_not_take_is_not_asked_about(kind: CredentialKind, business: str) -> None:
    with pytest.raises(Refused) as caught:
        Script([], business).look_up(replace(TYPED, kind=kind))
    assert caught.value.reason.code is Code.NOT_A_COUPON
