"""The real clock and the false one: what the rules may rely on."""

import re

import pytest

from sync.clock import Clock, FalseClock, SystemClock


@pytest.mark.parametrize("clock", [SystemClock(), FalseClock()], ids=["real", "false"])
def test_what_every_clock_promises(clock: Clock) -> None:
    assert re.fullmatch("[0-9a-f]{32}", clock.new_id())
    assert len({clock.new_id() for _ in range(200)}) == 200
    assert [len(clock.random_bytes(count)) for count in (0, 1, 16, 32)] == [0, 1, 16, 32]
    assert all(0 <= clock.jitter() < 1 for _ in range(200))
    assert clock.boot_id()
    assert clock.boot_id() == clock.boot_id()
    before = clock.monotonic_ms()
    assert clock.monotonic_ms() >= before
    assert clock.wall_ms() > 1_700_000_000_000


def test_two_real_clocks_are_of_one_boot() -> None:
    one, other = SystemClock(), SystemClock()
    assert one.boot_id() == other.boot_id()
    first = one.monotonic_ms()
    assert other.monotonic_ms() >= first


def test_the_real_clock_runs_while_it_sleeps() -> None:
    clock = SystemClock()
    before = clock.monotonic_ms()
    clock.sleep_s(0.002)
    assert clock.monotonic_ms() > before


def test_a_false_clock_stands_still_until_told() -> None:
    clock = FalseClock()
    assert (clock.wall_ms(), clock.monotonic_ms()) == (clock.wall_ms(), clock.monotonic_ms())
    wall, monotonic = clock.wall_ms(), clock.monotonic_ms()
    clock.advance_ms(1_500)
    assert (clock.wall_ms() - wall, clock.monotonic_ms() - monotonic) == (1_500, 1_500)
    clock.sleep_s(2.5)
    assert clock.slept_s == [2.5]
    assert (clock.wall_ms() - wall, clock.monotonic_ms() - monotonic) == (4_000, 4_000)


def test_a_false_clocks_wall_may_be_set_back_alone() -> None:
    clock = FalseClock()
    before = clock.monotonic_ms()
    clock.wall -= 10_000
    assert clock.monotonic_ms() == before


def test_a_false_clock_repeats_itself_by_its_seed() -> None:
    def draw(seed: int) -> tuple[str, bytes, float]:
        clock = FalseClock(seed=seed)
        return clock.new_id(), clock.random_bytes(4), clock.jitter()

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)
