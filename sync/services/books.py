"""Reading a platform's book whole, at the pace it bears; a reading that was cut goes on where it stopped."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from sync.clock import Clock
from sync.domain.reasons import Code, Reason
from sync.errors import PlatformError
from sync.ledger import readings
from sync.ledger.ledger import Ledger
from sync.ledger.readings import KeptPage, Span
from sync.platforms.port import HistoryPage, HistoryRecord, KnownUse, Platform
from sync.services.asking import Asking
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper

# A book that moves on meanwhile is not the one whose first pages were kept.
RESUMED_WITHIN_MS: Final = 600_000
_LEAST_WAIT_S, _LONGEST_WAIT_S = 1, 60
WAITS_IN_ALL_S: Final = 300

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Book:
    """A book of one stretch of time, read whole. `listed`: what it has and we have not is in it."""

    records: tuple[HistoryRecord, ...]
    listed: bool = True


class Books:
    """Reads books. A page missing must not look like a redemption missing: it is all of it or a Reason."""

    def __init__(self, ledger: Ledger, asking: Asking, keeper: Timekeeper, profile: Profile, clock: Clock) -> None:
        self._ledger = ledger
        self._asking = asking
        self._keeper = keeper
        self._profile = profile
        self._clock = clock

    def read(self, span: Span, known: Sequence[KnownUse], progress: Progress) -> Book | Reason:
        """The book of `span`, or why it could not be read whole; what was read by then is kept for ten minutes."""
        since_ms = self._now_ms() - RESUMED_WITHIN_MS
        kept = self._ledger.read(lambda tx: list(readings.pages(tx, span, since_ms)))
        records = [record for page in kept for record in _records(page.text)]
        cursor, place, waited_s = kept[-1].cursor if kept else None, len(kept), 0.0
        while True:
            page = self._page(span, cursor, known)
            if isinstance(page, Reason):
                wait_s = rest_s(page)
                if wait_s is None or waited_s + wait_s > WAITS_IN_ALL_S:
                    return page
                self._clock.sleep_s(wait_s)
                waited_s += wait_s
                continue
            records += page.records
            progress(len(records))
            if page.cursor is None:
                if place:
                    self._ledger.write(lambda tx: readings.forget(tx, span.platform))
                return Book(tuple(records), page.whole)
            if page.whole:
                self._keep(span, place, page, page.cursor)
            cursor, place = page.cursor, place + 1

    def _page(self, span: Span, cursor: str | None, known: Sequence[KnownUse]) -> HistoryPage | Reason:
        def question(source: Platform, deadline_ms: int) -> HistoryPage:
            return source.history(span.from_ms, span.to_ms, cursor, deadline_ms, known)

        page = self._asking.ask(span.platform, self._profile.delivery_budget_ms, question)
        return page.reason if isinstance(page, PlatformError) else page

    def _keep(self, span: Span, place: int, page: HistoryPage, cursor: str) -> None:
        text = json.dumps([asdict(record) for record in page.records], ensure_ascii=False)
        at_ms = self._now_ms()
        self._ledger.write(lambda tx: readings.keep(tx, span, place, KeptPage(text, cursor), at_ms))

    def _now_ms(self) -> int:
        return self._ledger.read(self._keeper.now).ms


def _records(text: str) -> list[HistoryRecord]:
    return [HistoryRecord(**fields) for fields in json.loads(text)]


def rest_s(reason: Reason) -> float | None:
    """How long a platform that is busy is left alone before the same page; None: waiting does not help."""
    if reason.code is not Code.BUSY:
        return None
    return min(max(float(reason.facts.get("retry_after_s", 0)), _LEAST_WAIT_S), _LONGEST_WAIT_S)
