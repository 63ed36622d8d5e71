"""Reason → what, why and what to do now: the only place that words a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sync.domain.money import yuan
from sync.domain.reasons import Fact, Reason
from terminal.i18n import catalogue, text


@dataclass(frozen=True, slots=True)
class Sentence:
    """The three parts of a refusal (screens.md, Redeem)."""

    what: str
    why: str
    next: str

    @property
    def line(self) -> str:
        """All three on one line."""
        return f"{self.what}：{self.why}。{self.next}"


def word(reason: Reason, language: str, zone: str, now_ms: int | None = None) -> Sentence:
    """The sentence for a Reason, with its facts as people say them: amounts in yuan, times in the store's zone, and as
    today or yesterday where `now_ms` is given."""
    parts = catalogue(language)["reasons"][reason.code.value]
    facts = _Facts(_readable(reason.facts, language, zone, now_ms))
    return Sentence(*(parts[name].format_map(facts) for name in ("what", "why", "next")))


class _Facts(dict[str, str]):
    """A fact that nobody gave is a dash, never an error at the counter."""

    def __missing__(self, key: str) -> str:
        return "—"


def _readable(facts: Mapping[str, Fact], language: str, zone: str, now_ms: int | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in facts.items():
        if name.endswith("_fen") and isinstance(value, int):
            found[name] = yuan(value)
        elif name.endswith("_ms") and isinstance(value, int):
            said = moment_of(value, zone) if now_ms is None else spoken_moment(value, now_ms, zone, language)
            found[name] = found[name.removesuffix("_ms")] = said
        elif name == "line":
            found[name] = str(catalogue(language)["reasons"][str(value)]["what"])
        elif name in ("platform", "looks_like"):
            found[name] = text(language, "platforms", str(value))
        elif name == "choices":
            names = [text(language, "platforms", one) for one in str(value).split(",")]
            found[name] = text(language, "lists", "comma").join(names)
        else:
            found[name] = str(value)
    return found


def moment_of(ms: int, zone: str) -> str:
    """A time as people read it: `2026-11-21 11:32`."""
    return _local(ms, zone).strftime("%Y-%m-%d %H:%M")


def _local(ms: int, zone: str) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(ZoneInfo(zone))


def day_of(ms: int, zone: str) -> str:
    """A day as people read it: `2026-11-21`."""
    return moment_of(ms, zone)[:10]


def clock_of(ms: int, zone: str) -> str:
    """A time of day as people read it: `11:32`."""
    return moment_of(ms, zone)[11:]


def spoken_moment(ms: int, now_ms: int, zone: str, language: str) -> str:
    """A time as people say it: `今天 11:32`, `昨天 18:05`, and with its date where it lies further back."""
    days = (_local(now_ms, zone).date() - _local(ms, zone).date()).days
    named = {0: "today", 1: "yesterday"}.get(days)
    if named is None:
        return moment_of(ms, zone)
    return f"{text(language, 'days', named)} {clock_of(ms, zone)}"
