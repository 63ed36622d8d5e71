"""kill -9 at any moment of a redemption: afterwards one delivery brings ledger and book into agreement."""

import os
import sqlite3
import time
from contextlib import closing

import pytest

from sync.ledger.ledger import FILE_NAME
from tests.faults.till import NOTED, Till

ROUNDS = int(os.environ.get("HEXIAO_KILL_ROUNDS", "40"))
PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def rows_of(till: Till) -> list[tuple[str, str]]:
    """State and platform's id of each row of the ledger."""
    sql = "SELECT state, coalesce(json_extract(refs, '$.record'), '') FROM redemptions"
    with closing(sqlite3.connect(till.data / FILE_NAME)) as connection:
        return connection.execute(sql).fetchall()


def in_agreement(till: Till) -> int:
    """After one delivery: exactly one row for each redemption, nothing owed, nothing tried twice, the journal whole.
    Answers with the number of redemptions."""
    till.line_up()
    code, said, err = till.run("outbox", "deliver")
    assert (code, said["due"], said["held"]) == (0, 0, 0), (said, err)
    code, verified, _ = till.run("ledger", "verify")
    assert (code, verified["ok"], verified["first_bad"]) == (0, True, None)
    rows, book = rows_of(till), till.book()
    standing = [use["redemption_id"] for use in book["redemptions"] if not use["reversed"]]
    assert sorted(record for state, record in rows if state == "confirmed") == sorted(standing)
    assert [state for state, _ in rows if state in ("claimed", "sent", "unknown")] == []
    assert book["second_attempts"] == 0
    return len(standing)


def until_struck(till: Till) -> None:
    """Until a call hangs at the platform."""
    for _ in range(3000):
        if till.struck():
            return
        time.sleep(0.005)
    raise AssertionError("no call ever came")


@PLATFORMS
def test_killed_while_a_call_hangs(outside: Till, platform: str) -> None:
    endpoints = ["token", "prepare", "verify"] + (["short_link"] if platform == "douyin" else [])
    for endpoint in endpoints:
        coupon = outside.coupon(platform)
        outside.fault("latency", endpoint, platform, ms=500)
        command = outside.begin("redeem", coupon["qr_text"])
        until_struck(outside)
        assert command.kill() == -9
        # The call that hung is carried out though nobody waits for its answer any more.
        time.sleep(0.7)
        in_agreement(outside)
        code, said, _ = outside.run("redeem", coupon["code"])
        assert (code, said["outcome"], said["reason"]) in ((0, "redeemed", None), (1, "refused", "used_here"))
    assert in_agreement(outside) == len(endpoints)


@PLATFORMS
def test_killed_while_it_asks_what_became_of_an_unanswered_call(outside: Till, platform: str) -> None:
    coupon = outside.coupon(platform)
    outside.fault("drop_after", "verify", platform)
    outside.fault("latency", "read", platform, ms=500)
    code, said, _ = outside.run("redeem", coupon["code"])
    assert (code, said["outcome"], said["tier"]) == (0, "recorded", "online")
    before = outside.struck()
    command = outside.begin("outbox", "deliver")
    while outside.struck() == before:
        time.sleep(0.005)
    assert command.kill() == -9
    assert in_agreement(outside) == 1


@PLATFORMS
def test_killed_without_a_line(outside: Till, platform: str) -> None:
    outside.fault("refuse")
    for number in range(ROUNDS // 2):
        coupon = outside.coupon(platform)
        command = outside.begin("redeem", coupon["code"], *NOTED)
        time.sleep(0.12 * number / ROUNDS)
        command.kill()
    in_agreement(outside)


def test_killed_at_many_moments(outside: Till) -> None:
    for number in range(ROUNDS):
        platform = ("douyin", "miniprogram")[number % 2]
        coupon = outside.coupon(platform, **({"kind": "times_card", "units": 3} if number % 3 == 0 else {}))
        count = "2" if number % 3 == 0 else "1"
        command = outside.begin("redeem", coupon[("qr_text", "code")[number % 4 > 1]], "--count", count)
        # All over the time that a redemption takes.
        time.sleep(0.01 + 0.2 * ((number * 7) % ROUNDS) / ROUNDS)
        command.kill()
        if number % 4 == 3:
            # The customer is still there: the same coupon again.
            code, said, err = outside.run("redeem", coupon["code"], "--count", count)
            assert code in (0, 1), err
            assert said["reason"] in (None, "used_here", "units_too_many")
    assert in_agreement(outside) > 0
