"""WeChat Shop at the counter: what a voucher tells, consume all or none, once for each number, and revoke."""

import re
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tests.sandbox.client import TIMEOUT_S
from tests.sandbox.wechat_client import VOUCHER, Wechat

NOW_S = 1_795_000_000


def _one(wechat: Wechat, **wish: object) -> dict[str, Any]:
    (made,) = wechat.coupons("wechat_shop", **wish)
    return made


def _lot(wechat: Wechat, code: str, lot: str) -> None:
    wechat.control("POST", f"/coupons/{code}", {"set": lot})


def _sku(wechat: Wechat, made: dict[str, Any]) -> str:
    return str(wechat.get(made["qr_text"])["sku_id"])


def test_what_a_coupon_looks_like(wechat: Wechat) -> None:
    made = wechat.coupons("wechat_shop", count=4, order="same", price_fen=9900)
    assert len({one["order_id"] for one in made}) == 1
    for one in made:
        assert re.fullmatch(r"17[0-9]{17}", one["code"])
        assert re.fullmatch(r"([0-9A-Za-z]|%2B|%2F|%3D){68}", one["qr_text"])
        assert all(sign in one["qr_text"] for sign in ("%2B", "%2F", "%3D%3D"))


def test_a_voucher_tells_of_itself(wechat: Wechat) -> None:
    made = _one(wechat, price_fen=9900, product=1, phone="13800138000")
    told = wechat.get(made["qr_text"])
    assert (told["code"], told["order_id"], told["status"]) == (made["code"], made["order_id"], 1)
    assert (told["voucher_buy_amount"], told["voucher_actual_amount"]) == (9900, 12375)
    assert (told["start_time"], told["end_time"]) == (NOW_S - 86_400, NOW_S + 30 * 86_400)
    assert all(isinstance(told[name], str) for name in ("product_id", "sku_id", "openid", "union_id"))
    assert (told["voucher_type"], told["code_type"], told["telphone_no"]) == (1, 1, "13800138000")
    later = ("consume_time", "refund_time", "last_consume_no", "voucher_settle_status", "out_store_id", "time_card")
    assert not set(later) & set(told)
    named = wechat.call("/channels/ec/product/locallife/get", {"product_id": told["product_id"]})
    assert named["online_data"]["product_name"] == "百元代金券"
    assert wechat.call("/channels/ec/product/locallife/get", {"product_id": "5"})["errcode"] == 10023002


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 40097),
        ({"encrypted_code": 5}, 40097),
        ({"encrypted_code": "x", "code": "1", "sku_id": "2"}, 40097),
        ({"code": "17", "sku_id": ""}, 40097),
        ({"encrypted_code": "x"}, 10023002),
        ({"code": "17", "sku_id": "2", "encrypted_code": ""}, 10023002),
        ([], 47001),
    ],
)
def test_get_refuses(wechat: Wechat, body: object, errcode: int) -> None:
    assert wechat.call(f"{VOUCHER}/get", body)["errcode"] == errcode


def test_a_code_needs_its_sku(wechat: Wechat) -> None:
    made = _one(wechat)
    sku_id = _sku(wechat, made)
    assert wechat.call(f"{VOUCHER}/get", {"code": made["code"]})["errcode"] == 40097
    assert wechat.call(f"{VOUCHER}/get", {"code": made["code"], "sku_id": "1"})["errcode"] == 10023002
    for spelt in (sku_id, int(sku_id)):
        found = wechat.call(f"{VOUCHER}/get", {"code": made["code"], "sku_id": spelt})
        assert found["voucher"]["code"] == made["code"]


def test_a_picture_that_was_not_decoded_is_unknown(wechat: Wechat) -> None:
    made = _one(wechat)
    assert wechat.call(f"{VOUCHER}/get", {"encrypted_code": made["qr_text"]})["errcode"] == 10023002
    again = wechat.session.get(f"{wechat.sandbox.control}/coupons/{made['code']}/dynamic", timeout=TIMEOUT_S)
    assert again.json()["text"] == made["qr_text"] == quote(unquote(made["qr_text"]), safe="")


def test_another_platforms_encrypted_code_is_unknown(wechat: Wechat) -> None:
    (other,) = wechat.coupons("douyin")
    assert wechat.call(f"{VOUCHER}/get", {"code": other["code"], "sku_id": "1"})["errcode"] == 10023002


def test_consume_tells_where_and_when(wechat: Wechat) -> None:
    made = _one(wechat)
    own = wechat.own
    done = wechat.consume(
        "c-1", [made["qr_text"]], consume_store_name=own["store_name"], out_store_id=own["out_store_id"]
    )
    assert (done["errcode"], done["errmsg"], done["fail_voucher_list"]) == (0, "ok", [])
    (told,) = done["voucher_list"]
    assert told == wechat.get(made["qr_text"])
    assert (told["status"], told["consume_time"], told["last_consume_no"]) == (2, NOW_S, "c-1")
    assert (told["consume_store_name"], told["out_store_id"]) == (own["store_name"], own["out_store_id"])
    assert told["voucher_settle_status"] == 1
    _lot(wechat, made["code"], "settled")
    assert wechat.get(made["qr_text"])["voucher_settle_status"] == 2


def test_a_code_with_its_sku_can_be_consumed_too(wechat: Wechat) -> None:
    made = wechat.coupons("wechat_shop", count=2, product=0)
    sku_id = _sku(wechat, made[0])
    body = {"consume_request_no": "c-1", "codes": [one["code"] for one in made], "sku_id": sku_id}
    done = wechat.call(f"{VOUCHER}/consume", {**body, "encrypted_codes": [], "out_store_id": ""})
    assert [told["status"] for told in done["voucher_list"]] == [2, 2]


@pytest.mark.parametrize(
    "change",
    [
        {"consume_request_no": None},
        {"consume_request_no": "一" * 43},
        {"encrypted_codes": None},
        {"encrypted_codes": ["x"] * 11},
        {"encrypted_codes": [5]},
        {"codes": ["17"]},
        {"encrypted_codes": None, "codes": ["17"]},
        {"consume_store_name": 5},
        {"out_store_id": "x" * 129},
    ],
)
def test_consume_refuses_what_it_cannot_read(wechat: Wechat, change: dict[str, object]) -> None:
    made = _one(wechat)
    body = {"consume_request_no": "c-1", "encrypted_codes": [unquote(made["qr_text"])], **change}
    assert wechat.call(f"{VOUCHER}/consume", body)["errcode"] == 40097
    assert wechat.book()["redemptions"] == []


def test_a_number_may_have_128_bytes(wechat: Wechat) -> None:
    assert wechat.consume("n" * 128, [_one(wechat)["qr_text"]])["errcode"] == 0


def test_a_repeat_books_nothing_and_hears_the_same(wechat: Wechat) -> None:
    one, other = wechat.coupons("wechat_shop", count=2)
    first = wechat.consume("c-1", [one["qr_text"]])
    assert wechat.consume("c-1", [one["qr_text"]]) == first
    assert wechat.consume("c-1", [other["qr_text"]])["errcode"] == 10023003
    book = wechat.book()
    assert [(use["code"], use["request_id"]) for use in book["redemptions"]] == [(one["code"], "c-1")]
    assert book["second_attempts"] == 0


def test_a_repeat_may_name_a_coupon_another_way(wechat: Wechat) -> None:
    made = _one(wechat)
    sku_id = _sku(wechat, made)
    first = wechat.consume("c-1", [made["qr_text"]])
    body = {"consume_request_no": "c-1", "codes": [made["code"]], "sku_id": sku_id}
    assert wechat.call(f"{VOUCHER}/consume", body) == first


def test_a_failure_after_the_act_is_cured_by_the_same_number(wechat: Wechat) -> None:
    made = _one(wechat)
    wechat.stable_token()
    wechat.refuse(-1, endpoint="verify", acted=True)
    lost = wechat.consume("c-1", [made["qr_text"]])
    assert (lost["errcode"], "voucher_list" in lost) == (-1, False)
    assert wechat.get(made["qr_text"])["last_consume_no"] == "c-1", "reading tells whose number it was"
    refused = wechat.consume("c-2", [made["qr_text"]])
    assert refused["fail_voucher_list"][0]["ret_msg"] == "券已被使用"
    assert wechat.consume("c-1", [made["qr_text"]])["errcode"] == 0
    book = wechat.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 1)


@pytest.mark.parametrize("before", [True, False])
def test_all_or_nothing(wechat: Wechat, before: bool) -> None:
    good, bad = wechat.coupons("wechat_shop", count=2)
    _lot(wechat, bad["code"], "refunded")
    texts = [bad["qr_text"], good["qr_text"]] if before else [good["qr_text"], bad["qr_text"]]
    refused = wechat.consume("c-1", [*texts, "nonsense"])
    assert refused["errmsg"].startswith("存在券无法执行此操作 rid: ")
    assert refused["voucher_list"] == []
    failed, unknown = refused["fail_voucher_list"]
    assert set(failed) == set(unknown) == {"code", "sku_id", "encrypted_code", "ret_code", "ret_msg"}
    assert (failed["code"], failed["encrypted_code"], failed["ret_msg"]) == (bad["code"], "", "券已退款")
    assert (unknown["code"], unknown["encrypted_code"], unknown["ret_msg"]) == ("", "nonsense", "券不存在")
    assert wechat.book()["redemptions"] == []
    assert wechat.consume("c-1", [good["qr_text"]])["errcode"] == 0, "a refused number is free again"


@pytest.mark.parametrize(
    ("lot", "status", "words"),
    [
        ("refunded", 3, "券已退款"),
        ("frozen", 1, "券正在退款中"),
        ("expired", 4, "券已过期"),
        ("used_elsewhere", 2, "券已被使用"),
    ],
)
def test_what_can_be_wrong_with_a_coupon(wechat: Wechat, lot: str, status: int, words: str) -> None:
    made = _one(wechat)
    _lot(wechat, made["code"], lot)
    assert wechat.get(made["qr_text"])["status"] == status
    refused = wechat.consume("c-1", [made["qr_text"]])
    assert [line["ret_msg"] for line in refused["fail_voucher_list"]] == [words]


def test_a_coupon_of_the_future(wechat: Wechat) -> None:
    made = _one(wechat, valid_from=NOW_S + 100)
    refused = wechat.consume("c-1", [made["qr_text"]])
    assert refused["fail_voucher_list"][0]["ret_msg"] == "券未到可用时间"
    wechat.shift_s(100)
    assert wechat.consume("c-1", [made["qr_text"]])["errcode"] == 0


def test_one_coupon_named_twice_is_too_often(wechat: Wechat) -> None:
    made = _one(wechat)
    assert wechat.consume("c-1", [made["qr_text"]] * 2)["fail_voucher_list"][0]["ret_msg"] == "券已被使用"
    assert wechat.get(made["qr_text"])["status"] == 1


def test_a_times_card_is_used_as_often_as_it_is_named(wechat: Wechat) -> None:
    made = _one(wechat, kind="times_card", units=5, price_fen=10_000)
    done = wechat.consume("c-1", [made["qr_text"]] * 2, out_store_id="7")
    (told,) = done["voucher_list"]
    counts = {"total_count": 5, "available_count": 3, "consumed_count": 2, "refunded_count": 0}
    assert (told["status"], told["voucher_type"], told["time_card"]) == (1, 3, counts)
    assert not {"consume_time", "out_store_id", "voucher_settle_status"} & set(told)
    refused = wechat.consume("c-2", [made["qr_text"]] * 4)
    assert refused["fail_voucher_list"][0]["ret_msg"] == "次卡剩余次数不足"
    assert wechat.consume("c-2", [made["qr_text"]] * 3)["voucher_list"][0]["status"] == 2
    assert [use["request_id"] for use in wechat.book()["redemptions"]] == ["c-1"] * 2 + ["c-2"] * 3
    assert sum(use["amount_fen"] for use in wechat.book()["redemptions"]) == 10_000


def test_revoke_frees_a_coupon(wechat: Wechat) -> None:
    made = _one(wechat)
    wechat.consume("c-1", [made["qr_text"]])
    first = wechat.revoke("r-1", [made["qr_text"]])
    assert (first["errcode"], first["voucher_list"][0]["status"]) == (0, 1)
    told = wechat.get(made["qr_text"])
    assert (told["last_consume_no"], told["last_withdraw_consume_no"]) == ("c-1", "r-1")
    assert "consume_time" not in told
    assert wechat.revoke("r-1", [made["qr_text"]]) == first
    assert wechat.revoke("r-2", [made["qr_text"]])["fail_voucher_list"][0]["ret_msg"] == "券未核销或已撤销"
    assert wechat.consume("c-1", [made["qr_text"]])["voucher_list"][0]["status"] == 2, "an old number is an old answer"
    assert wechat.get(made["qr_text"])["status"] == 1
    assert wechat.consume("c-2", [made["qr_text"]])["errcode"] == 0
    assert [use["reversed"] for use in wechat.book()["redemptions"]] == [True, False]


def test_revoke_is_all_or_nothing_within_one_order(wechat: Wechat) -> None:
    one, other = wechat.coupons("wechat_shop", count=2, order="same")
    stranger = _one(wechat)
    wechat.consume("c-1", [one["qr_text"], stranger["qr_text"]])
    assert wechat.revoke("r-1", [one["qr_text"], stranger["qr_text"]])["errcode"] == 40097
    refused = wechat.revoke("r-1", [one["qr_text"], other["qr_text"], "x"])
    assert [line["ret_msg"] for line in refused["fail_voucher_list"]] == ["券未核销或已撤销", "券不存在"]
    assert not any(use["reversed"] for use in wechat.book()["redemptions"])
    sku_id = _sku(wechat, one)
    by_code = {"revoke_request_no": "r-1", "reovke_vouchers": [{"code": one["code"], "sku_id": sku_id}]}
    assert wechat.call(f"{VOUCHER}/revoke", by_code)["errcode"] == 0
    assert wechat.revoke("r-1", [stranger["qr_text"]])["errcode"] == 10023003


@pytest.mark.parametrize(
    "body",
    [
        {"reovke_vouchers": [{"encrypted_code": "x"}]},
        {"revoke_request_no": "r-1"},
        {"revoke_request_no": "r-1", "revoke_vouchers": [{"encrypted_code": "x"}]},
        {"revoke_request_no": "r-1", "reovke_vouchers": []},
        {"revoke_request_no": "r-1", "reovke_vouchers": [{"code": "17"}]},
        {"revoke_request_no": "r-1", "reovke_vouchers": [{"encrypted_code": "x"}] * 11},
    ],
)
def test_revoke_refuses_what_it_cannot_read(wechat: Wechat, body: dict[str, object]) -> None:
    assert wechat.call(f"{VOUCHER}/revoke", body)["errcode"] == 40097


def test_uses_of_a_times_card_are_taken_back_by_their_consume_number(wechat: Wechat) -> None:
    made = _one(wechat, kind="times_card", units=5)
    wechat.consume("c-1", [made["qr_text"]] * 2)
    wechat.consume("c-2", [made["qr_text"]])
    assert wechat.revoke("r-1", [made["qr_text"]])["errcode"] == 40097, "it has to be said which consume"
    many = wechat.revoke("r-1", [made["qr_text"]] * 2, consume_request_no="c-2")
    assert many["fail_voucher_list"][0]["ret_msg"] == "券未核销或已撤销"
    strange = wechat.revoke("r-1", [made["qr_text"]], consume_request_no="c-3")
    assert strange["fail_voucher_list"][0]["ret_msg"] == "核销单号与券不匹配"
    done = wechat.revoke("r-1", [made["qr_text"]] * 2, consume_request_no="c-1")
    assert done["voucher_list"][0]["time_card"]["consumed_count"] == 1
    assert [use["reversed"] for use in wechat.book()["redemptions"]] == [True, True, False]


@pytest.mark.parametrize("lot", ["settled", "not_cancellable"])
def test_some_uses_cannot_be_taken_back(wechat: Wechat, lot: str) -> None:
    made = _one(wechat)
    wechat.consume("c-1", [made["qr_text"]])
    _lot(wechat, made["code"], lot)
    refused = wechat.revoke("r-1", [made["qr_text"]])
    assert refused["fail_voucher_list"][0]["ret_msg"] == "券已结算,不可撤销核销"


def test_a_coupon_that_has_run_out_meanwhile_comes_back_expired(wechat: Wechat) -> None:
    made = _one(wechat)
    wechat.consume("c-1", [made["qr_text"]])
    wechat.shift_s(31 * 86_400)
    wechat.stable_token()
    assert wechat.revoke("r-1", [made["qr_text"]])["voucher_list"][0]["status"] == 4


def test_ten_times_back_and_forth_and_no_more(wechat: Wechat) -> None:
    made = _one(wechat)
    for turn in range(10):
        assert wechat.consume(f"c-{turn}", [made["qr_text"]])["errcode"] == 0
        assert wechat.revoke(f"r-{turn}", [made["qr_text"]])["errcode"] == 0
    assert wechat.consume("c-10", [made["qr_text"]])["errcode"] == 0
    refused = wechat.revoke("r-10", [made["qr_text"]])
    assert refused["fail_voucher_list"][0]["ret_msg"] == "券核销和撤销次数已达上限"


def test_a_merchants_own_code_may_have_letters(wechat: Wechat) -> None:
    made = _one(wechat, code="VIP2026abc")
    assert wechat.get(made["qr_text"])["code"] == "VIP2026abc"
    for wish, sentence in (
        ({"code": "VIP2026abc"}, "is sold already"),
        ({"code": "A1", "count": 2}, "for one coupon"),
        ({"code": "A-1"}, "code must match"),
        ({"code": "A1", "platform": "douyin"}, "wechat_shop only"),
    ):
        body = {"platform": "wechat_shop", **wish}
        assert sentence in wechat.control("POST", "/coupons", body, 400)["error"]


def test_a_lot_that_other_platforms_do_not_know(wechat: Wechat) -> None:
    (other,) = wechat.coupons("miniprogram")
    refused = wechat.control("POST", f"/coupons/{other['code']}", {"set": "not_cancellable"}, 400)
    assert "douyin and wechat_shop only" in refused["error"]
