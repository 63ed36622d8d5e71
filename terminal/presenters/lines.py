"""The lines to the platforms: how each is, what can be taken meanwhile, and what that rests on."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.domain.allowance import Allowance
from sync.domain.moment import ClockSource
from sync.domain.money import yuan
from sync.domain.reasons import Code, Reason
from sync.domain.trust import Limits, Tier
from sync.services.lines import LineState
from sync.services.outages import Basis, Standing
from terminal.i18n import Words, text
from terminal.wording import spoken_moment, word

AREA = "lines"
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class TierView:
    """One way of taking a coupon without a line: open or not, and within which limits or why not."""

    name: str
    said: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class LineCard:
    """One platform. `since` and `heard` run with the clock; `outage`: what is under way, if anything is."""

    platform: str
    name: str
    offline: bool
    said: str
    heard: str
    outage: str
    heading: str
    tiers: tuple[TierView, ...]


@dataclass(frozen=True, slots=True)
class BasisLine:
    """One thing that offline decisions rest on."""

    name: str
    said: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Probed:
    """How a question just now went. `took_ms` by the monotonic clock; `why`: no answer came."""

    took_ms: int
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """By what the page is worded: the owner's limits, names by staff id, the time (ms UTC) and the monotonic time."""

    words: Words
    zone: str
    limits: Limits
    people: Mapping[str, str]
    now_ms: int
    monotonic_ms: int

    def at(self, ms: int) -> str:
        """A time as people say it."""
        return spoken_moment(ms, self.now_ms, self.zone, self.words.language)


def lasting(words: Words, ms: int) -> str:
    """A stretch of time as people say it, from seconds on."""
    seconds = max(0, ms) // 1000
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days:
        return words("age", "days", days=days, hours=hours % 24)
    if hours:
        return words("age", "hours", hours=hours, minutes=minutes % 60)
    return words("age", "minutes", minutes=minutes) if minutes else words("age", "seconds", seconds=seconds)


def card(reading: Reading, line: LineState, standing: Standing | None, probed: Probed | None = None) -> LineCard:
    """One platform as it is at this moment; `standing` None: the ledger was not read yet."""
    words = reading.words
    said = words("line", "down" if line.offline else "up")
    if line.since_ms is not None:
        ago = lasting(words, reading.monotonic_ms - line.since_ms)
        said = words("line", "since_down" if line.offline else "since_up", time=ago)
        said = said if line.offline else f"{words('line', 'up')} · {said}"
    return LineCard(
        line.platform,
        text(words.language, "platforms", line.platform),
        line.offline,
        said,
        _heard(reading, line, probed),
        _outage(reading, standing),
        words("tiers", "now" if line.offline else "later"),
        _tiers(reading, standing) if standing is not None else (),
    )


def _heard(reading: Reading, line: LineState, probed: Probed | None) -> str:
    words = reading.words
    if probed is not None and probed.why is not None:
        return words("line", "silent", why=word(probed.why, words.language, reading.zone).what)
    if probed is not None:
        return words("line", "answered", ms=probed.took_ms)
    if line.answered_ms is None:
        return words("line", "never")
    return words("line", "heard", time=lasting(words, reading.monotonic_ms - line.answered_ms))


def _outage(reading: Reading, standing: Standing | None) -> str:
    outage = standing.outage if standing is not None else None
    if outage is None:
        return ""
    words, spent = reading.words, outage.spent.values()
    said = words(
        "line",
        "outage",
        at=reading.at(outage.started_at_ms),
        count=sum(one.count for one in spent),
        amount=yuan(sum(one.amount_fen for one in spent)),
    )
    if outage.opened_by is None:
        return said
    return f"{said} · {words('line', 'opened', who=reading.people.get(outage.opened_by, outage.opened_by))}"


def _tiers(reading: Reading, standing: Standing) -> tuple[TierView, ...]:
    opened = standing.outage is not None and standing.outage.opened_by is not None
    return tuple(_tier(reading, one, opened=opened) for one in standing.allowances)


def _tier(reading: Reading, one: Allowance, *, opened: bool) -> TierView:
    words = reading.words
    name = words("tiers", one.tier.value)
    if one.why is not None and one.why.code is Code.MANAGER_NEEDED:
        return TierView(name, words("limits", "manager_now"), "hand", "manager")
    if one.why is not None:
        what = word(one.why, words.language, reading.zone).what
        return TierView(name, words("limits", "shut", what=what), "cross", "refused")
    parts = [words("limits", "voucher", amount=yuan(one.voucher_fen))]
    if one.count_left is not None:
        parts.append(words("limits", "count", count=one.count_left))
    if one.left_fen is not None:
        parts.append(words("limits", "amount", amount=yuan(one.left_fen)))
    if one.until_ms is not None:
        parts.append(words("limits", "until", at=reading.at(one.until_ms)))
    if one.manager and not opened:
        parts.append(words("limits", "manager"))
    return TierView(name, " · ".join(parts), "check", "redeemed")


def basis_lines(reading: Reading, basis: Basis) -> tuple[BasisLine, ...]:
    """Lists with their age, keys, and the clock; what is too old for any tier is told apart."""
    words, ages = reading.words, reading.limits.max_age_hours
    keys = words("basis", "keys_count", count=basis.keys) if basis.keys else words("basis", "keys_none")
    clock = {ClockSource.PLATFORM: "", ClockSource.WALL: "recorded", ClockSource.UNTRUSTED: "refused"}
    return (
        _age(reading, "vouchers", basis, basis.vouchers_seen_at_ms, ages[Tier.CACHED]),
        _age(reading, "revocations", basis, basis.revocations_seen_at_ms, ages[Tier.CHAIN]),
        _basis(words, "keys", keys, "" if basis.keys else "refused"),
        _basis(words, "clock", words("basis", basis.at.source.value), clock[basis.at.source]),
    )


def _age(reading: Reading, name: str, basis: Basis, seen_at_ms: int | None, hours: int) -> BasisLine:
    words = reading.words
    if seen_at_ms is None:
        return _basis(words, name, words("basis", "never"), "refused")
    age_ms = max(0, basis.at.ms - seen_at_ms)
    tone = "refused" if age_ms > hours * HOUR_MS else ""
    return _basis(words, name, words("basis", "seen", time=lasting(words, age_ms)), tone)


def _basis(words: Words, name: str, said: str, tone: str) -> BasisLine:
    icon = {"": "check", "recorded": "clock", "refused": "warning"}[tone]
    return BasisLine(words("basis", name), said, icon, tone or "redeemed")
