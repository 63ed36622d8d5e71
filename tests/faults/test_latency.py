"""A platform that answers too late: the customer does not wait longer than the counter's budget, and pays once."""

import time

import pytest

from tests.faults.till import NOTED, Till

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


@PLATFORMS
@pytest.mark.parametrize(("endpoint", "tier"), [("prepare", "recorded"), ("verify", "online")])
def test_an_answer_beyond_the_budget_is_as_good_as_none(outside: Till, platform: str, endpoint: str, tier: str) -> None:
    coupon = outside.coupon(platform)
    outside.fault("latency", endpoint, platform, ms=3000)
    began = time.monotonic()
    code, said, err = outside.run("redeem", coupon["code"], *NOTED)
    assert time.monotonic() - began < 2.9
    assert (code, said["outcome"], said["tier"]) == (0, "recorded", tier), err
    outside.line_up()
    time.sleep(1.2)
    code, delivered, _ = outside.run("outbox", "deliver")
    assert (code, delivered["due"], delivered["held"], delivered["differences"]) == (0, 0, 0, 0)
    book = outside.book()
    assert [use["code"] for use in book["redemptions"]] == [coupon["code"]]
    assert book["second_attempts"] == 0
    code, again, _ = outside.run("redeem", coupon["code"])
    assert (code, again["reason"]) == (1, "used_here")
