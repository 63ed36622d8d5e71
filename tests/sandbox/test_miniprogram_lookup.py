"""Looking vouchers up at the own platform: by what is shown, and by the phone number of a member."""

import pytest

from tests.sandbox.client import Miniprogram

PHONE = "13800138000"
NOW_S = 1_795_000_000


def test_lookup_by_code_dynamic_and_phone(mini: Miniprogram) -> None:
    made = mini.coupons("miniprogram", count=2, order="same", phone="13800138000")
    mini.coupons("miniprogram", phone="13900139000")
    by_code = mini.post("/dq/v1/lookup", {"by": "code", "text": made[0]["code"]})
    by_dynamic = mini.post("/dq/v1/lookup", {"by": "dynamic", "text": made[0]["qr_text"]})
    assert by_code == by_dynamic
    assert by_code["order_id"] == made[0]["order_id"]
    assert [one["code"] for one in by_code["vouchers"]] == [one["code"] for one in made]
    assert by_code["selected"] == [by_code["vouchers"][0]["voucher"]]
    by_phone = mini.post("/dq/v1/lookup", {"by": "phone", "text": "13800138000"})
    assert (by_phone["order_id"], by_phone["selected"]) == (None, [])
    assert [one["code"] for one in by_phone["vouchers"]] == [one["code"] for one in made]
    assert len({one["account"] for one in by_phone["vouchers"]}) == 1
    assert mini.book()["redemptions"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"by": "code", "text": "8800000000000000"}, 404, "not_found"),
        ({"by": "phone", "text": "13800138000"}, 404, "not_found"),
        ({"by": "dynamic", "text": "123"}, 400, "dynamic_malformed"),
        ({"by": "smell", "text": "x"}, 400, "bad_request"),
        ({"by": "code", "text": ""}, 400, "bad_request"),
        ({"by": "code", "text": "x", "store": "00c0ffee"}, 403, "store_not_allowed"),
        ({"by": "code", "text": "x", "store": "C0FFEE"}, 400, "bad_request"),
    ],
)
def test_lookup_refuses(mini: Miniprogram, body: dict[str, object], status: int, code: str) -> None:
    assert mini.post("/dq/v1/lookup", body, status)["error"]["code"] == code


def test_a_member_is_shown_what_can_be_used_here_now_of_all_orders(mini: Miniprogram) -> None:
    mine = [*mini.coupons("miniprogram", count=2, order="each", phone=PHONE)]
    mine += mini.coupons("miniprogram", kind="times_card", units=3, phone=PHONE)
    anywhere = mini.coupons("miniprogram", store="00000000", phone=PHONE)
    mini.coupons("miniprogram", store="00c0ffee", phone=PHONE)
    mini.coupons("miniprogram", valid_from=NOW_S + 60, phone=PHONE)
    mini.coupons("douyin", phone=PHONE)
    mini.coupons("miniprogram", phone="13900139000")
    for lot in ("refunded", "frozen", "expired", "used_elsewhere"):
        (gone,) = mini.coupons("miniprogram", phone=PHONE)
        mini.control("POST", f"/coupons/{gone['code']}", {"set": lot})
    found = mini.post("/dq/v1/lookup", {"by": "phone", "text": PHONE})
    assert [one["code"] for one in found["vouchers"]] == [one["code"] for one in [*mine, *anywhere]]
    assert len({one["order_id"] for one in found["vouchers"]}) == 4
    assert {one["state"] for one in found["vouchers"]} == {"usable"}
    assert (found["order_id"], found["selected"]) == (None, [])


def test_a_card_used_in_part_is_still_there_with_what_is_left(mini: Miniprogram) -> None:
    (card,) = mini.coupons("miniprogram", kind="times_card", units=3, phone=PHONE)
    mini.redeem("r-1", [{"code": card["code"], "units": 2}])
    (shown,) = mini.post("/dq/v1/lookup", {"by": "phone", "text": PHONE})["vouchers"]
    assert (shown["units_total"], shown["units_left"]) == (3, 1)
    mini.redeem("r-2", [{"code": card["code"], "units": 1}])
    assert mini.post("/dq/v1/lookup", {"by": "phone", "text": PHONE})["vouchers"] == []


def test_a_voucher_without_a_member_belongs_to_no_number(mini: Miniprogram) -> None:
    mini.coupons("miniprogram")
    for text in (" ", "1", PHONE):
        mini.post("/dq/v1/lookup", {"by": "phone", "text": text}, 404)
