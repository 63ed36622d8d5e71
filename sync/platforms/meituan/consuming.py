"""Redeeming one coupon at businessId 58: its call, the repeat of that, and what the coupon's last use says of a no."""

from typing import Any, Final

from sync.clock import Clock
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.http import unanswered
from sync.platforms.meituan.carrying import Attempt
from sync.platforms.meituan.faults import is_repeat, refused_in_words
from sync.platforms.meituan.identity import Till, Whose, is_since
from sync.platforms.meituan.preparation import Held, Piece
from sync.platforms.meituan.reading import RECEIPT, Reading
from sync.platforms.meituan.signing import Access
from sync.platforms.meituan.wire import THIRD_PARTY, Receipt, Single, read_all
from sync.platforms.port import Redeemed

# Nobody but the open interface writes this channel; another one is a person's or another device's.
OPEN_CHANNELS: Final = frozenset({"", THIRD_PARTY})
# What a single result of a card may say where it is done; which of them is not documented.
_LIKE_A_YES: Final = frozenset({0, 200})


class Consuming:
    """Redeems in the name of one shop and till."""

    def __init__(self, access: Access, reading: Reading, clock: Clock, till: Till) -> None:
        self._access = access
        self._reading = reading
        self._clock = clock
        self._till = till

    def carry(self, attempt: Attempt, piece: Piece) -> None:
        """One coupon's uses."""
        held = attempt.held(piece)
        told = self._last_use(attempt, held) if attempt.settling else None
        if told is not None and not held.card and self._whose(attempt, told) is Whose.THEIRS:
            # Certainly another's. Anybody else may be we under another name: the repeat of the id tells.
            attempt.deny(piece, because(Code.USED_ELSEWHERE))
            return
        try:
            done = self._consumed(attempt, piece, held)
        except Refused as no:
            if no.reason.about_us:
                raise
            self._explain(attempt, piece, held, no.reason)
            return
        at_ms = self._clock.wall_ms()
        for place, redemption_id in enumerate(piece.redemption_ids):
            receipt = done[place] if place < len(done) else None
            self._redeemed(attempt, held, redemption_id, place, receipt, at_ms)

    def _consumed(self, attempt: Attempt, piece: Piece, held: Held) -> list[Receipt]:
        """The uses that were made of it, by this call or by an earlier one under the same id."""
        account, name = self._till.marked(attempt.call.request_id), self._till.terminal
        count = len(piece.redemption_ids)
        if held.card:
            card = {"receipt_code": piece.code, "num": count}
            biz: dict[str, Any] = {
                "requestid": piece.request_id,
                "receipt_code_infos": [card],
                "app_shop_account": account,
                "app_shop_accountname": name,
            }
            done = self._card_uses(self._access.write("verify", f"{RECEIPT}/batchconsume", biz, attempt.deadline_ms))
        else:
            biz = {
                "receiptCode": piece.code,
                "count": count,
                "requestId": piece.request_id,
                "appShopAccount": account,
                "appShopAccountName": name,
            }
            data = self._access.write("verify", f"{RECEIPT}/consume", biz, attempt.deadline_ms)
            done = read_all(Receipt, data, "verify")
        if not done or any(receipt.receipt_code not in {None, "", piece.code} for receipt in done):
            raise unanswered("verify", "other_question")
        return done

    def _card_uses(self, data: Any) -> list[Receipt]:
        singles = read_all(Single, data, "verify")
        done = [receipt for single in singles for receipt in single.consume_detail_list or ()]
        if done or not singles:
            return done
        number = singles[0].single_consume_code or 0
        no = refused_in_words(singles[0].single_consume_msg or "", number)
        if no.code is Code.PLATFORM_REFUSED and number in _LIKE_A_YES:
            raise unanswered("verify", "no_details")
        raise Refused(no)

    def _explain(self, attempt: Attempt, piece: Piece, held: Held, no: Reason) -> None:
        """A refused coupon, unless its last use is this very call's."""
        repeat = is_repeat(no)
        if attempt.settling or repeat:
            told = self._last_use(attempt, held, after=True)
            if told is not None and self._is_ours(attempt, told, repeat=repeat):
                at_ms = told.verify_time or self._clock.wall_ms()
                for place, redemption_id in enumerate(piece.redemption_ids):
                    self._redeemed(attempt, held, redemption_id, place, None, at_ms)
                return
        attempt.deny(piece, no)

    def _last_use(self, attempt: Attempt, held: Held, *, after: bool = False) -> Receipt | None:
        """What the platform tells of the coupon's last use. After a call was sent, not to be told is not to know."""
        try:
            return self._reading.consumed(held.code, attempt.deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return None
        except NeverSent as error:
            if not after:
                raise
            reason = error.reason
        raise OutcomeUnknown(reason)

    def _is_ours(self, attempt: Attempt, told: Receipt, *, repeat: bool) -> bool:
        """Whether a coupon's last use is this call's; without its mark, by a request id that the platform knows and a
        use since then."""
        whose = self._whose(attempt, told)
        perhaps = repeat and whose is Whose.PERHAPS and is_since(told.verify_time, attempt.call.accepted_at_ms)
        return whose is Whose.OURS or perhaps

    def _whose(self, attempt: Attempt, told: Receipt) -> Whose:
        if (told.verify_channel or "") not in OPEN_CHANNELS:
            return Whose.THEIRS
        return self._till.whose(told.verify_account, attempt.call.request_id)

    def _redeemed(
        self, attempt: Attempt, held: Held, redemption_id: str, place: int, receipt: Receipt | None, at_ms: int
    ) -> None:
        refs = {"deal": (receipt.deal_id if receipt else "") or held.deal_id}
        if receipt is not None and receipt.flow_id:
            refs["record"] = receipt.flow_id
        if held.card:
            # How many uses were left behind this one: by that, and the time, a reversal knows
            # whether it is still the latest.
            refs |= {"left": str(held.units_left - place - 1), "at": str(at_ms)}
        worth_fen = receipt.unit_fen if receipt else None
        worth_fen = held.worth_fen if worth_fen is None else worth_fen
        attempt.results[redemption_id] = Redeemed(redemption_id, at_ms, worth_fen, refs, held.code)
