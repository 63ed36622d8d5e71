"""Codes that a third party issued: verified by themselves, one by one, never two of an order at a time."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sync.clock import SystemClock
from sync.errors import NeverSent, OutcomeUnknown
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


def test_an_ordinary_coupon_of_a_numbered_product_keeps_its_encrypted_code() -> None:
    plain = {**ITEM, **SOLD, "code": ""}
    looked = playing([good(verify_token="T1", order_id="O1", certificates=[plain])], look_up(TYPED))
    assert looked.prepared is not None
    line = {"result": 0, "code": "E1", "verify_id": "V1", "certificate_id": "C1"}
    call = RedeemCall("q", TYPED, (Use("r", "C1", "E1", None, 9900),), "online", 1, looked.prepared)
    (told,) = playing([good(verify_results=[line])], lambda p, ms: p.redeem(call, keep_nothing, ms))
    assert isinstance(told, Redeemed)


def test_the_only_item_without_any_code_is_the_one_that_was_typed() -> None:
    bare = third(1, code="")
    looked = playing([good(verify_token="T1", order_id="O1", certificates=[bare])], look_up(TYPED))
    assert [coupon.ref for coupon in looked.coupons] == ["C1"]
    with pytest.raises(OutcomeUnknown):
        playing([good(verify_token="T1", order_id="O1", certificates=[bare, third(2)])], look_up(TYPED))


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
