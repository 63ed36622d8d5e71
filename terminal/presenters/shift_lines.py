"""The lines of a shift's page: figures by platform, what is owed by name, differences, what late answers changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sync.domain.difference import Difference
from sync.domain.money import yuan
from sync.domain.redemption import Redemption
from sync.domain.shift import PlatformLine, Tally
from sync.ledger.tables import Adjustment
from sync.services.shifts import ShiftReport
from terminal.i18n import Words, text
from terminal.wording import spoken_moment

TALLIES = ("redeemed", "reversed", "on_trust", "owed", "denied")
_TONES = {"owed": "recorded", "denied": "refused"}
_ID_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Telling:
    """What every line needs to be told: the words, the store's zone, now (ms UTC), and people's names by their id."""

    words: Words
    zone: str
    now_ms: int
    names: Mapping[str, str]

    def who(self, staff_id: str | None) -> str:
        """A person's name; who is no longer known is called by the id."""
        return self.names.get(staff_id or "", staff_id or "")

    def when(self, ms: int) -> str:
        """A time as people say it."""
        return spoken_moment(ms, self.now_ms, self.zone, self.words.language)

    def platform(self, name: str) -> str:
        """A platform's name."""
        return text(self.words.language, "platforms", name)

    def since(self, ms: int) -> str:
        """How long ago that was."""
        return lasting(self.words, self.now_ms - ms)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a card: its name, count and amount, and what to note beside it."""

    name: str
    said: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One platform: the redeemed first, then whatever else is not nothing."""

    platform: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One redemption that is owed, by name; `age`: how long, or what became of it since."""

    number: str
    title: str
    platform: str
    amount: str
    age: str
    settled: bool = False


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One difference with its owner and its deadline in words."""

    what: str
    about: str
    amount: str
    owner: str
    deadline: str
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """What a late answer changed."""

    at: str
    what: str
    about: str
    amount: str


def cards(tell: Telling, lines: tuple[PlatformLine, ...]) -> tuple[Card, ...]:
    """A card for each platform that had anything."""
    return tuple(_card(tell, line) for line in lines)


def _card(tell: Telling, line: PlatformLine) -> Card:
    words, figures = tell.words, []
    for name in TALLIES:
        tally: Tally = getattr(line, name)
        if tally.count or name == "redeemed":
            oldest = line.oldest_owed_at_ms if name == "owed" else None
            note = words("card", "oldest", age=tell.since(oldest)) if oldest is not None else ""
            figures.append(Figure(words("card", name), tally_words(words, tally), note, _TONES.get(name, "")))
    return Card(tell.platform(line.platform), tuple(figures))


def tally_words(words: Words, tally: Tally) -> str:
    """`12 笔 ¥1,188.00`."""
    return words("card", "tally", count=tally.count, amount=yuan(tally.amount_fen))


def owed_line(tell: Telling, row: Redemption) -> OwedLine:
    """One redemption that is owed, or was when the shift was closed."""
    age = tell.since(row.accepted_at_ms) if row.owed else tell.words("settled", row.state.value)
    platform = tell.platform(row.platform)
    return OwedLine(row.number, title_of(tell, row), platform, yuan(row.amount_fen), age, not row.owed)


def title_of(tell: Telling, row: Redemption) -> str:
    """What was redeemed; a coupon that nobody could describe is called by its platform and its last digits."""
    tail = f"…{row.code_tail}" if row.code_tail else ""
    return row.title or tell.words("owed", "untitled", platform=tell.platform(row.platform), tail=tail).strip()


def difference_line(tell: Telling, found: Difference) -> DifferenceLine:
    """One difference, its deadline counting down."""
    words, left_ms = tell.words, found.deadline_at_ms - tell.now_ms
    ended = found.resolved_at_ms is not None
    key = "overdue" if left_ms < 0 else "left"
    deadline = words("difference", "resolved") if ended else words("difference", key, time=lasting(words, abs(left_ms)))
    return DifferenceLine(
        words("causes", found.cause.value),
        difference_about(tell, found),
        yuan(found.amount_fen),
        tell.who(found.owner),
        deadline,
        left_ms < 0 and not ended,
    )


def difference_about(tell: Telling, found: Difference) -> str:
    """The platform and the slip numbers it is about, as far as it knows them."""
    known = json.loads(found.facts)
    numbers = [str(number) for number in known.get("numbers", [known["number"]] if "number" in known else [])]
    return "  ".join(filter(None, (tell.platform(found.platform), " · ".join(numbers))))


def adjustment_line(tell: Telling, report: ShiftReport, found: Adjustment) -> AdjustmentLine:
    """One late answer."""
    words = tell.words
    row = next((row for row in report.owed if row.id == found.redemption_id), None)
    about = f"{row.number}  {title_of(tell, row)}" if row is not None else found.redemption_id[:_ID_SHOWN]
    amount = signed_yuan(found.amount_fen) if found.amount_fen else words("adjustment", "unchanged")
    return AdjustmentLine(tell.when(found.at_ms), words("adjustment", found.what), about, amount)


def signed_yuan(fen: int) -> str:
    """`+¥1.00` or `-¥1.00`."""
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)


def lasting(words: Words, ms: int) -> str:
    """A stretch of time as people say it: minutes, then hours, then days."""
    minutes = max(0, ms) // 60_000
    hours, days = minutes // 60, minutes // 1440
    if days:
        return words("age", "days", days=days, hours=hours % 24)
    if hours:
        return words("age", "hours", hours=hours, minutes=minutes % 60)
    return words("age", "minutes", minutes=minutes)
