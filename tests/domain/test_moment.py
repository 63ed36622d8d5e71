"""What time it is, how far it may be trusted, and which business day it belongs to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.moment import (
    MAX_SKEW_MS,
    SYNC_GOOD_FOR_MS,
    ClockSource,
    Moment,
    TimeSync,
    business_day,
    day_window_ms,
    moment,
)

_SYNC = TimeSync("boot-1", 1_000, 500_000_000, 500_000_000)
_DAY_MS = 86_400_000


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("sync", "boot", "monotonic", "wall", "last_entry", "expected"),
    [
        (_SYNC, "boot-1", 1_000, 0, 0, Moment(500_000_000, ClockSource.PLATFORM)),
        (_SYNC, "boot-1", 6_000, 7, 0, Moment(500_005_000, ClockSource.PLATFORM)),
        (
            _SYNC,
            "boot-1",
            1_000 + SYNC_GOOD_FOR_MS,
            0,
            0,
            Moment(500_000_000 + SYNC_GOOD_FOR_MS, ClockSource.PLATFORM),
        ),
        (_SYNC, "boot-1", 1_001 + SYNC_GOOD_FOR_MS, 900_000_000, 0, Moment(900_000_000, ClockSource.WALL)),
        (_SYNC, "boot-2", 5, 500_000_000, 500_000_000, Moment(500_000_000, ClockSource.WALL)),
        (_SYNC, "boot-1", 999, 500_000_001, 0, Moment(500_000_001, ClockSource.WALL)),
        (_SYNC, "boot-2", 5, 499_999_999, 0, Moment(499_999_999, ClockSource.UNTRUSTED)),
        (_SYNC, "boot-2", 5, 500_000_001, 500_000_002, Moment(500_000_002, ClockSource.UNTRUSTED)),
        (None, "boot-1", 5, 900_000_000, 0, Moment(900_000_000, ClockSource.UNTRUSTED)),
        (None, "boot-1", 5, 1, 77, Moment(77, ClockSource.UNTRUSTED)),
    ],
)
def test_which_clock_serves(
    sync: TimeSync | None, boot: str, monotonic: int, wall: int, last_entry: int, expected: Moment
) -> None:
    assert moment(sync, boot, monotonic, wall, last_entry) == expected


@pytest.mark.parametrize("sign", [1, -1])
def test_a_known_skew_of_30_s_is_the_most(sign: int) -> None:
    good = TimeSync("boot-1", 0, 500_000_000, 500_000_000 + sign * MAX_SKEW_MS)
    bad = TimeSync("boot-1", 0, 500_000_000, 500_000_000 + sign * (MAX_SKEW_MS + 1))
    assert moment(good, "boot-2", 0, 600_000_000, 0).source is ClockSource.WALL
    assert moment(bad, "boot-2", 0, 600_000_000, 0).source is ClockSource.UNTRUSTED


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_clock_that_ran_backwards_is_never_trusted(server: int, wall: int, last: int) -> None:
    now = moment(TimeSync("boot-1", 0, server, server), "boot-2", 0, wall, last)
    assert now.trusted is (wall >= max(server, last))
    assert now.ms >= last or now.trusted


@pytest.mark.parametrize(("ms", "seconds"), [(1_999, 1), (2_000, 2), (0, 0), (-1, -1)])
def test_seconds_are_rounded_down(ms: int, seconds: int) -> None:
    assert Moment(ms, ClockSource.WALL).seconds == seconds


@pytest.mark.parametrize(
    ("time", "zone", "cutoff", "day"),
    [
        ("2026-08-01T03:59:59.999+08:00", "Asia/Shanghai", 4, "2026-07-31"),
        ("2026-08-01T04:00:00+08:00", "Asia/Shanghai", 4, "2026-08-01"),
        ("2026-08-01T00:00:00+08:00", "Asia/Shanghai", 0, "2026-08-01"),
        ("2026-07-31T23:59:59.999+08:00", "Asia/Shanghai", 0, "2026-07-31"),
        ("2026-07-31T16:00:00+00:00", "Asia/Shanghai", 0, "2026-08-01"),
        ("2026-01-01T03:59:00+08:00", "Asia/Shanghai", 4, "2025-12-31"),
        ("2024-02-29T12:00:00+08:00", "Asia/Shanghai", 4, "2024-02-29"),
        ("2026-03-29T00:59:59+00:00", "Europe/Berlin", 2, "2026-03-28"),
        ("2026-03-29T01:00:00+00:00", "Europe/Berlin", 2, "2026-03-29"),
        ("2026-10-25T00:30:00+00:00", "Europe/Berlin", 2, "2026-10-25"),
        ("2026-10-25T01:30:00+00:00", "Europe/Berlin", 3, "2026-10-24"),
        ("2026-10-25T02:00:00+00:00", "Europe/Berlin", 3, "2026-10-25"),
        ("2026-08-01T03:59:59+05:45", "Asia/Kathmandu", 4, "2026-07-31"),
        ("2026-08-01T04:00:00+05:45", "Asia/Kathmandu", 4, "2026-08-01"),
    ],
)
def test_business_day(time: str, zone: str, cutoff: int, day: str) -> None:
    assert business_day(_ms(time), zone, cutoff) == day


_ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"]
)


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), _ZONES, st.integers(0, 6))
def test_a_day_begins_and_ends_where_its_window_says(day: date, zone: str, cutoff: int) -> None:
    if zone == "Pacific/Apia" and date(2011, 12, 28) <= day <= date(2011, 12, 31):
        return  # Samoa went without 30 December.
    first, after = day_window_ms(day.isoformat(), zone, cutoff)
    assert business_day(first, zone, cutoff) == day.isoformat()
    assert business_day(after - 1, zone, cutoff) == day.isoformat()
    assert business_day(after, zone, cutoff) == (day + timedelta(days=1)).isoformat()
    assert abs(after - first - _DAY_MS) <= 7_200_000


@given(st.integers(0, 4 * 10**12), st.integers(1, 3 * _DAY_MS))
def test_days_never_run_backwards(ms: int, later: int) -> None:
    assert business_day(ms, "Asia/Shanghai", 4) <= business_day(ms + later, "Asia/Shanghai", 4)


def test_a_day_of_changing_clocks_is_as_long_as_it_is() -> None:
    spring, autumn = (day_window_ms(day, "Europe/Berlin", 0) for day in ("2026-03-29", "2026-10-25"))
    assert spring[1] - spring[0] == 23 * 3_600_000
    assert autumn[1] - autumn[0] == 25 * 3_600_000
    assert datetime.fromtimestamp(spring[0] / 1000, UTC).isoformat() == "2026-03-28T23:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    ["", "today", "2026-02-30", "2026-8-1", "20260801", "2026-W31-6", "2026-08-01T10:30", "2026-08-01 ", "9999-12-31"],
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):
        day_window_ms(text, "Asia/Shanghai", 4)
