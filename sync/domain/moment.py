"""What time it is for the rules: the platform's time where it can be known, and how far it may be trusted."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

MAX_SKEW_MS = 30_000
SYNC_GOOD_FOR_MS = 72 * 3_600_000


class ClockSource(StrEnum):
    """Which clock a time came from; stored with every fact."""

    PLATFORM = "platform"
    WALL = "wall"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in ms UTC and the clock behind it."""

    ms: int
    source: ClockSource

    @property
    def trusted(self) -> bool:
        """False: time windows can't be judged now (`clock_untrusted`)."""
        return self.source is not ClockSource.UNTRUSTED

    @property
    def seconds(self) -> int:
        """Unix seconds, rounded down."""
        return self.ms // 1000


@dataclass(frozen=True, slots=True)
class TimeSync:
    """The last authenticated time of a platform: `server_ms` when the monotonic clock of `boot` showed `monotonic_ms`
    and the wall clock showed `wall_ms`."""

    boot: str
    monotonic_ms: int
    server_ms: int
    wall_ms: int


def moment(sync: TimeSync | None, boot: str, monotonic_ms: int, wall_ms: int, last_entry_ms: int) -> Moment:
    """The time by dynamic-code.md, "Beyond the verdict": within one boot the platform's time runs on by the monotonic
    clock; after a restart the wall clock serves if it is not before the ledger's last entry and the last known skew
    was at most 30 s; otherwise the clock is untrusted."""
    if sync is not None and sync.boot == boot and 0 <= monotonic_ms - sync.monotonic_ms <= SYNC_GOOD_FOR_MS:
        return Moment(sync.server_ms + monotonic_ms - sync.monotonic_ms, ClockSource.PLATFORM)
    if sync is None or wall_ms < max(last_entry_ms, sync.server_ms) or abs(sync.wall_ms - sync.server_ms) > MAX_SKEW_MS:
        return Moment(max(wall_ms, last_entry_ms), ClockSource.UNTRUSTED)
    return Moment(wall_ms, ClockSource.WALL)


def business_day(ms: int, zone: str, cutoff_hour: int) -> str:
    """The shop's day (YYYY-MM-DD) that a time belongs to; it changes at `cutoff_hour` local time."""
    return _day_of_minute(ms // 60_000, zone, cutoff_hour)


@lru_cache(maxsize=256)
def _day_of_minute(minute: int, zone: str, cutoff_hour: int) -> str:
    # Zones change their offset, and business days end, at whole minutes only.
    local = datetime.fromtimestamp(minute * 60, UTC).astimezone(ZoneInfo(zone)) - timedelta(hours=cutoff_hour)
    return local.date().isoformat()


def day_window_ms(day: str, zone: str, cutoff_hour: int) -> tuple[int, int]:
    """The first ms of a business day (YYYY-MM-DD, as `business_day` writes it) and the first after it. Raises
    ValueError for what is no date, and for other ways of writing one, under which no row of ours is filed."""
    first = datetime.fromisoformat(day)
    if first.date().isoformat() != day or day == "9999-12-31":
        raise ValueError("a day is written YYYY-MM-DD")
    start = first.replace(hour=cutoff_hour, tzinfo=ZoneInfo(zone))
    end = (first + timedelta(days=1)).replace(hour=cutoff_hour, tzinfo=ZoneInfo(zone))
    return round(start.timestamp() * 1000), round(end.timestamp() * 1000)
