"""Comparing a day of ours with a platform's history: matched, ours only, theirs only, differs (product.md A7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

CLOCK_SLACK_MS = 600_000
"""How far their time may lie outside of ours before one of the clocks must be wrong."""


class Bucket(StrEnum):
    """Where a redemption ends up when both books are laid side by side."""

    MATCHED = "matched"
    OURS_ONLY = "ours_only"
    THEIRS_ONLY = "theirs_only"
    DIFFERS = "differs"
    AWAITED = "awaited"


BUCKETS = (Bucket.MATCHED, Bucket.OURS_ONLY, Bucket.THEIRS_ONLY, Bucket.DIFFERS)
"""The four of product.md A7. What is awaited is in none of them yet: their book lists it later."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Our row. `record`: the id under which the platform lists it (None: we never learnt it); `coupon`: names the
    coupon the same way in both books; `settled`: the platform has confirmed it, so it must be in its book; `due`: by
    now; `span_ms`: from when we accepted it until we heard the answer (ms UTC)."""

    redemption_id: str
    record: str | None
    coupon: str | None
    amount_fen: int
    reversed: bool
    settled: bool
    due: bool = True
    span_ms: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """A row of the platform's book. `amount_fen` is None where the platform does not say."""

    record: str
    coupon: str
    request_id: str | None
    amount_fen: int | None
    at_ms: int
    reversed: bool
    code_tail: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One line of the comparison. `what` names the disagreement of a pair that differs: "amount", "reversed",
    "clock"."""

    bucket: Bucket
    ours: Ours | None
    theirs: Theirs | None
    what: str | None = None


def match(ours: Iterable[Ours], theirs: Iterable[Theirs]) -> tuple[Match, ...]:
    """Pair the books by the platform's record id, then by coupon for rows whose answer we never got.

    A row that is still owed and not in their book is not compared: it is a debt, not a difference. A row of theirs
    that was reversed and that we do not have has cost nobody anything, and is left out.
    """
    by_record = {row.record: row for row in theirs}
    left = dict(by_record)
    lines: list[Match] = []
    waiting: list[Ours] = []
    for row in ours:
        found = left.pop(row.record, None) if row.record else None
        if found is not None:
            lines.append(_pair(row, found))
        else:
            waiting.append(row)
    by_coupon = _by_coupon(left)
    # What stands first: the coupon may have been taken back and redeemed again, and theirs that stands is that one.
    for row in sorted(waiting, key=lambda row: row.reversed):
        same = _same_coupon(row, by_coupon)
        if same is not None:
            lines.append(_pair(row, left.pop(same.record)))
        elif row.settled and not row.reversed:
            lines.append(Match(Bucket.OURS_ONLY if row.due else Bucket.AWAITED, row, None))
    lines += [Match(Bucket.THEIRS_ONLY, None, row) for row in left.values() if not row.reversed]
    return tuple(lines)


def _same_coupon(row: Ours, by_coupon: Mapping[str, list[Theirs]]) -> Theirs | None:
    """Their row of the same coupon, for a row of ours that never learnt its record: one in the same state before
    others. What is still owed is not theirs by a use that they have taken back."""
    if row.record is not None or not row.coupon:
        return None
    rows = by_coupon.get(row.coupon, [])
    fitting = sorted(rows, key=lambda other: other.reversed != row.reversed)
    if not fitting or (fitting[0].reversed and not row.settled):
        return None
    rows.remove(fitting[0])
    return fitting[0]


def _by_coupon(rows: Mapping[str, Theirs]) -> dict[str, list[Theirs]]:
    found: dict[str, list[Theirs]] = {}
    for row in rows.values():
        found.setdefault(row.coupon, []).append(row)
    return found


def _pair(ours: Ours, theirs: Theirs) -> Match:
    if ours.settled and ours.reversed != theirs.reversed:
        return Match(Bucket.DIFFERS, ours, theirs, "reversed")
    if theirs.amount_fen is not None and ours.amount_fen != theirs.amount_fen:
        return Match(Bucket.DIFFERS, ours, theirs, "amount")
    if ours.span_ms is not None and not _within(theirs.at_ms, ours.span_ms):
        return Match(Bucket.DIFFERS, ours, theirs, "clock")
    return Match(Bucket.MATCHED, ours, theirs)


def _within(at_ms: int, span_ms: tuple[int, int]) -> bool:
    """Nothing can have been redeemed before it was accepted or after its answer was heard."""
    return span_ms[0] - CLOCK_SLACK_MS <= at_ms <= span_ms[1] + CLOCK_SLACK_MS
