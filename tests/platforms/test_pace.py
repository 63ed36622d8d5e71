"""Endpoints are asked no faster than they bear, and a 429 slows the one that said it and no other."""

import pytest

from sync.clock import FalseClock
from sync.domain.reasons import Code
from sync.errors import HeldBack
from sync.platforms.pace import Pace

PREPARE, VERIFY = ("open.example.com", "prepare"), ("open.example.com", "verify")


@pytest.fixture
def clock() -> FalseClock:
    return FalseClock()


@pytest.fixture
def pace(clock: FalseClock) -> Pace:
    return Pace(clock)


def soon(clock: FalseClock, ms: int = 2_000) -> int:
    return clock.monotonic + ms


@pytest.mark.parametrize("per_second", [20, 100, 200])
def test_a_rate_is_kept(pace: Pace, clock: FalseClock, per_second: int) -> None:
    began_ms = clock.monotonic
    for _ in range(2 * per_second + 1):
        pace.wait(PREPARE, per_second, soon(clock))
    assert 1_900 <= clock.monotonic - began_ms <= 2_300


def test_without_a_rate_nobody_waits(pace: Pace, clock: FalseClock) -> None:
    for _ in range(1000):
        pace.wait(PREPARE, None, soon(clock))
    assert clock.slept_s == []


def test_a_429_slows_only_its_endpoint(pace: Pace, clock: FalseClock) -> None:
    pace.slow(PREPARE, 1)
    pace.wait(VERIFY, None, soon(clock))
    assert clock.slept_s == []
    pace.wait(PREPARE, None, soon(clock))
    assert clock.slept_s == [1.0]


def test_what_would_wait_too_long_is_not_sent(pace: Pace, clock: FalseClock) -> None:
    pace.slow(PREPARE, 7)
    with pytest.raises(HeldBack) as caught:
        pace.wait(PREPARE, None, soon(clock))
    assert (caught.value.reason.code, caught.value.reason.facts["retry_after_s"]) == (Code.BUSY, 7)
    assert clock.slept_s == []


def test_a_rest_that_nobody_named_grows_until_it_is_answered(pace: Pace, clock: FalseClock) -> None:
    for _ in range(4):
        pace.slow(PREPARE, 0)
        pace.wait(PREPARE, None, soon(clock, 60_000))
    pace.answered(PREPARE)
    pace.slow(PREPARE, 0)
    pace.wait(PREPARE, None, soon(clock, 60_000))
    assert clock.slept_s == [1.0, 2.0, 4.0, 8.0, 1.0]


def test_a_rest_never_grows_beyond_half_a_minute(pace: Pace, clock: FalseClock) -> None:
    for _ in range(20):
        pace.slow(PREPARE, 0)
        pace.wait(PREPARE, None, soon(clock, 60_000))
    assert max(clock.slept_s) == 30.0
