"""Permits of the own platform: booked under the till's request id with its nonce, or reserved without one."""

from typing import Any

import pytest

from tests.sandbox.client import Miniprogram

NOW_MS = 1_795_000_000_000
NONCE = "0123456789abcdef"


def _one(mini: Miniprogram, **wish: object) -> dict[str, Any]:
    (one,) = mini.coupons("miniprogram", **wish)
    return one


def _reasons(answer: dict[str, Any]) -> list[str | None]:
    return [line["reason"] for line in answer["results"]]


def test_a_permit_with_a_nonce_is_a_redemption(mini: Miniprogram) -> None:
    card = _one(mini, kind="times_card", units=3)
    asked = {"code": card["code"], "terminal": "T1", "nonce": NONCE, "request_id": "r-1", "units": 2}
    text = mini.post("/dq/v1/permits", asked)["text"]
    assert len(text) == 268
    assert len(mini.book()["redemptions"]) == 2
    assert mini.post("/dq/v1/permits", asked)["text"] == text
    done = mini.redeem("r-1", [{"code": card["code"], "units": 2}], tier="permit", dynamic=text)
    assert _reasons(done) == [None, None]
    book = mini.book()
    assert [(use["request_id"], use["tier"]) for use in book["redemptions"]] == [("r-1", "permit")] * 2
    assert book["second_attempts"] == 0
    reused = mini.post("/dq/v1/permits", {**asked, "units": 1}, 409)
    assert reused["error"]["code"] == "request_id_reused"
    too_many = mini.post("/dq/v1/permits", {**asked, "request_id": "r-2"}, 409)
    assert too_many["error"]["code"] == "no_units_left"


def test_a_permit_without_a_nonce_books_nothing(mini: Miniprogram) -> None:
    one = _one(mini)
    asked = {"code": one["code"], "terminal": "T1", "nonce": "0" * 16, "request_id": None, "units": 1}
    text = mini.post("/dq/v1/permits", asked)["text"]
    book = mini.book()
    assert book["redemptions"] == []
    assert book["coupons"][0]["reserved_until_ms"] == NOW_MS + 630_000
    shown = mini.post("/dq/v1/lookup", {"by": "dynamic", "text": text})
    assert shown["vouchers"][0]["code"] == one["code"]


@pytest.mark.parametrize("nonce", [NONCE, "0" * 16])
@pytest.mark.parametrize(
    ("lot", "code"),
    [("refunded", "refunded"), ("frozen", "frozen"), ("expired", "expired"), ("used_elsewhere", "used")],
)
def test_no_permit_for_what_cannot_be_used(mini: Miniprogram, lot: str, code: str, nonce: str) -> None:
    one = _one(mini)
    mini.control("POST", f"/coupons/{one['code']}", {"set": lot})
    asked = {"code": one["code"], "terminal": "T1", "nonce": nonce, "request_id": "r-1", "units": 1}
    assert mini.post("/dq/v1/permits", asked, 409)["error"]["code"] == code


@pytest.mark.parametrize(
    ("change", "status"),
    [({"nonce": "xyz"}, 400), ({"request_id": None}, 400), ({"units": 0}, 400), ({"code": "8800000000000000"}, 404)],
)
def test_permits_refuse(mini: Miniprogram, change: dict[str, object], status: int) -> None:
    one = _one(mini)
    asked = {"code": one["code"], "terminal": "T1", "nonce": NONCE, "request_id": "r-1", "units": 1, **change}
    mini.post("/dq/v1/permits", asked, status)


def test_a_permit_after_a_refused_redeem_is_refused_too(mini: Miniprogram) -> None:
    one = _one(mini)
    mini.control("POST", f"/coupons/{one['code']}", {"set": "frozen"})
    mini.redeem("r-1", [{"code": one["code"], "units": 1}])
    mini.control("POST", f"/coupons/{one['code']}", {"set": "usable"})
    asked = {"code": one["code"], "terminal": "T1", "nonce": NONCE, "request_id": "r-1", "units": 1}
    assert mini.post("/dq/v1/permits", asked, 409)["error"]["code"] == "frozen"


def test_one_booking_is_never_signed_for_two_nonces(mini: Miniprogram) -> None:
    one = _one(mini)
    asked = {"code": one["code"], "terminal": "T1", "nonce": NONCE, "request_id": "r-1", "units": 1}
    mini.post("/dq/v1/permits", asked)
    other = mini.post("/dq/v1/permits", {**asked, "nonce": "fedcba9876543210"}, 409)
    assert other["error"]["code"] == "request_id_reused"
    mini.redeem("r-1", [{"code": one["code"], "units": 1}], tier="permit")
    mini.post("/dq/v1/permits", {**asked, "nonce": "fedcba9876543210"}, 409)
    mini.post("/dq/v1/permits", asked)
    assert len(mini.book()["redemptions"]) == 1


def test_a_refused_permit_binds_no_nonce(mini: Miniprogram) -> None:
    one = _one(mini)
    asked = {"code": "8800000000000005", "terminal": "T1", "nonce": NONCE, "request_id": "r-1", "units": 1}
    mini.post("/dq/v1/permits", asked, 404)
    mini.post("/dq/v1/permits", {**asked, "code": one["code"], "nonce": "fedcba9876543210"})


@pytest.mark.parametrize(("units", "left"), [(1, 2), (3, 0)])
def test_units_are_booked_all_or_none(mini: Miniprogram, units: int, left: int) -> None:
    card = _one(mini, kind="times_card", units=3)
    asked = {"code": card["code"], "terminal": "T1", "nonce": NONCE, "request_id": "r-1", "units": units}
    data = int(mini.post("/dq/v1/permits", asked)["text"]).to_bytes(111, "big")
    assert data[26] == units
    assert [use["terminal"] for use in mini.book()["redemptions"]] == ["T1"] * units
    more = {**asked, "request_id": "r-2", "nonce": "fedcba9876543210", "units": left + 1}
    assert mini.post("/dq/v1/permits", more, 409)["error"]["code"] == "no_units_left"
    assert len(mini.book()["redemptions"]) == units


def test_it_lives_120_seconds_and_a_repeat_is_signed_anew_without_booking_anew(mini: Miniprogram) -> None:
    one = _one(mini)
    asked = {"code": one["code"], "terminal": "T1", "nonce": NONCE, "request_id": "r-1", "units": 1}
    first = mini.post("/dq/v1/permits", asked)["text"]
    # A step of slack for clocks that differ.
    for offset_s, status in ((120, 200), (150, 200), (151, 400)):
        mini.shift_s(offset_s)
        told = mini.post("/dq/v1/lookup", {"by": "dynamic", "text": first}, status)
    assert told["error"]["code"] == "dynamic_stale"
    again = mini.post("/dq/v1/permits", asked)["text"]
    assert again != first
    mini.post("/dq/v1/lookup", {"by": "dynamic", "text": again})
    assert len(mini.book()["redemptions"]) == 1
