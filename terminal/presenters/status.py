"""The top line: how each platform's line is, and what is owed (screens.md, Frame)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.domain.money import yuan
from sync.services.delivering import Debt
from sync.services.lines import LineState
from terminal.i18n import Words, text

AREA = "window"


@dataclass(frozen=True, slots=True)
class LineView:
    """One platform: its name, whether it is offline, and the words beside its dot, also in short."""

    platform: str
    offline: bool
    said: str
    short: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """The whole line. Where there is no room to name them, `online` stands for all lines that are up, `down` for all
    that are not. `owed` is empty when nothing is, `owed_short` for a narrow screen; `held`: some needs a person."""

    lines: tuple[LineView, ...]
    owed: str
    owed_short: str
    count: int
    held: bool
    alarm: str
    online: str = ""
    down: str = ""

    @property
    def offline(self) -> bool:
        """Some platform is down: the frame turns amber along its upper edge."""
        return any(line.offline for line in self.lines)


def status(words: Words, lines: Iterable[LineState], debt: Debt, now_ms: int, monotonic_ms: int) -> StatusView:
    """`now_ms` in UTC for what is owed, `monotonic_ms` for how long a line is down."""
    views = tuple(_line(words, line, monotonic_ms) for line in lines)
    down = [line.said for line in views if line.offline]
    owed = short = ""
    if debt.count:
        short = words("top", "owed_short", count=debt.count, amount=yuan(debt.amount_fen))
        oldest = _minutes(words, now_ms - debt.oldest_ms) if debt.oldest_ms is not None else ""
        owed = words("top", "owed", count=debt.count, amount=yuan(debt.amount_fen), oldest=oldest)
    elif debt.reversals:
        owed = short = words("top", "reversals", count=debt.reversals)
    alarm = words("top", "down", lines=" · ".join(down)) if down else ""
    online = words("top", "online" if down else "all_online", count=len(views) - len(down))
    return StatusView(
        views, owed, short, debt.count + debt.reversals, debt.held > 0, alarm, online, _down(words, views)
    )


def _down(words: Words, views: tuple[LineView, ...]) -> str:
    """All lines that are down, in one part; only where they are several."""
    down = [line for line in views if line.offline]
    return down[0].short if len(down) == 1 else words("top", "several_down", count=len(down))


def _line(words: Words, line: LineState, monotonic_ms: int) -> LineView:
    name = text(words.language, "platforms", line.platform)
    if not line.offline:
        return LineView(line.platform, False, name, name)
    seconds = max(0, monotonic_ms - (line.since_ms or monotonic_ms)) // 1000
    time = duration(seconds)
    said = words("top", "offline", name=name, time=time)
    return LineView(line.platform, True, said, words("top", "offline_short", name=name, time=time))


def duration(seconds: int) -> str:
    """`03:12`, and `1:03:12` from an hour on."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def _minutes(words: Words, ms: int) -> str:
    minutes = max(0, ms) // 60_000
    if minutes < 60:
        return words("top", "minutes", count=minutes)
    return words("top", "hours", hours=minutes // 60, minutes=minutes % 60)
