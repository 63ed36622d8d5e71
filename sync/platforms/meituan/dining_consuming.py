"""Redeeming one coupon at businessId 1, which knows no request id: what the coupon tells of its use decides, and a used
one is never sent again."""

from typing import Final

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import Refused
from sync.platforms.http import unanswered
from sync.platforms.meituan.carrying import Attempt
from sync.platforms.meituan.dining_reading import COUPON, NEWER, DiningReading, yes
from sync.platforms.meituan.dining_wire import Consumed, Standing
from sync.platforms.meituan.identity import Till, Whose, is_since
from sync.platforms.meituan.preparation import Held, Piece
from sync.platforms.meituan.signing import Access
from sync.platforms.moments import days
from sync.platforms.port import Redeemed

# After this long the book has everything, however late it is published.
BOOK_WHOLE_MS: Final = 2 * 3_600_000
_BOOK_PAGES: Final = 30


class DiningConsuming:
    """Redeems in the name of one shop and till."""

    def __init__(self, access: Access, reading: DiningReading, clock: Clock, till: Till) -> None:
        self._access = access
        self._reading = reading
        self._clock = clock
        self._till = till

    def carry(self, attempt: Attempt, piece: Piece) -> None:
        """One coupon's uses."""
        held = attempt.held(piece)
        if attempt.settling:
            standing = self._reading.standing(piece.code, attempt.deadline_ms)
            if standing is not None and standing.state is not None and standing.is_told:
                self._settled(attempt, piece, held, standing)
                return
            if standing is not None and self._is_partly_used_by(attempt, standing):
                at_ms = standing.coupon_use_time or self._clock.wall_ms()
                codes = [piece.code] * len(piece.redemption_ids)
                self._redeemed(attempt, piece, held, codes, at_ms, standing.deal_id)
                return
        try:
            answer = self._sent(attempt, piece, held)
        except Refused as no:
            if no.reason.about_us:
                raise
            why = no.reason
        else:
            codes = [piece.code, *(code for code in answer.coupon_codes or () if code != piece.code)]
            if len(codes) < len(piece.redemption_ids):
                # It says yes to all of them, and the book will tell which they were.
                raise unanswered("verify", "codes_not_told")
            self._redeemed(attempt, piece, held, codes, self._clock.wall_ms(), answer.deal_id)
            return
        if attempt.settling:
            # The earlier call may have arrived between the question and this one.
            standing = self._reading.standing_after(piece.code, attempt.deadline_ms)
            if standing is not None and standing.is_used:
                self._settled(attempt, piece, held, standing)
                return
        attempt.deny(piece, why)

    def _sent(self, attempt: Attempt, piece: Piece, held: Held) -> Consumed:
        count, who = len(piece.redemption_ids), self._till.marked(attempt.call.request_id)
        if held.ng:
            path, biz = f"{NEWER}/msconsume", {"code": piece.code, "num": count}
        else:
            path = f"{COUPON}/consume"
            biz = {
                "couponCode": piece.code,
                "count": count,
                "eId": who,
                "eName": who,
                "eOrderId": piece.request_id,
            }
        return yes(Consumed, self._access.write("verify", path, biz, attempt.deadline_ms), "verify")

    def _settled(self, attempt: Attempt, piece: Piece, held: Held, standing: Standing) -> None:
        """What a coupon that is no longer usable says of the call."""
        if not (standing.is_used and self._is_ours(attempt, standing)):
            theirs = because(Code.USED_ELSEWHERE)
            attempt.deny(piece, theirs if standing.is_used else standing.state or theirs)
            return
        at_ms = standing.coupon_use_time or self._clock.wall_ms()
        codes = [piece.code]
        if len(piece.redemption_ids) > 1:
            codes += self._others(attempt, piece, standing, at_ms)
        since_ms = standing.coupon_use_time or attempt.call.accepted_at_ms
        if len(codes) < len(piece.redemption_ids) and self._clock.wall_ms() - since_ms < BOOK_WHOLE_MS:
            # They were redeemed together, and the book will tell which they were.
            raise unanswered("verify", "codes_not_told_yet")
        self._redeemed(attempt, piece, held, codes, at_ms, standing.deal_id)

    def _others(self, attempt: Attempt, piece: Piece, standing: Standing, at_ms: int) -> list[str]:
        """The codes that were redeemed together with this one, out of the day's book: by the mark of the call, where
        the platform tells it; else by account, deal and second."""
        listed = self._listed(days(at_ms, at_ms)[0], attempt.deadline_ms)
        found = [each for each in listed if each.is_used and each.coupon_code not in {None, "", piece.code}]
        request_id = attempt.call.request_id
        marked = [each for each in found if self._till.whose(each.verify_acct, request_id) is Whose.OURS]
        alike = [
            each
            for each in found
            if (each.verify_acct, each.deal_title, each.coupon_use_time)
            == (standing.verify_acct, standing.deal_title, standing.coupon_use_time)
        ]
        return sorted({each.coupon_code or "" for each in marked or alike})[: len(piece.redemption_ids) - 1]

    def _listed(self, day: str, deadline_ms: int) -> list[Standing]:
        """A day's book, as much of it as is told: a no to this question is none about the coupon."""
        found, pages = list[Standing](), 0
        offset: int | None = 0
        try:
            while offset is not None and pages < _BOOK_PAGES:
                items, offset = self._reading.book(day, offset, deadline_ms)
                found += items
                pages += 1
        except Refused as no:
            if no.reason.about_us:
                raise
        return found

    def _is_ours(self, attempt: Attempt, standing: Standing) -> bool:
        """The coupon was unused when this call was prepared. Where the platform tells no account by which to know the
        call, a use of this terminal's or of nobody's is ours if it was made since."""
        whose = self._till.whose(standing.verify_acct, attempt.call.request_id)
        if whose is not Whose.PERHAPS:
            return whose is Whose.OURS
        return is_since(standing.coupon_use_time, attempt.call.accepted_at_ms)

    def _is_partly_used_by(self, attempt: Attempt, standing: Standing) -> bool:
        """A coupon of several uses, of which this very call has made some: it still counts as unused, and must not be
        sent again."""
        ours = self._till.whose(standing.verify_acct, attempt.call.request_id) is Whose.OURS
        return ours and not standing.is_used and is_since(standing.coupon_use_time, attempt.call.accepted_at_ms)

    def _redeemed(
        self, attempt: Attempt, piece: Piece, held: Held, codes: list[str], at_ms: int, deal_id: str | None
    ) -> None:
        """Each use its code; a use that no code is left for was not made."""
        refs = {"deal": deal_id or held.deal_id}
        for redemption_id, code in zip(piece.redemption_ids, codes, strict=False):
            attempt.results[redemption_id] = Redeemed(redemption_id, at_ms, held.worth_fen, refs, code)
