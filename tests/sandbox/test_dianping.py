"""Dianping's old gateway as a stranger meets it: redeeming once, taking back, the book of a day, refusals at will."""

import pytest

from sync.clock import FalseClock
from tests.sandbox.dianping_client import STAFF, Dianping
from tests.sandbox.meituan_client import RECEIPT as RETAIL
from tests.sandbox.meituan_client import Meituan

# 1795000000 is 2026-11-18 19:06:40 in Beijing.
TODAY = "2026-11-18"
UNKNOWN = {"receipt_code": "0332808512"}


def _consume(dianping: Dianping, code: str, request_id: str, count: int = 1) -> dict[str, object]:
    return dianping.call("consume", receipt_code=code, requestid=request_id, count=str(count), **STAFF)


def _reverse(dianping: Dianping, code: str, deal: str) -> int:
    return int(dianping.call("reverseconsume", receipt_code=code, app_deal_id=deal, **STAFF)["code"])


@pytest.mark.parametrize(
    ("lot", "code"),
    [("refunded", 1005), ("frozen", 1006), ("expired", 1007), ("used_elsewhere", 1002), ("other_store", 1009)],
)
def test_a_coupon_that_cannot_be_used(dianping: Dianping, lot: str, code: int) -> None:
    (one,) = dianping.coupons("dianping")
    dianping.control("POST", f"/coupons/{one['code']}", {"set": lot})
    assert dianping.refused("prepare", receipt_code=one["code"]) == code
    assert dianping.refused("scanprepare", qr_code=one["code"]) == code
    assert _consume(dianping, one["code"], "r-1")["code"] == code
    book = dianping.book()
    assert not [use for use in book["redemptions"] if use["request_id"] == "r-1"]
    assert book["second_attempts"] == (1 if lot == "used_elsewhere" else 0)


def test_only_what_dianping_sold_is_known(dianping: Dianping) -> None:
    (one,) = dianping.coupons("meituan")
    assert dianping.refused("prepare", receipt_code=one["code"]) == 1001
    assert dianping.refused("getconsumed", receipt_code=one["code"]) == 1001


def test_one_coupon_from_look_up_to_book(dianping: Dianping) -> None:
    # Every third code begins with 0.
    one = dianping.coupons("dianping", count=3, price_fen=9_999, phone="13800138000")[2]
    assert one["code"].startswith("0")
    offered = dianping.data("prepare", receipt_code=one["code"])
    assert (offered["receipt_code"], offered["count"], offered["deal_price"]) == (one["code"], 1, 99.99)
    assert (offered["mobile"], offered["receiptEndDate"]) == ("138****8000", "2026-12-18 19:06:40")
    assert dianping.data("scanprepare", qr_code=one["qr_text"]) == [offered]
    (used,) = dianping.data("consume", receipt_code=one["code"], requestid="r-1", count="1", **STAFF)
    assert (used["receipt_code"], used["deal_id"]) == (one["code"], offered["deal_id"])
    (booked,) = dianping.book()["redemptions"]
    assert (booked["platform"], booked["request_id"], booked["terminal"]) == ("dianping", "r-1", "c1")
    told = dianping.data("getconsumed", receipt_code=one["code"])
    assert (told["verify_account"], told["verify_time"]) == ("c1", "2026-11-18 19:06:40")
    data = dianping.data("querylistbydate", date=TODAY, offset="0", limit="10")
    assert data == {"total_count": 1, "records": [told]}


@pytest.mark.parametrize(
    "wrong", [{"count": "0"}, {"count": "101"}, {"count": "one"}, {"requestid": ""}, {"app_shop_accountname": ""}]
)
def test_a_redemption_that_lacks_something(dianping: Dianping, wrong: dict[str, str]) -> None:
    (one,) = dianping.coupons("dianping")
    asked = {"receipt_code": one["code"], "requestid": "r-1", "count": "1", **STAFF, **wrong}
    assert dianping.refused("consume", **asked) == 601
    assert dianping.book()["redemptions"] == []


def test_one_request_id_books_once(dianping: Dianping) -> None:
    one, other = dianping.coupons("dianping", count=2)
    first = _consume(dianping, one["code"], "r-1")
    assert first["code"] == 200
    assert _consume(dianping, one["code"], "r-1") == first
    assert dianping.book()["second_attempts"] == 0
    assert _consume(dianping, other["code"], "r-1")["code"] == 1014
    assert _consume(dianping, one["code"], "r-2")["code"] == 1002
    book = dianping.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 1)


def test_an_answer_that_was_lost(dianping: Dianping) -> None:
    (one,) = dianping.coupons("dianping")
    dianping.fault("dianping", "verify", "drop_after", count=1)
    with pytest.raises(OSError, match=r"."):
        _consume(dianping, one["code"], "r-1")
    assert _consume(dianping, one["code"], "r-1")["code"] == 200
    assert len(dianping.book()["redemptions"]) == 1


def test_several_coupons_of_one_order(dianping: Dianping) -> None:
    codes = [one["code"] for one in dianping.coupons("dianping", count=3, order="same")]
    offered = dianping.data("scanprepare", qr_code=codes[1])
    assert [one["receipt_code"] for one in offered] == [codes[1], codes[0], codes[2]]
    assert _consume(dianping, codes[1], "r-1", count=4)["code"] == 1004
    assert dianping.book()["redemptions"] == []
    used = dianping.data("consume", receipt_code=codes[1], requestid="r-1", count="2", **STAFF)
    assert [one["receipt_code"] for one in used] == [codes[1], codes[0]]


def test_a_reversal_frees_the_coupon(dianping: Dianping) -> None:
    (one,) = dianping.coupons("dianping")
    deal = str(dianping.data("prepare", receipt_code=one["code"])["deal_id"])
    assert _reverse(dianping, one["code"], deal) == 1010
    _consume(dianping, one["code"], "r-1")
    assert _reverse(dianping, one["code"], "1") == 1013
    (undone,) = dianping.data("reverseconsume", receipt_code=one["code"], app_deal_id=deal, **STAFF)
    assert undone["receipt_code"] == one["code"]
    assert dianping.refused("getconsumed", receipt_code=one["code"]) == 1010
    assert dianping.data("querylistbydate", date=TODAY, offset="0", limit="10")["records"] == []
    assert _consume(dianping, one["code"], "r-2")["code"] == 200


@pytest.mark.parametrize(("after_s", "code"), [(600, 200), (601, 1011)])
def test_the_window_is_ten_minutes(dianping: Dianping, after_s: int, code: int) -> None:
    (one,) = dianping.coupons("dianping")
    deal = str(dianping.data("prepare", receipt_code=one["code"])["deal_id"])
    _consume(dianping, one["code"], "r-1")
    dianping.shift_s(after_s)
    assert _reverse(dianping, one["code"], deal) == code


def test_the_book_is_read_in_pages(dianping: Dianping) -> None:
    codes = [one["code"] for one in dianping.coupons("dianping", count=5)]
    for code in codes:
        _consume(dianping, code, f"r-{code}")
    read = []
    for offset in ("0", "2", "4"):
        data = dianping.data("querylistbydate", date=TODAY, offset=offset, limit="2")
        assert data["total_count"] == 5
        read += [one["receipt_code"] for one in data["records"]]
    assert read == codes


@pytest.mark.parametrize("wrong", [{"date": "20261118"}, {"offset": "-1"}, {"limit": "301"}, {"limit": "all"}])
def test_a_book_that_is_asked_for_wrongly(dianping: Dianping, wrong: dict[str, str]) -> None:
    assert dianping.refused("querylistbydate", **{"date": TODAY, "offset": "0", "limit": "10", **wrong}) == 601


def test_one_truth_behind_both_gateways(dianping: Dianping, meituan: Meituan) -> None:
    (one,) = dianping.coupons("dianping")
    meituan.consume(one["code"], "r-1")
    assert dianping.refused("prepare", receipt_code=one["code"]) == 1002
    assert dianping.data("getconsumed", receipt_code=one["code"])["receipt_code"] == one["code"]
    assert meituan.refused(f"{RETAIL}/prepare", receiptCode=one["code"]) == "TG_RECEIPT_USED"


def test_a_code_that_nobody_knows(dianping: Dianping, clock: FalseClock) -> None:
    (one,) = dianping.coupons("dianping", valid_until=clock.wall_ms() // 1000 + 60)
    dianping.control("POST", "/dianping/refuse", {"code": 7777, "msg": "请联系平台", "acted": True})
    assert _consume(dianping, one["code"], "r-1") == {"code": 7777, "msg": "请联系平台", "data": None}
    assert len(dianping.book()["redemptions"]) == 1
    dianping.control("POST", "/dianping/refuse", {"code": 7777, "count": 5})
    assert dianping.call("querylistbydate", **UNKNOWN)["code"] == 7777
    assert dianping.control("DELETE", "/dianping/refuse") == {"deleted": 1}
    assert _consume(dianping, one["code"], "r-1")["code"] == 200
