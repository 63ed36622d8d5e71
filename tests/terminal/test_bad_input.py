"""Anything may be scanned: a clear sentence, a record of it, and the next one works."""

import json
import sqlite3
from contextlib import closing

import pytest

from sync.ledger.ledger import FILE_NAME
from tests.terminal.desk import NOTED, Desk

SCANS = [
    ("", "nothing_read"),
    ("   \t ", "nothing_read"),
    ("\x01\x02\x1d\x1e", "nothing_read"),
    ("\\000026", "nothing_read"),
    ("A" * 10_000, "not_a_coupon"),
    ("1" * 10_000, "not_a_coupon"),
    ("9" * 321, "malformed"),
    ("WIFI:S:riverside;T:WPA;P:secret;;", "not_a_coupon"),
    ("https://evil.example.com/eHHc1ft/", "foreign_link"),
    ("https://v.douyin.com@evil.example.com/eHHc1ft/", "foreign_link"),
    ("https://v.douyin.com.evil.example.com/x/", "foreign_link"),
    ("http://[::1", "not_a_coupon"),
    ("https://developer.toutiao.com/api/apps/trade/v2/share?encrypted_data=x", "not_connected"),
    ("134567890123456789", "payment_code"),
    ("1234567890", "not_found"),
    ("13800138000", "which_platform"),
    ("8800000000000000", "not_a_coupon"),
    ("🎫" * 30, "not_a_coupon"),
    ("\udcff\udcfe\udc80", "nothing_read"),
    ("%PDF-1.4 \udcff\x00\x01", "not_a_coupon"),
    ('{"json": [1, 2]}', "not_a_coupon"),
    ("[bold red]x[/bold red]", "not_a_coupon"),
    ("'; DROP TABLE redemptions; --", "not_a_coupon"),
]


def refusals(desk: Desk) -> list[tuple[str, str, int]]:
    with closing(sqlite3.connect(desk.data / FILE_NAME)) as connection:
        return connection.execute("SELECT reason, kind, length FROM refusals ORDER BY id").fetchall()


def test_every_odd_scan_is_answered_and_recorded_and_the_next_one_works(desk: Desk) -> None:
    for text, reason in SCANS:
        said = desk.told("redeem", text, code=1)
        assert (said["outcome"], said["reason"]) == ("refused", reason), text[:50]
        assert len(said["message"]) > 20
        assert "—" not in said["message"]
        people = desk.run("redeem", text)
        assert people.exit_code == 1
        assert people.stdout.strip()
    recorded = refusals(desk)
    assert [found[0] for found in recorded[::2]] == [reason for _, reason in SCANS]
    assert [found[2] for found in recorded[::2]][4] == 10_000
    coupon = desk.coupon("douyin")
    assert desk.told("redeem", coupon["qr_text"])["outcome"] == "redeemed"
    assert desk.told("ledger", "verify")["ok"]


@pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
@pytest.mark.parametrize("dress", ["eci", "symbology", "full width", "blanks", "newline"])
def test_a_code_is_known_in_whatever_dress_a_scanner_sends_it(desk: Desk, platform: str, dress: str) -> None:
    code = desk.coupon(platform)["code"]
    dressed = {
        "eci": f"\\000026{code}",
        "symbology": f"]Q3{code}",
        "full width": "".join(chr(ord(char) + 0xFEE0) for char in code),
        "blanks": f"  {code[:4]} {code[4:8]}-{code[8:]} ",
        "newline": f"{code}\r\n",
    }[dress]
    assert desk.told("redeem", dressed)["outcome"] == "redeemed"


def test_another_platforms_coupon_is_named_when_the_cashier_chose_wrongly(desk: Desk) -> None:
    said = desk.told("redeem", desk.coupon("miniprogram")["qr_text"], "--platform", "douyin", code=1)
    assert (said["outcome"], said["reason"]) == ("refused", "not_a_coupon")
    assert desk.told("redeem", "104686126200130", "--platform", "nowhere", code=1)["outcome"] == "refused"


USAGE = [
    ("redeem",),
    ("redeem", "x", "--count", "0"),
    ("redeem", "x", "--count", "-1"),
    ("redeem", "x", "--count", "101"),
    ("redeem", "x", "--count", "many"),
    ("redeem", "x", "--amount-fen", "-5"),
    ("redeem", "x", "--amount-fen", "0"),
    ("redeem", "x", "--amount-fen", "1.5"),
    ("redeem", "x", "--phone-last4", "123"),
    ("redeem", "x", "--phone-last4", "12345"),
    ("redeem", "x", "--phone-last4", "１２３４"),
    ("redeem", "x", "--phone-last4", "12a4"),
    ("redeem", "x", "--order-no", "\udcff"),
    ("redeem", "x", "--order-no", "9" * 1000),
    ("redeem", "x", "--image", "nowhere.png"),
    ("redeem", "x", "--photo", "nowhere.png"),
    ("redeem", "x", "--colour", "red"),
    ("shift", "count"),
    ("shift", "count", "--cash-fen", "-1"),
    ("shift", "count", "--cash-fen", "0", "--slips", "douyin"),
    ("shift", "count", "--cash-fen", "0", "--slips", "douyin=-1"),
    ("reconcile", "--day", "yesterday"),
    ("reconcile", "--day", "2026-02-30"),
    ("redeem", "x", "--staff", "\udcff"),
    ("reverse", "\udcff"),
    ("explain",),
    ("explain", "x", "--jsonl"),
    ("nonsense",),
    ("ledger", "restore", "nowhere"),
    ("outbox", "retry"),
]


@pytest.mark.parametrize("arguments", USAGE, ids=range(len(USAGE)))
def test_wrong_usage_leaves_with_2_and_accepts_nothing(desk: Desk, arguments: tuple[str, ...]) -> None:
    as_json = () if arguments == ("nonsense",) else ("--json",)
    result = desk.run(*arguments, *as_json)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error" in result.stderr
    assert "Traceback" not in result.stderr
    assert refusals(desk) == []


def test_people_are_checked(guarded_desk: Desk) -> None:
    desk = guarded_desk
    code = desk.coupon("douyin")["code"]
    assert desk.told("redeem", code, "--staff", "nobody", code=1)["reason"] == "staff_unknown"
    for pin in ("", "9999", "1111 ", "x" * 1000):
        desk.environment["HEXIAO_PIN"] = pin
        assert desk.told("redeem", code, "--staff", "c1", code=1)["reason"] == "pin_wrong"
    # No PIN and nobody to ask for one.
    del desk.environment["HEXIAO_PIN"]
    assert desk.told("redeem", code, "--staff", "c1", code=1)["reason"] == "pin_wrong"
    assert desk.told("redeem", code, "--manager", "m1", code=1)["reason"] == "pin_wrong"
    desk.environment["HEXIAO_MANAGER_PIN"] = "2222"
    assert desk.told("redeem", code, "--manager", "c2", code=1)["reason"] == "not_permitted"
    assert desk.booked() == []
    desk.environment |= {"HEXIAO_PIN": "1111", "HEXIAO_MANAGER_PIN": "8888"}
    desk.line_down()
    said = desk.told("redeem", code, "--staff", "c1", "--manager", "m1", *NOTED)
    assert (said["outcome"], said["tier"]) == ("recorded", "recorded")
    result = desk.run("redeem", desk.coupon("douyin")["code"], "--staff", "c1", *NOTED, "--json", stdin="1111\n")
    assert json.loads(result.stdout)["outcome"] == "recorded"
