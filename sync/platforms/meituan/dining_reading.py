"""What businessId 1 tells: a coupon before and after it is redeemed, and the book."""

from typing import Any, Final, TypeVar

from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.http import unanswered
from sync.platforms.meituan.dining_wire import Book, Dining, Prepared, Standing
from sync.platforms.meituan.faults import refused_in_words
from sync.platforms.meituan.label import Label, record_number
from sync.platforms.meituan.paging import next_offset, unread
from sync.platforms.meituan.signing import Access
from sync.platforms.meituan.wire import read
from sync.platforms.moments import days
from sync.platforms.port import HistoryPage, HistoryRecord

COUPON: Final = "/tuangou/coupon"
NEWER: Final = "/tuangou/ng/coupon"
PAGE_SIZE: Final = 100
# What the older calls say of goods that only the newer ones know.
_UNKNOWN: Final = frozenset({Code.NOT_FOUND, Code.PLATFORM_REFUSED, Code.NO_PERMISSION})
Answer = TypeVar("Answer", bound=Dining)


class DiningReading:
    """Reads in the name of one shop."""

    def __init__(self, access: Access, label: Label) -> None:
        self._access = access
        self._label = label

    def prepared(self, code: str, deadline_ms: int) -> tuple[Prepared, bool]:
        """The coupon, and whether only the newer calls know it. Refused as the older call refuses it."""
        try:
            return self._prepared(f"{COUPON}/prepare", {"couponCode": code}, code, deadline_ms), False
        except Refused as no:
            if no.reason.code not in _UNKNOWN:
                raise
            first = no
        try:
            return self._prepared(f"{NEWER}/msprepare", {"code": code}, code, deadline_ms), True
        except Refused as no:
            # A busy platform has not said that it doesn't know the coupon.
            raise no if no.reason.code is Code.BUSY else first from None

    def standing(self, code: str, deadline_ms: int) -> Standing | None:
        """The coupon's state; None where the platform refuses to tell, as it may of what was never redeemed."""
        try:
            data = self._access.read("read", f"{COUPON}/queryById", {"couponCode": code}, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return None
        if not data:
            return None
        found = read(Standing, data, "read")
        if found.coupon_code and found.coupon_code != code:
            raise unanswered("read", "other_question")
        return found

    def standing_after(self, code: str, deadline_ms: int) -> Standing | None:
        """The same after a call was sent: not to be told is not to know."""
        try:
            return self.standing(code, deadline_ms)
        except NeverSent as error:
            reason = error.reason
        raise OutcomeUnknown(reason)

    def history(self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int) -> HistoryPage:
        """The shop's book of this label, day by day in the time of Shanghai."""
        span = days(from_ms, to_ms)
        day, place, last = (cursor or f"{span[0]}/0/").split("/")
        items, offset = self.book(day, int(place), deadline_ms)
        fresh = unread(items, last, self._number)
        records = (self._record(item) for item in fresh if self._label.bears(item.coupon_code or ""))
        kept = tuple(record for record in records if record is not None and from_ms <= record.at_ms < to_ms)
        if offset is not None:
            return HistoryPage(kept, f"{day}/{offset}/{self._number(items[-1])}")
        later = [each for each in span if each > day]
        return HistoryPage(kept, f"{later[0]}/0/" if later else None)

    def book(self, day: str, offset: int, deadline_ms: int) -> tuple[list[Standing], int | None]:
        """One page of a day, and where the next one begins."""
        biz = {"date": day, "offset": offset, "limit": PAGE_SIZE}
        page = read(Book, self._access.read("history", f"{COUPON}/queryListByDate", biz, deadline_ms), "history")
        items = page.coupon_codes or []
        return items, next_offset(offset, len(items), page.total, PAGE_SIZE)

    def _number(self, item: Standing) -> str:
        return record_number(self._label.secret, item.coupon_code or "", item.coupon_use_time or 0)

    def _record(self, item: Standing) -> HistoryRecord | None:
        code, at_ms = item.coupon_code or "", item.coupon_use_time
        if at_ms is None:
            if item.is_used or not item.is_told:
                raise unanswered("history", "wrong_shape")
            # It was taken back, and the platform has forgotten when it was used.
            return None
        return HistoryRecord(
            record=self._number(item),
            coupon="",
            request_id=None,
            code_tail=code[-4:],
            amount_fen=item.worth_fen,
            at_ms=at_ms,
            reversed_at_ms=None if item.is_used else at_ms,
            code=code or None,
            by=item.verify_acct or "",
        )

    def _prepared(self, path: str, biz: dict[str, Any], code: str, deadline_ms: int) -> Prepared:
        answer = yes(Prepared, self._access.read("prepare", path, biz, deadline_ms), "prepare")
        if answer.coupon_code and answer.coupon_code != code:
            raise unanswered("prepare", "other_question")
        if answer.count is not None and answer.count < 1:
            raise Refused(because(Code.NOTHING_USABLE))
        return answer


def yes(model: type[Answer], data: Any, what: str) -> Answer:
    """Data that say yes; Refused where they say no in words."""
    if not isinstance(data, dict):
        raise unanswered(what, "wrong_shape")
    answer = read(model, data, what)
    if answer.result:
        raise Refused(refused_in_words(answer.message or "", answer.result))
    return answer
