"""The shapes that scripts parse (design.md): every field there, of the right type, in one document on stdout."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.terminal.desk import NOTED, Desk

NONE = type(None)
REDEEMED = {
    "outcome": str,
    "tier": (str, NONE),
    "reason": (str, NONE),
    "message": str,
    "platform": (str, NONE),
    "code_tail": str,
    "amount_fen": (int, NONE),
    "redemption_id": (str, NONE),
    "request_id": (str, NONE),
}
OWED = {
    "redemption_id": str,
    "platform": str,
    "attempts": int,
    "last_error": (str, NONE),
    "next_attempt_at": int,
}


def has(found: dict[str, Any], shape: dict[str, Any]) -> None:
    """All fields of the shape, each of its type."""
    for name, kind in shape.items():
        assert name in found, name
        assert isinstance(found[name], kind), (name, found[name])
        assert not isinstance(found[name], bool) or kind is bool, name


@pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
@pytest.mark.parametrize("line", ["up", "down"])
def test_redeem(desk: Desk, platform: str, line: str) -> None:
    code = desk.coupon(platform, kind="times_card", units=3)["code"]
    if line == "down":
        desk.line_down()
    # Of a code that nobody describes only one use can be trusted.
    count = 2 if line == "up" else 1
    said = desk.told("redeem", code, "--count", str(count), *NOTED)
    has(said, REDEEMED | {"redemptions": list})
    assert len(said["redemptions"]) == count
    for unit in said["redemptions"]:
        has(unit, REDEEMED)
    assert {name: said[name] for name in REDEEMED} == {name: said["redemptions"][0][name] for name in REDEEMED}
    assert (said["platform"], said["code_tail"]) == (platform, code[-4:])
    tier = {"up": "online", "down": "recorded"}[line]
    assert (said["outcome"], said["tier"]) == ("redeemed" if line == "up" else "recorded", tier)
    assert len({unit["redemption_id"] for unit in said["redemptions"]}) == count
    assert code not in json.dumps(said)


def test_a_refusal_has_the_shape_of_a_redemption(desk: Desk) -> None:
    code = desk.coupon("douyin")["code"]
    mistyped = code[:-1] + ("1" if code.endswith("0") else "0")
    for text in ("no coupon", mistyped, ""):
        said = desk.told("redeem", text, code=1)
        has(said, REDEEMED | {"redemptions": list, "reason": str})
        assert (said["outcome"], said["redemption_id"], said["request_id"]) == ("refused", None, None)


def test_what_the_till_itself_refuses_has_that_shape_too(desk: Desk) -> None:
    said = desk.told("redeem", "104686126200130", "--staff", "nobody", code=1)
    has(said, REDEEMED | {"redemptions": list, "reason": str})
    assert (said["outcome"], said["reason"], said["redemptions"]) == ("refused", "staff_unknown", [])


def test_outbox_list_and_deliver(desk: Desk) -> None:
    desk.line_down()
    said = desk.told("redeem", desk.coupon("douyin")["code"], *NOTED)
    listed = desk.told("outbox", "list")
    assert sorted(listed) == ["due", "held"]
    (owed,) = listed["due"]
    has(owed, OWED)
    assert owed["redemption_id"] == said["redemption_id"]
    assert owed["next_attempt_at"] > 1_500_000_000_000
    assert desk.told("outbox", "deliver", code=1)["left"] == 1
    assert desk.told("outbox", "hold", owed["id"], code=1)["reason"] == "not_permitted"
    assert desk.told("outbox", "hold", owed["id"], "--staff", "m1")["state"] == "held"
    for which in (owed["id"], "--all"):
        assert desk.told("outbox", "retry", which, code=1)["reason"] == "not_permitted"
    (held,) = desk.told("outbox", "list")["held"]
    has(held, OWED)
    desk.line_up()
    assert desk.told("outbox", "deliver", code=1)["sent"] == 0
    assert desk.told("outbox", "retry", owed["id"], "--staff", "m1")["state"] == "due"
    delivered = desk.told("outbox", "deliver")
    assert (delivered["sent"], delivered["due"], delivered["held"], delivered["differences"]) == (1, 0, 0, 0)
    assert desk.told("outbox", "list") == {"due": [], "held": []}


def test_ledger_verify(desk: Desk) -> None:
    desk.told("redeem", desk.coupon("douyin")["code"])
    said = desk.told("ledger", "verify")
    has(said, {"ok": bool, "entries": int, "head": str, "first_bad": NONE})
    assert len(bytes.fromhex(said["head"])) == 32


def test_reconcile_shift_lookup_reverse_permit_doctor_and_differences(desk: Desk) -> None:
    coupon = desk.coupon("miniprogram")
    looked = desk.told("lookup", coupon["code"])
    (shown,) = looked["coupons"]
    assert (shown["price_fen"], shown["units_left"], shown["usable"]) == (9900, 1, True)
    assert coupon["code"] not in json.dumps(looked)
    said = desk.told("redeem", coupon["code"])
    compared = desk.told("reconcile")
    found = {platform["platform"]: platform for platform in compared["platforms"]}
    counts = [found["miniprogram"][name] for name in ("matched", "ours_only", "theirs_only", "differs")]
    assert counts == [1, 0, 0, 0]
    assert desk.told("reverse", said["number"])["outcome"] == "reversed"
    assert desk.told("reverse", said["redemption_id"], code=1)["reason"] == "already_reversed"
    has(desk.told("permit"), {"text": str, "nonce": str, "request_id": str, "store": str, "terminal": str})
    blind = desk.told("shift", "report")
    assert "platforms" not in blind
    assert "expected_slips" not in blind
    counted = desk.told("shift", "count", "--cash-fen", "500", "--slips", "miniprogram=0")
    (line,) = counted["platforms"]
    assert line["reversed"] == {"count": 1, "amount_fen": 9900}
    off = desk.told("shift", "count", "--cash-fen", "5000", "--slips", "miniprogram=0")
    assert (off["cash_off_fen"], off["received_by"], off["approved_by"]) == (5000, None, None)
    assert desk.told("shift", "close", code=1)["reason"] == "off_too_much"
    assert desk.told("shift", "close", "--received-by", "nobody", code=1)["reason"] == "staff_unknown"
    closed = desk.told("shift", "close", "--received-by", "c2", "--manager", "m1")
    assert (closed["state"], closed["received_by"], closed["approved_by"]) == ("closed", "c2", "m1")
    assert desk.told("shift", "close", code=1)["reason"] == "shift_not_open"
    assert desk.told("shift", "open", "--float-fen", "100")["float_fen"] == 100
    assert desk.told("differences", "list") == {"differences": []}
    doctor = desk.told("doctor")
    assert doctor["ok"]
    assert {check["name"] for check in doctor["checks"]} >= {"douyin", "miniprogram", "clock", "outbox", "journal"}
    desk.line_down()
    assert not desk.told("doctor", code=1)["ok"]


def test_theirs_only_is_a_difference_and_the_command_says_so(desk: Desk) -> None:
    coupon = desk.coupon("douyin")
    desk.post(f"coupons/{coupon['code']}", {"set": "used_elsewhere"})
    compared = desk.told("reconcile", "--platform", "douyin", code=1)
    assert compared["platforms"][0]["theirs_only"] == 1
    (difference,) = desk.told("differences", "list")["differences"]
    assert (difference["cause"], difference["owner"]) == ("theirs_only", "m1")
    refused = desk.told("differences", "resolve", str(difference["no"]), "claim", "--staff", "c1", code=1)
    assert refused["reason"] == "not_permitted"
    unfit = desk.told("differences", "resolve", str(difference["no"]), "contact", "--staff", "m1", code=1)
    assert unfit["reason"] == "ending_unfit"
    said = ("reenter", "--note", "the other till", "--staff", "m1")
    ended = desk.told("differences", "resolve", str(difference["no"]), *said)
    assert ended["resolution"] == "reenter：the other till"


def test_the_sandbox_describes_itself(desk: Desk) -> None:
    said = desk.sandbox.describe()
    has(said, {"url": str, "control": str, "profile": str, "douyin": dict, "meituan": dict, "miniprogram": dict})
    has(said["douyin"], dict.fromkeys(("client_key", "client_secret", "account_id", "poi_id"), str))
    has(said["meituan"], dict.fromkeys(("developer_id", "sign_key", "business_id", "app_auth_token"), str))
    has(said["miniprogram"], dict.fromkeys(("client_id", "client_secret", "store"), str))
    assert said["control"].endswith("/control")
    assert Path(said["profile"]).exists()
