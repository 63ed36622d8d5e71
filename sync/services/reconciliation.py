"""Comparing a business day with a platform's history; what does not agree becomes a difference (product.md A7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.clock import Clock
from sync.domain.codes import CredentialKind
from sync.domain.difference import Cause
from sync.domain.matching import Bucket, Match, Ours, Theirs, match
from sync.domain.moment import day_window_ms
from sync.domain.reasons import Reason
from sync.domain.redemption import Redemption, State
from sync.ledger import redemptions, vouchers
from sync.ledger.ledger import Ledger
from sync.ledger.readings import Span
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import REF, Alias
from sync.platforms.port import HistoryRecord, KnownUse
from sync.services import settling
from sync.services.asking import Asking
from sync.services.books import Book, Books, Progress
from sync.services.calls import code_of, refs_of
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper

STEWARD = "reconciliation"
_SLACK_MS = 3_600_000
_WELL = frozenset({Bucket.MATCHED, Bucket.AWAITED})
_SETTLED = frozenset({State.CONFIRMED, State.REVERSED})
_OURS = frozenset({State.CLAIMED, State.SENT, State.UNKNOWN, State.CONFIRMED, State.REVERSED})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One platform's day. `shop`: what the platform calls this store; `listed`: the book was listed whole, so that what
    only they have was found too. `unreadable`: why it could not be read whole; then nothing was compared."""

    platform: str
    day: str
    matches: tuple[Match, ...] = ()
    owed: int = 0
    unreadable: Reason | None = None
    shop: str = ""
    listed: bool = True

    def count(self, bucket: Bucket) -> int:
        """How many lines are in a bucket."""
        return sum(line.bucket is bucket for line in self.matches)

    @property
    def well(self) -> bool:
        """Compared, and nothing of it needs a person."""
        return self.unreadable is None and all(line.bucket in _WELL for line in self.matches)


class Reconciliation:
    """Compares whole books only (books.py)."""

    def __init__(self, ledger: Ledger, asking: Asking, keeper: Timekeeper, profile: Profile, clock: Clock) -> None:
        self._ledger = ledger
        self._asking = asking
        self._keeper = keeper
        self._profile = profile
        self._books = Books(ledger, asking, keeper, profile, clock)

    def reconcile(self, platform: str, day: str, progress: Progress = lambda _count: None) -> Comparison:
        """Compare a business day (YYYY-MM-DD). Raises ValueError for what is no date."""
        window = day_window_ms(day, self._profile.zone, self._profile.cutoff_hour)
        shop = self._profile.shops.get(platform, "")
        before = self._ledger.read(lambda tx: self._before(tx, platform, day))
        # What was accepted on this day may have been delivered on another: their book is read that far.
        from_ms, to_ms = before.reach(window)
        book = self._books.read(Span(platform, from_ms - _SLACK_MS, to_ms + _SLACK_MS), before.known, progress)
        if isinstance(book, Reason):
            return Comparison(platform, day, unreadable=book, shop=shop)

        def job(tx: Transaction) -> Comparison:
            rows = [row for row in redemptions.of_day(tx, platform, day) if row.state in _OURS]
            matches = _compared(tx, platform, day, window, rows, before, book)
            self._open(tx, platform, matches)
            return Comparison(platform, day, matches, sum(row.owed for row in rows), None, shop, book.listed)

        return self._ledger.write(job)

    def _before(self, tx: Transaction, platform: str, day: str) -> "_Before":
        rows = redemptions.of_day(tx, platform, day)
        settled = [row for row in rows if row.state in _SETTLED]
        due_ms = self._keeper.now(tx).ms - self._asking.platforms[platform].book_delay_ms
        return _Before(
            {row.id: row.state for row in rows},
            redemptions.settled_span(tx, platform, day),
            tuple(_known(tx, row) for row in settled),
            due_ms,
        )

    def _open(self, tx: Transaction, platform: str, matches: tuple[Match, ...]) -> None:
        stamp = self._keeper.stamp(tx, STEWARD)
        for line in matches:
            if line.bucket not in _WELL:
                _open_one(tx, platform, line, stamp.at_ms)
        tx.seal_entry("reconciliation.compared", stamp)


@dataclass(frozen=True, slots=True)
class _Before:
    """Our book as it stood before theirs was read. `due_ms`: what was settled later need not be in theirs yet."""

    states: Mapping[str, State]
    settled_ms: tuple[int, int] | None
    known: tuple[KnownUse, ...]
    due_ms: int

    def reach(self, window: tuple[int, int]) -> tuple[int, int]:
        """How far their book has to be read."""
        if self.settled_ms is None:
            return window
        return min(window[0], self.settled_ms[0]), max(window[1], self.settled_ms[1])


def _compared(
    tx: Transaction,
    platform: str,
    day: str,
    window: tuple[int, int],
    rows: list[Redemption],
    before: _Before,
    book: Book,
) -> tuple[Match, ...]:
    # A row that moved on while their book was read is in neither book as it was: the next comparison has it.
    still = [row for row in rows if before.states.get(row.id) is row.state]
    moved = {str(row.voucher) for row in rows if before.states.get(row.id) is not row.state}
    ours = tuple(_ours(row, before.due_ms) for row in still)
    mine = {row.record for row in ours} | {row.coupon for row in ours if row.record is None}
    unsettled = _Unsettled(tx, platform, day)
    theirs = []
    for record in book.records:
        found = _theirs(tx, platform, record)
        known = found.record in mine or found.coupon in mine
        if not known and _of_another_day(tx, platform, day, found):
            continue
        if found.coupon in moved or (found.coupon not in mine and unsettled.may_be(record, found)):
            continue
        if known or window[0] <= found.at_ms < window[1]:
            theirs.append(found)
    return match(ours, theirs)


def _of_another_day(tx: Transaction, platform: str, day: str, found: Theirs) -> bool:
    """Whether this is a redemption of ours from another business day, by its record or, where the platform numbers none
    or we never learnt it, by its coupon."""
    of_record = redemptions.day_of_record(tx, platform, found.record)
    if of_record is not None:
        return of_record != day
    return found.coupon.isdecimal() and redemptions.unnumbered_elsewhere(tx, platform, int(found.coupon), day)


class _Unsettled:
    """What is owed and may have been done: whether a record of theirs is one of these, only their answer tells."""

    def __init__(self, tx: Transaction, platform: str, day: str) -> None:
        rows = redemptions.owed(tx, platform)
        self._requests = {row.request_id for row in rows}
        self._coupons = {str(row.voucher) for row in rows if row.business_day != day}
        self._tails = {row.code_tail for row in rows if row.state is not State.CLAIMED and row.code_tail}

    def may_be(self, record: HistoryRecord, theirs: Theirs) -> bool:
        """Platforms without request ids name a coupon in ways that we may not know yet, but for the end of its code."""
        if record.request_id is not None:
            return record.request_id in self._requests
        return theirs.coupon in self._coupons or record.code_tail in self._tails


def _open_one(tx: Transaction, platform: str, line: Match, at_ms: int) -> None:
    cause = Cause(line.what) if line.what else Cause(line.bucket.value)
    row_id = line.ours.redemption_id if line.ours else None
    key = row_id or (line.theirs.record if line.theirs else "")
    ours_fen = line.ours.amount_fen if line.ours else 0
    theirs_fen = (line.theirs.amount_fen or 0) if line.theirs else 0
    cost_fen = abs(ours_fen - theirs_fen) if cause in (Cause.AMOUNT, Cause.CLOCK) else ours_fen or theirs_fen
    facts: dict[str, object] = {"ours_fen": ours_fen, "theirs_fen": theirs_fen}
    if line.ours is not None and line.ours.span_ms is not None:
        facts["ours_at_ms"] = line.ours.span_ms[0]
    if line.theirs is not None:
        facts |= {
            "theirs_at_ms": line.theirs.at_ms,
            "record": line.theirs.record,
            "request_id": line.theirs.request_id or "",
            "code_tail": line.theirs.code_tail,
            "by": line.theirs.by,
        }
    settling.open_difference(tx, cause, key, platform, cost_fen, at_ms, facts, row_id)


def _known(tx: Transaction, row: Redemption) -> KnownUse:
    taken_back = row.state is State.REVERSED
    return KnownUse(row.id, refs_of(row), code_of(tx.sealer, row), taken_back, row.settled_at_ms or 0)


def _ours(row: Redemption, due_ms: int) -> Ours:
    settled_ms = row.settled_at_ms if row.state in _SETTLED else None
    return Ours(
        row.id,
        refs_of(row).get("record"),
        str(row.voucher),
        row.amount_fen,
        row.state is State.REVERSED,
        row.state in _SETTLED,
        due=settled_ms is None or settled_ms <= due_ms,
        span_ms=(row.accepted_at_ms, settled_ms) if settled_ms is not None else None,
    )


def _theirs(tx: Transaction, platform: str, record: HistoryRecord) -> Theirs:
    names = [Alias(REF, record.coupon)] if record.coupon else []
    if record.code:
        # Where the code alone names the coupon, a look-up has made it the coupon's reference too.
        names += [Alias(CredentialKind.CODE, record.code), Alias(REF, record.code)]
    known = vouchers.find(tx, platform, names)
    coupon = str(known[0]) if known else f"{record.coupon}:{record.record}"
    taken_back = record.reversed_at_ms is not None
    return Theirs(
        record.record,
        coupon,
        record.request_id,
        record.amount_fen,
        record.at_ms,
        taken_back,
        record.code_tail,
        record.by,
    )
