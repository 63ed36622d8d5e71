"""The loop gives way: stops after the call under way, delivers between pages, wakes when nudged, tells of changes."""

import threading
from collections.abc import Callable

import pytest

from sync.engine.loop import PAGES_AT_ONCE, Loop
from tests.engine.test_loop import only_up, turn
from tests.services.counter import NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


class Watched:
    """Counts a platform's calls; `then` is done at each of them, on the calling thread, before it goes out."""

    def __init__(self, till: Counter, platform: str, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.then: Callable[[], None] = lambda: None
        adapter = till.store.asking.platforms[platform]
        real = getattr(adapter, call)

        def watched(*asked: object) -> object:
            self.calls += 1
            self.then()
            return real(*asked)

        monkeypatch.setattr(adapter, call, watched)


def owing(till: Counter, platform: str, count: int) -> None:
    """So many redemptions recorded without a line, which is back."""
    coupons = till.coupons(platform, count, order="each")
    till.line_down()
    for coupon in coupons:
        till.redeem(coupon["code"], noted=NOTED)
    till.line_up()
    for _ in range(2):
        till.store.lines.answered(platform)


@PLATFORMS
def test_stopping_waits_for_one_call_and_leaves_the_rest_due(
    till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owing(till, platform, 3)
    loop, call = Loop(till.store, till.clock), Watched(till, platform, "redeem", monkeypatch)
    call.then = loop.stop
    loop.tick()
    assert call.calls == 1
    assert len(till.booked()) == 1
    assert till.store.delivering.debt().count == 2
    till.clock.advance_ms(60_000)
    till.deliver()
    assert len(till.booked()) == 3
    till.agree()


def test_stopping_does_not_wait_for_all_pages(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    till.coupons("miniprogram", 1600)
    loop, page = Loop(till.store, till.clock), Watched(till, "miniprogram", "vouchers", monkeypatch)
    page.then = loop.stop
    loop.tick()
    assert page.calls == 1
    assert till.book()["journal_heads"] == []


def test_a_long_pull_is_taken_in_slices_between_which_what_is_due_is_sent(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.coupons("miniprogram", 3600)
    loop, page = Loop(till.store, till.clock), Watched(till, "miniprogram", "vouchers", monkeypatch)
    loop.tick()
    # One of the pages is that of the revocations.
    assert page.calls == PAGES_AT_ONCE - 1
    owing(till, "douyin", 1)
    loop.tick()
    assert len(till.booked()) == 1
    assert page.calls == 2 * (PAGES_AT_ONCE - 1)
    loop.tick()
    assert page.calls == 8
    assert till.book()["journal_heads"]
    loop.tick()
    assert page.calls == 8


def test_a_nudge_takes_the_pull_aside_but_never_stops_it_for_good(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.coupons("miniprogram", 1600)
    loop, page = Loop(till.store, till.clock), Watched(till, "miniprogram", "vouchers", monkeypatch)
    page.then = loop.nudge
    for calls in (1, 2, 3, 4):
        loop.tick()
        assert page.calls == calls
    assert till.book()["journal_heads"]


def test_a_pull_that_lost_its_line_does_not_keep_the_loop_spinning(till: Counter) -> None:
    till.coupons("miniprogram", 3600)
    loop = Loop(till.store, till.clock)
    loop.tick()
    till.line_down()
    for _ in range(2):
        till.store.lines.failed("miniprogram")
    loop.tick()
    assert not loop._more_to_pull
    till.line_up()
    turn(till, loop, 4)
    assert not till.store.lines.offline("miniprogram")
    assert till.book()["journal_heads"]


@PLATFORMS
def test_it_tells_of_what_was_sent_and_of_lines_but_not_of_quiet_rounds(till: Counter, platform: str) -> None:
    heard: list[int] = []
    loop = Loop(till.store, till.clock, changed=lambda: heard.append(1))
    loop.tick()
    assert len(heard) == 1, "the first pull"
    loop.tick()
    assert len(heard) == 1
    coupon = till.coupon(platform)
    till.fault("refuse", platform=platform)
    till.redeem(coupon["code"], noted=NOTED)
    only_up(till)
    loop.tick()
    assert len(heard) == 2, "sent"
    for _ in range(2):
        till.store.lines.failed(platform)
    till.fault("refuse", platform=platform)
    loop.tick()
    assert len(heard) == 3, "the line went down"
    only_up(till)
    turn(till, loop, 2)
    assert not till.store.lines.offline(platform)
    assert len(heard) == 4, "and came back"


def test_another_hearer_takes_over_and_one_that_fails_ends_nothing(till: Counter) -> None:
    heard = threading.Event()
    problems: list[Exception] = []

    def fail() -> None:
        heard.set()
        raise RuntimeError("the window is gone")

    loop = Loop(till.store, till.clock, problems.append)
    loop.heard_by(fail)
    loop.start()
    loop.nudge()
    assert heard.wait(30)
    loop.stop()
    assert [str(problem) for problem in problems] == ["the window is gone"]


def test_a_nudge_wakes_it_at_once(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    # By itself it would not wake before the test is over.
    monkeypatch.setattr("sync.engine.loop.TICK_S", 600)
    owing(till, "douyin", 1)
    sent = threading.Event()
    loop = Loop(till.store, till.clock, changed=sent.set)
    loop.start()
    loop.nudge()
    assert sent.wait(30)
    loop.stop()
    assert len(till.booked()) == 1
    till.agree()
