"""The loop tells the own platform of what it could not deliver, and delivers whether or not that is heard."""

from typing import Any

import pytest

from sync.engine.loop import Loop
from tests.engine.test_loop import only_up, turn
from tests.services.counter import NOTED, Counter


def owing(till: Counter, platform: str = "miniprogram") -> dict[str, Any]:
    """A coupon recorded while the line was down for a moment."""
    coupon = till.coupon(platform)
    till.fault("refuse", platform=platform)
    till.redeem(coupon["code"], noted=NOTED)
    only_up(till)
    till.store.lines.answered(platform)
    return coupon


def told(till: Counter) -> list[str]:
    return [record["code_tail"] for record in till.book()["trust_records"]]


def test_what_a_busy_platform_does_not_take_is_told_once(till: Counter) -> None:
    loop, coupon = Loop(till.store, till.clock), owing(till)
    till.fault("http_429", "verify", "miniprogram")
    turn(till, loop, 5)
    assert told(till) == [coupon["code"][-4:]]
    assert till.booked() == []
    only_up(till)
    till.clock.advance_ms(600_000)
    turn(till, loop, 2)
    assert len(till.booked(coupon)) == 1
    till.agree()


def test_what_is_delivered_at_once_needs_no_telling(till: Counter) -> None:
    loop, coupon = Loop(till.store, till.clock), owing(till)
    loop.tick()
    assert len(till.booked(coupon)) == 1
    assert told(till) == []


@pytest.mark.parametrize("kind", ["http_500", "http_429", "refuse", "portal"])
def test_what_is_not_heard_holds_up_no_delivery(till: Counter, kind: str) -> None:
    loop = Loop(till.store, till.clock)
    till.fault("http_429", "verify", "miniprogram", count=1)
    own = till.coupon("miniprogram")
    till.fault(kind, "upload", "miniprogram")
    till.redeem(own["code"], noted=NOTED)
    turn(till, loop, 1)
    other = owing(till, "douyin")
    till.clock.advance_ms(600_000)
    till.fault(kind, "upload", "miniprogram")
    turn(till, loop, 6)
    assert len(till.booked(own, other)) == 2
    assert told(till) == []
    till.agree()


def test_a_loop_that_is_told_to_stop_tells_nothing_more(till: Counter) -> None:
    loop = Loop(till.store, till.clock)
    owing(till)
    till.fault("http_429", "verify", "miniprogram")
    loop.stop()
    loop.tick()
    assert told(till) == []
