"""Whether the counter's word, the ledger and the platforms' book agree: the invariant of product.md A5, as a rule."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sync.domain.redemption import OWED, State


@dataclass(frozen=True, slots=True)
class Told:
    """One yes that a customer heard. `codes`: the printed codes of the coupons that were on the counter."""

    redemption_id: str
    platform: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of our ledger. `record`: the platform's own id of the redemption, once we learnt it."""

    redemption_id: str
    platform: str
    state: State
    promised: bool
    amount_fen: int
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One redemption in a platform's book."""

    record: str
    platform: str
    code: str
    unit: int
    amount_fen: int
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that has to agree. `differences`: the redemption ids of open differences that have an owner."""

    told: tuple[Told, ...]
    rows: tuple[Row, ...]
    uses: tuple[Use, ...]
    differences: tuple[str, ...] = ()
    second_attempts: int = 0
    journal_ok: bool = True


class Kind(StrEnum):
    """How books can disagree."""

    LOST_HERE = "lost_here"
    LOST_THERE = "lost_there"
    DOUBLE_HERE = "double_here"
    DOUBLE_THERE = "double_there"
    ONLY_THERE = "only_there"
    NEVER_TOLD = "never_told"
    STILL_OWED = "still_owed"
    NOT_REVERSED = "not_reversed"
    NO_DIFFERENCE = "no_difference"
    OTHER_COUPON = "other_coupon"
    AMOUNT = "amount"
    SECOND_ATTEMPT = "second_attempt"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class Problem:
    """One disagreement, with whatever names it."""

    kind: Kind
    redemption_id: str | None = None
    platform: str | None = None
    code: str | None = None


def disagreements(books: Books) -> tuple[Problem, ...]:
    """Everything that was lost, doubled or left open; empty when every yes is one row here and one use there, or one
    open difference."""
    found = [*_told(books), *_rows(books), *_uses(books)]
    found += [Problem(Kind.SECOND_ATTEMPT)] * books.second_attempts
    if not books.journal_ok:
        found.append(Problem(Kind.JOURNAL))
    return tuple(found)


def _told(books: Books) -> Iterator[Problem]:
    """Every yes is exactly one row."""
    counts = Counter(row.redemption_id for row in books.rows)
    for told in _distinct(books.told):
        if counts[told.redemption_id] == 0:
            yield Problem(Kind.LOST_HERE, told.redemption_id, told.platform, _only(told.codes))
    for name in (name for name, count in counts.items() if count > 1):
        yield Problem(Kind.DOUBLE_HERE, name)


def _distinct(told: Iterable[Told]) -> Iterable[Told]:
    """A second scan that resumed the first says the same yes once more."""
    return {one.redemption_id: one for one in told}.values()


def _only(codes: frozenset[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None


def _rows(books: Books) -> Iterator[Problem]:
    """Every row stands in the platform's book as its state says, or is a difference."""
    told = {one.redemption_id: one for one in books.told}
    uses = {(use.platform, use.record): use for use in books.uses}
    open_differences = Counter(books.differences)
    for row in books.rows:
        use = uses.get((row.platform, row.record)) if row.record else None
        kind = _wrong(row, use, told.get(row.redemption_id), open_differences[row.redemption_id])
        if kind is not None:
            yield Problem(kind, row.redemption_id, row.platform, use.code if use else None)


def _wrong(row: Row, use: Use | None, told: Told | None, differences: int) -> Kind | None:
    if row.state in OWED:
        return None if differences == 1 else Kind.STILL_OWED
    if row.state is State.REFUSED:
        return Kind.NO_DIFFERENCE if row.promised and differences != 1 else None
    if row.state is State.WITHDRAWN:
        return None
    if told is None:
        return Kind.NEVER_TOLD
    if use is None:
        return Kind.LOST_THERE
    if use.reversed is not (row.state is State.REVERSED):
        return Kind.LOST_THERE if use.reversed else Kind.NOT_REVERSED
    if use.code not in told.codes:
        return Kind.OTHER_COUPON
    return Kind.AMOUNT if use.amount_fen != row.amount_fen else None


def _uses(books: Books) -> Iterator[Problem]:
    """Every live use in a platform's book has exactly one row of ours, and every unit at most one live use."""
    holders = Counter((row.platform, row.record) for row in books.rows if row.state is State.CONFIRMED)
    taken: set[tuple[str, str, int]] = set()
    for use in (use for use in books.uses if not use.reversed):
        unit = (use.platform, use.code, use.unit)
        if unit in taken:
            yield Problem(Kind.DOUBLE_THERE, None, use.platform, use.code)
        taken.add(unit)
        rows = holders[(use.platform, use.record)]
        if rows == 0 and not _reversed_here(books.rows, use):
            yield Problem(Kind.ONLY_THERE, None, use.platform, use.code)
        elif rows > 1:
            yield Problem(Kind.DOUBLE_HERE, None, use.platform, use.code)


def _reversed_here(rows: Iterable[Row], use: Use) -> bool:
    """Such a row has been reported as not reversed there; once is enough."""
    return any(row.state is State.REVERSED and (row.platform, row.record) == (use.platform, use.record) for row in rows)
