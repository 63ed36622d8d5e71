"""Answers of Douyin that the sandbox does not give: odd shapes, gateway codes, words nobody has listed."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from sync.clock import SystemClock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown, PlatformError, Refused
from sync.platforms.douyin.adapter import Douyin
from sync.platforms.douyin.wire import Amount, Certificate, coupon_of
from sync.platforms.http import Door
from sync.platforms.port import (
    Binding,
    Denied,
    LookedUp,
    Prepared,
    RedeemCall,
    Redeemed,
    ReverseCall,
    Reversed,
    Use,
    keep_nothing,
)
from tests.platforms.scripted import Scripted, answer, say

TYPED = Credential(CredentialKind.CODE, "104686126200130")
LINK = Credential(CredentialKind.SHORT_LINK, "https://v.douyin.com/eHHc1ft/")
BINDING = Binding(
    "douyin", {"client_key": "aw1", "account_id": "7000", "poi_id": "6000"}, {"client_secret": "hush-hush"}
)
TOKEN = {"data": {"access_token": "clt.1", "description": "", "error_code": 0, "expires_in": 7200}, "message": "ok"}
ITEM = {"encrypted_code": "E1", "certificate_id": "C1", "status": 1, "amount": {"pay_amount": 9900}}
USED = {**ITEM, "status": 2, "verify": {"verify_id": "V1", "verify_time": 1_795_000_000, "verify_type": 4}}
Got = TypeVar("Got")
Script = list[dict[str, Any] | bytes]


def good(**data: Any) -> dict[str, Any]:
    return {"data": {"error_code": 0, "description": "", **data}, "extra": {"error_code": 0, "now": 1}}


def bad(number: int, words: str = "", **data: Any) -> dict[str, Any]:
    extra = {"error_code": number, "description": words, "sub_error_code": 7, "now": 1_702_801_368_771}
    return {"data": {"error_code": number, "description": words, **data}, "extra": extra}


PREPARED = good(verify_token="T1", order_id="O1", certificates=[ITEM])


def verified(**line: Any) -> dict[str, Any]:
    return good(verify_results=[{"result": 0, "code": "E1", "verify_id": "V1", "certificate_id": "C1", **line}])


def playing(script: Script, act: Callable[[Douyin, int], Got]) -> Got:
    """Do it against a server that gives these answers, after the token, in this order."""
    clock = SystemClock()
    whole = [each if isinstance(each, bytes) else answer(json.dumps(each).encode()) for each in [TOKEN, *script]]
    # The link service has an address of its own, and so a connection of its own.
    with Scripted([[say(each) for each in whole]]).running() as server:
        door = Door(clock, {"open.douyin.com": server.url, "v.douyin.com": server.url})
        result = act(Douyin(BINDING, door, clock), clock.monotonic_ms() + 2000)
        door.close()
    assert len(server.requests) == len(whole)
    return result


def look_up(credential: Credential) -> Callable[[Douyin, int], LookedUp]:
    return lambda platform, deadline_ms: platform.look_up(credential, deadline_ms)


def call(prepared: Prepared | None = None, uses: int = 1) -> RedeemCall:
    ref = "C1" if prepared else None
    several = tuple(Use(f"r{place}", ref, "E1", None, 9900) for place in range(uses))
    return RedeemCall("request", TYPED, several, "online", 1, prepared)


def prepared() -> Prepared:
    found = playing([PREPARED], look_up(TYPED)).prepared
    assert found is not None
    return found


def redeem(script: Script, uses: int = 1) -> Any:
    kept = prepared()
    return playing(script, lambda platform, deadline_ms: platform.redeem(call(kept, uses), keep_nothing, deadline_ms))


@pytest.mark.parametrize("name", ["certificates", "certificates_v2"])
@pytest.mark.parametrize("other", [None, []])
def test_items_count_under_either_name(name: str, other: Any) -> None:
    names = {"certificates": other, "certificates_v2": other, name: [ITEM]}
    assert [coupon.ref for coupon in playing([good(verify_token="T1", order_id="O1", **names)], look_up(TYPED)).coupons]


def test_numbers_for_ids_and_null_for_nothing_are_taken() -> None:
    odd = {**ITEM, "certificate_id": 123, "verify_records": None, "sku": None, "time_card": None, "code": None}
    (coupon,) = playing([good(verify_token="T1", order_id=99, certificates=[odd])], look_up(TYPED)).coupons
    assert (coupon.ref, coupon.price_fen, coupon.kind) == ("123", 9900, "voucher")


def test_the_typed_coupon_is_the_selected_one_where_codes_are_told() -> None:
    other = {**ITEM, "certificate_id": "C2", "encrypted_code": "E2", "code": TYPED.text}
    looked = playing([good(verify_token="T1", order_id="O1", certificates=[ITEM, other])], look_up(TYPED))
    assert [coupon.selected for coupon in looked.coupons] == [False, True]


@pytest.mark.parametrize(
    "spoilt",
    [
        good(verify_token="", order_id="O1", certificates=[ITEM]),
        good(verify_token="T1", order_id="", certificates=[ITEM]),
        good(verify_token="T1", order_id="O1", certificates=[{**ITEM, "encrypted_code": ""}]),
        good(verify_token="T1", order_id="O1", certificates=[{**ITEM, "certificate_id": ""}]),
        good(verify_token="T1", order_id="O1", certificates={"a": 1}),
        {"data": None, "extra": {"error_code": 0}},
        {"data": {"error_code": 0}},
        {"data": {"error_code": "0"}, "extra": {"error_code": 0}},
    ],
)
def test_an_answer_that_lacks_what_counts_is_no_answer(spoilt: dict[str, Any]) -> None:
    with pytest.raises(OutcomeUnknown):
        playing([spoilt], look_up(TYPED))


def test_an_error_in_either_half_is_an_error() -> None:
    half = {"data": {"error_code": 0}, "extra": {"error_code": 2100007, "description": "no"}}
    with pytest.raises(Refused) as caught:
        playing([half], look_up(TYPED))
    assert caught.value.reason.code is Code.NO_PERMISSION


def redirect(location: str) -> bytes:
    return answer(b"", f"Location: {location}", status="302 Found")


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("https://evil.example.com/share?object_id=1", Code.FOREIGN_LINK),
        ("http://portal.example.com/login", Code.FOREIGN_LINK),
        ("https://www.iesdouyin.com.evil.example.com/?object_id=1", Code.FOREIGN_LINK),
        ("https://evildouyin.com/?object_id=1", Code.FOREIGN_LINK),
        ("/relative?object_id=1", Code.FOREIGN_LINK),
        ("https://www.douyin.com/video/1", Code.NOT_A_COUPON),
        ("https://www.iesdouyin.com/share/?object_id=", Code.NOT_A_COUPON),
    ],
)
def test_where_a_short_link_may_lead(location: str, code: Code) -> None:
    with pytest.raises(Refused) as caught:
        without_token([redirect(location)], look_up(LINK))
    assert caught.value.reason.code is code


def without_token(script: list[bytes], act: Callable[[Douyin, int], Any]) -> Any:
    clock = SystemClock()
    with Scripted([[say(each) for each in script]]).running() as server:
        door = Door(clock, {"v.douyin.com": server.url, "open.douyin.com": server.url})
        try:
            return act(Douyin(BINDING, door, clock), clock.monotonic_ms() + 2000), server.requests
        finally:
            door.close()


@pytest.mark.parametrize("written", ["A%2B%2F%3D%3D", "A+/=="])
def test_an_object_id_is_sent_as_it_is_meant(written: str) -> None:
    token = answer(json.dumps(TOKEN).encode())
    last = answer(json.dumps(PREPARED).encode())
    script = [redirect(f"https://www.iesdouyin.com/share/?a=1&object_id={written}&b=2"), token, last]
    _, requests = without_token(script, look_up(LINK))
    assert b"encrypted_data=A%2B%2F%3D%3D" in requests[-1]
    assert requests[0].startswith(b"GET /eHHc1ft/ HTTP/1.1")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (2100004, Code.BUSY),
        (28001005, Code.BUSY),
        (28003018, Code.BUSY),
        (2100005, Code.CONTRACT_BROKEN),
        (2100007, Code.NO_PERMISSION),
        (28001014, Code.NO_PERMISSION),
        (2190001, Code.QUOTA_USED_UP),
    ],
)
def test_what_concerns_us_is_refused_whole_and_keeps_the_words(number: int, code: Code) -> None:
    with pytest.raises(Refused) as caught:
        redeem([bad(number, "请稍后重试 104686126200130")])
    reason = caught.value.reason
    assert (reason.code, reason.about_us, reason.facts["platform_code"]) == (code, True, number)
    assert reason.facts["words"] == "请稍后重试 …"


def test_a_network_fault_behind_the_gateway_leaves_a_verify_unknown() -> None:
    with pytest.raises(OutcomeUnknown):
        redeem([bad(28001006, "network")])


def test_a_token_rejected_twice_is_ours_to_mend() -> None:
    with pytest.raises(Refused) as caught:
        playing([bad(28001008), TOKEN, bad(28001008)], look_up(TYPED))
    assert caught.value.reason.code is Code.CREDENTIALS_WRONG


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (10013, Code.CREDENTIALS_WRONG),
        (10003, Code.CREDENTIALS_WRONG),
        (10020, Code.BUSY),
        (10002, Code.CONTRACT_BROKEN),
        (99999, Code.CREDENTIALS_WRONG),
    ],
)
def test_a_refused_token_is_about_us(number: int, code: Code) -> None:
    refusal = {"data": {"error_code": number, "description": "no"}, "message": "error"}
    with pytest.raises(Refused) as caught:
        without_token([answer(json.dumps(refusal).encode())], look_up(TYPED))
    assert caught.value.reason.code is code


@pytest.mark.parametrize("result", [1208, 2])
@pytest.mark.parametrize("verify_id", ["V1", "", "0"])
def test_done_before_is_done_and_the_certificate_says_when(result: int, verify_id: str) -> None:
    (told,) = redeem([verified(result=result, verify_id=verify_id), good(certificate=USED)])
    assert isinstance(told, Redeemed)
    assert (told.at_ms, dict(told.refs)) == (1_795_000_000_000, {"record": "V1", "coupon": "C1", "order_id": "O1"})


@pytest.mark.parametrize("spelling", ["certificate", "certificate_v2", "certificate_v_2"])
def test_a_yes_without_an_id_is_looked_up_under_any_spelling(spelling: str) -> None:
    (told,) = redeem([verified(verify_id=""), good(**{spelling: USED})])
    assert isinstance(told, Redeemed)
    assert told.refs["record"] == "V1"


@pytest.mark.parametrize(
    "script",
    [
        [good(verify_results=[])],
        [good()],
        [verified(code="E9")],
        [verified(certificate_id="C9")],
        [verified(verify_id=""), good(certificate={**USED, "certificate_id": "C9"})],
        [verified(verify_id=""), good(certificate=ITEM)],
        [verified(result="0")],
    ],
)
def test_an_answer_to_another_question_leaves_the_outcome_unknown(script: Script) -> None:
    with pytest.raises(OutcomeUnknown):
        redeem(script)


def test_unknown_words_are_explained_by_the_certificate_or_kept() -> None:
    (told,) = redeem([bad(3000001, "天书"), good(certificate={**ITEM, "status": 4})])
    assert isinstance(told, Denied)
    assert told.reason.code is Code.REFUNDED
    again = good(verify_token="T2", order_id="O1", certificates=[ITEM])
    script: Script = [bad(3000001, "天书"), good(certificate=ITEM), again, bad(3000001, "天书"), good(certificate=ITEM)]
    (told,) = redeem(script)
    assert isinstance(told, Denied)
    assert told.reason.code is Code.PLATFORM_REFUSED
    assert (told.reason.facts["words"], told.reason.facts["platform_code"]) == ("天书", 3000001)


def test_a_basket_done_in_part_and_busy_for_the_rest_is_unknown() -> None:
    lines = [
        {"result": 0, "code": "E1", "verify_id": "V1", "certificate_id": "C1"},
        {"result": 5, "code": "E1", "msg": "系统繁忙", "certificate_id": "C1"},
    ]
    with pytest.raises(OutcomeUnknown) as caught:
        redeem([good(verify_results=lines)], uses=2)
    assert caught.value.reason.code is Code.BUSY


REVERSAL = ReverseCall("again", "request", {"r0": {"record": "V1", "coupon": "C1", "order_id": "O1"}})


@pytest.mark.parametrize(
    ("items", "outcome"),
    [
        ([{**ITEM, "status": 1}], None),
        ([{**USED, "verify": {"verify_id": "V9"}}], None),
        ([{**USED, "verify": {"verify_id": "V1", "can_cancel": False}}], Code.WINDOW_PASSED),
        ([{**USED, "verify": {"verify_id": "V1", "can_cancel": True}}], Code.PLATFORM_REFUSED),
        ([{**USED, "verify": None}], Code.PLATFORM_REFUSED),
        ([], Code.PLATFORM_REFUSED),
    ],
)
def test_a_refused_cancel_is_judged_by_the_order(items: list[dict[str, Any]], outcome: Code | None) -> None:
    script: Script = [bad(3000001, "天书"), good(certificates=items)]
    (told,) = playing(script, lambda platform, deadline_ms: platform.reverse(REVERSAL, deadline_ms))
    assert isinstance(told, Reversed) if outcome is None else isinstance(told, Denied) and told.reason.code is outcome


def test_the_worth_is_what_was_paid_for_the_customer_by_whomever() -> None:
    amount = {"pay_amount": 8000, "payment_discount_amount": 300, "platform_discount_amount": 700}
    paid = Amount.model_validate({**amount, "merchant_ticket_amount": 1000, "original_amount": 10_000})
    assert paid.worth_fen == 9000
    card = {
        "times_count": 3,
        "times_used": 1,
        "serial_amount_list": [{"serial_numb": 2, "amount": {"pay_amount": 3400}}],
    }
    item = Certificate.model_validate({**ITEM, "time_card": card})
    coupon = coupon_of(item, True)
    assert (coupon.kind, coupon.units_total, coupon.units_left, coupon.price_fen) == ("times_card", 3, 2, 3400)


def test_no_error_tells_what_was_asked() -> None:
    with pytest.raises(PlatformError) as caught:
        playing([bad(3000001, f"券码{TYPED.text}不存在")], look_up(TYPED))
    assert TYPED.text not in f"{caught.value}{caught.value.reason}"
    assert "hush" not in repr(BINDING)
