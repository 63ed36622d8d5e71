"""The shop's book of verifies, as it stands on the wire and page by page (platform-contracts.md 1.6)."""

from typing import Final

from pydantic import Field

from sync.platforms.douyin.signing import CERTIFICATE, Access
from sync.platforms.douyin.wire import Amount, Data, Envelope, Verification, VerifyAmount, Wire
from sync.platforms.http import unanswered
from sync.platforms.port import HistoryPage, HistoryRecord

PAGE_SIZE: Final = 20
_CANCELLED: Final = 2
_PER_SECOND: Final = 100


class Record(Wire):
    """One use in the platform's book. Times in seconds; status 1 verified, 2 cancelled."""

    cursor: str = Field(min_length=1)
    verify_id: str = Field(min_length=1)
    certificate_id: str = Field(min_length=1)
    code: str | None = ""
    verify_time: int
    status: int
    cancel_time: int | None = 0
    amount: Amount | None = None
    verify_amount_info: VerifyAmount | None = None
    verify_type: int | None = 0

    @property
    def as_use(self) -> Verification:
        """The same as a certificate tells a use; it may have been cancelled since."""
        info = self.verify_amount_info
        serial = info.times_card_serial_amount if info else None
        return Verification(
            verify_id=self.verify_id,
            verify_time=self.verify_time,
            verify_type=self.verify_type,
            times_card_serial_num=serial.serial_numb if serial else None,
        )

    @property
    def amount_fen(self) -> int | None:
        """The worth of this use; None where the record does not say."""
        info = self.verify_amount_info
        serial = info.times_card_serial_amount if info else None
        amount = (serial.amount if serial else None) or self.amount
        return amount.worth_fen if amount else None


class RecordsData(Data):
    """GET verify_record/query."""

    records: list[Record] | None = None
    records_v2: list[Record] | None = None

    @property
    def items(self) -> list[Record]:
        """The page."""
        return self.records_v2 or self.records or []


class Records:
    """The book of one shop."""

    def __init__(self, access: Access, account_id: str, poi_id: str) -> None:
        self._access = access
        self._account_id = account_id
        self._poi_id = poi_id

    def page(self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int) -> tuple[list[Record], str | None]:
        """One page of `from_ms` ≤ time < `to_ms`, and the cursor of the next; times are whole seconds."""
        query = {
            "account_id": self._account_id,
            "poi_ids": self._poi_id,
            "cursor": cursor or "0",
            "size": str(PAGE_SIZE),
            "start_time": str(from_ms // 1000),
            "end_time": str((to_ms - 1) // 1000),
        }
        path = f"{CERTIFICATE}/verify_record/query/"
        items = self._access.read(Envelope[RecordsData], "history", path, query, deadline_ms, _PER_SECOND).items
        following = items[-1].cursor if len(items) >= PAGE_SIZE else None
        if following is not None and following == cursor:
            raise unanswered("history", "cursor_stands_still")
        return [item for item in items if from_ms <= item.verify_time * 1000 < to_ms], following

    def history(self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int) -> HistoryPage:
        """The same as the port gives it."""
        items, following = self.page(from_ms, to_ms, cursor, deadline_ms)
        return HistoryPage(tuple(_history_record(item) for item in items), following)

    def uses_of(self, certificate_id: str, from_ms: int, to_ms: int, most_pages: int, deadline_ms: int) -> list[Record]:
        """All uses of one coupon in the book of that time, cancelled ones too; OutcomeUnknown where it is longer than
        `most_pages`."""
        found: list[Record] = []
        cursor: str | None = None
        for _ in range(most_pages):
            items, cursor = self.page(from_ms, to_ms, cursor, deadline_ms)
            found += [item for item in items if item.certificate_id == certificate_id]
            if cursor is None:
                return found
        raise unanswered("history", "too_long")


def _history_record(item: Record) -> HistoryRecord:
    cancelled = item.status == _CANCELLED
    return HistoryRecord(
        record=item.verify_id,
        coupon=item.certificate_id,
        request_id=None,
        code_tail=(item.code or "")[-4:],
        amount_fen=item.amount_fen,
        at_ms=item.verify_time * 1000,
        reversed_at_ms=(item.cancel_time or item.verify_time) * 1000 if cancelled else None,
        code=item.code or None,
    )
