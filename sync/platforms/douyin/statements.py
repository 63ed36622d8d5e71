"""Douyin's ledger (分账): what it splits for each verify, by the day of the verify (platform-contracts.md 1.6)."""

from datetime import date, timedelta
from typing import Final

from pydantic import Field

from sync.clock import Clock
from sync.domain.moment import day_window_ms
from sync.errors import Refused
from sync.platforms.douyin.signing import Access
from sync.platforms.douyin.wire import Data, Envelope, Wire, seconds_of
from sync.platforms.http import unanswered
from sync.platforms.port import StatementLine, StatementPage

PAGE_SIZE: Final = 50
ZONE: Final = "Asia/Shanghai"
_LEDGER: Final = "/goodlife/v1/settle/ledger"
_PER_SECOND, _PER_SECOND_BY_COUPON = 20, 300
_STATES: Final = {0: "pending", 1: "pending", 2: "done", 3: "failed", 4: "void"}


class LedgerAmount(Wire):
    """Fen. `coupon_pay` what was paid for the coupon, `goods` what of it is the merchant's."""

    pay: int | None = 0
    coupon_pay: int | None = 0
    goods: int | None = None


class LedgerCoupon(Wire):
    """Whose money it is."""

    certificate_id: str | None = ""
    code: str | None = ""


class LedgerRow(Wire):
    """One row of a day's ledger."""

    ledger_id: str = Field(min_length=1)
    ledger_time: int
    status: int
    poi_id: str | None = ""
    amount: LedgerAmount
    certificate: LedgerCoupon | None = None


class LedgerData(Data):
    """GET settle/ledger/query."""

    cursor: str | None = ""
    has_more: bool | None = False
    ledger_records: list[LedgerRow] | None = None


class LedgerVerify(Wire):
    """Which verify a row of the ledger belongs to. `verify_time` in seconds."""

    ledger_id: str = Field(min_length=1)
    verify_id: str = Field(min_length=1)
    verify_time: int


class LedgerVerifies(Data):
    """GET settle/ledger/query_record_by_cert."""

    records: list[LedgerVerify] | None = None


class Statements:
    """The statements of one shop. The platform lists a verify in the ledger of an hour later, so that of late in the
    evening is in the next day's: both are read, and what belongs to the day is told. A cursor is a day and a place."""

    def __init__(self, access: Access, clock: Clock, account_id: str, poi_id: str) -> None:
        self._access = access
        self._clock = clock
        self._account_id = account_id
        self._poi_id = poi_id

    def page(self, day: str, cursor: str | None, deadline_ms: int) -> StatementPage:
        """A page of the verifies of a day (YYYY-MM-DD in China). ValueError for what is no date."""
        window = day_window_ms(day, ZONE, 0)
        bill_date, _, place = (cursor or f"{day}:0").partition(":")
        query = {"account_id": self._account_id, "bill_date": bill_date, "cursor": place, "size": str(PAGE_SIZE)}
        data = self._access.read(
            Envelope[LedgerData], "statement", f"{_LEDGER}/query/", query, deadline_ms, _PER_SECOND
        )
        rows = [row for row in data.ledger_records or () if row.poi_id in (None, "", self._poi_id)]
        if data.has_more and data.cursor in (None, "", place):
            raise unanswered("statement", "cursor_stands_still")
        later = bill_date != day
        lines = self._lines(window, rows, deadline_ms, later=later)
        # Behind the first hour of the next day nothing is of this one.
        more = bool(data.has_more) and not (later and rows and not lines)
        following = f"{bill_date}:{data.cursor}" if more else None if later else self._next_day(day)
        return StatementPage(tuple(lines), following)

    def _next_day(self, day: str) -> str | None:
        following = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        begun = day_window_ms(following, ZONE, 0)[0] <= self._clock.wall_ms()
        return f"{following}:0" if begun else None

    def _lines(
        self, window: tuple[int, int], rows: list[LedgerRow], deadline_ms: int, *, later: bool
    ) -> list[StatementLine]:
        verifies = self._verifies(rows, deadline_ms)
        lines: dict[str, StatementLine] = {}
        for row in rows:
            verify = verifies.get(row.ledger_id)
            line = _line(row, verify)
            if window[0] <= line.at_ms < window[1] if verify else not later:
                # A coupon that several shops take has several rows for one verify.
                key = line.record or row.ledger_id
                lines[key] = _sum(lines[key], line) if key in lines else line
        return list(lines.values())

    def _verifies(self, rows: list[LedgerRow], deadline_ms: int) -> dict[str, LedgerVerify]:
        """By ledger id; empty where the platform does not tell which verify a row is of."""
        named = dict.fromkeys(row.certificate.certificate_id or "" for row in rows if row.certificate)
        coupons = [certificate_id for certificate_id in named if certificate_id]
        if not coupons:
            return {}
        query = {"certificate_ids": ",".join(coupons)}
        path = f"{_LEDGER}/query_record_by_cert/"
        try:
            data = self._access.read(
                Envelope[LedgerVerifies], "statement_verifies", path, query, deadline_ms, _PER_SECOND_BY_COUPON
            )
        except Refused as no:
            if no.reason.about_us:
                raise
            return {}
        return {record.ledger_id: record for record in data.records or ()}


def _line(row: LedgerRow, verify: LedgerVerify | None) -> StatementLine:
    coupon = row.certificate or LedgerCoupon()
    return StatementLine(
        record=verify.verify_id if verify else "",
        coupon=coupon.certificate_id or "",
        code_tail=(coupon.code or "")[-4:],
        at_ms=(verify.verify_time if verify else seconds_of(row.ledger_time)) * 1000,
        goods_fen=row.amount.coupon_pay or row.amount.pay or 0,
        payout_fen=row.amount.goods,
        state=_STATES.get(row.status, "pending"),
    )


def _sum(one: StatementLine, other: StatementLine) -> StatementLine:
    untold = one.payout_fen is None or other.payout_fen is None
    return StatementLine(
        record=one.record,
        coupon=one.coupon,
        code_tail=one.code_tail,
        at_ms=one.at_ms,
        goods_fen=one.goods_fen + other.goods_fen,
        payout_fen=None if untold else (one.payout_fen or 0) + (other.payout_fen or 0),
        state=one.state if one.state == other.state else "pending",
    )
