"""Asking Douyin what became of a coupon: its certificate, and where that does not add up the shop's book."""

from collections.abc import Collection

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import PlatformError, Refused
from sync.platforms.douyin.preparation import Held
from sync.platforms.douyin.records import Records
from sync.platforms.douyin.signing import CERTIFICATE, Access
from sync.platforms.douyin.uses import may_be_ours, of_one_call, since
from sync.platforms.douyin.wire import Certificate, Envelope, GetData, QueryData, Verification
from sync.platforms.http import unanswered

# The book is asked by the platform's clock with ours: so far may they be apart.
_SLACK_MS = 1_800_000
# A busy shop's day is some 60 pages; a book that takes more is for a person to read.
_MOST_PAGES = 60

Obtained = tuple[int, int]
"""When the preparation was made (ms UTC, ours), and the deadline (monotonic ms) of asking."""


class Reading:
    """Reads for one shop; changes nothing."""

    def __init__(self, access: Access, clock: Clock, account_id: str, poi_id: str, records: Records) -> None:
        self._access = access
        self._clock = clock
        self._account_id = account_id
        self._poi_id = poi_id
        self._records = records

    def certificate(self, order_id: str, held: Held, deadline_ms: int) -> Certificate | None:
        """The certificate as it stands; None when the platform will not tell, or we don't know which it is."""
        if not held.certificate_id:
            return None
        try:
            item = self._asked(order_id, held, deadline_ms)
        except Refused as no:
            if not no.reason.about_us:
                return None
            raise
        if item is None or item.certificate_id != held.certificate_id:
            raise unanswered("read", "other_question")
        return item

    def order(self, order_id: str, deadline_ms: int) -> list[Certificate]:
        """All coupons of an order."""
        query = {"order_id": order_id, "account_id": self._account_id}
        return self._access.read(Envelope[QueryData], "query", f"{CERTIFICATE}/query/", query, deadline_ms).items

    def may_hold_ours(self, item: Certificate, held: Held, taken: Collection[str]) -> bool:
        """Whether a use of it since the preparation is ours, or may be and is not listed yet."""
        became = since(item, held, taken, self._poi_id)
        return bool(became.ours or became.uncounted)

    def ours(
        self, item: Certificate, held: Held, taken: Collection[str], count: int, obtained: Obtained
    ) -> list[Verification]:
        """The uses of it that a call of ours for `count` units has made, empty where it made none. A times card may
        have been used at another till meanwhile, and a use of ours may have been taken back: Refused(uses_unclear)
        when what is counted, listed and booked does not tell which are ours."""
        became = since(item, held, taken, self._poi_id)
        if not item.is_times_card:
            return list(became.ours[:count])
        if not became.uncounted:
            told = of_one_call(became.ours, count) if became.ours else []
            if told is not None:
                return told
        told = of_one_call(self._booked(held, became.ours, taken, obtained), count)
        if told is None:
            raise Refused(because(Code.USES_UNCLEAR, counted=item.units_used, listed=len(item.verifications)))
        return told

    def taken_back(
        self, item: Certificate, held: Held, taken: Collection[str], count: int, obtained: Obtained
    ) -> list[Verification]:
        """The `count` uses that a call of ours has made where somebody has taken back a part of them since; empty where
        that can't be told."""
        became = since(item, held, taken, self._poi_id)
        if not (item.is_times_card and 0 < len(became.ours) < count):
            return []
        return of_one_call(self._booked(held, became.ours, taken, obtained), count) or []

    def _asked(self, order_id: str, held: Held, deadline_ms: int) -> Certificate | None:
        if not held.encrypted_code:
            items = self.order(order_id, deadline_ms)
            return next((item for item in items if item.certificate_id == held.certificate_id), None)
        query = {"encrypted_code": held.encrypted_code, "account_id": self._account_id}
        return self._access.read(Envelope[GetData], "read", f"{CERTIFICATE}/get/", query, deadline_ms).item

    def _booked(
        self, held: Held, standing: tuple[Verification, ...], taken: Collection[str], obtained: Obtained
    ) -> list[Verification]:
        """What may be ours by the shop's book too, which names what was taken back as well. Where it can't be read,
        what stands."""
        times_ms = [use.verify_time * 1000 for use in standing if use.verify_time]
        if times_ms:
            # What one call did bears one time, by the platform's clock: the book of that time is short.
            from_ms, to_ms = min(times_ms) - 1000, max(times_ms) + 2000
        else:
            from_ms, to_ms = obtained[0] - _SLACK_MS, self._clock.wall_ms() + _SLACK_MS
        found = {use.verify_id: use for use in standing}
        try:
            booked = self._records.uses_of(held.certificate_id, from_ms, to_ms, _MOST_PAGES, obtained[1])
        except PlatformError:
            return list(found.values())
        for record in booked:
            use = record.as_use
            if use.verify_id not in held.seen and use.verify_id not in taken and may_be_ours(use, self._poi_id):
                found.setdefault(use.verify_id, use)
        return list(found.values())
