"""Douyin afterwards: cancel with its window, certificates, records in pages, the shop."""

from typing import Any

import pytest

from tests.sandbox.client import FULFILMENT, Douyin

RECORDS = f"{FULFILMENT}/verify_record/query/"
QUERY = f"{FULFILMENT}/query/"
SHOP = "/goodlife/v1/shop/poi/query/"


def _done(douyin: Douyin, **wish: object) -> tuple[dict[str, Any], dict[str, Any]]:
    (one,) = douyin.coupons("douyin", **wish)
    first, (result,) = douyin.redeem(one["code"])
    return {**one, "sealed": first["encrypted_code"]}, result


def test_cancel_frees_the_coupon(douyin: Douyin) -> None:
    one, result = _done(douyin)
    before = douyin.certificate(one["sealed"])
    assert (before["status"], before["code"], before["verify"]["can_cancel"]) == (2, one["code"], True)
    undone = douyin.cancel(result["verify_id"], result["certificate_id"])
    assert (undone["error_code"], undone["cancel_results"][0]["result_code"]) == (0, 0)
    after = douyin.certificate(one["sealed"])
    assert (after["status"], after["code"], after["verify_records"]) == (1, "", [])
    assert "verify" not in after
    assert douyin.cancel(result["verify_id"], result["certificate_id"])["error_code"] == 3000001
    _, (again,) = douyin.redeem(one["code"])
    assert again["result"] == 0
    assert [use["reversed"] for use in douyin.book()["redemptions"]] == [True, False]


def test_the_cancel_window_is_an_hour(douyin: Douyin) -> None:
    one, result = _done(douyin)
    douyin.shift_s(3601)
    assert douyin.certificate(one["sealed"])["verify"]["can_cancel"] is False
    body = {"verify_id": result["verify_id"], "certificate_id": result["certificate_id"]}
    envelope = douyin.call("POST", f"{FULFILMENT}/cancel/", json=body)
    assert envelope["data"]["error_code"] == 3000001
    assert envelope["extra"]["sub_error_code"] == 2034000910
    douyin.shift_s(3600)
    assert douyin.cancel(**body)["error_code"] == 0


def test_a_settled_verify_cannot_be_cancelled(douyin: Douyin) -> None:
    one, result = _done(douyin)
    douyin.control("POST", f"/coupons/{one['code']}", {"set": "settled"})
    assert douyin.certificate(one["sealed"])["verify"]["can_cancel"] is False
    assert douyin.cancel(result["verify_id"], result["certificate_id"])["error_code"] == 3000001


def test_a_cancel_token_makes_repeats_harmless(douyin: Douyin) -> None:
    _, result = _done(douyin)
    ids = (result["verify_id"], result["certificate_id"])
    first = douyin.cancel(*ids, cancel_token="c-1")
    assert douyin.cancel(*ids, cancel_token="c-1") == first
    assert douyin.cancel("5", ids[1], cancel_token="c-1")["error_code"] == 3000001
    douyin.shift_s(3600)
    assert douyin.cancel(*ids, cancel_token="c-1")["error_code"] == 3000001


@pytest.mark.parametrize(
    ("verify_id", "certificate_id", "error_code"),
    [("1", "2", 3000001), (1, "2", 2100005), ("1", None, 2100005), ("0", "2", 3000001)],
)
def test_cancel_refuses(douyin: Douyin, verify_id: Any, certificate_id: Any, error_code: int) -> None:
    assert douyin.cancel(verify_id, certificate_id)["error_code"] == error_code


def test_several_uses_of_a_times_card(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin", kind="times_card", units=4)
    first, results = douyin.redeem(one["code"], times=3)
    assert [
        line["times_card_serial_num"] for line in douyin.certificate(first["encrypted_code"])["verify_records"]
    ] == [1, 2, 3]
    too_many = douyin.cancel("0", first["certificate_id"], times_card_cancel_count=4)
    assert too_many["error_code"] == 3000001
    undone = douyin.cancel("0", first["certificate_id"], times_card_cancel_count=2)
    assert [line["verify_id"] for line in undone["cancel_results"]] == [one["verify_id"] for one in results[1:]]
    assert douyin.certificate(first["encrypted_code"])["time_card"]["times_used"] == 1


def test_a_batch_is_cancelled_whole_or_not_at_all(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin", kind="times_card", units=2)
    _, results = douyin.redeem(one["code"], times=2)
    ids = [line["verify_id"] for line in results]
    bad = {"order_id": one["order_id"], "verify_id_list": [*ids, "77"]}
    assert douyin.cancel("0", "0", batch_cancel_info=bad)["error_code"] == 3000001
    good = {"order_id": one["order_id"], "verify_id_list": ids}
    assert douyin.cancel("1", "0", batch_cancel_info=good)["error_code"] == 2100005
    twice = {**good, "verify_id_list": ids * 2}
    assert douyin.cancel("0", "0", batch_cancel_info=twice)["error_code"] == 2100005
    assert not any(use["reversed"] for use in douyin.book()["redemptions"])
    assert len(douyin.cancel("0", "0", batch_cancel_info=good)["cancel_results"]) == 2


@pytest.mark.parametrize(("state", "status"), [("refunded", 4), ("frozen", 3), ("expired", 1), ("used_elsewhere", 2)])
def test_status_of_a_certificate(douyin: Douyin, state: str, status: int) -> None:
    (one,) = douyin.coupons("douyin")
    sealed = douyin.prepare(code=one["code"])["certificates"][0]["encrypted_code"]
    douyin.control("POST", f"/coupons/{one['code']}", {"set": state})
    assert douyin.certificate(sealed)["status"] == status


def test_query_by_order_or_by_code(douyin: Douyin) -> None:
    made = douyin.coupons("douyin", count=2, order="same")
    first, _ = douyin.redeem(made[0]["code"])
    by_order = douyin.data("GET", QUERY, params={"order_id": made[0]["order_id"]})["certificates"]
    by_code = douyin.data("GET", QUERY, params={"encrypted_code": first["encrypted_code"]})["certificates"]
    assert by_order == by_code
    assert [one["status"] for one in by_order] == [2, 1]
    for query, code in (({}, 2100005), ({"order_id": "5"}, 3000001), ({"encrypted_code": "x"}, 3000001)):
        assert douyin.data("GET", QUERY, params=query)["error_code"] == code
    assert douyin.data("GET", f"{FULFILMENT}/get/", params={"encrypted_code": "x"})["error_code"] == 3000001


def _pages(douyin: Douyin, size: int, **span: int) -> list[list[dict[str, Any]]]:
    cursor = "0"
    pages: list[list[dict[str, Any]]] = []
    while True:
        query = {"account_id": douyin.own["account_id"], "cursor": cursor, "size": size, **span}
        records = douyin.data("GET", RECORDS, params=query)["records"]
        if not records:
            return pages
        pages.append(records)
        cursor = records[-1]["cursor"]


def test_records_come_in_pages(douyin: Douyin) -> None:
    made = douyin.coupons("douyin", count=7)
    results = [douyin.redeem(one["code"])[1][0] for one in made]
    douyin.cancel(results[2]["verify_id"], results[2]["certificate_id"])
    pages = _pages(douyin, 3)
    assert [len(page) for page in pages] == [3, 3, 1]
    records = [record for page in pages for record in page]
    assert [record["code"] for record in records] == [one["code"] for one in made]
    assert [record["status"] for record in records] == [1, 1, 2, 1, 1, 1, 1]
    assert records[2]["cancel_time"] == 1_795_000_000
    assert (records[0]["verify_type"], records[0]["certificate_status"]) == (4, 2)
    assert records[0]["amount"]["pay_amount"] == made[0]["price_fen"]


def test_records_of_a_span(douyin: Douyin) -> None:
    _done(douyin)
    douyin.shift_s(86_400)
    douyin.fetch_token()
    (other,) = douyin.coupons("douyin")
    douyin.control("POST", f"/coupons/{other['code']}", {"set": "used_elsewhere"})
    (today,) = _pages(douyin, 20)
    assert [(record["code"], record["verify_type"]) for record in today] == [(other["code"], 2)]
    span = {"start_time": 1_795_000_000, "end_time": 1_795_000_000}
    assert [len(page) for page in _pages(douyin, 20, **span)] == [1]
    elsewhere = {"account_id": douyin.own["account_id"], "cursor": "0", "size": 20, "poi_ids": "1,2"}
    assert douyin.data("GET", RECORDS, params=elsewhere)["total"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"size": 21},
        {"size": 0},
        {"cursor": "x"},
        {"cursor": None},
        {"account_id": ""},
        {"start_time": 5, "end_time": 4},
    ],
)
def test_records_refuse(douyin: Douyin, change: dict[str, object]) -> None:
    query = {"account_id": douyin.own["account_id"], "cursor": "0", "size": 20, **change}
    assert douyin.data("GET", RECORDS, params=query)["error_code"] == 2100005


def test_the_shop(douyin: Douyin) -> None:
    own = douyin.own
    data = douyin.data("GET", SHOP, params={"account_id": own["account_id"], "page": 1, "size": 10})
    assert (data["total"], data["pois"][0]["poi"]["poi_id"]) == (1, own["poi_id"])
    assert data["pois"][0]["account"]["poi_account"]["account_id"] == own["account_id"]
    assert douyin.data("GET", SHOP, params={"poi_id": own["poi_id"]})["total"] == 1
    assert douyin.data("GET", SHOP, params={"account_id": "1", "poi_id": own["poi_id"]})["total"] == 0
    assert douyin.data("GET", SHOP, params={"poi_id": own["poi_id"], "page": 2})["pois"] == []
    assert douyin.data("GET", SHOP)["error_code"] == 2100005
