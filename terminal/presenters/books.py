"""A day's reconciliation: four numbers for each platform, and what of it needs a person."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sync.domain.matching import BUCKETS, Bucket
from sync.services.reconciliation import Comparison
from sync.services.stories import Brief
from terminal.i18n import Words, text
from terminal.presenters.table import Empty
from terminal.wording import word

_TONES = {Bucket.MATCHED: "redeemed", Bucket.OURS_ONLY: "refused", Bucket.THEIRS_ONLY: "refused"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One bucket of one platform. `tone` is empty where there is nothing to see."""

    name: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class BookCard:
    """One platform's day. `note`: what is not compared yet; `trouble`: why nothing was compared; then no figures."""

    platform: str
    figures: tuple[Figure, ...]
    note: str = ""
    trouble: str = ""
    shop: str = ""


def card(words: Words, zone: str, found: Comparison) -> BookCard:
    """One platform."""
    platform = text(words.language, "platforms", found.platform)
    if found.unreadable is not None:
        why = word(found.unreadable, words.language, zone).what
        return BookCard(platform, (), trouble=words("books", "unreadable", why=why), shop=found.shop)
    figures = tuple(_figure(words, found, bucket) for bucket in BUCKETS)
    return BookCard(platform, figures, _note(words, found), shop=found.shop)


def _note(words: Words, found: Comparison) -> str:
    """What is not compared yet, and what can't be."""
    awaited = found.count(Bucket.AWAITED)
    said = [words("books", "owed", count=found.owed)] if found.owed else []
    said += [words("books", "awaited", count=awaited)] if awaited else []
    said += [] if found.listed else [words("books", "unlisted")]
    return words("books", "join").join(said)


def _figure(words: Words, found: Comparison, bucket: Bucket) -> Figure:
    count = found.count(bucket)
    return Figure(words("books", bucket.value), count, _TONES.get(bucket, "recorded") if count else "")


def reading(words: Words, platform: str, count: int) -> str:
    """How far a book is read."""
    return words("books", "reading", platform=text(words.language, "platforms", platform), count=count)


def of_day(briefs: Iterable[Brief], found: Sequence[Comparison]) -> tuple[Brief, ...]:
    """The open differences about what did not match on that day; what was ended before needs nobody."""
    ours, theirs = set[str](), set[tuple[str, str]]()
    for comparison in found:
        for line in comparison.matches:
            if line.bucket in (Bucket.MATCHED, Bucket.AWAITED):
                continue
            if line.ours is not None:
                ours.add(line.ours.redemption_id)
            elif line.theirs is not None:
                theirs.add((comparison.platform, line.theirs.record))
    return tuple(brief for brief in briefs if _is_of(brief, ours, theirs))


def _is_of(brief: Brief, ours: set[str], theirs: set[tuple[str, str]]) -> bool:
    one = brief.difference
    if one.redemption_id is not None:
        return one.redemption_id in ours
    return (one.platform, str(json.loads(one.facts).get("record"))) in theirs


def empty(words: Words, day: str, found: Sequence[Comparison]) -> Empty:
    """No lines for a person: nothing was compared yet, not all of it could be, or all is well."""
    if not found:
        return Empty(words("empty", "before"), "search")
    if any(comparison.unreadable is not None for comparison in found):
        return Empty(words("empty", "day_none"))
    return Empty(words("books", "all_well", day=day), "check", "redeemed")


def headline(words: Words, day: str, open_ones: Sequence[Brief]) -> str:
    """How many of the day need a person."""
    return words("books", "some", day=day, count=len(open_ones)) if open_ones else ""
