"""businessId 1: refusals inside a successful envelope, no request id, what a read tells after an unknown outcome."""

import json

import pytest

from tests.sandbox.meituan_client import COUPON, RECEIPT, STAFF, Meituan

NEWER = "/tuangou/ng/coupon"
# 1795000000 is 2026-11-18 19:06:40 in Beijing.
TODAY = "2026-11-18"
WHO = {"eId": "c1", "eName": "收银员一"}


def _consume(dining: Meituan, code: str, order: str, count: int = 1) -> int:
    biz = {"couponCode": code, "count": count, "eOrderId": order, **WHO}
    return int(dining.data(f"{COUPON}/consume", **biz)["result"])


def _cancel(dining: Meituan, code: str) -> int:
    return int(dining.data(f"{COUPON}/cancel", couponCode=code, type=1, **WHO)["result"])


def _read(dining: Meituan, code: str) -> tuple[str, int, str, str]:
    data = dining.data(f"{COUPON}/queryById", couponCode=code)
    return data["couponStatusDesc"], data["couponCancelStatus"], data["couponUseTime"], data["verifyAcct"]


@pytest.mark.parametrize(
    ("lot", "result", "words"),
    [
        ("refunded", 1005, "已退款"),
        ("frozen", 1006, "已冻结"),
        ("expired", 1007, "未使用"),
        ("used_elsewhere", 1002, "已使用"),
        ("other_store", 1009, "未使用"),
    ],
)
def test_a_coupon_that_cannot_be_used(dining: Meituan, lot: str, result: int, words: str) -> None:
    (one,) = dining.coupons("meituan")
    dining.control("POST", f"/coupons/{one['code']}", {"set": lot})
    for data in (
        dining.data(f"{COUPON}/prepare", couponCode=one["code"]),
        dining.data(f"{NEWER}/msprepare", code=one["code"]),
        dining.data(f"{COUPON}/consume", couponCode=one["code"], count=1, eOrderId="o-1", **WHO),
    ):
        assert data["result"] == result
        assert data["message"]
        assert set(data) == {"result", "message"}
    assert _read(dining, one["code"])[0] == words
    assert [use["request_id"] for use in dining.book()["redemptions"]] != ["o-1"]


def test_an_unknown_code(dining: Meituan) -> None:
    assert dining.data(f"{COUPON}/prepare", couponCode="123456789012")["result"] == 1001
    assert _consume(dining, "123456789012", "o-1") == 1001
    assert _cancel(dining, "123456789012") == 1001
    assert dining.refused(f"{COUPON}/queryById", couponCode="123456789012") == "TG_RECEIPT_NOT_FOUND"


@pytest.mark.parametrize(
    "wrong",
    [
        {"couponCode": 123456789012},
        {"count": 0},
        {"count": 101},
        {"eOrderId": None},
        {"eOrderId": 7},
        {"eId": "x" * 33},
        {"eName": ""},
    ],
)
def test_a_redemption_that_lacks_something(dining: Meituan, wrong: dict[str, object]) -> None:
    (one,) = dining.coupons("meituan")
    biz = {"couponCode": one["code"], "count": 1, "eOrderId": "o-1", **WHO, **wrong}
    assert dining.refused(f"{COUPON}/consume", **biz) == "OP_PARAM_ERROR"
    assert dining.book()["redemptions"] == []


@pytest.mark.parametrize("platform", ["meituan", "dianping"])
def test_one_coupon_from_look_up_to_book(dining: Meituan, platform: str) -> None:
    one = dining.coupons(platform, count=2, price_fen=9_999)[1]
    offered = dining.data(f"{COUPON}/prepare", couponCode=one["code"])
    assert (offered["result"], offered["count"], offered["minConsume"]) == (0, 1, 1)
    assert (offered["couponBuyPrice"], offered["dealPrice"], offered["dealValue"]) == (99.99, 99.99, 124.98)
    assert offered["isVoucher"] is True
    assert offered["couponEndTime"] == "2026-12-18 19:06:40"
    assert offered["dealMenu"][0][1]["content"] == "代金券"
    assert _read(dining, one["code"]) == ("未使用", 0, "", "")
    used = dining.data(f"{COUPON}/consume", couponCode=one["code"], count=1, eOrderId="o-1", **WHO)
    assert (used["result"], used["couponCodes"], used["dealId"]) == (0, [one["code"]], offered["dealId"])
    (booked,) = dining.book()["redemptions"]
    assert (booked["request_id"], booked["platform"]) == ("o-1", platform)
    assert _read(dining, one["code"]) == ("已使用", 1, "2026-11-18 19:06:40", "c1")
    data = dining.data(f"{COUPON}/queryListByDate", date=TODAY, offset=0, limit=10)
    assert data["total"] == 1
    (line,) = data["couponCodes"]
    assert (line["couponCode"], line["couponStatusDesc"], line["couponBuyPrice"]) == (one["code"], "已使用", 99.99)
    assert "flowId" not in line


def test_the_same_order_again_is_refused_and_no_second_attempt(dining: Meituan) -> None:
    (one,) = dining.coupons("meituan")
    assert [_consume(dining, one["code"], order) for order in ("o-1", "o-1")] == [0, 1002]
    assert dining.book()["second_attempts"] == 0
    assert _consume(dining, one["code"], "o-2") == 1002
    book = dining.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 1)


def test_an_answer_that_was_lost_is_found_by_a_read(dining: Meituan) -> None:
    (one,) = dining.coupons("meituan")
    dining.fault("meituan", "verify", "drop_after", count=1)
    with pytest.raises(OSError, match=r"."):
        _consume(dining, one["code"], "o-1")
    assert _read(dining, one["code"]) == ("已使用", 1, "2026-11-18 19:06:40", "c1")


def test_several_coupons_of_one_order(dining: Meituan) -> None:
    codes = [one["code"] for one in dining.coupons("meituan", count=3, order="same")]
    assert dining.data(f"{COUPON}/prepare", couponCode=codes[1])["count"] == 3
    assert _consume(dining, codes[1], "o-1", count=4) == 1004
    used = dining.data(f"{COUPON}/consume", couponCode=codes[1], count=2, eOrderId="o-1", **WHO)
    assert used["couponCodes"] == [codes[1], codes[0]]
    assert {use["request_id"] for use in dining.book()["redemptions"]} == {"o-1"}


def test_the_newer_calls_and_their_spelling(dining: Meituan) -> None:
    (one,) = dining.coupons("meituan", product=1)
    offered = dining.data(f"{NEWER}/msprepare", code=one["code"])
    assert offered["vourcher"] is True
    assert "isVoucher" not in offered
    assert json.loads(offered["dealMenu"])[0][1]["content"] == "代金券"
    assert {"thirdProductId", "shortAttrTitle", "dealMenuStd"} <= set(offered)
    used = dining.data(f"{NEWER}/msconsume", code=one["code"], num=1)
    assert (used["result"], used["couponCodes"]) == (0, [one["code"]])
    assert dining.data(f"{NEWER}/msconsume", code=one["code"], num=1)["result"] == 1002
    assert dining.book()["second_attempts"] == 1


def test_the_newer_consume_may_name_its_order(dining: Meituan) -> None:
    (one,) = dining.coupons("meituan")
    biz = {"code": one["code"], "num": 1, "eOrderId": "o-1", **WHO}
    assert [dining.data(f"{NEWER}/msconsume", **biz)["result"] for _ in range(2)] == [0, 1002]
    book = dining.book()
    assert (book["redemptions"][0]["request_id"], book["second_attempts"]) == ("o-1", 0)


def test_a_reversal_frees_the_coupon(dining: Meituan) -> None:
    (one,) = dining.coupons("meituan")
    assert _cancel(dining, one["code"]) == 1010
    assert _consume(dining, one["code"], "o-1") == 0
    assert dining.refused(f"{COUPON}/cancel", couponCode=one["code"], type=2, **WHO) == "OP_PARAM_ERROR"
    assert _cancel(dining, one["code"]) == 0
    assert _read(dining, one["code"]) == ("未使用", 0, "", "")
    assert dining.data(f"{COUPON}/queryListByDate", date=TODAY, offset=0, limit=10)["total"] == 0
    assert _cancel(dining, one["code"]) == 1010
    assert _consume(dining, one["code"], "o-2") == 0
    assert [use["reversed"] for use in dining.book()["redemptions"]] == [True, False]


@pytest.mark.parametrize(("after_s", "result"), [(600, 0), (601, 1011)])
def test_the_window_is_ten_minutes(dining: Meituan, after_s: int, result: int) -> None:
    (one,) = dining.coupons("meituan")
    _consume(dining, one["code"], "o-1")
    dining.shift_s(after_s)
    assert _read(dining, one["code"])[1] == (1 if result == 0 else 0)
    assert _cancel(dining, one["code"]) == result


def test_the_book_is_read_in_pages(dining: Meituan) -> None:
    codes = [one["code"] for one in dining.coupons("meituan", count=5)]
    for code in codes:
        _consume(dining, code, f"o-{code}")
    read = []
    for offset in (0, 2, 4):
        data = dining.data(f"{COUPON}/queryListByDate", date=TODAY, offset=offset, limit=2)
        assert data["total"] == 5
        read += [line["couponCode"] for line in data["couponCodes"]]
    assert read == codes


@pytest.mark.parametrize("wrong", [{"date": "today"}, {"offset": -1}, {"limit": 301}, {"limit": None}])
def test_a_book_that_is_asked_for_wrongly(dining: Meituan, wrong: dict[str, object]) -> None:
    biz = {"date": TODAY, "offset": 0, "limit": 10, **wrong}
    assert dining.refused(f"{COUPON}/queryListByDate", **biz) == "OP_PARAM_ERROR"


def test_one_truth_behind_both_lines(dining: Meituan, meituan: Meituan) -> None:
    (one,) = dining.coupons("meituan")
    _consume(dining, one["code"], "o-1")
    assert meituan.refused(f"{RECEIPT}/prepare", receiptCode=one["code"]) == "TG_RECEIPT_USED"
    biz = {"receiptCode": one["code"], "count": 1, "requestId": "o-1", **STAFF}
    assert meituan.refused(f"{RECEIPT}/consume", **biz) == "TG_RECEIPT_USED"
