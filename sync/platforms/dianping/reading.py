"""What Dianping tells: the coupons a text stands for, the last use of one, the book day by day."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from typing import Final

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, because
from sync.errors import Refused
from sync.platforms.dianping.preparation import Held, Preparation
from sync.platforms.dianping.signing import Access
from sync.platforms.dianping.wire import Receipt, Records, coupon_of, read, read_all
from sync.platforms.http import unanswered
from sync.platforms.moments import days
from sync.platforms.port import HistoryPage, HistoryRecord, LookedUp

PAGE_SIZE: Final = 300
THIRD_PARTY: Final = "15"
# Enough of a request id to tell it from all others.
MARK_LENGTH: Final = 12
_CODE: Final = re.compile(r"[0-9]{10,12}")
_MARKED: Final = re.compile(r"-[0-9a-f]{12}$")


class Whose(Enum):
    """Whose a use at the platform is."""

    OURS = "ours"
    PERHAPS = "perhaps"
    THEIRS = "theirs"


def mark_of(terminal: str, request_id: str) -> str:
    """Under which account a redemption is made: it takes part in no check, and comes back in what is told of the
    use."""
    return f"{terminal}-{request_id[:MARK_LENGTH]}"


def whose(told: Receipt, mark: str) -> Whose:
    """Whose the last use of a coupon is: told from the account that made it, and where that is none of ours, from the
    channel alone."""
    account = (told.verify_account or "").strip()
    if mark in account:
        return Whose.OURS
    other = (told.verify_channel or THIRD_PARTY) != THIRD_PARTY or _MARKED.search(account) is not None
    return Whose.THEIRS if other else Whose.PERHAPS


class Reading:
    """Reads in the name of one shop. `secret` makes numbers for records that have none."""

    def __init__(self, access: Access, secret: str) -> None:
        self._access = access
        self._secret = secret

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """The usable coupons that a code or the text of a QR stands for."""
        match credential.kind:
            case CredentialKind.CODE if _CODE.fullmatch(credential.text):
                receipts = [self.prepare(credential.text, deadline_ms)]
            case CredentialKind.CODE:
                data = self._access.ask("prepare", "scanprepare", {"qr_code": credential.text}, deadline_ms)
                receipts = read_all(data, "prepare") if data else []
            case CredentialKind.PHONE:
                raise Refused(because(Code.PHONE_NUMBER))
            case _:
                raise Refused(because(Code.NOT_A_COUPON, kind=credential.kind.value))
        if not receipts:
            raise Refused(because(Code.NOTHING_USABLE))
        # A deal that is listed coupon by coupon counts all of them in each.
        listed = Counter(receipt.deal_id for receipt in receipts)
        units = [receipt.units_left if receipt.is_card or listed[receipt.deal_id] == 1 else 1 for receipt in receipts]
        coupons = tuple(coupon_of(receipt, count) for receipt, count in zip(receipts, units, strict=True))
        held = tuple(_held(receipt, count) for receipt, count in zip(receipts, units, strict=True))
        return LookedUp(receipts[0].order_id or None, coupons, Preparation(held).to_prepared())

    def with_others(self, found: Preparation, codes: Sequence[str], deadline_ms: int) -> Preparation:
        """A preparation with more coupons; those that can't be used are left to the redemption, which is told why."""
        held = list(found.held)
        for code in codes:
            try:
                receipt = self.prepare(code, deadline_ms)
            except Refused as no:
                if no.reason.about_us:
                    raise
            else:
                held.append(_held(receipt, receipt.units_left))
        return replace(found, held=tuple(held))

    def prepare(self, code: str, deadline_ms: int) -> Receipt:
        """A usable coupon. Refused where it can't be used."""
        data = self._access.ask("prepare", "prepare", {"receipt_code": code}, deadline_ms)
        if not data:
            raise Refused(because(Code.NOTHING_USABLE))
        receipt = read(Receipt, data, "prepare")
        if receipt.receipt_code != code:
            raise unanswered("prepare", "other_question")
        return receipt

    def consumed(self, code: str, deadline_ms: int) -> Receipt | None:
        """The last use of a coupon; None where the answer holds none. Refused where the platform has something against
        telling, as it has of what is unused."""
        data = self._access.read("read", "getconsumed", {"receipt_code": code}, deadline_ms)
        if not data:
            return None
        receipt = read(Receipt, data, "read")
        if receipt.receipt_code != code:
            raise unanswered("read", "other_question")
        return receipt

    def last_use(self, code: str, deadline_ms: int) -> Receipt | None:
        """The same where it is enough to know what is told."""
        try:
            return self.consumed(code, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return None

    def codes_under(self, mark: str, at_ms: int, deadline_ms: int) -> list[str]:
        """The coupons that the book of a day has under one account."""
        day, offset, codes = days(at_ms, at_ms + 1)[0], 0, []
        while True:
            page = self._page(day, offset, PAGE_SIZE, "read", deadline_ms)
            items = page.records or []
            codes += [item.receipt_code for item in items if mark in (item.verify_account or "")]
            offset += len(items)
            if not items or offset >= (page.total_count or 0):
                return codes

    def history(self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int) -> HistoryPage:
        """The shop's book, day by day in Beijing's time. What was taken back is not in it any more."""
        span = days(from_ms, to_ms)
        day, _, place = (cursor or f"{span[0]}/0").partition("/")
        page = self._page(day, int(place), PAGE_SIZE, "history", deadline_ms)
        items = page.records or []
        offset = int(place) + len(items)
        later = [each for each in span if each > day]
        if items and offset < (page.total_count or 0):
            following: str | None = f"{day}/{offset}"
        else:
            following = f"{later[0]}/0" if later else None
        kept = tuple(record for record in self._records(items) if from_ms <= record.at_ms < to_ms)
        return HistoryPage(kept, following)

    def today(self, now_ms: int, deadline_ms: int) -> None:
        """Ask for one line of today's book."""
        self._page(days(now_ms, now_ms + 1)[0], 0, 1, "probe", deadline_ms)

    def _page(self, day: str, offset: int, limit: int, what: str, deadline_ms: int) -> Records:
        fields = {"date": day, "offset": str(offset), "limit": str(limit)}
        return read(Records, self._access.read(what, "querylistbydate", fields, deadline_ms) or {}, what)

    def _records(self, items: list[Receipt]) -> Iterator[HistoryRecord]:
        alike: Counter[str] = Counter()
        for item in items:
            if item.verify_time is None:
                raise unanswered("history", "wrong_shape")
            name = f"{item.receipt_code}/{item.verify_time}/{item.verify_account}"
            alike[name] += 1
            yield HistoryRecord(
                record=self._number(f"{name}/{alike[name]}"),
                coupon="",
                request_id=None,
                code_tail=item.receipt_code[-4:],
                amount_fen=item.unit_fen(),
                at_ms=item.verify_time,
                reversed_at_ms=None,
                code=item.receipt_code,
                by=item.verify_account or "",
            )

    def _number(self, name: str) -> str:
        return hmac.new(self._secret.encode(), name.encode(), hashlib.sha256).hexdigest()[:16]


def _held(receipt: Receipt, units: int) -> Held:
    return Held(receipt.receipt_code, receipt.deal_id or "", receipt.is_card, units, receipt.unit_fen())
