"""What time it is when nobody can be asked: the platform's, the wall's within bounds, or nobody's."""

from collections.abc import Callable

import pytest

from sync.clock import FalseClock
from sync.domain.moment import ClockSource
from sync.domain.reasons import Code
from sync.services.verdict import Outcome, UnitVerdict
from tests.services.counter import HOUR_MS, NOTED, Counter


def reason_of(unit: UnitVerdict) -> Code | None:
    return unit.reason.code if unit.reason else None


def now_of(till: Counter) -> tuple[int, ClockSource]:
    now = till.store.ledger.read(till.store.keeper.now)
    return now.ms, now.source


def rebooted(till: Counter, moved_ms: int = 0) -> None:
    """The machine was restarted; meanwhile its wall clock moved."""
    till.reopen(FalseClock(wall=till.clock.wall + moved_ms, monotonic=5_000, boot="boot-2", seed=2))


def test_the_platforms_time_is_learnt_and_runs_on_by_the_monotonic_clock(till: Counter) -> None:
    till.post("clock", {"offset_s": 7200})
    till.pull()
    till.line_down()
    till.clock.wall -= 50 * HOUR_MS
    till.clock.monotonic += 1000
    ms, source = now_of(till)
    assert source is ClockSource.PLATFORM
    assert abs(ms - (FalseClock().wall + 7_200_000 + 1000)) < 500


@pytest.mark.parametrize("offset_s", [-86_400, -40, 40, 86_400])
def test_a_dynamic_code_is_judged_by_the_platforms_time(till: Counter, offset_s: int) -> None:
    till.post("clock", {"offset_s": offset_s})
    till.pull()
    coupon = till.coupon("miniprogram")
    text = till.dynamic(coupon)
    till.line_down()
    assert till.redeem(text).first.tier == "chain"


def test_after_a_restart_without_a_line_the_wall_clock_serves_at_the_isolated_limits(till: Counter) -> None:
    texts = {fen: till.dynamic(till.coupon("miniprogram", price_fen=fen)) for fen in (10_000, 10_001)}
    till.line_down()
    rebooted(till, moved_ms=1000)
    assert now_of(till)[1] is ClockSource.WALL
    assert till.redeem(texts[10_000]).first.tier == "chain"
    assert reason_of(till.redeem(texts[10_001]).first) is Code.OVER_VOUCHER_LIMIT
    assert [row.clock for row in till.rows()] == ["wall"]


def backwards(till: Counter) -> None:
    rebooted(till, moved_ms=-60_000)


def skewed(till: Counter) -> None:
    till.post("clock", {"offset_s": 31})
    till.pull()
    rebooted(till, moved_ms=60_000)


@pytest.mark.parametrize("trouble", [backwards, skewed])
def test_a_clock_that_cannot_be_known_says_so_and_leaves_only_evidence(
    till: Counter, trouble: Callable[[Counter], None]
) -> None:
    coupon = till.coupon("miniprogram")
    text = till.dynamic(coupon)
    trouble(till)
    till.line_down()
    assert now_of(till)[1] is ClockSource.UNTRUSTED
    refused = till.redeem(text).first
    assert (refused.outcome, reason_of(refused)) == (Outcome.REFUSED, Code.CLOCK_UNTRUSTED)
    assert till.redeem(text, noted=NOTED).first.tier == "recorded"
    till.line_up()
    # One authenticated answer, and the clock is known again.
    till.pull()
    assert now_of(till)[1] is ClockSource.PLATFORM


def test_time_in_the_ledger_never_runs_backwards_by_a_wall_clock(till: Counter) -> None:
    till.line_down()
    till.redeem(till.coupon("douyin")["code"], noted=NOTED)
    before = now_of(till)[0]
    rebooted(till, moved_ms=-24 * HOUR_MS)
    assert now_of(till)[0] >= before
    till.redeem(till.coupon("douyin")["code"], noted=NOTED)
    times = [row.accepted_at_ms for row in till.rows()]
    assert times == sorted(times)
    assert till.journal_ok()


def test_old_pictures_and_codes_of_the_future_are_told_apart(till: Counter) -> None:
    now_s = till.clock.wall // 1000
    coupon = till.coupon("miniprogram")
    texts = {shift: till.dynamic(coupon, now=now_s + shift) for shift in (0, 600)}
    till.line_down()
    assert reason_of(till.redeem(texts[600]).first) is Code.FUTURE
    till.clock.advance_ms(300_000)
    assert reason_of(till.redeem(texts[0]).first) is Code.STALE


@pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
def test_when_it_was_settled_is_told_by_our_own_best_knowledge_of_the_time(till: Counter, platform: str) -> None:
    till.post("clock", {"offset_s": 7200})
    till.pull()
    till.redeem(till.coupon(platform)["code"])
    (row,) = till.rows()
    assert row.settled_at_ms is not None
    assert 0 <= row.settled_at_ms - row.accepted_at_ms < 2_000
    assert abs(row.settled_at_ms - now_of(till)[0]) < 2_000
