"""What one step of the demo's day showed, and how a verdict, ledger rows and the platforms' book are put in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sync.domain.redemption import Redemption
from sync.services.verdict import Outcome, UnitVerdict, Verdict
from terminal.demo.control import Book, Sold
from terminal.i18n import text
from terminal.presenters.verdict import message
from terminal.wording import word

MARKS = {Outcome.REDEEMED: "✓", Outcome.RECORDED: "⏳", Outcome.ASK_MANAGER: "✋", Outcome.REFUSED: "✕"}
_NOTHING = "—"
_ORDINARY = ("usable", "used")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the day. `got` and `wanted` are the machine's words for what came and what had to come; `ledger`
    and `book` what both said right afterwards; `units`: the verdict's sentences in full."""

    name: str
    coupons: tuple[Sold, ...]
    said: str
    got: str
    wanted: str
    redemption_ids: tuple[str, ...] = ()
    ledger: str = ""
    book: str = ""
    units: tuple[str, ...] = ()
    picture: str = ""

    @property
    def met(self) -> bool:
        """What had to come came."""
        return self.got == self.wanted


def words(language: str, section: str, key: str, **facts: object) -> str:
    """One of the demo's own texts."""
    return text(f"demo.{language}", section, key).format(**facts)


def summary(verdict: Verdict) -> str:
    """A verdict in the machine's words: `redeemed/online ×2, refused/frozen`."""
    parts = Counter(sorted(f"{unit.outcome.value}/{_why(unit)}" for unit in verdict.units))
    return ", ".join(part if count == 1 else f"{part} ×{count}" for part, count in parts.items())


def _why(unit: UnitVerdict) -> str:
    if unit.outcome in (Outcome.REDEEMED, Outcome.RECORDED):
        return unit.tier or _NOTHING
    return unit.reason.code.value if unit.reason else _NOTHING


def said(verdict: Verdict, language: str, zone: str) -> str:
    """A verdict as the counter shows it at a glance, one line for each different answer."""
    lines = Counter(f"{MARKS[unit.outcome]} {_glance(unit, language, zone)}" for unit in verdict.units)
    return "\n".join(line if count == 1 else f"{line} ×{count}" for line, count in lines.items())


def _glance(unit: UnitVerdict, language: str, zone: str) -> str:
    if unit.outcome in (Outcome.REFUSED, Outcome.ASK_MANAGER) and unit.reason is not None:
        return word(unit.reason, language, zone).what
    if unit.outcome is Outcome.RECORDED and unit.tier is not None:
        return f"{words(language, 'words', 'recorded')} · {text(language, 'tiers', unit.tier)}"
    return text(language, "outcomes", unit.outcome)


def in_full(verdict: Verdict, language: str, zone: str) -> tuple[str, ...]:
    """The sentence of each unit."""
    return tuple(message(unit, language, zone) for unit in verdict.units)


def ledger_says(rows: Iterable[Redemption], language: str) -> str:
    """The states of these rows: `已核销 ×2 · 平台拒绝`."""
    states = Counter(row.state.value for row in rows)
    named = [(words(language, "states", state), count) for state, count in states.items()]
    return " · ".join(name if count == 1 else f"{name} ×{count}" for name, count in named) or _NOTHING


def book_says(book: Book, coupons: Iterable[Sold], language: str) -> str:
    """How often the platforms have redeemed these coupons, and what else they say of them."""
    keys = {(coupon.platform, coupon.code) for coupon in coupons}
    if not keys:
        return _NOTHING
    uses = [use for use in book.uses if (use.platform, use.code) in keys]
    live, undone = sum(not use.reversed for use in uses), sum(use.reversed for use in uses)
    parts = [words(language, "words", "uses", count=live) if live else words(language, "words", "no_use")]
    if undone:
        parts.append(words(language, "words", "reversed_uses", count=undone))
    lots = Counter(book.states.get(key, "unknown") for key in keys)
    parts += [words(language, "lots", lot) for lot in sorted(lots) if lot not in _ORDINARY]
    return " · ".join(parts)


def tails(coupons: Iterable[Sold], language: str) -> str:
    """The coupons as people may see them: platform and last four."""
    found = list(coupons)
    if not found:
        return _NOTHING
    first = f"{text(language, 'platforms', found[0].platform)} …{found[0].code[-4:]}"
    return first if len(found) == 1 else f"{first} {words(language, 'words', 'and_more', count=len(found) - 1)}"
