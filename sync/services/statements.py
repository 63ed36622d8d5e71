"""Reading a platform's statement (结算) of a day whole, and laying it beside what the ledger says was redeemed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from sync.clock import Clock
from sync.domain.moment import day_window_ms
from sync.domain.reasons import Reason
from sync.domain.redemption import Redemption, State
from sync.errors import PlatformError
from sync.ledger import redemptions, vouchers
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import REF, Alias
from sync.platforms.port import StatementLine, StatementPage, StatementSource
from sync.services.asking import Asking
from sync.services.books import WAITS_IN_ALL_S, Progress, rest_s
from sync.services.calls import refs_of
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper

# A platform's days end at midnight where it is, whatever the shop's business day: all of them are in China.
PLATFORM_ZONE: Final = "Asia/Shanghai"
# Their clock and ours need not agree to the second, and a permit was booked up to two minutes before it was shown.
_SLACK_MS: Final = 300_000
VOID: Final = "void"


@dataclass(frozen=True, slots=True)
class Off:
    """A redemption of ours whose worth the statement tells otherwise, in fen; 0: taken back, in that book."""

    redemption: Redemption
    ours_fen: int
    theirs_fen: int


@dataclass(frozen=True, slots=True)
class Sum:
    """How many lines are in a state, what was sold by them, and what is paid (fen; None where it is not told)."""

    lines: int
    goods_fen: int
    payout_fen: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One platform's statement of one day, compared. `sums`: by the lines' state. `matched`: lines that agree with our
    ledger. `missing`: redemptions of ours that must be in it and are not; `unexpected`: lines that name none of ours;
    `awaited`: lines of what is still owed or was just moving here; `unnamed`: lines that name no single redemption.
    `unreadable`: why it could not be read whole; then nothing was compared."""

    platform: str
    day: str
    sums: Mapping[str, Sum]
    matched: int = 0
    missing: tuple[Redemption, ...] = ()
    unexpected: tuple[StatementLine, ...] = ()
    off: tuple[Off, ...] = ()
    awaited: int = 0
    unnamed: int = 0
    unreadable: Reason | None = None

    @property
    def well(self) -> bool:
        """Read, and nothing in it needs a person."""
        return self.unreadable is None and not (self.missing or self.unexpected or self.off)


class Statements:
    """Compares whole statements only: a page missing must not look like money missing. Keeps nothing."""

    def __init__(
        self,
        ledger: Ledger,
        asking: Asking,
        sources: Mapping[str, StatementSource],
        keeper: Timekeeper,
        profile: Profile,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._asking = asking
        self._sources = dict(sources)
        self._keeper = keeper
        self._profile = profile
        self._clock = clock

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that tell a statement, by name."""
        return tuple(sorted(self._sources))

    def compare(self, platform: str, day: str, progress: Progress = lambda _count: None) -> Statement:
        """Compare a day of the platform's (YYYY-MM-DD). Raises ValueError for what is no date, KeyError for a platform
        that tells no statement."""
        window, days = day_window_ms(day, PLATFORM_ZONE, 0), _around(day)
        source = self._sources[platform]
        # Before theirs is read: what is redeemed meanwhile need not be in it.
        ours = self._ledger.read(lambda tx: self._due(tx, platform, days, window))
        lines = self._read(platform, source, day, progress)
        if isinstance(lines, Reason):
            return Statement(platform, day, {}, unreadable=lines)
        return self._ledger.read(lambda tx: _compared(tx, platform, day, ours, lines))

    def _due(self, tx: Transaction, platform: str, days: tuple[str, ...], window: tuple[int, int]) -> list[Redemption]:
        """What of ours must be in the statement: accepted and settled within the day, and long enough ago."""
        first_ms = window[0] + _SLACK_MS
        due_ms = self._keeper.now(tx).ms - self._asking.platforms[platform].book_delay_ms
        last_ms = min(window[1] - _SLACK_MS, due_ms)
        return [
            row
            for one in days
            for row in redemptions.of_day(tx, platform, one)
            if row.state is State.CONFIRMED
            and "record" in refs_of(row)
            and first_ms <= row.accepted_at_ms
            and (row.settled_at_ms or 0) <= last_ms
        ]

    def _read(
        self, platform: str, source: StatementSource, day: str, progress: Progress
    ) -> list[StatementLine] | Reason:
        lines: list[StatementLine] = []
        cursor, waited_s = None, 0.0
        while True:
            page = self._asking.ask(platform, self._profile.delivery_budget_ms, _page_after(source, day, cursor))
            if isinstance(page, PlatformError):
                wait_s = rest_s(page.reason)
                if wait_s is None or waited_s + wait_s > WAITS_IN_ALL_S:
                    return page.reason
                self._clock.sleep_s(wait_s)
                waited_s += wait_s
                continue
            lines += page.lines
            progress(len(lines))
            if page.cursor is None:
                return lines
            cursor = page.cursor


def _around(day: str) -> tuple[str, ...]:
    """Our business days that may overlap with this day of theirs."""
    middle = date.fromisoformat(day)
    try:
        return tuple((middle + timedelta(days=shift)).isoformat() for shift in (-1, 0, 1))
    except OverflowError as error:
        raise ValueError("no shop was open on that day") from error


def _page_after(source: StatementSource, day: str, cursor: str | None) -> Callable[[object, int], StatementPage]:
    def question(_platform: object, deadline_ms: int) -> StatementPage:
        return source.statement(day, cursor, deadline_ms)

    return question


def _compared(
    tx: Transaction, platform: str, day: str, ours: list[Redemption], lines: list[StatementLine]
) -> Statement:
    named = [line for line in lines if line.record]
    before = {row.id: row.state for row in ours}
    judged = [_judged(tx, platform, line, before) for line in named]
    told = {line.record for line in named}
    return Statement(
        platform,
        day,
        _sums(lines),
        judged.count(_Judged.MATCHED),
        tuple(row for row in ours if refs_of(row)["record"] not in told),
        tuple(line for line, found in zip(named, judged, strict=True) if found is _Judged.UNEXPECTED),
        tuple(found for found in judged if isinstance(found, Off)),
        judged.count(_Judged.AWAITED),
        len(lines) - len(named),
    )


class _Judged(Enum):
    """What a line comes to, where it does not tell another worth."""

    MATCHED = "matched"
    AWAITED = "awaited"
    UNEXPECTED = "unexpected"


def _judged(tx: Transaction, platform: str, line: StatementLine, before: Mapping[str, State]) -> _Judged | Off:
    row = redemptions.by_record(tx, platform, line.record)
    theirs_fen = 0 if line.state == VOID else line.goods_fen
    if row is None:
        if _owed(tx, platform, line):
            return _Judged.AWAITED
        # What they have taken back, and we never had, has cost nobody anything.
        return _Judged.MATCHED if line.state == VOID else _Judged.UNEXPECTED
    if before.get(row.id, row.state) is not row.state:
        # Taken back while theirs was read: the next comparison has it.
        return _Judged.AWAITED
    ours_fen = 0 if row.state is State.REVERSED else row.amount_fen
    return _Judged.MATCHED if ours_fen == theirs_fen else Off(row, ours_fen, theirs_fen)


def _owed(tx: Transaction, platform: str, line: StatementLine) -> bool:
    """Whether this may be a redemption of ours whose answer never came."""
    names = [Alias(REF, line.coupon)] if line.coupon else []
    known = vouchers.find(tx, platform, names)
    rows = [row for voucher in known for row in redemptions.live_of(tx, platform, voucher)]
    if any(row.owed for row in rows):
        return True
    # A coupon that was recorded by its bare code is not known by its number yet.
    tails = {row.code_tail for row in redemptions.owed(tx, platform) if row.state is not State.CLAIMED}
    return not rows and bool(line.code_tail) and line.code_tail in tails


def _sums(lines: list[StatementLine]) -> dict[str, Sum]:
    found: dict[str, Sum] = {}
    for line in lines:
        before = found.get(line.state, Sum(0, 0, 0))
        untold = before.payout_fen is None or line.payout_fen is None
        payout_fen = None if untold else (before.payout_fen or 0) + (line.payout_fen or 0)
        found[line.state] = Sum(before.lines + 1, before.goods_fen + line.goods_fen, payout_fen)
    return dict(sorted(found.items()))
