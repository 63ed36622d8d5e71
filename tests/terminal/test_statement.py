"""`hexiao statement`: what it prints for scripts and for people, and what it leaves with."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.terminal.desk import Desk


def today(desk: Desk) -> str:
    """The day in China on which the last redemption was booked."""
    book = desk.control.get(f"{desk.sandbox.control}/book", timeout=60).json()
    at_s = max(use["at"] for use in book["redemptions"])
    return datetime.fromtimestamp(at_s, ZoneInfo("Asia/Shanghai")).date().isoformat()


def test_a_day_that_agrees(desk: Desk) -> None:
    desk.told("redeem", desk.coupon("miniprogram")["code"])
    day = today(desk)
    said = desk.told("statement", "--platform", "miniprogram", "--day", day)
    assert said["sums"] == {"pending": {"lines": 1, "goods_fen": 9900, "payout_fen": 9841}}
    assert (said["platform"], said["day"], said["well"], said["unreadable"]) == ("miniprogram", day, True, None)
    assert (said["matched"], said["awaited"], said["unnamed"]) == (1, 0, 0)
    assert said["missing"] == said["unexpected"] == said["off"] == []
    text = desk.run("statement", "--platform", "miniprogram", "--day", day)
    assert text.exit_code == 0
    assert "To be paid: 1, goods ¥99.00, payout ¥98.41" in text.stdout
    assert "Everything agrees" in text.stdout


def test_what_this_store_has_not_is_told_and_leaves_with_one(desk: Desk) -> None:
    coupon = desk.coupon("miniprogram")
    desk.post(f"coupons/{coupon['code']}", {"set": "used_elsewhere"})
    day = today(desk)
    said = desk.told("statement", "--platform", "miniprogram", "--day", day, code=1)
    (line,) = said["unexpected"]
    assert (line["code_tail"], line["theirs_fen"]) == (coupon["code"][-4:], 9900)
    desk.environment["HEXIAO_LANG"] = "zh"
    text = desk.run("statement", "--platform", "miniprogram", "--day", day)
    assert text.exit_code == 1
    for words in ("小程序", "本店没有", "¥99.00", line["code_tail"]):
        assert words in text.stdout
    assert coupon["code"] not in text.stdout
    assert "全部一致" not in text.stdout


def test_one_that_cannot_be_read_says_why(desk: Desk) -> None:
    desk.line_down()
    said = desk.told("statement", "--platform", "miniprogram", "--day", "2026-11-18", code=1)
    assert said["unreadable"] in {"unreachable", "no_answer"}
    text = desk.run("statement", "--platform", "miniprogram", "--day", "2026-11-18")
    assert text.exit_code == 1
    assert len(text.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("platform", "day", "says"),
    [
        ("miniprogram", "today", "YYYY-MM-DD"),
        ("miniprogram", "2026-02-30", "YYYY-MM-DD"),
        ("wechat_shop", "2026-11-18", "miniprogram"),
        ("", "2026-11-18", "miniprogram"),
    ],
)
def test_wrong_usage_leaves_with_two(desk: Desk, platform: str, day: str, says: str) -> None:
    result = desk.run("statement", "--platform", platform, "--day", day)
    assert result.exit_code == 2
    assert says in result.output
