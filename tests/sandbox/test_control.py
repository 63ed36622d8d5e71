"""The control calls: coupons, their lot, time, keys, the book; and the sentence a bad call gets."""

import re
from urllib.parse import urlsplit

import pytest

from sync.clock import FalseClock
from tests.sandbox.client import Client, Douyin, Miniprogram


def _luhn(code: str) -> bool:
    digits = [int(one) for one in reversed(code)]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def test_douyin_coupons_look_like_douyin(client: Client) -> None:
    made = client.coupons("douyin", count=3, order="same", price_fen=9900)
    assert len({one["order_id"] for one in made}) == 1
    for one in made:
        assert re.fullmatch(r"[0-9]{15}", one["code"])
        assert re.fullmatch(r"https://v\.douyin\.com/[A-Za-z0-9]{7}/", one["qr_text"])
        assert (one["platform"], one["price_fen"], one["units"]) == ("douyin", 9900, 1)


@pytest.mark.parametrize(("platform", "length"), [("meituan", 12), ("dianping", 10)])
def test_static_pictures_hold_the_code(client: Client, platform: str, length: int) -> None:
    made = client.coupons(platform, count=7)
    assert len({one["code"] for one in made}) == 7
    for one in made:
        assert re.fullmatch(rf"[0-9]{{{length}}}", one["code"])
        assert one["qr_text"] == one["code"]
        assert client.control("GET", f"/coupons/{one['code']}/dynamic") == {"text": one["code"]}
    zeros = sum(one["code"].startswith("0") for one in made)
    assert zeros == (2 if platform == "dianping" else 0)


def test_own_coupons_look_like_our_own(client: Client) -> None:
    made = client.coupons("miniprogram", count=3, kind="times_card", units=4)
    assert len({one["order_id"] for one in made}) == 3
    for one in made:
        assert re.fullmatch(r"88[0-9]{14}", one["code"])
        assert _luhn(one["code"])
        assert re.fullmatch(r"[0-9]{321}", one["qr_text"])
        assert one["units"] == 4


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/coupons", {"platform": "taobao"}, "platform must be one of: dianping, douyin, meituan, miniprogram"),
        ("/coupons", {"count": 0}, "count must lie within 1 and"),
        ("/coupons", {"count": "3"}, "count must be a whole number"),
        ("/coupons", {"units": 3}, "a voucher has one unit"),
        ("/coupons", {"order": "some"}, "order must be one of: each, mixed, same"),
        ("/coupons", {"valid_from": 20, "valid_until": 10}, "valid_until must lie after"),
        ("/coupons", {"phone": "call me"}, "phone must match"),
        ("/coupons", {"platform": "douyin", "store": "00c0ffee"}, "store can be chosen"),
        ("/coupons/123", {"set": "refunded"}, "no platform has sold a coupon with the code 123"),
        ("/faults", {"kind": "fire"}, "kind must be one of"),
        ("/faults", {"kind": "latency"}, "latency needs ms"),
        ("/faults", {"kind": "portal", "platform": "taobao"}, "platform must be one of"),
        ("/faults", {"kind": "portal", "endpoint": "redeem"}, "endpoint must be one of"),
        ("/faults", {"kind": "portal", "probability": 2}, "probability must be a number"),
        ("/faults", {"kind": "portal", "count": 0}, "count must lie within"),
        ("/clock", {"offset_s": 1.5}, "offset_s must be a whole number"),
        ("/clock", {}, "offset_s must be a whole number"),
        ("/authorisations", {"platform": "douyin"}, "platform must be one of: dianping, meituan"),
        ("/keys", {"do": "burn"}, "do must be one of"),
        ("/keys", {"do": "withdraw", "kid": 900}, "no key of that kid"),
    ],
)
def test_a_bad_call_gets_a_sentence(client: Client, path: str, body: object, sentence: str) -> None:
    assert sentence in client.control("POST", path, body, status=400)["error"]


def test_a_coupon_needs_a_known_lot(client: Client) -> None:
    (one,) = client.coupons("douyin")
    assert "set must be one of" in client.control("POST", f"/coupons/{one['code']}", {"set": "eaten"}, 400)["error"]


@pytest.mark.parametrize("platform", ["douyin", "meituan", "dianping", "miniprogram"])
@pytest.mark.parametrize("lot", ["refunded", "expired", "frozen"])
def test_lots_show_in_the_book(client: Client, platform: str, lot: str) -> None:
    (one,) = client.coupons(platform)
    client.control("POST", f"/coupons/{one['code']}", {"set": lot})
    (line,) = client.book()["coupons"]
    assert (line["platform"], line["code"], line["state"], line["units_left"]) == (platform, one["code"], lot, 1)


@pytest.mark.parametrize("platform", ["douyin", "meituan", "dianping", "miniprogram"])
def test_used_elsewhere_is_another_request(client: Client, platform: str) -> None:
    (one,) = client.coupons(platform, kind="times_card", units=2)
    client.control("POST", f"/coupons/{one['code']}", {"set": "used_elsewhere"})
    book = client.book()
    assert [(use["unit"], use["reversed"]) for use in book["redemptions"]] == [(1, False), (2, False)]
    assert all(use["request_id"].startswith("elsewhere-") for use in book["redemptions"])
    assert book["coupons"][0]["state"] == "used"
    assert book["second_attempts"] == 0
    again = client.control("POST", f"/coupons/{one['code']}", {"set": "used_elsewhere"}, 400)
    assert "nothing is left" in again["error"]


def test_the_clock_is_shifted_for_all(client: Client, clock: FalseClock) -> None:
    client.shift_s(86_400)
    assert client.control("GET", "/health")["now"] == clock.wall_ms() // 1000 + 86_400
    client.shift_s(-60)
    assert client.control("GET", "/health")["now"] == clock.wall_ms() // 1000 - 60


def test_a_spent_douyin_picture_can_be_renewed(client: Client, douyin: Douyin) -> None:
    (one,) = client.coupons("douyin")
    fresh = client.control("GET", f"/coupons/{one['code']}/dynamic")["text"]
    assert fresh != one["qr_text"]
    assert urlsplit(fresh).netloc == "v.douyin.com"
    prepared = douyin.prepare(encrypted_data=douyin.object_id(fresh))
    assert len(prepared["certificates"]) == 1


def test_what_the_book_tells(client: Client, mini: Miniprogram) -> None:
    (one,) = client.coupons("miniprogram", price_fen=700)
    mini.redeem("r-1", [{"code": one["code"], "units": 1}])
    (use,) = client.book()["redemptions"]
    assert use["platform"] == "miniprogram"
    assert (use["code"], use["unit"], use["request_id"]) == (one["code"], 1, "r-1")
    assert (use["at"], use["reversed"], use["amount_fen"]) == (1_795_000_000, False, 700)
