"""The background loop: delivers, probes and pulls by itself, on one named thread that ends when told."""

import threading

import pytest

from sync.engine.loop import LONGEST_TICK_S, PULL_EVERY_MS, TICK_S, Loop
from sync.services.lines import LISTEN_EVERY_MS, PROBE_EVERY_MS
from sync.services.verdict import Outcome
from tests.services.counter import NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def turn(till: Counter, loop: Loop, times: int) -> None:
    """So many rounds, each a probe's time after the one before."""
    for _ in range(times):
        till.clock.advance_ms(PROBE_EVERY_MS)
        loop.tick()


def only_up(till: Counter) -> None:
    """The line is back, and no time has passed."""
    till.control.delete(f"{till.sandbox.control}/faults", timeout=60)


@PLATFORMS
def test_it_goes_offline_comes_back_by_itself_and_drains(till: Counter, platform: str) -> None:
    loop = Loop(till.store, till.clock)
    coupons = till.coupons(platform, 3, order="each")
    till.fault("refuse", platform=platform)
    for coupon in coupons:
        assert till.redeem(coupon["code"], noted=NOTED).first.outcome is Outcome.RECORDED
    turn(till, loop, 3)
    assert till.store.lines.offline(platform)
    assert till.booked() == []
    only_up(till)
    turn(till, loop, 4)
    assert not till.store.lines.offline(platform)
    assert len(till.booked(*coupons)) == 3
    till.agree()


@PLATFORMS
def test_a_line_that_drops_while_nobody_scans_is_seen(till: Counter, platform: str) -> None:
    loop = Loop(till.store, till.clock)
    loop.tick()
    till.fault("drop_before", platform=platform)
    till.clock.advance_ms(LISTEN_EVERY_MS)
    loop.tick()
    loop.tick()
    assert till.store.lines.offline(platform)
    only_up(till)
    turn(till, loop, 2)
    assert not till.store.lines.offline(platform)


def test_a_line_in_use_is_not_asked_for_nothing(till: Counter) -> None:
    loop = Loop(till.store, till.clock)
    till.redeem(till.coupon("douyin")["code"])
    till.redeem(till.coupon("miniprogram")["code"])
    loop.tick()
    till.fault("latency", ms=1)
    before = till.struck()
    for _ in range(9):
        till.clock.advance_ms(LISTEN_EVERY_MS // 10)
        loop.tick()
    assert till.struck() == before
    till.clock.advance_ms(LISTEN_EVERY_MS)
    loop.tick()
    assert 0 < till.struck() - before <= 2 * len(till.store.asking.platforms)


@PLATFORMS
def test_while_a_platform_is_offline_only_the_probe_asks_it(till: Counter, platform: str) -> None:
    loop = Loop(till.store, till.clock)
    till.fault("refuse", platform=platform)
    till.redeem(till.coupon(platform)["code"], noted=NOTED)
    turn(till, loop, 3)
    assert till.store.lines.offline(platform)
    before = till.struck()
    turn(till, loop, 10)
    # One question each time that a probe is due: a token or the question itself.
    assert 0 < till.struck() - before <= 20
    (owed,) = till.store.delivering.owed()
    assert owed.entry.attempts == 0
    asked = till.struck()
    for _ in range(10):
        till.clock.advance_ms(10)
        loop.tick()
    assert till.struck() - asked <= 2


def test_the_other_platform_is_served_meanwhile(till: Counter) -> None:
    loop = Loop(till.store, till.clock)
    down, up = till.coupon("douyin"), till.coupon("miniprogram")
    till.line_down()
    for coupon in (down, up):
        till.redeem(coupon["code"], noted=NOTED)
    turn(till, loop, 3)
    only_up(till)
    till.fault("refuse", platform="douyin")
    turn(till, loop, 4)
    assert [use["code"] for use in till.booked()] == [up["code"]]
    assert till.store.lines.offline("douyin")


def test_one_lost_call_takes_nothing_offline_and_one_answer_brings_nothing_back(till: Counter) -> None:
    lines = till.store.lines
    lines.failed("douyin")
    assert lines.troubled("douyin")
    assert not lines.offline("douyin")
    lines.answered("douyin")
    lines.failed("douyin")
    assert not lines.offline("douyin")
    lines.failed("douyin")
    assert lines.offline("douyin")
    lines.answered("douyin")
    assert lines.offline("douyin")
    lines.failed("douyin")
    lines.answered("douyin")
    assert lines.offline("douyin")
    lines.answered("douyin")
    assert not lines.offline("douyin")
    assert not lines.offline("miniprogram")


def test_an_offline_platform_is_asked_once_in_three_seconds(till: Counter) -> None:
    lines = till.store.lines
    for _ in range(2):
        lines.failed("douyin")
    till.clock.advance_ms(PROBE_EVERY_MS)
    assert [lines.worth_asking("douyin") for _ in range(3)] == [True, False, False]
    till.clock.advance_ms(PROBE_EVERY_MS - 1)
    assert not lines.worth_asking("douyin")
    till.clock.advance_ms(1)
    assert lines.worth_asking("douyin")


def test_it_pulls_once_a_minute_and_leaves_the_journals_head_with_the_platform(till: Counter) -> None:
    loop = Loop(till.store, till.clock)
    loop.tick()
    coupon = till.coupon("miniprogram")
    loop.tick()
    till.clock.advance_ms(PULL_EVERY_MS)
    loop.tick()
    assert till.book()["journal_heads"]
    till.line_down()
    assert till.redeem(coupon["code"]).first.tier == "cached"


def test_what_nobody_foresaw_is_reported_and_ends_nothing(till: Counter) -> None:
    problems: list[Exception] = []
    heard = threading.Event()

    def problem(error: Exception) -> None:
        problems.append(error)
        heard.set()

    loop = Loop(till.store, till.clock, problem)
    till.store.close()
    loop.start()
    assert heard.wait(30)
    assert any(thread.name == "engine-loop" for thread in threading.enumerate())
    loop.stop()
    assert not any(thread.name == "engine-loop" for thread in threading.enumerate())
    assert problems
    till.reopen()


def test_the_thread_delivers_by_itself(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    till.line_down()
    till.redeem(coupon["code"], noted=NOTED)
    till.line_up()
    done = threading.Event()
    drain = till.store.delivering.drain

    def watched(**how: object) -> object:
        found = drain(**how)  # type: ignore[arg-type]
        done.set()
        return found

    till.store.delivering.drain = watched  # type: ignore[method-assign, assignment]
    loop = Loop(till.store, till.clock)
    loop.start()
    assert done.wait(30)
    loop.stop()
    assert len(till.booked(coupon)) == 1
    till.agree()


def test_stopping_what_never_began_does_no_harm(till: Counter) -> None:
    Loop(till.store, till.clock).stop()


def test_a_failing_round_is_tried_less_and_less_often(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    problems: list[Exception] = []
    loop = Loop(till.store, till.clock, problems.append)
    waits: list[float] = []
    failing = [True] * 8 + [False] * 2 + [True] * 2

    def waited(seconds: float) -> bool:
        waits.append(seconds)
        return False

    def tick() -> None:
        if not failing:
            loop._stopping.set()
        elif failing.pop(0):
            # Scans nudge it meanwhile.
            loop.nudge()
            raise RuntimeError

    for event in (loop._stopping, loop._wake):
        monkeypatch.setattr(event, "wait", waited)
    monkeypatch.setattr(loop, "tick", tick)
    loop._run()
    assert waits == [TICK_S, 1, 2, 4, 8, 16, LONGEST_TICK_S, LONGEST_TICK_S, LONGEST_TICK_S, TICK_S, TICK_S, 1, 2]
    assert len(problems) == 10


def test_lines_that_stay_silent_are_probed_side_by_side(till: Counter) -> None:
    began: list[str] = []
    both = threading.Barrier(len(till.store.asking.platforms), timeout=20)

    class Silent:
        def probe(self, _deadline_ms: int) -> None:
            began.append(threading.current_thread().name)
            both.wait()

    platforms = till.store.asking.platforms
    platforms.update(dict.fromkeys(platforms, Silent()))  # type: ignore[arg-type]
    till.clock.advance_ms(LISTEN_EVERY_MS)
    Loop(till.store, till.clock).tick()
    assert len(began) == len(platforms)
    assert all(name.startswith("engine-probe") for name in began)
    assert not any(thread.name.startswith("engine-probe") for thread in threading.enumerate())
