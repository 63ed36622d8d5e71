"""Differences: the list with its deadlines, one of them as a story with its evidence, and the ways to end it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sync.domain.difference import ENDINGS, Difference, Ending
from sync.domain.money import yuan
from sync.domain.reasons import from_json
from sync.domain.redemption import Redemption
from sync.services.stories import Brief, Case
from terminal.i18n import Words, text
from terminal.presenters import story as stories
from terminal.presenters.story import Beat, Telling
from terminal.presenters.table import Cell, Column, Empty, Row

AREA = "differences"
COLUMNS = ("deadline", "cause", "what", "platform", "amount", "owner")
HOUR_MS = 3_600_000
# Whoever still has a working day has time.
SOON_MS = 8 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long is left, or how long it is over; `tone` as tables have it."""

    said: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to end it: the button, and what ending it so says."""

    ending: Ending
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One difference. `evidence`: names and values; `photo`: a path below the terminal's folder; `choices` is empty
    once it is ended."""

    number: int
    title: str
    amount: str
    deadline: Deadline
    due: str
    facts: str
    why: str
    beats: tuple[Beat, ...]
    evidence: tuple[tuple[str, str], ...]
    photo: str
    choices: tuple[Choice, ...]


def columns(words: Words) -> tuple[Column, ...]:
    """Of the list."""
    made = {
        "cause": Column(words("columns", "cause"), stretch=1),
        "what": Column(words("columns", "what"), stretch=1),
        "amount": Column(words("columns", "amount"), right=True),
        "platform": Column(words("columns", "platform"), spare=1),
        "owner": Column(words("columns", "owner"), spare=2),
    }
    return tuple(made.get(name) or Column(words("columns", name)) for name in COLUMNS)


def empty(words: Words) -> Empty:
    """Zero problems."""
    return Empty(words("empty", "none"), "check", "redeemed")


def lasting(words: Words, ms: int) -> str:
    """A stretch of time as people say it."""
    minutes = max(0, ms) // 60_000
    hours, days = minutes // 60, minutes // 1440
    if days:
        return words("deadline", "days", days=days, hours=hours % 24)
    if hours:
        return words("deadline", "hours", hours=hours, minutes=minutes % 60)
    return words("deadline", "minutes", minutes=minutes)


def deadline(words: Words, difference: Difference, now_ms: int) -> Deadline:
    """Counts down; overdue is told apart by word, icon and tone."""
    if difference.resolved_at_ms is not None:
        return Deadline(words("deadline", "ended"), "check", "quiet")
    left_ms = difference.deadline_at_ms - now_ms
    if left_ms <= 0:
        return Deadline(words("deadline", "over", time=lasting(words, -left_ms)), "warning", "refused")
    tone = "recorded" if left_ms < SOON_MS else "quiet"
    return Deadline(words("deadline", "left", time=lasting(words, left_ms)), "clock", tone)


def rows(words: Words, telling: Telling, briefs: Iterable[Brief]) -> tuple[Row, ...]:
    """The list in the order it is given: the earliest deadline first, so that overdue stays on top."""
    return tuple(_row(words, telling, brief) for brief in briefs)


def _row(words: Words, telling: Telling, brief: Brief) -> Row:
    one = brief.difference
    due = deadline(words, one, telling.now_ms)
    return Row(
        one.id,
        (
            Cell(due.said, due.icon, due.tone),
            Cell(telling.words("causes", one.cause.value)),
            Cell(_what(words, telling, one, brief.redemption)),
            Cell(text(words.language, "platforms", one.platform), tone="quiet"),
            Cell(yuan(one.amount_fen), strong=True),
            Cell(telling.who(one.owner), tone="quiet"),
        ),
    )


def _what(words: Words, telling: Telling, difference: Difference, row: Redemption | None) -> str:
    if row is not None:
        return f"{row.number} {stories.title_of(telling.words, row)}"
    record = _facts(difference).get("record")
    return words("what", "record", record=record) if record else words("what", "unknown", number=difference.id)


def _facts(difference: Difference) -> dict[str, Any]:
    found = json.loads(difference.facts)
    return found if isinstance(found, dict) else {}


def case(words: Words, telling: Telling, found: Case) -> CaseView:
    """One difference with everything that is known of it."""
    one, row = found.difference, found.story.redemption if found.story is not None else None
    if found.story is not None:
        told = stories.beats(telling, found.story)
    else:
        told = tuple(beat for _, beat in stories.difference_beats(telling, one))
    noted = json.loads(row.witnesses) if row is not None and row.witnesses else {}
    parts = (_what(words, telling, one, row), text(words.language, "platforms", one.platform), telling.who(one.owner))
    return CaseView(
        one.id,
        telling.words("causes", one.cause.value),
        yuan(one.amount_fen),
        deadline(words, one, telling.now_ms),
        words("deadline", "until", at=telling.at(one.deadline_at_ms)),
        " · ".join(parts),
        words("why", one.cause.value),
        told,
        _evidence(words, telling, found, noted),
        str(noted.get("photo") or ""),
        _choices(words, one),
    )


def _evidence(words: Words, telling: Telling, found: Case, noted: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    facts = _facts(found.difference) | {name: noted.get(name) for name in ("order_no", "phone_last4")}
    if found.numbers:
        facts = {name: value for name, value in facts.items() if name not in ("number", "numbers")}
        facts["numbers" if len(found.numbers) > 1 else "number"] = list(found.numbers)
    facts["words"] = _words_of(found)
    lines = []
    for name, value in facts.items():
        if value not in (None, "", []):
            lines.append((words("evidence", name), _said(words, telling, name, value)))
    return tuple(lines)


def _words_of(found: Case) -> str:
    """What the platform said itself, if it refused in words that no code of ours stands for."""
    reason = found.story.redemption.reason if found.story is not None else None
    return str(from_json(reason).facts.get("words", "")) if reason else ""


def _said(words: Words, telling: Telling, name: str, value: object) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    if name.endswith("_at_ms") and isinstance(value, int):
        return telling.at(value)
    if name in ("reason", "last_error"):
        return stories.joined(telling.words, stories.error_of(telling.words, str(value), telling.zone))
    if name == "tier":
        return text(words.language, "tiers", str(value))
    if isinstance(value, list):
        return telling.words("join", "list").join(str(one) for one in value)
    return str(value)


def _choices(words: Words, difference: Difference) -> tuple[Choice, ...]:
    if difference.resolved_at_ms is not None:
        return ()
    amount = yuan(difference.amount_fen)

    def named(ending: Ending) -> str:
        return "accept_nothing" if ending is Ending.ACCEPT_LOSS and not difference.amount_fen else ending.value

    return tuple(
        Choice(one, words("buttons", named(one), amount=amount), words("ending", named(one), amount=amount))
        for one in ENDINGS[difference.cause]
    )
