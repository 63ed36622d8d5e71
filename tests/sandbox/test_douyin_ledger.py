"""Douyin's money: the ledger an hour after a verify, in pages, at its pace; and what can't be taken back."""

from typing import Any

import pytest

from tests.sandbox.client import FULFILMENT, Douyin

QUERY = "/goodlife/v1/settle/ledger/query/"
BY_CERT = "/goodlife/v1/settle/ledger/query_record_by_cert/"
# 1,795,000,000 is 2026-11-18 19:06:40 in the shop's zone.
DAY = "2026-11-18"
HOUR_S = 3600


def _page(douyin: Douyin, **change: object) -> dict[str, Any]:
    query = {"account_id": douyin.own["account_id"], "bill_date": DAY, "cursor": "0", "size": 50, **change}
    return douyin.data("GET", QUERY, params=query)


def _by_cert(douyin: Douyin, *certificate_ids: str) -> list[dict[str, Any]]:
    data = douyin.data("GET", BY_CERT, params={"certificate_ids": ",".join(certificate_ids)})
    records: list[dict[str, Any]] = data["records"]
    return records


def _sold(douyin: Douyin, count: int = 1, **wish: object) -> list[dict[str, Any]]:
    made = douyin.coupons("douyin", count=count, **wish)
    return [{**douyin.redeem(one["code"])[1][0], **one} for one in made]


def test_rows_appear_an_hour_after_the_verify(douyin: Douyin) -> None:
    (one,) = _sold(douyin, price_fen=12_800)
    douyin.shift_s(HOUR_S - 1)
    empty = _page(douyin)
    assert (empty["ledger_records"], empty["has_more"], empty["cursor"]) == ([], False, "0")
    assert _by_cert(douyin, one["certificate_id"]) == []
    douyin.shift_s(HOUR_S)
    (row,) = _page(douyin)["ledger_records"]
    assert (row["status"], row["ledger_time"], row["order_id"]) == (1, 1_795_000_000 + HOUR_S, one["order_id"])
    assert row["certificate"] == {"certificate_id": one["certificate_id"], "code": one["code"]}
    assert row["amount"] == {
        "original": 16_000,
        "pay": 12_800,
        "merchant_ticket": 0,
        "coupon_pay": 12_800,
        "goods": 11_776,
        "actual_insured": 0,
    }
    assert set(row["order_attrribute"]) == {"room_id", "source", "video_id"}
    assert (row["account_id"], row["poi_id"]) == (douyin.own["account_id"], douyin.own["poi_id"])
    (record,) = _by_cert(douyin, one["certificate_id"])
    assert (record["ledger_id"], record["verify_id"]) == (row["ledger_id"], one["verify_id"])
    assert (record["verify_time"], record["code"], record["is_mall_store"]) == (1_795_000_000, one["code"], False)
    assert record["fund_amount"]["goods"] + record["fund_amount"]["total_merchant_platform_service"] == 12_800


@pytest.mark.parametrize(("price_fen", "goods_fen"), [(0, 0), (1, 1), (6, 6), (7, 6), (99, 91), (10_000, 9_200)])
def test_the_commission_is_eight_per_cent_to_the_nearest_fen(douyin: Douyin, price_fen: int, goods_fen: int) -> None:
    _sold(douyin, price_fen=price_fen)
    douyin.shift_s(HOUR_S)
    (row,) = _page(douyin)["ledger_records"]
    assert row["amount"]["goods"] == goods_fen


def test_pages_and_days(douyin: Douyin) -> None:
    made = _sold(douyin, count=5)
    douyin.shift_s(86_400)
    douyin.fetch_token()
    (tomorrow,) = _sold(douyin)
    douyin.shift_s(86_400 + HOUR_S)
    rows: list[dict[str, Any]] = []
    cursor, more = "0", True
    while more:
        page = _page(douyin, cursor=cursor, size=2)
        rows += page["ledger_records"]
        cursor, more = page["cursor"], page["has_more"]
    assert [row["certificate"]["code"] for row in rows] == [one["code"] for one in made]
    (row,) = _page(douyin, bill_date="2026-11-19")["ledger_records"]
    assert row["certificate"]["code"] == tomorrow["code"]


def test_each_use_of_a_times_card_has_its_row(douyin: Douyin) -> None:
    (card,) = douyin.coupons("douyin", kind="times_card", units=3, price_fen=1000)
    first, results = douyin.redeem(card["code"], times=2)
    douyin.cancel(results[1]["verify_id"], results[1]["certificate_id"])
    douyin.shift_s(HOUR_S)
    assert [one["verify_id"] for one in _by_cert(douyin, first["certificate_id"])] == [results[0]["verify_id"]]
    (row,) = _page(douyin)["ledger_records"]
    assert row["amount"]["pay"] == 333


def test_what_became_of_a_row(douyin: Douyin) -> None:
    done, void = _sold(douyin, count=2)
    douyin.shift_s(HOUR_S)
    douyin.control("POST", f"/coupons/{done['code']}", {"set": "settled"})
    assert douyin.cancel(void["verify_id"], void["certificate_id"])["error_code"] == 0
    assert [row["status"] for row in _page(douyin)["ledger_records"]] == [2, 4]
    assert [row["status"] for row in _by_cert(douyin, void["certificate_id"], "x", done["certificate_id"])] == [4, 2]


@pytest.mark.parametrize(
    ("change", "error_code"),
    [
        ({"account_id": ""}, 2100005),
        ({"account_id": "7"}, 3000001),
        ({"bill_date": "20261118"}, 2100005),
        ({"bill_date": "2026-02-30"}, 2100005),
        ({"cursor": "x"}, 2100005),
        ({"size": 0}, 2100005),
        ({"size": 51}, 2100005),
    ],
)
def test_the_ledger_refuses(douyin: Douyin, change: dict[str, object], error_code: int) -> None:
    assert _page(douyin, **change)["error_code"] == error_code


def test_by_certificate_takes_fifty(douyin: Douyin) -> None:
    assert douyin.data("GET", BY_CERT)["error_code"] == 2100005
    assert _by_cert(douyin, *("7" for _ in range(50))) == []
    data = douyin.data("GET", BY_CERT, params={"certificate_ids": ",".join("7" * 51)})
    assert data["error_code"] == 2100005


def test_twenty_calls_a_second_and_no_more(douyin: Douyin) -> None:
    answers = [_page(douyin)["error_code"] for _ in range(21)]
    assert answers == [0] * 20 + [28003018]
    assert douyin.data("GET", BY_CERT, params={"certificate_ids": "7"})["error_code"] == 0, "it has a pace of its own"
    douyin.shift_s(1)
    assert _page(douyin)["error_code"] == 0


def test_can_cancel_is_the_truth_not_the_clock(douyin: Douyin) -> None:
    (card,) = douyin.coupons("douyin", kind="times_card", units=3)
    first, (result, _) = douyin.redeem(card["code"], times=2)
    douyin.control("POST", f"/coupons/{card['code']}", {"set": "not_cancellable"})
    douyin.shift_s(120)
    told = douyin.certificate(first["encrypted_code"])
    assert [use["can_cancel"] for use in told["verify_records"]] == [False, False]
    assert told["time_card"]["times_used"] == 2
    body = {"verify_id": result["verify_id"], "certificate_id": result["certificate_id"]}
    extra = douyin.call("POST", f"{FULFILMENT}/cancel/", json=body)["extra"]
    assert (extra["error_code"], extra["sub_error_code"]) == (3000001, 2034000910)
    assert not any(use["reversed"] for use in douyin.book()["redemptions"])


def test_batches_of_several_orders_are_cancelled_whole_or_not_at_all(douyin: Douyin) -> None:
    one, other = _sold(douyin, count=2)
    batches = [{"order_id": sold["order_id"], "verify_id_list": [sold["verify_id"]]} for sold in (one, other)]
    bad = [batches[0], {**batches[1], "order_id": one["order_id"]}]
    assert douyin.cancel("0", "0", batch_cancel_info_list=bad)["error_code"] == 3000001
    assert douyin.cancel("0", "0", batch_cancel_info_list=[*batches, batches[0]])["error_code"] == 2100005
    assert not any(use["reversed"] for use in douyin.book()["redemptions"])
    done = douyin.cancel("0", "0", batch_cancel_info_list=batches)
    assert [line["order_id"] for line in done["cancel_results"]] == [one["order_id"], other["order_id"]]


def test_a_coupon_of_another_store(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    prepared = douyin.prepare(code=one["code"])
    douyin.control("POST", f"/coupons/{one['code']}", {"set": "other_store"})
    sealed = [prepared["certificates"][0]["encrypted_code"]]
    (line,) = douyin.verify(prepared["verify_token"], sealed)["verify_results"]
    assert (line["result"], line["msg"]) == (1, "该券不适用于当前门店")
    assert douyin.prepare(code=one["code"])["description"] == "该券不适用于当前门店"
