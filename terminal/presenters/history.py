"""The history page: what was found, newest first, and one entry of it as a short story."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.domain.codes import clean
from sync.domain.money import yuan
from sync.domain.reasons import Code, because
from sync.domain.redemption import Redemption
from sync.ledger.tables import Refusal
from sync.services.history import HistoryLine
from sync.services.reversing import Reversal, ReversalVerdict
from sync.services.stories import Story
from terminal.i18n import Words, text
from terminal.presenters import story as telling_of
from terminal.presenters.story import Beat, Standing, Telling
from terminal.presenters.table import Cell, Column, Empty, Row
from terminal.wording import Sentence, word

AREA = "history"
# Nobody types so many digits but those of a coupon; the many of a dynamic code do not end in its last four.
_CODE_DIGITS, _DYNAMIC_DIGITS = 10, 30
COLUMNS = ("at", "standing", "title", "platform", "tail", "amount", "number", "who")


@dataclass(frozen=True, slots=True)
class Sought:
    """A search. `said` stands for a `query` that must not be shown; empty: the query is what was typed."""

    query: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class DetailView:
    """One entry. `undo`: the redemption that can be taken back; `undo_until_ms` (UTC) is a hint; `next`: what to do
    now, of a refusal."""

    standing: Standing
    title: str
    amount: str
    facts: str
    beats: tuple[Beat, ...]
    next: str = ""
    undo: str = ""
    undo_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How taking back ended: one sentence, what follows from it, and its kind (good, info or bad)."""

    said: str
    then: str
    kind: str


def columns(words: Words) -> tuple[Column, ...]:
    """Of the list."""
    made = {"title": Column(words("columns", "title"), stretch=1)}
    made["amount"] = Column(words("columns", "amount"), right=True)
    made |= {name: Column(words("columns", name), spare=place) for place, name in enumerate(("tail", "who"), start=1)}
    return tuple(made.get(name) or Column(words("columns", name)) for name in COLUMNS)


def empty(words: Words, sought: Sought) -> Empty:
    """What an empty list means."""
    return Empty(words("empty", "not_found" if sought.query else "nothing"), "search" if sought.query else "history")


def sought(words: Words, query: str, tail: str = "") -> Sought:
    """A search for a text that may be a whole coupon code: such a one is never shown. `tail`: its last four digits."""
    digits = _digits(query)
    if not tail and 4 < len(digits) < _DYNAMIC_DIGITS:
        tail = digits[-4:]
    return Sought(query, words("search", "coupon", tail=tail) if tail else words("search", "scanned"))


def typed(words: Words, query: str) -> Sought:
    """A search that was typed; a whole code is hidden like a scanned one."""
    if len(_digits(query)) >= _CODE_DIGITS:
        return sought(words, query)
    return Sought(query.strip())


def _digits(query: str) -> str:
    """The digits of a text that has nothing else, however it is grouped."""
    found = "".join(clean(query).split())
    return found if found.isascii() and found.isdigit() else ""


def names(language: str, platforms: Iterable[str]) -> dict[str, str]:
    """What people call the platforms, for the search."""
    return {platform: text(language, "platforms", platform) for platform in platforms}


def line_id(line: HistoryLine) -> str:
    """The same for an entry wherever it is listed."""
    if line.redemption is not None:
        return line.redemption.id
    return f"refusal-{line.refusal.id}" if line.refusal is not None else f"place-{line.seq}"


def rows(telling: Telling, lines: Iterable[HistoryLine]) -> tuple[Row, ...]:
    """The list. `telling`: by the words of stories."""
    return tuple(_row(telling, line) for line in lines)


def _row(telling: Telling, line: HistoryLine) -> Row:
    at = Cell(telling.at(line.at_ms), tone="quiet")
    if line.redemption is not None:
        row = line.redemption
        standing, title = (
            telling_of.standing(telling.words, row, line.difference),
            telling_of.title_of(telling.words, row),
        )
        amount, number, tail, staff, platform = yuan(row.amount_fen), row.number, row.code_tail, row.staff, row.platform
    else:
        refusal = line.refusal
        assert refusal is not None
        standing, title = telling_of.refused(telling.words), _sentence(telling, refusal).what
        amount, number, tail, staff, platform = "", "", refusal.code_tail, refusal.staff, refusal.platform or ""
    return Row(
        line_id(line),
        (
            at,
            Cell(standing.word, standing.icon, standing.tone),
            Cell(title),
            Cell(_platform(telling.words, platform), tone="quiet"),
            Cell(f"…{tail}" if tail else "", tone="quiet"),
            Cell(amount, strong=True),
            Cell(number, tone="quiet"),
            Cell(telling.who(staff), tone="quiet"),
        ),
    )


def _platform(words: Words, platform: str) -> str:
    return text(words.language, "platforms", platform) if platform else ""


def _sentence(telling: Telling, refusal: Refusal) -> Sentence:
    try:
        reason = because(Code(refusal.reason), **json.loads(refusal.facts))
    except ValueError:
        return Sentence(refusal.reason, "", "")
    return word(reason, telling.words.language, telling.zone)


def facts_of(telling: Telling, row: Redemption) -> str:
    """Platform, end of the code, slip number and who, in one line."""
    words = telling.words
    tail = words("facts", "tail", tail=row.code_tail) if row.code_tail else ""
    parts = (_platform(words, row.platform), tail, words("facts", "number", number=row.number), telling.who(row.staff))
    return " · ".join(part for part in parts if part)


def detail(telling: Telling, story: Story) -> DetailView:
    """A redemption and all that became of it."""
    row = story.redemption
    difference = next((one for one in story.differences if one.resolved_at_ms is None), None)
    return DetailView(
        telling_of.standing(telling.words, row, difference),
        telling_of.title_of(telling.words, row),
        yuan(row.amount_fen),
        facts_of(telling, row),
        telling_of.beats(telling, story),
        undo=row.id if story.reversible else "",
        undo_until_ms=story.reversible_until_ms if story.reversible else None,
    )


def refusal_detail(words: Words, telling: Telling, refusal: Refusal) -> DetailView:
    """A refusal: what, why, and what was to be done then."""
    sentence = _sentence(telling, refusal)
    tail = telling.words("facts", "tail", tail=refusal.code_tail) if refusal.code_tail else ""
    parts = (_platform(telling.words, refusal.platform or ""), tail, telling.who(refusal.staff))
    beat = Beat(telling.at(refusal.at_ms), "cross", "refused", sentence.what, sentence.why)
    return DetailView(
        telling_of.refused(telling.words),
        sentence.what,
        "",
        " · ".join(part for part in parts if part),
        (beat,),
        words("detail", "next", next=sentence.next) if sentence.next else "",
    )


def answer(words: Words, zone: str, verdict: ReversalVerdict, owners: Mapping[str, str], owner: str) -> Answer:
    """What came of taking back. `owner`: whose the difference is that a refusal opened; `owners`: names by id."""
    if verdict.outcome is not Reversal.REFUSED:
        kind = "info" if verdict.outcome is Reversal.QUEUED else "good"
        return Answer(words("told", verdict.outcome.value), "", kind)
    sentence = word(verdict.reason, words.language, zone) if verdict.reason is not None else Sentence("—", "", "")
    then = words("told", "refused_next", owner=owners.get(owner, owner)) if owner else ""
    return Answer(words("told", "refused", what=sentence.what, why=sentence.why), then, "bad")
