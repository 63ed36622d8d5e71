"""What businessId 58 tells: a coupon and the others of its order, a customer's coupons, a use, the book."""

from typing import Final

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, because
from sync.domain.voucher import Coupon
from sync.errors import PlatformError, Refused
from sync.platforms.http import unanswered
from sync.platforms.meituan.label import Label, record_number
from sync.platforms.meituan.paging import next_offset, unread
from sync.platforms.meituan.preparation import Held, Preparation
from sync.platforms.meituan.signing import Access
from sync.platforms.meituan.wire import USED, Receipt, Records, codes_in, coupon_of, read
from sync.platforms.moments import days
from sync.platforms.port import HistoryPage, HistoryRecord, LookedUp

RECEIPT: Final = "/ddzh/tuangou/receipt"
PAGE_SIZE: Final = 300
# Group-buy coupons, and what else is redeemed by the same calls.
TYPES: Final = (0, 1)
_MOBILE_PAGE, _MOBILE_PAGES = 30, 3
_MOST_OTHERS = 30


class Reading:
    """Reads in the name of one shop."""

    def __init__(self, access: Access, label: Label) -> None:
        self._access = access
        self._label = label

    def look_up(self, credential: Credential, deadline_ms: int, needed: int = 1) -> LookedUp:
        """The shown coupon and the other usable ones of its order; of a phone number, all of the customer's. Others
        that can't be read are left out, unless so many uses are `needed`."""
        shown, order = "", ""
        match credential.kind:
            case CredentialKind.CODE:
                shown = credential.text
                found = self._order_of(shown, deadline_ms, needed)
                order = found[shown].order_id or ""
            case CredentialKind.PHONE:
                found = self._of_customer(credential.text, deadline_ms)
            case _:
                raise Refused(because(Code.NOT_A_COUPON, kind=credential.kind.value))
        coupons = tuple(coupon_of(code, receipt, selected=code == shown) for code, receipt in found.items())
        held = tuple(_held(coupon, found[coupon.ref]) for coupon in coupons)
        return LookedUp(order or None, coupons, Preparation(order, held).to_prepared())

    def consumed(self, code: str, deadline_ms: int) -> Receipt | None:
        """The last use of a coupon; None where the answer holds none. Refused where the platform has something against
        telling, as it may have of what is unused."""
        data = self._access.read("read", f"{RECEIPT}/getconsumed", {"receiptCode": code}, deadline_ms)
        if not data:
            return None
        receipt = read(Receipt, data, "read")
        if receipt.receipt_code and receipt.receipt_code != code:
            raise unanswered("read", "other_question")
        return receipt if receipt.verify_time is not None or receipt.verify_account else None

    def units_left(self, code: str, deadline_ms: int) -> int:
        """How many uses of a times card are left; 0 too where the platform refuses it."""
        try:
            return self._prepare(code, deadline_ms).units_left
        except Refused as no:
            if no.reason.about_us:
                raise
            return 0

    def history(self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int) -> HistoryPage:
        """The shop's book of this label, day by day in the time of Shanghai, first one type of goods and then the
        other."""
        span = days(from_ms, to_ms)
        day, kind, offset, last = _place(cursor) or (span[0], TYPES[0], 0, "")
        biz = {"date": day, "offset": offset, "limit": PAGE_SIZE, "type": kind}
        page = read(Records, self._access.read("history", f"{RECEIPT}/querylistbydate", biz, deadline_ms), "history")
        items = page.records or []
        # What belongs to a deal is in the first list; where a platform minds no type it would come twice.
        fresh = unread(items, last, self._number)
        listed = (item for item in fresh if kind == TYPES[0] or item.deal_id in {None, "", "0"})
        records = (self._record(item) for item in listed if self._label.bears(item.receipt_code or ""))
        kept = tuple(record for record in records if record is not None and from_ms <= record.at_ms < to_ms)
        following = next_offset(offset, len(items), page.total_count, PAGE_SIZE)
        if following is not None:
            return HistoryPage(kept, f"{day}/{kind}/{following}/{self._number(items[-1])}")
        return HistoryPage(kept, _next_list(span, day, kind))

    def _number(self, item: Receipt) -> str:
        """The number of a row of the book: of some it has none of its own."""
        return item.flow_id or record_number(self._label.secret, item.receipt_code or "", item.verify_time or 0)

    def _record(self, item: Receipt) -> HistoryRecord | None:
        stands = item.refund_status in {None, USED}
        if item.verify_time is None:
            if stands:
                raise unanswered("history", "wrong_shape")
            # It was taken back, and the platform has forgotten when it was used.
            return None
        code = item.receipt_code or ""
        return HistoryRecord(
            record=self._number(item),
            coupon="",
            request_id=None,
            code_tail=code[-4:],
            amount_fen=item.unit_fen,
            at_ms=item.verify_time,
            reversed_at_ms=None if stands else item.verify_time,
            code=code or None,
            by=item.verify_account or "",
        )

    def _order_of(self, code: str, deadline_ms: int, needed: int) -> dict[str, Receipt]:
        """The shown coupon first."""
        shown = self._prepare(code, deadline_ms)
        found = {code: shown}
        if not shown.is_card and (shown.count or 0) <= 1:
            return found
        try:
            others = [other for other in self._others(code, deadline_ms) if other != code]
            # As many as are of this deal: then these are they, and alike.
            alike = not shown.is_card and len(others) + 1 == shown.count
            for other in others[:_MOST_OTHERS] if not alike else others:
                receipt = _of_code(shown, other) if alike else self._prepared_if_usable(other, deadline_ms)
                if receipt is not None:
                    found[other] = receipt
        except PlatformError as error:
            # The shown coupon is well, and the others can be shown as it was; what was promised already can not.
            promised = needed > shown.units_left
            if promised and not (isinstance(error, Refused) and not error.reason.about_us):
                raise
        return found

    def _of_customer(self, phone: str, deadline_ms: int) -> dict[str, Receipt]:
        codes: list[str] = []
        for page in range(_MOBILE_PAGES):
            biz = {
                "mobile": phone,
                "platform": self._label.number,
                "offset": page * _MOBILE_PAGE,
                "limit": _MOBILE_PAGE,
            }
            listed = codes_in(self._access.read("prepare", f"{RECEIPT}/querybymobile", biz, deadline_ms))
            codes += [code for code in listed if self._label.bears(code) and code not in codes]
            if len(listed) < _MOBILE_PAGE:
                break
        found: dict[str, Receipt] = {}
        for code in codes:
            if code not in found and (receipt := self._prepared_if_usable(code, deadline_ms)) is not None:
                found[code] = receipt
        if not found:
            raise Refused(because(Code.NOTHING_USABLE))
        return found

    def _others(self, code: str, deadline_ms: int) -> list[str]:
        path = f"{RECEIPT}/queryrelevantusable"
        return codes_in(self._access.read("prepare", path, {"receiptCode": code}, deadline_ms))

    def _prepared_if_usable(self, code: str, deadline_ms: int) -> Receipt | None:
        try:
            return self._prepare(code, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return None

    def _prepare(self, code: str, deadline_ms: int) -> Receipt:
        data = self._access.read("prepare", f"{RECEIPT}/prepare", {"receiptCode": code}, deadline_ms)
        if not data:
            raise Refused(because(Code.NOTHING_USABLE))
        receipt = read(Receipt, data, "prepare")
        if receipt.receipt_code and receipt.receipt_code != code:
            raise unanswered("prepare", "other_question")
        return receipt


def _of_code(receipt: Receipt, code: str) -> Receipt:
    """The same for another coupon of the same deal."""
    return receipt.model_copy(update={"receipt_code": code})


def _held(coupon: Coupon, receipt: Receipt) -> Held:
    return Held(
        code=coupon.ref,
        deal_id=receipt.deal_id or "",
        card=receipt.is_card,
        units_left=coupon.units_left,
        worth_fen=receipt.unit_fen,
        selected=coupon.selected,
    )


def _place(cursor: str | None) -> tuple[str, int, int, str] | None:
    """Day, type, offset, and the row that was read last."""
    if cursor is None:
        return None
    day, kind, offset, last = cursor.split("/", 3)
    return day, int(kind), int(offset), last


def _next_list(span: list[str], day: str, kind: int) -> str | None:
    """Where the book goes on behind a list: the next type, the next day."""
    if kind != TYPES[-1]:
        return f"{day}/{TYPES[TYPES.index(kind) + 1]}/0/"
    later = [each for each in span if each > day]
    return f"{later[0]}/{TYPES[0]}/0/" if later else None
