"""Comparing a business day with a platform's history; what does not agree becomes a difference (product.md A7)."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sync.domain.difference import Cause
from sync.domain.matching import Bucket, Match, Ours, Theirs, match
from sync.domain.moment import day_window_ms
from sync.domain.reasons import Reason
from sync.domain.redemption import Redemption, State
from sync.errors import PlatformError
from sync.ledger import redemptions, vouchers
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import REF, Alias
from sync.platforms.port import HistoryPage, HistoryRecord, Platform
from sync.services import settling
from sync.services.asking import Asking
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper

STEWARD = "reconciliation"
_SLACK_MS = 3_600_000
_OURS = frozenset({State.CLAIMED, State.SENT, State.UNKNOWN, State.CONFIRMED, State.REVERSED})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One platform's day. `unreadable`: why its history could not be read whole; then nothing was compared."""

    platform: str
    day: str
    matches: tuple[Match, ...] = ()
    owed: int = 0
    unreadable: Reason | None = None

    def count(self, bucket: Bucket) -> int:
        """How many lines are in a bucket."""
        return sum(line.bucket is bucket for line in self.matches)


class Reconciliation:
    """Reads histories whole before anything is compared: a page missing must not look like a redemption missing."""

    def __init__(self, ledger: Ledger, asking: Asking, keeper: Timekeeper, profile: Profile) -> None:
        self._ledger = ledger
        self._asking = asking
        self._keeper = keeper
        self._profile = profile

    def reconcile(self, platform: str, day: str, progress: Callable[[int], None] = lambda _count: None) -> Comparison:
        """Compare a business day (YYYY-MM-DD). Raises ValueError for what is no date."""
        from_ms, to_ms = day_window_ms(day, self._profile.zone, self._profile.cutoff_hour)
        settled, before = self._ledger.read(lambda tx: _before(tx, platform, day))
        # What was accepted on this day may have been delivered on another: their book is read that far.
        window = (min(from_ms, settled[0]), max(to_ms, settled[1])) if settled else (from_ms, to_ms)
        records = self._history(platform, window[0] - _SLACK_MS, window[1] + _SLACK_MS, progress)
        if isinstance(records, Reason):
            return Comparison(platform, day, unreadable=records)

        def job(tx: Transaction) -> Comparison:
            rows = [row for row in redemptions.of_day(tx, platform, day) if row.state in _OURS]
            # A row that moved on while their book was read is in neither book as it was: the next comparison has it.
            still = [row for row in rows if before.get(row.id) is row.state]
            moved = {str(row.voucher) for row in rows if before.get(row.id) is not row.state}
            ours = tuple(_ours(row) for row in still)
            mine = {row.record for row in ours} | {row.coupon for row in ours if row.record is None}
            unsettled = _Unsettled(tx, platform, day)
            theirs = (
                found
                for record in records
                if redemptions.day_of_record(tx, platform, record.record) in (None, day)
                and (found := _theirs(tx, platform, record)).coupon not in moved
                and (found.coupon in mine or not unsettled.may_be(record, found))
            )
            day_of = (r for r in theirs if r.record in mine or r.coupon in mine or from_ms <= r.at_ms < to_ms)
            matches = match(ours, day_of)
            self._open(tx, platform, matches)
            return Comparison(platform, day, matches, sum(row.owed for row in rows))

        return self._ledger.write(job)

    def _history(
        self, platform: str, from_ms: int, to_ms: int, progress: Callable[[int], None]
    ) -> list[HistoryRecord] | Reason:
        records: list[HistoryRecord] = []
        cursor: str | None = None
        while True:

            def question(source: Platform, deadline_ms: int, cursor: str | None = cursor) -> HistoryPage:
                return source.history(from_ms, to_ms, cursor, deadline_ms)

            page = self._asking.ask(platform, self._profile.delivery_budget_ms, question)
            if isinstance(page, PlatformError):
                return page.reason
            records += page.records
            progress(len(records))
            if page.cursor is None:
                return records
            cursor = page.cursor

    def _open(self, tx: Transaction, platform: str, matches: tuple[Match, ...]) -> None:
        stamp = self._keeper.stamp(tx, STEWARD)
        for line in matches:
            if line.bucket is not Bucket.MATCHED:
                _open_one(tx, platform, line, stamp.at_ms)
        tx.seal_entry("reconciliation.compared", stamp)


def _before(tx: Transaction, platform: str, day: str) -> tuple[tuple[int, int] | None, dict[str, State]]:
    rows = redemptions.of_day(tx, platform, day)
    return redemptions.settled_span(tx, platform, day), {row.id: row.state for row in rows}


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
    cost_fen = abs(ours_fen - theirs_fen) if cause is Cause.AMOUNT else ours_fen or theirs_fen
    facts: dict[str, object] = {"ours_fen": ours_fen, "theirs_fen": theirs_fen}
    if line.theirs is not None:
        facts |= {"record": line.theirs.record, "request_id": line.theirs.request_id or ""}
    settling.open_difference(tx, cause, key, platform, cost_fen, at_ms, facts, row_id)


def _ours(row: Redemption) -> Ours:
    record = json.loads(row.refs).get("record") if row.refs else None
    settled = row.state in (State.CONFIRMED, State.REVERSED)
    return Ours(row.id, record, str(row.voucher), row.amount_fen, row.state is State.REVERSED, settled)


def _theirs(tx: Transaction, platform: str, record: HistoryRecord) -> Theirs:
    known = vouchers.find(tx, platform, (Alias(REF, record.coupon),))
    coupon = str(known[0]) if known else record.coupon
    taken_back = record.reversed_at_ms is not None
    return Theirs(record.record, coupon, record.request_id, record.amount_fen, record.at_ms, taken_back)
