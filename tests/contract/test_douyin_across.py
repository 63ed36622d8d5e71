"""Several orders in one verify at Douyin, with partial first answers; and codes that the merchant issued itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, PlatformError
from sync.platforms.port import Batches, Denied, Outcome, Prepared, RedeemCall, Redeemed, Reversed
from tests.contract.shop import Shop

BUDGET_MS = 2000
Kept = dict[str, Prepared]


def owed(douyin: Shop, count: int) -> tuple[list[dict[str, Any]], list[RedeemCall]]:
    """Coupons of as many orders, and what a till owes for them that accepted them on trust."""
    coupons = douyin.coupons(count, order="each")
    return coupons, [douyin.call(douyin.typed(coupon)) for coupon in coupons]


def deliver(douyin: Shop, calls: list[RedeemCall], kept: Kept | None = None) -> tuple[Outcome, ...]:
    platform, keep = douyin.platform, kept if kept is not None else {}
    assert isinstance(platform, Batches)
    outcomes = platform.redeem_many(calls, keep.__setitem__, BUDGET_MS)
    assert len(outcomes) == len(calls)
    return outcomes


def settled(douyin: Shop, calls: list[RedeemCall], outcomes: tuple[Outcome, ...], kept: Kept) -> list[Any]:
    """As the outbox goes on: what is not known is settled call by call."""
    results: list[Any] = []
    for call, outcome in zip(calls, outcomes, strict=True):
        if isinstance(outcome, PlatformError):
            outcome = douyin.settle(replace(call, prepared=kept.get(call.request_id)))
        results += outcome
    return results


def verifies(douyin: Shop) -> Callable[[], list[int]]:
    """How many orders each verify since now was about."""
    posted: list[int] = []
    write = douyin.platform._access.write  # type: ignore[attr-defined]

    def counting(model: Any, what: str, path: str, body: Any, deadline_ms: int) -> Any:
        if path.endswith("verify/"):
            posted.append(len(body.get("certificate_batch_verify_list", [body])))
        return write(model, what, path, body, deadline_ms)

    douyin.platform._access.write = counting  # type: ignore[attr-defined]
    return lambda: posted


def test_a_queue_of_many_orders_is_verified_in_one_call(douyin: Shop) -> None:
    coupons, calls = owed(douyin, 8)
    posted, kept = verifies(douyin), Kept()
    outcomes = deliver(douyin, calls, kept)
    assert all(isinstance(result, Redeemed) for outcome in outcomes for result in outcome)  # type: ignore[union-attr]
    assert posted() == [8]
    assert set(kept) == {call.request_id for call in calls}
    assert len(douyin.booked(*coupons)) == 8


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_partial_first_answer_is_completed_under_the_same_tokens(douyin: Shop, rounds: int) -> None:
    coupons, calls = owed(douyin, 5)
    posted, kept = verifies(douyin), Kept()
    douyin.post("douyin/batch", {"partial": rounds})
    outcomes = deliver(douyin, calls, kept)
    results = settled(douyin, calls, outcomes, kept)
    assert [type(result) for result in results] == [Redeemed] * 5
    assert posted()[0] == 5
    assert len(posted()) > 1
    assert len(douyin.booked(*coupons)) == 5
    assert len({result.refs["record"] for result in results}) == 5


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "cut_body", "http_500"])
def test_a_batch_without_an_answer_is_settled_call_by_call(douyin: Shop, kind: str) -> None:
    coupons, calls = owed(douyin, 4)
    kept = Kept()
    douyin.platform.probe(douyin.soon())
    douyin.fault("verify", kind, count=1)
    outcomes = deliver(douyin, calls, kept)
    assert all(isinstance(outcome, OutcomeUnknown) for outcome in outcomes)
    douyin.clear()
    for _ in range(2):
        results = settled(douyin, calls, outcomes, kept)
        assert [type(result) for result in results] == [Redeemed] * 4
    assert len(douyin.booked(*coupons)) == 4
    assert len({result.refs["record"] for result in results}) == 4


def test_one_bad_coupon_costs_the_others_nothing(douyin: Shop) -> None:
    coupons, calls = owed(douyin, 4)
    looked = [douyin.look_up(douyin.typed(coupon)) for coupon in coupons]
    calls = [douyin.call(douyin.typed(coupon), seen) for coupon, seen in zip(coupons, looked, strict=True)]
    douyin.lot(coupons[1], "refunded")
    results: list[Any] = [result for outcome in deliver(douyin, calls) for result in outcome]  # type: ignore[union-attr]
    assert [type(result) for result in results] == [Redeemed, Denied, Redeemed, Redeemed]
    assert results[1].reason.code is Code.REFUNDED
    assert len(douyin.booked(*coupons)) == 3


def test_a_coupon_that_is_refused_at_the_prepare_is_left_out(douyin: Shop) -> None:
    coupons, calls = owed(douyin, 3)
    douyin.lot(coupons[0], "refunded")
    posted = verifies(douyin)
    first, *rest = deliver(douyin, calls)
    assert isinstance(first, tuple)
    assert isinstance(first[0], Denied)
    assert all(isinstance(outcome, tuple) and isinstance(outcome[0], Redeemed) for outcome in rest)
    assert posted() == [2]


def test_a_platform_that_grants_no_batch_is_asked_order_by_order_from_then_on(douyin: Shop) -> None:
    coupons, calls = owed(douyin, 6)
    posted = verifies(douyin)
    douyin.platform.probe(douyin.soon())
    douyin.post("douyin/refuse", {"code": 28001018, "endpoint": "verify", "count": 1})
    first = deliver(douyin, calls[:3])
    second = deliver(douyin, calls[3:])
    assert all(isinstance(result, Redeemed) for outcome in (*first, *second) for result in outcome)  # type: ignore[union-attr]
    assert posted() == [3, 1, 1, 1, 1, 1, 1]
    assert len(douyin.booked(*coupons)) == 6


@pytest.mark.parametrize("looked_up", [False, True])
def test_two_calls_of_one_order_do_not_meet_in_a_batch(douyin: Shop, looked_up: bool) -> None:
    same = douyin.coupons(2, order="same")
    _, others = owed(douyin, 2)
    calls = [douyin.call(douyin.typed(coupon)) for coupon in same]
    if looked_up:
        seen = [douyin.look_up(douyin.typed(coupon)) for coupon in same]
        refs = [coupon.ref for coupon in seen[0].coupons]
        chosen = [
            [coupon for coupon in each.coupons if coupon.ref == ref] for each, ref in zip(seen, refs, strict=True)
        ]
        sold = zip(same, seen, chosen, strict=True)
        calls = [douyin.call(douyin.typed(coupon), each, wanted=wanted) for coupon, each, wanted in sold]
    posted = verifies(douyin)
    outcomes = deliver(douyin, [*calls, *others])
    assert all(isinstance(outcome, tuple) and isinstance(outcome[0], Redeemed) for outcome in outcomes)
    assert posted() == [3, 1]
    assert len(douyin.booked(*same)) == 2


def test_after_a_question_without_an_answer_the_rest_is_not_sent(douyin: Shop) -> None:
    coupons, calls = owed(douyin, 4)
    douyin.platform.probe(douyin.soon())
    douyin.fault("prepare", "drop_before")
    posted, kept = verifies(douyin), Kept()
    assert all(isinstance(outcome, NeverSent) for outcome in deliver(douyin, calls, kept))
    faults = douyin.control.get(f"{douyin.sandbox.control}/faults", timeout=60).json()["faults"]
    assert sum(fault["struck"] for fault in faults) <= 2, "one question, asked again on a fresh connection"
    assert (posted(), kept, douyin.booked(*coupons)) == ([], {}, [])


def issued(douyin: Shop, count: int) -> list[dict[str, Any]]:
    return douyin.coupons(count, order="same", third_sku_id="m-17")


@pytest.mark.parametrize("count", [1, 3])
def test_a_merchants_own_code_is_redeemed_found_again_and_taken_back(douyin: Shop, count: int) -> None:
    coupons = issued(douyin, count)
    credential = Credential(CredentialKind.CODE, coupons[-1]["code"])
    looked = douyin.look_up(credential)
    chosen = [coupon for coupon in looked.coupons if coupon.selected]
    call = douyin.call(credential, looked, wanted=chosen)
    douyin.fault("verify", "drop_after")
    with pytest.raises(OutcomeUnknown):
        douyin.redeem(call)
    douyin.clear()
    for _ in range(2):
        (result,) = douyin.settle(call)
    assert isinstance(result, Redeemed)
    (use,) = douyin.booked(*coupons)
    assert (use["code"], use["redemption_id"]) == (coupons[-1]["code"], result.refs["record"])
    assert coupons[-1]["code"] not in str(dict(result.refs))
    (told,) = douyin.platform.reverse(douyin.reversal(call, (result,)), douyin.soon())
    assert isinstance(told, Reversed)
    assert douyin.booked(*coupons) == []


def test_two_threads_with_codes_of_one_order_take_turns(douyin: Shop) -> None:
    coupons = issued(douyin, 4)
    douyin.platform.probe(douyin.soon())
    douyin.fault("verify", "latency", ms=40)

    def one(coupon: dict[str, Any]) -> bool:
        credential = douyin.typed(coupon)
        looked = douyin.look_up(credential)
        call = douyin.call(credential, looked, wanted=[each for each in looked.coupons if each.selected])
        (result,) = douyin.redeem(call, 5000)
        return isinstance(result, Redeemed)

    with ThreadPoolExecutor(4, "tills") as pool:
        assert all(pool.map(one, coupons))
    assert len(douyin.booked(*coupons)) == 4
