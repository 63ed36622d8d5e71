"""businessId 58: what a code is worth, redeeming once for each request id, taking back, the book of a day."""

import pytest

from sync.clock import FalseClock
from sync.sandbox.meituan.shapes import yuan
from tests.sandbox.meituan_client import RECEIPT, STAFF, Meituan

# 1795000000 is 2026-11-18 19:06:40 in Beijing.
TODAY = "2026-11-18"
LOTS = [
    ("refunded", "TG_RECEIPT_REFUNDED", "该券已退款"),
    ("frozen", "TG_RECEIPT_FROZEN", "该券已冻结"),
    ("expired", "TG_RECEIPT_EXPIRED", "该券已过期"),
    ("used_elsewhere", "TG_RECEIPT_USED", "该券已被使用"),
    ("other_store", "TG_RECEIPT_OTHER_SHOP", "该券不适用于本门店"),
]


def _deal(meituan: Meituan, code: str) -> str:
    return str(meituan.data(f"{RECEIPT}/prepare", receiptCode=code)["dealId"])


def _reverse(meituan: Meituan, code: str, deal: str) -> str:
    return str(meituan.call(f"{RECEIPT}/reverseconsume", {"receiptCode": code, "dealId": deal, **STAFF})["code"])


def _records(meituan: Meituan, **more: object) -> list[dict[str, object]]:
    data = meituan.data(f"{RECEIPT}/querylistbydate", date=TODAY, **{"offset": 0, "limit": 300, **more})
    return list(data["records"])


@pytest.mark.parametrize("platform", ["meituan", "dianping"])
@pytest.mark.parametrize(("lot", "code", "words"), LOTS)
def test_a_coupon_that_cannot_be_used(meituan: Meituan, platform: str, lot: str, code: str, words: str) -> None:
    (one,) = meituan.coupons(platform)
    meituan.control("POST", f"/coupons/{one['code']}", {"set": lot})
    answer = meituan.call(f"{RECEIPT}/prepare", {"receiptCode": one["code"]})
    assert (answer["code"], answer["msg"], answer["data"]) == (code, words, None)
    before = meituan.book()
    assert meituan.refused_consume(one["code"], "r-1") == code
    after = meituan.book()
    assert after["redemptions"] == before["redemptions"]
    assert after["second_attempts"] - before["second_attempts"] == (1 if lot == "used_elsewhere" else 0)


@pytest.mark.parametrize("path", ["prepare", "consume", "reverseconsume", "getconsumed", "queryrelevantusable"])
def test_an_unknown_code(meituan: Meituan, path: str) -> None:
    biz = {"receiptCode": "0332808512", "count": 1, "requestId": "r", "dealId": "1", **STAFF}
    assert meituan.refused(f"{RECEIPT}/{path}", **biz) == "TG_RECEIPT_NOT_FOUND"


def test_a_coupon_of_another_platform_is_unknown(meituan: Meituan) -> None:
    (one,) = meituan.coupons("douyin")
    assert meituan.refused(f"{RECEIPT}/prepare", receiptCode=one["code"]) == "TG_RECEIPT_NOT_FOUND"


def test_too_early(meituan: Meituan, clock: FalseClock) -> None:
    (one,) = meituan.coupons("meituan", valid_from=clock.wall_ms() // 1000 + 60)
    assert meituan.refused_consume(one["code"], "r-1") == "TG_RECEIPT_NOT_YET_VALID"


@pytest.mark.parametrize(
    "wrong",
    [
        {"receiptCode": None},
        {"count": 0},
        {"count": 101},
        {"count": "1"},
        {"requestId": ""},
        {"requestId": "r" * 65},
        {"appShopAccount": None},
        {"appShopAccountName": 7},
    ],
)
def test_a_redemption_that_lacks_something(meituan: Meituan, wrong: dict[str, object]) -> None:
    (one,) = meituan.coupons("meituan")
    biz = {"receiptCode": one["code"], "count": 1, "requestId": "r-1", **STAFF, **wrong}
    assert meituan.refused(f"{RECEIPT}/consume", **biz) == "OP_PARAM_ERROR"
    assert meituan.book()["redemptions"] == []


@pytest.mark.parametrize(("platform", "length"), [("meituan", 12), ("dianping", 10)])
def test_one_coupon_from_look_up_to_book(meituan: Meituan, platform: str, length: int) -> None:
    one = meituan.coupons(platform, count=3, price_fen=9_999, phone="13800138000")[2]
    offered = meituan.data(f"{RECEIPT}/prepare", receiptCode=one["code"])
    assert len(offered["receiptCode"]) == length
    assert (offered["count"], offered["bizType"], offered["tgTimesCardFlag"]) == (1, 0, False)
    assert (offered["dealPrice"], offered["dealMarketPrice"]) == (99.99, 124.98)
    assert (offered["mobile"], offered["orderId"]) == ("138****8000", one["order_id"])
    assert offered["paymentDetail"][0]["amount"] == "99.99"
    assert isinstance(offered["receiptEndDate"], int)
    assert "dealgroupId" not in offered
    (used,) = meituan.consume(one["code"], "r-1")
    assert (used["receiptCode"], used["orderId"], used["dealId"]) == (one["code"], one["order_id"], offered["dealId"])
    assert used["dealgroupId"] == offered["dealGroupId"] != used["dealId"]
    assert "dealGroupId" not in used
    assert used["receiptEndDate"] == "2026-12-18 19:06:40"
    (booked,) = meituan.book()["redemptions"]
    assert (booked["redemption_id"], booked["request_id"]) == (str(used["flowId"]), "r-1")
    assert (booked["platform"], booked["terminal"]) == (platform, "c1")
    told = meituan.data(f"{RECEIPT}/getconsumed", receiptCode=one["code"])
    assert (told["verifyAccount"], told["verifyChannel"]) == ("c1", "15")
    assert told["verifyTime"] == "2026-11-18 19:06:40"
    (record,) = _records(meituan)
    assert (record["flowId"], record["refundStatus"], record["dealPrice"]) == (used["flowId"], 1, 99.99)


def test_every_price_of_ten_thousand_is_written_with_two_decimals() -> None:
    for fen in range(1_000_000):
        whole, _, rest = str(yuan(fen)).partition(".")
        assert int(whole) * 100 + int(rest.ljust(2, "0")) == fen


def test_one_request_id_books_once(meituan: Meituan) -> None:
    one, other = meituan.coupons("meituan", count=2)
    first = meituan.consume(one["code"], "r-1")
    assert meituan.consume(one["code"], "r-1") == first
    book = meituan.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 0)
    assert meituan.refused_consume(other["code"], "r-1") == "TG_REQUEST_ID_REUSED"
    assert meituan.refused_consume(one["code"], "r-2") == "TG_RECEIPT_USED"
    book = meituan.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 1)


def test_a_refused_request_id_may_come_again(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan")
    meituan.control("POST", f"/coupons/{one['code']}", {"set": "frozen"})
    assert meituan.refused_consume(one["code"], "r-1") == "TG_RECEIPT_FROZEN"
    meituan.control("POST", f"/coupons/{one['code']}", {"set": "usable"})
    assert len(meituan.consume(one["code"], "r-1")) == 1


def test_a_repeat_after_a_reversal_redeems_nothing_anew(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan")
    deal = _deal(meituan, one["code"])
    first = meituan.consume(one["code"], "r-1")
    assert _reverse(meituan, one["code"], deal) == "OP_SUCCESS"
    assert meituan.consume(one["code"], "r-1") == first
    assert [use["reversed"] for use in meituan.book()["redemptions"]] == [True]
    assert len(meituan.consume(one["code"], "r-2")) == 1


@pytest.mark.parametrize(("kind", "acted"), [("drop_before", 0), ("drop_after", 1), ("cut_body", 1)])
def test_an_answer_that_was_lost(meituan: Meituan, kind: str, acted: int) -> None:
    (one,) = meituan.coupons("meituan")
    meituan.fault("meituan", "verify", kind, count=1)
    with pytest.raises(OSError, match=r"."):
        meituan.consume(one["code"], "r-1")
    assert len(meituan.book()["redemptions"]) == acted
    assert len(meituan.consume(one["code"], "r-1")) == 1
    book = meituan.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 0)


def test_several_coupons_of_one_order_begin_with_the_one_shown(meituan: Meituan) -> None:
    coupons = meituan.coupons("meituan", count=4, order="same")
    codes = [one["code"] for one in coupons]
    meituan.control("POST", f"/coupons/{codes[1]}", {"set": "refunded"})
    assert meituan.data(f"{RECEIPT}/prepare", receiptCode=codes[2])["count"] == 3
    others = meituan.data(f"{RECEIPT}/queryrelevantusable", receiptCode=codes[2])["records"]
    assert [one["receiptCode"] for one in others] == [codes[0], codes[3]]
    assert meituan.refused_consume(codes[2], "r-1", count=4) == "TG_RECEIPT_TOO_FEW"
    assert meituan.book()["redemptions"] == []
    used = meituan.consume(codes[2], "r-1", count=2)
    assert [one["receiptCode"] for one in used] == [codes[2], codes[0]]
    assert len({one["flowId"] for one in used}) == 2
    assert {use["request_id"] for use in meituan.book()["redemptions"]} == {"r-1"}
    assert meituan.data(f"{RECEIPT}/prepare", receiptCode=codes[3])["count"] == 1


def test_another_deal_of_the_order_is_relevant_but_not_alike(meituan: Meituan) -> None:
    codes = [one["code"] for one in meituan.coupons("meituan", count=4, order="mixed")]
    assert meituan.data(f"{RECEIPT}/prepare", receiptCode=codes[0])["count"] == 2
    others = meituan.data(f"{RECEIPT}/queryrelevantusable", receiptCode=codes[0])["records"]
    assert [one["receiptCode"] for one in others] == codes[1:]
    assert [one["receiptCode"] for one in meituan.consume(codes[0], "r-1", count=2)] == [codes[0], codes[3]]


def test_a_reversal_frees_the_coupon(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan")
    deal = _deal(meituan, one["code"])
    assert _reverse(meituan, one["code"], deal) == "TG_RECEIPT_NOT_CONSUMED"
    (used,) = meituan.consume(one["code"], "r-1")
    assert _reverse(meituan, one["code"], str(used["dealgroupId"])) == "TG_DEAL_MISMATCH"
    biz = {"receiptCode": one["code"], "dealId": int(deal), **STAFF}
    assert meituan.refused(f"{RECEIPT}/reverseconsume", **biz) == "OP_PARAM_ERROR"
    (undone,) = meituan.data(f"{RECEIPT}/reverseconsume", receiptCode=one["code"], dealId=deal, **STAFF)["result"]
    assert (undone["receiptCode"], undone["dealgroupId"]) == (one["code"], used["dealgroupId"])
    assert meituan.refused(f"{RECEIPT}/getconsumed", receiptCode=one["code"]) == "TG_RECEIPT_NOT_CONSUMED"
    assert meituan.data(f"{RECEIPT}/prepare", receiptCode=one["code"])["count"] == 1
    (record,) = _records(meituan)
    assert (record["flowId"], record["refundStatus"]) == (used["flowId"], 0)
    assert _reverse(meituan, one["code"], deal) == "TG_RECEIPT_NOT_CONSUMED"


@pytest.mark.parametrize(("after_s", "code"), [(600, "OP_SUCCESS"), (601, "TG_REVERSE_WINDOW_PASSED")])
def test_the_window_is_ten_minutes(meituan: Meituan, after_s: int, code: str) -> None:
    (one,) = meituan.coupons("meituan")
    deal = _deal(meituan, one["code"])
    meituan.consume(one["code"], "r-1")
    meituan.shift_s(after_s)
    assert _reverse(meituan, one["code"], deal) == code


def test_what_is_settled_stays(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan")
    deal = _deal(meituan, one["code"])
    meituan.consume(one["code"], "r-1")
    meituan.control("POST", f"/coupons/{one['code']}", {"set": "settled"})
    assert _reverse(meituan, one["code"], deal) == "TG_REVERSE_SETTLED"
