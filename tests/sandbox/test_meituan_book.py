"""businessId 58: the book of a day page by page, what a customer has, what the shop sells, refusals at will."""

import pytest

from tests.sandbox.client import Client
from tests.sandbox.meituan_client import COUPON, RECEIPT, STAFF, Meituan

# 1795000000 is 2026-11-18 19:06:40 in Beijing.
TODAY = "2026-11-18"


def _deal(meituan: Meituan, code: str) -> str:
    return str(meituan.data(f"{RECEIPT}/prepare", receiptCode=code)["dealId"])


def _reverse(meituan: Meituan, code: str, deal: str) -> str:
    return str(meituan.call(f"{RECEIPT}/reverseconsume", {"receiptCode": code, "dealId": deal, **STAFF})["code"])


def _records(meituan: Meituan, **more: object) -> list[dict[str, object]]:
    data = meituan.data(f"{RECEIPT}/querylistbydate", date=TODAY, **{"offset": 0, "limit": 300, **more})
    return list(data["records"])


@pytest.mark.parametrize(("lot", "undo", "status"), [("refunded", False, 6), ("refunded", True, 4)])
def test_a_refund_shows_in_the_book(meituan: Meituan, lot: str, undo: bool, status: int) -> None:
    (one,) = meituan.coupons("meituan")
    deal = _deal(meituan, one["code"])
    meituan.consume(one["code"], "r-1")
    if undo:
        assert _reverse(meituan, one["code"], deal) == "OP_SUCCESS"
    meituan.control("POST", f"/coupons/{one['code']}", {"set": lot})
    assert [record["refundStatus"] for record in _records(meituan)] == [status]


def test_the_book_is_read_in_pages(meituan: Meituan) -> None:
    codes = [one["code"] for one in meituan.coupons("meituan", count=5)]
    codes += [one["code"] for one in meituan.coupons("dianping", count=2)]
    for number, code in enumerate(codes):
        meituan.consume(code, f"r-{number}")
    read: list[object] = []
    for offset in (0, 3, 6):
        data = meituan.data(f"{RECEIPT}/querylistbydate", date=TODAY, offset=offset, limit=3)
        assert data["totalCount"] == 7
        read += [record["receiptCode"] for record in data["records"]]
    assert read == codes
    assert _records(meituan, offset=7) == []


def test_a_day_ends_at_midnight_in_beijing(meituan: Meituan) -> None:
    codes = [one["code"] for one in meituan.coupons("meituan", count=2)]
    # 19:06:40 and four hours, 53 minutes, 19 or 20 seconds.
    for code, shift_s in zip(codes, (17_599, 17_600), strict=True):
        meituan.shift_s(shift_s)
        meituan.consume(code, code)
    by_day = {
        day: meituan.data(f"{RECEIPT}/querylistbydate", date=day, offset=0, limit=10)["records"]
        for day in (TODAY, "2026-11-19")
    }
    assert [[one["receiptCode"] for one in records] for records in by_day.values()] == [[codes[0]], [codes[1]]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": "2026-13-01"},
        {"date": "2026-1-1"},
        {"date": None},
        {"offset": -1},
        {"offset": None},
        {"limit": 301},
        {"limit": 0},
        {"limit": "10"},
        {"type": 2},
        {"bizType": "205"},
    ],
)
def test_a_book_that_is_asked_for_wrongly(meituan: Meituan, wrong: dict[str, object]) -> None:
    biz = {"date": TODAY, "offset": 0, "limit": 10, **wrong}
    assert meituan.refused(f"{RECEIPT}/querylistbydate", **biz) == "OP_PARAM_ERROR"


def test_what_a_customer_has(meituan: Meituan, client: Client) -> None:
    one, spent = client.coupons("meituan", count=2, phone="13800138000")
    (other,) = client.coupons("dianping", phone="13800138000")
    client.coupons("douyin", phone="13800138000")
    client.coupons("meituan", phone="13900139000")
    client.control("POST", f"/coupons/{spent['code']}", {"set": "used_elsewhere"})
    for mobile in ("13800138000", "+8613800138000"):
        data = meituan.data(f"{RECEIPT}/querybymobile", mobile=mobile)
        assert data["mobile"] == "138****8000"
        assert [line["receiptCode"] for line in data["records"]] == [one["code"], other["code"]]
        assert "13800138000" not in str(data)
    assert meituan.data(f"{RECEIPT}/querybymobile", mobile="13700137000")["records"] == []
    assert meituan.refused(f"{RECEIPT}/querybymobile", mobile="") == "OP_PARAM_ERROR"


def test_what_the_shop_sells(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan", product=1)
    deal = _deal(meituan, one["code"])
    assert len(meituan.data(f"{RECEIPT}/queryproduct")["records"]) == 4
    (product,) = meituan.data(f"{RECEIPT}/queryproduct", dealId=deal)["records"]
    assert (str(product["dealId"]), product["dealTitle"]) == (deal, "百元代金券")
    assert meituan.refused(f"{RECEIPT}/queryproduct", dealId="1") == "TG_PRODUCT_NOT_FOUND"


def test_what_was_used_elsewhere_says_so(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan")
    meituan.control("POST", f"/coupons/{one['code']}", {"set": "used_elsewhere"})
    told = meituan.data(f"{RECEIPT}/getconsumed", receiptCode=one["code"])
    assert (told["verifyAccount"], told["verifyChannel"]) == ("elsewhere", "1")


def test_a_code_that_nobody_knows(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan")
    told = {"code": "TG_10086", "msg": "请联系平台", "endpoint": "verify"}
    meituan.control("POST", "/meituan/refuse", told)
    assert meituan.data(f"{RECEIPT}/prepare", receiptCode=one["code"])["count"] == 1
    assert meituan.refused_consume(one["code"], "r-1") == "TG_10086"
    assert meituan.book()["redemptions"] == []
    meituan.control("POST", "/meituan/refuse", {**told, "acted": True})
    assert meituan.refused_consume(one["code"], "r-1") == "TG_10086"
    assert len(meituan.book()["redemptions"]) == 1
    assert len(meituan.consume(one["code"], "r-1")) == 1
    meituan.control("POST", "/meituan/refuse", told)
    assert meituan.control("DELETE", "/meituan/refuse") == {"deleted": 1}
    assert len(meituan.consume(one["code"], "r-1")) == 1


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({}, "code must be a non-empty string"),
        ({"code": "two words"}, "code must match"),
        ({"result": 0}, "result must lie within"),
        ({"code": "A", "acted": "yes"}, "acted must be true or false"),
        ({"code": "A", "endpoint": "nowhere"}, "endpoint must be one of"),
    ],
)
def test_a_refusal_that_is_asked_for_wrongly(client: Client, wish: dict[str, object], sentence: str) -> None:
    assert sentence in client.control("POST", "/meituan/refuse", wish, status=400)["error"]


def test_a_result_that_nobody_knows(dining: Meituan) -> None:
    (one,) = dining.coupons("meituan")
    dining.control("POST", "/meituan/refuse", {"result": 7777, "msg": "请联系平台"})
    answer = dining.data(f"{COUPON}/prepare", couponCode=one["code"])
    assert answer == {"result": 7777, "message": "请联系平台"}
