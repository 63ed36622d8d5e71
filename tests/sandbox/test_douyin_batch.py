"""Douyin across orders, and codes that the merchant issued: batches in parts, one call of an order at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sync.clock import FalseClock
from sync.sandbox.sandbox import Sandbox
from tests.sandbox.client import FULFILMENT, TIMEOUT_S, Douyin

BATCH = f"{FULFILMENT}/batch_verify/"


def _verifies(douyin: Douyin, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    prepared = [douyin.prepare(code=one["code"]) for one in made]
    return [
        {"verify_token": one["verify_token"], "encrypted_codes": [one["certificates"][0]["encrypted_code"]]}
        for one in prepared
    ]


def _batch(douyin: Douyin, verifies: list[dict[str, Any]], **change: object) -> dict[str, Any]:
    body = {"certificate_batch_verify_list": verifies, "poi_id": douyin.own["poi_id"], **change}
    return douyin.data("POST", BATCH, json=body)


def _results(data: dict[str, Any]) -> list[int]:
    return [line["result"] for one in data["certificate_verify_resp_list"] for line in one["verify_results"]]


def test_coupons_of_several_orders_at_once(douyin: Douyin) -> None:
    made = douyin.coupons("douyin", count=3)
    verifies = _verifies(douyin, made)
    done = _batch(douyin, verifies)
    assert (done["error_code"], _results(done)) == (0, [0, 0, 0])
    assert [one["order_id"] for one in done["certificate_verify_resp_list"]] == [one["order_id"] for one in made]
    assert _results(_batch(douyin, verifies)) == [1208, 1208, 1208]
    book = douyin.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (3, 0)


def test_one_bad_coupon_keeps_all_from_being_verified(douyin: Douyin) -> None:
    made = douyin.coupons("douyin", count=3)
    verifies = _verifies(douyin, made)
    douyin.control("POST", f"/coupons/{made[1]['code']}", {"set": "refunded"})
    refused = _batch(douyin, verifies)
    assert _results(refused) == [1, 1, 1]
    words = [one["verify_results"][0]["msg"] for one in refused["certificate_verify_resp_list"]]
    assert words[1] == "该券已退款"
    assert words[0] == words[2] != words[1]
    assert douyin.book()["redemptions"] == []


def test_a_times_card_is_counted_before_a_batch_begins(douyin: Douyin) -> None:
    (card,) = douyin.coupons("douyin", kind="times_card", units=2)
    (other,) = douyin.coupons("douyin")
    first, second = _verifies(douyin, [card, other])
    too_many = {**first, "encrypted_codes": first["encrypted_codes"] * 3}
    assert _results(_batch(douyin, [too_many, second])) == [1, 1, 1, 1]
    assert _results(_batch(douyin, [{**first, "encrypted_codes": first["encrypted_codes"] * 2}, second])) == [0, 0, 0]


def test_a_first_answer_in_parts_is_completed_by_a_repeat(douyin: Douyin) -> None:
    verifies = _verifies(douyin, douyin.coupons("douyin", count=3))
    douyin.control("POST", "/douyin/batch", {"partial": 1})
    first = _batch(douyin, verifies)
    assert (first["error_code"], _results(first)) == (0, [0, 0, 1])
    assert len(douyin.book()["redemptions"]) == 2
    assert _results(_batch(douyin, verifies)) == [1208, 1208, 0]
    douyin.shift_s(60)
    assert _results(_batch(douyin, verifies)) == [1208, 1208, 1208], "nothing of it was left to be done twice"
    assert len(douyin.book()["redemptions"]) == 3


def test_the_platform_completes_it_by_itself_after_a_while(douyin: Douyin) -> None:
    made = douyin.coupons("douyin", count=2)
    verifies = _verifies(douyin, made)
    sealed = verifies[1]["encrypted_codes"][0]
    douyin.control("POST", "/douyin/batch", {"partial": 1})
    _batch(douyin, verifies)
    douyin.shift_s(4)
    assert douyin.certificate(sealed)["status"] == 1
    douyin.shift_s(5)
    assert douyin.certificate(sealed)["status"] == 2
    assert _results(_batch(douyin, verifies)) == [1208, 1208]


def test_a_batch_of_one_is_never_in_parts(douyin: Douyin) -> None:
    douyin.control("POST", "/douyin/batch", {"partial": 1})
    assert _results(_batch(douyin, _verifies(douyin, douyin.coupons("douyin")))) == [0]


@pytest.mark.parametrize(
    ("change", "error_code"),
    [
        ({"poi_id": None}, 2100005),
        ({"poi_id": "7"}, 3000001),
        ({"certificate_batch_verify_list": []}, 2100005),
        ({"certificate_batch_verify_list": ["x"]}, 2100005),
        ({"certificate_batch_verify_list": [{"verify_token": "vt", "encrypted_codes": ["x"]}]}, 3000001),
        ({"certificate_batch_verify_list": [{"encrypted_codes": ["x"]}]}, 2100005),
    ],
)
def test_a_batch_is_refused_as_a_whole(douyin: Douyin, change: dict[str, object], error_code: int) -> None:
    assert _batch(douyin, [], **change)["error_code"] == error_code


def _issued(douyin: Douyin, count: int = 2) -> list[dict[str, Any]]:
    return douyin.coupons("douyin", count=count, order="same", third_sku_id="m-17")


def _verify_codes(douyin: Douyin, token: str, codes: list[str], order_id: str) -> dict[str, Any]:
    body = {"verify_token": token, "poi_id": douyin.own["poi_id"], "codes": codes, "order_id": order_id}
    return douyin.data("POST", f"{FULFILMENT}/verify/", json=body)


def test_a_merchants_code_is_verified_by_code_and_order(douyin: Douyin) -> None:
    one, other = _issued(douyin)
    assert one["qr_text"] == one["code"], "the picture holds the merchant's code, not a link"
    prepared = douyin.prepare(code=one["code"])
    first = prepared["certificates"][0]
    assert (first["sku"]["third_sku_id"], first["code"]) == ("m-17", "")
    by_seal = douyin.verify(prepared["verify_token"], [first["encrypted_code"]])
    assert (by_seal["error_code"], by_seal["verify_results"]) == (3000001, [])
    done = _verify_codes(douyin, prepared["verify_token"], [one["code"]], one["order_id"])
    assert [line["result"] for line in done["verify_results"]] == [0]
    unprepared = _verify_codes(douyin, "my-own-mark", [other["code"]], one["order_id"])
    assert [line["result"] for line in unprepared["verify_results"]] == [0]
    again = _verify_codes(douyin, "my-own-mark", [other["code"]], one["order_id"])
    assert [line["result"] for line in again["verify_results"]] == [1208]
    listed = douyin.data("GET", f"{FULFILMENT}/query/", params={"order_id": one["order_id"]})
    assert [item["status"] for item in listed["certificates"]] == [2, 2]
    undone = douyin.cancel(done["verify_results"][0]["verify_id"], done["verify_results"][0]["certificate_id"])
    assert undone["error_code"] == 0


def test_a_token_made_up_is_for_merchants_codes_only(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    assert _verify_codes(douyin, "my-own-mark", [one["code"]], one["order_id"])["error_code"] == 3000001
    (issued,) = _issued(douyin, count=1)
    assert _verify_codes(douyin, "my-own-mark", [issued["code"]], "5")["error_code"] == 3000001
    refused = douyin.control("POST", "/coupons", {"platform": "miniprogram", "third_sku_id": "m"}, 400)
    assert "third_sku_id can be chosen" in refused["error"]


class HeldClock(FalseClock):
    """Whoever sleeps by it sleeps until told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = threading.Event()
        self.go_on = threading.Event()

    def sleep_s(self, seconds: float) -> None:
        self.asleep.set()
        assert self.go_on.wait(TIMEOUT_S)


def _two_at_once(same_order: bool) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What the call that was held hears, what the one in its middle heard, and what that one hears afterwards."""
    clock = HeldClock()
    with Sandbox(clock=clock) as sandbox, ThreadPoolExecutor(1, "till") as pool:
        first, second = Douyin(sandbox), Douyin(sandbox)
        one, other = first.coupons("douyin", count=2, order="same" if same_order else "each", third_sku_id="m-17")
        second.fetch_token()
        first.fetch_token()
        first.fault("douyin", "verify", "latency", ms=1, count=1)
        held = pool.submit(_verify_codes, first, "mark-1", [one["code"]], one["order_id"])
        assert clock.asleep.wait(TIMEOUT_S)
        meanwhile = _verify_codes(second, "mark-2", [other["code"]], other["order_id"])
        clock.go_on.set()
        done = held.result(TIMEOUT_S)
        afterwards = _verify_codes(second, "mark-2", [other["code"]], other["order_id"])
        for client in (first, second):
            client.session.close()
    return done, meanwhile, afterwards


def test_two_calls_of_one_order_of_merchants_codes_must_not_run_at_once() -> None:
    done, meanwhile, afterwards = _two_at_once(same_order=True)
    assert [line["result"] for line in done["verify_results"]] == [0]
    assert (meanwhile["error_code"], meanwhile["verify_results"]) == (3000001, [])
    assert [line["result"] for line in afterwards["verify_results"]] == [0]


def test_two_calls_of_two_orders_may() -> None:
    done, meanwhile, afterwards = _two_at_once(same_order=False)
    assert [line["result"] for line in done["verify_results"]] == [0]
    assert [line["result"] for line in meanwhile["verify_results"]] == [0]
    assert [line["result"] for line in afterwards["verify_results"]] == [1208]
