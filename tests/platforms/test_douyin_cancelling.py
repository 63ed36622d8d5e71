"""What goes into a cancel at Douyin, and what its refusals mean: can_cancel has the last word, not the clock."""

import json
from typing import Any

import pytest

from sync.clock import SystemClock
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.douyin.adapter import Douyin
from sync.platforms.http import Door
from sync.platforms.port import Binding, Denied, ReverseCall, Reversed, ReverseResult
from tests.platforms.scripted import Scripted, answer, reset, say
from tests.platforms.test_douyin import BINDING, ITEM, TOKEN, USED, bad, good

ACCOUNT = Binding("douyin", {**BINDING.settings, "settlement": "account"}, BINDING.secrets)
ONE = {"r0": {"record": "V1", "coupon": "C1", "order_id": "O1"}}
THREE = {f"r{n}": {"record": f"V{n}", "coupon": "C1", "order_id": "O1", "serial": str(n + 1)} for n in range(3)}


def reversing(
    script: list[Any], refs: dict[str, dict[str, str]], binding: Binding = BINDING, request_id: str = "again"
) -> tuple[tuple[ReverseResult, ...], list[dict[str, Any]]]:
    """The results, and the bodies that were posted."""
    clock = SystemClock()
    steps = [each if callable(each) else say(answer(json.dumps(each).encode())) for each in [TOKEN, *script]]
    with Scripted([steps]).running() as server:
        door = Door(clock, {"open.douyin.com": server.url})
        call = ReverseCall(request_id, "request", refs)
        try:
            results = Douyin(binding, door, clock).reverse(call, clock.monotonic_ms() + 2000)
        finally:
            door.close()
    posted = [request.partition(b"\r\n\r\n")[2] for request in server.requests if b"/cancel/" in request]
    assert len(server.requests) == len(steps)
    return results, [json.loads(body) for body in posted]


def standing(can_cancel: bool | None) -> dict[str, Any]:
    return good(certificates=[{**USED, "verify": {"verify_id": "V1", "can_cancel": can_cancel}}])


@pytest.mark.parametrize(
    ("words", "can_cancel", "code"),
    [
        ("天书", False, Code.WINDOW_PASSED),
        ("已超过撤销时间", False, Code.WINDOW_PASSED),
        ("已超过撤销时间", None, Code.WINDOW_PASSED),
        ("已超过撤销时间", True, Code.PLATFORM_REFUSED),
        ("已结算", False, Code.SETTLED),
        ("天书", True, Code.PLATFORM_REFUSED),
        ("天书", None, Code.PLATFORM_REFUSED),
    ],
)
def test_can_cancel_says_what_a_refusal_means(words: str, can_cancel: bool | None, code: Code) -> None:
    (told,), _ = reversing([bad(3000001, words), standing(can_cancel)], ONE)
    assert isinstance(told, Denied)
    assert told.reason.code is code
    assert (told.reason.facts["words"], told.reason.facts["platform_sub_code"]) == (words, 7)


def test_a_refusal_that_cannot_be_explained_now_is_asked_about_later() -> None:
    with pytest.raises(OutcomeUnknown):
        reversing([bad(3000001, "天书"), reset], ONE)
    with pytest.raises(Refused) as caught:
        reversing([bad(3000001, "天书"), bad(2100004, "busy")], ONE)
    assert caught.value.reason.code is Code.BUSY


def test_a_use_is_named_and_nothing_that_depends_on_the_settlement_is_sent() -> None:
    _, (body,) = reversing([good()], ONE)
    assert body == {"verify_id": "V1", "certificate_id": "C1", "account_id": "7000"}


def test_uses_of_one_card_go_together_by_name_and_never_by_count() -> None:
    results, (body,) = reversing([good(cancel_results=[{"verify_id": "V0", "result_code": 0}])], THREE)
    assert [type(each) for each in results] == [Reversed] * 3
    several = {"order_id": "O1", "verify_id_list": ["V0", "V1", "V2"]}
    account = {"account_id": "7000"}
    assert body == {"verify_id": "0", "certificate_id": "0", "batch_cancel_info": several, **account}


@pytest.mark.parametrize(
    "first",
    [
        bad(3000001, "部分券不可撤销"),
        bad(2100005, "parameter invalid"),
        good(cancel_results=[{"verify_id": "V1", "result_code": 3000001}]),
    ],
)
def test_a_card_that_is_not_taken_back_whole_is_taken_back_use_by_use(first: dict[str, Any]) -> None:
    order = good(certificates=[{**USED, "verify_records": [{"verify_id": "V1", "can_cancel": False}], "verify": None}])
    results, bodies = reversing([first, good(), bad(3000001, "天书"), order, good()], THREE)
    assert [type(each) for each in results] == [Reversed, Denied, Reversed]
    assert [body["verify_id"] for body in bodies] == ["0", "V0", "V1", "V2"]


@pytest.mark.parametrize("first", [bad(2100004, "busy"), bad(2100007, "no permission")])
def test_a_cancel_of_several_that_is_refused_because_of_us_is_sent_no_more(first: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        reversing([first], THREE)
    assert caught.value.reason.about_us


def test_a_cancel_of_several_that_is_not_answered_is_not_known() -> None:
    with pytest.raises(OutcomeUnknown):
        reversing([reset], THREE)


def test_a_part_taken_back_and_a_line_that_goes_is_not_known() -> None:
    apart = {"r0": ONE["r0"], "r1": {"record": "V2", "coupon": "C2", "order_id": "O1"}}
    with pytest.raises(OutcomeUnknown):
        reversing([good(), bad(2100004, "busy")], apart)


def test_an_account_settled_as_one_gets_a_token_that_is_the_same_for_a_repeat() -> None:
    def token(request_id: str, refs: dict[str, dict[str, str]]) -> str:
        _, (body,) = reversing([good()], refs, ACCOUNT, request_id)
        assert "times_card_cancel_count" not in body
        return str(body["cancel_token"])

    first = token("again", ONE)
    assert len(first) == 32
    assert token("again", ONE) == first
    assert len({first, token("once more", ONE), token("again", THREE)}) == 3


def test_what_is_gone_was_taken_back_whoever_did_it() -> None:
    for order in (good(certificates=[ITEM]), good(certificates=[{**USED, "verify": {"verify_id": "V9"}}])):
        (told,), _ = reversing([bad(3000001, "天书"), order], ONE)
        assert isinstance(told, Reversed)


@pytest.mark.parametrize("order", [good(certificates=[ITEM]), good(certificates=[]), bad(3000001, "天书")])
def test_a_cancel_that_was_done_before_is_no_refusal(order: dict[str, Any]) -> None:
    (told,), _ = reversing([bad(3000001, "券已撤销"), order], ONE)
    assert isinstance(told, Reversed)


def test_a_use_that_stands_was_not_taken_back_whatever_the_words() -> None:
    (told,), _ = reversing([bad(3000001, "该券已撤销过,不支持再次操作"), standing(True)], ONE)
    assert isinstance(told, Denied)
    assert told.reason.code is Code.PLATFORM_REFUSED


def test_nothing_is_sent_when_there_is_no_time_left() -> None:
    clock = SystemClock()
    door = Door(clock, {"open.douyin.com": "http://127.0.0.1:9"})
    with pytest.raises(NeverSent):
        Douyin(BINDING, door, clock).reverse(ReverseCall("a", "r", ONE), clock.monotonic_ms())


def test_a_refusal_that_is_not_explained_is_about_its_own_coupon_alone() -> None:
    apart = {"r0": ONE["r0"], "r1": {"record": "V2", "coupon": "C2", "order_id": "O2"}}
    first, second = reversing([bad(3000001, "天书"), bad(3000001, "订单无法查询"), good()], apart)[0]
    assert isinstance(first, Denied)
    assert first.reason.facts["words"] == "天书"
    assert isinstance(second, Reversed)
