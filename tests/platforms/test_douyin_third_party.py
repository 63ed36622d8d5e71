"""Codes that a third party issued: verified by themselves, one by one, never two of an order at a time."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sync.clock import SystemClock
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.douyin.adapter import Douyin
from sync.platforms.douyin.turns import Turns
from sync.platforms.http import Door
from sync.platforms.port import Denied, RedeemCall, Redeemed, Use, keep_nothing
from tests.platforms.scripted import Scripted, answer, reset, say
from tests.platforms.test_douyin import BINDING, ITEM, TOKEN, TYPED, bad, good, look_up, playing

SOLD = {"sku": {"sku_id": "S", "third_sku_id": "T-1"}}
CODES = ("88010001", "88010002")


def third(place: int, **more: Any) -> dict[str, Any]:
    bare = {"certificate_id": f"C{place}", "status": 1, "amount": {"pay_amount": 9900}}
    return {**bare, **SOLD, "code": CODES[place - 1], "encrypted_code": "", **more}


PREPARED = good(verify_token="T1", order_id="O1", certificates=[third(1), third(2)])


def done(place: int) -> dict[str, Any]:
    line = {"result": 0, "code": CODES[place - 1], "verify_id": f"V{place}", "certificate_id": f"C{place}"}
    return good(verify_results=[line])


def both(script: list[Any]) -> tuple[Any, list[dict[str, Any]]]:
    """Redeem the order's two codes; the results, and the verifies that were sent."""
    clock = SystemClock()
    steps = [each if callable(each) else say(answer(json.dumps(each).encode())) for each in [TOKEN, PREPARED, *script]]
    with Scripted([steps]).running() as server:
        door = Door(clock, {"open.douyin.com": server.url})
        platform, deadline_ms = Douyin(BINDING, door, clock), clock.monotonic_ms() + 3000
        looked = platform.look_up(TYPED, deadline_ms)
        uses = tuple(Use(f"r{each.ref}", each.ref, each.handle, each.code, 9900) for each in looked.coupons)
        try:
            results = platform.redeem(
                RedeemCall("q", TYPED, uses, "online", 1, looked.prepared), keep_nothing, deadline_ms
            )
        finally:
            door.close()
            posted = [request.partition(b"\r\n\r\n")[2] for request in server.requests if b"/verify/" in request]
    return results, [json.loads(body) for body in posted]


def test_each_code_goes_alone_with_its_order() -> None:
    results, bodies = both([done(1), done(2)])
    assert [result.refs["record"] for result in results] == ["V1", "V2"]
    assert [body["codes"] for body in bodies] == [[CODES[0]], [CODES[1]]]
    assert {(body["order_id"], body["verify_token"]) for body in bodies} == {("O1", "T1")}
    assert not any("encrypted_codes" in body for body in bodies)


def test_a_second_code_that_is_refused_does_not_undo_the_first() -> None:
    first, second = both([done(1), bad(3000001, "该券已退款")])[0]
    assert isinstance(first, Redeemed)
    assert isinstance(second, Denied)


@pytest.mark.parametrize("second", [reset, bad(2100004, "busy"), bad(28001006, "network")])
def test_a_second_code_without_an_answer_leaves_the_call_unknown(second: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        both([done(1), second])


def test_a_token_that_served_once_is_got_anew_by_the_code_itself() -> None:
    order = good(certificates=[third(2)])
    again = good(verify_token="T2", order_id="O1", certificates=[third(2)])
    results, bodies = both([done(1), bad(3000001, "verify_token 已失效"), order, again, done(2)])
    assert all(isinstance(result, Redeemed) for result in results)
    assert [body["verify_token"] for body in bodies] == ["T1", "T1", "T2"]


def redeem_typed(items: list[dict[str, Any]], script: list[Any]) -> tuple[Any, Any]:
    """The coupons that a typed code stands for, and what came of redeeming the selected ones."""
    looked = playing([good(verify_token="T1", order_id="O1", certificates=items)], look_up(TYPED))
    chosen = [coupon for coupon in looked.coupons if coupon.selected]
    uses = tuple(Use(f"r{each.ref}", each.ref, each.handle, each.code, 9900) for each in chosen)
    call = RedeemCall("q", TYPED, uses, "online", 1, looked.prepared)
    return looked.coupons, playing(script, lambda platform, ms: platform.redeem(call, keep_nothing, ms))


def told(code: str, certificate_id: str = "C1") -> dict[str, Any]:
    return good(verify_results=[{"result": 0, "code": code, "verify_id": "V1", "certificate_id": certificate_id}])


def test_a_numbered_product_with_douyins_own_code_is_verified_by_the_encrypted_one() -> None:
    numbered = {**ITEM, **SOLD, "code": ""}
    (coupon,), (result,) = redeem_typed([numbered], [bad(3000001, "抖音码请勿传"), told("E1")])
    assert (coupon.ref, coupon.code, coupon.handle) == ("C1", TYPED.text, "E1")
    assert isinstance(result, Redeemed)
    assert result.refs["coupon"] == "C1"


@pytest.mark.parametrize("words", ["该券已被使用", "该券已退款"])
def test_a_code_that_is_refused_for_a_cause_is_not_tried_in_another_way(words: str) -> None:
    _, (result,) = redeem_typed([{**ITEM, **SOLD}], [bad(3000001, words)])
    assert isinstance(result, Denied)


def test_a_code_that_may_be_any_of_an_order_goes_under_its_own_name() -> None:
    listed = [third(1, code="", encrypted_code="E1"), third(2, code="", encrypted_code="E2")]
    coupons, (result,) = redeem_typed(listed, [told(TYPED.text, "C2")])
    assert [(coupon.ref, coupon.selected) for coupon in coupons] == [(TYPED.text, True), ("C2", False)]
    assert isinstance(result, Redeemed)
    assert dict(result.refs) == {"record": "V1", "certificate": "C2", "order_id": "O1"}
    assert result.code == TYPED.text
    _, (result,) = redeem_typed(listed, [bad(3000001, "天书"), told("E1")])
    assert isinstance(result, Redeemed)
    assert result.refs["coupon"] == "C1"


def test_a_code_that_may_be_any_of_an_order_is_for_a_person_when_nothing_explains_its_no() -> None:
    listed = [third(1, code="", encrypted_code="E1"), third(2, code="", encrypted_code="E2")]
    looked = playing([good(verify_token="T1", order_id="O1", certificates=listed)], look_up(TYPED))
    call = RedeemCall("q", TYPED, (Use("r", TYPED.text, "E1", TYPED.text, 9900),), "online", 1, looked.prepared)
    with pytest.raises(Refused) as caught:
        playing([bad(3000001, "天书"), bad(3000001, "天书")], lambda p, ms: p.settle(call, keep_nothing, ms))
    assert caught.value.reason.code is Code.USES_UNCLEAR


def test_an_item_without_any_code_is_no_answer() -> None:
    with pytest.raises(OutcomeUnknown):
        playing([good(verify_token="T1", order_id="O1", certificates=[third(1), third(2, code="")])], look_up(TYPED))


def test_two_threads_are_never_at_one_order_together() -> None:
    clock, inside, most, lock = SystemClock(), 0, 0, threading.Lock()
    turns = Turns(clock)
    met = threading.Barrier(2)

    def stay(order: str) -> None:
        nonlocal inside, most
        with turns.taken(order, clock.monotonic_ms() + 5000):
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.005)
            with lock:
                inside -= 1

    def meet(order: str) -> None:
        # Another order's turn does not wait for this one's: both are inside, or the barrier breaks.
        with turns.taken(order, clock.monotonic_ms() + 5000):
            met.wait(5)

    with ThreadPoolExecutor(4, "turns") as pool:
        list(pool.map(stay, ["O1"] * 12))
        list(pool.map(meet, ["O1", "O2"]))
    assert most == 1
    assert turns._turns == {}


def test_a_turn_that_does_not_come_in_time_was_never_sent() -> None:
    clock = SystemClock()
    turns = Turns(clock)
    with turns.taken("O1", clock.monotonic_ms() + 1000):
        for left_ms in (-1, 20):
            with pytest.raises(NeverSent), turns.taken("O1", clock.monotonic_ms() + left_ms):
                pass
    with turns.taken("O1", clock.monotonic_ms() + 1000):
        pass
    assert turns._turns == {}
