"""Taking back at businessId 58, where a reversal bears no id and always takes the latest use: never one of another."""

from collections.abc import Mapping
from typing import Final

from sync.clock import Clock
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.meituan.consuming import OPEN_CHANNELS
from sync.platforms.meituan.identity import CLOCKS_APART_MS, Till, Whose
from sync.platforms.meituan.reading import RECEIPT, Reading
from sync.platforms.meituan.signing import Access
from sync.platforms.meituan.wire import Receipt
from sync.platforms.port import Denied, ReverseCall, Reversed, ReverseResult

WINDOW_MS: Final = 600_000


class Reversing:
    """Takes back in the name of one shop and till."""

    def __init__(self, access: Access, reading: Reading, clock: Clock, till: Till) -> None:
        self._access = access
        self._reading = reading
        self._clock = clock
        self._till = till

    def carry_out(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """One result for each redemption, in order. Each coupon is read first: what stands unused was taken back
        before, and a use that is not this call's stays where it is."""
        results: dict[str, ReverseResult] = {}
        # Of a times card the latest use first, which is the one that a reversal takes.
        latest_first = sorted(call.refs, key=lambda redemption_id: int(call.refs[redemption_id].get("left", "0")))
        try:
            for redemption_id in latest_first:
                results[redemption_id] = self._one(call, redemption_id, deadline_ms)
        except (NeverSent, Refused) as error:
            if not any(isinstance(result, Reversed) for result in results.values()):
                raise
            reason = error.reason
        else:
            return tuple(results[redemption_id] for redemption_id in call.refs)
        raise OutcomeUnknown(reason)

    def _one(self, call: ReverseCall, redemption_id: str, deadline_ms: int) -> ReverseResult:
        code, refs = call.codes[redemption_id], call.refs[redemption_id]
        try:
            if "left" in refs:
                left = self._reading.units_left(code, deadline_ms)
                if left < int(refs["left"]):
                    # The card was used again since, and the platform would take that use.
                    return Denied(redemption_id, because(Code.NOT_LATEST))
                gone = left > int(refs["left"])
                # As many as ours left, and yet another's: ours is gone, and the card was used again.
                told, others = (None if gone else self._standing(code, deadline_ms)[1]), Code.NOT_LATEST
            else:
                (gone, told), others = self._standing(code, deadline_ms), Code.USED_ELSEWHERE
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            if gone:
                return Reversed(redemption_id, self._clock.wall_ms())
            if told is not None and self._is_anothers(told, call, refs):
                return Denied(redemption_id, because(others))
            return self._sent(call, redemption_id, told, deadline_ms)
        # Reading binds nothing: no reversal was sent.
        raise NeverSent(reason)

    def _standing(self, code: str, deadline_ms: int) -> tuple[bool, Receipt | None]:
        """Whether a coupon is known to stand unused; else its last use, where that is told."""
        try:
            told = self._reading.consumed(code, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return no.reason.code is Code.ALREADY_REVERSED, None
        return told is None, told

    def _sent(self, call: ReverseCall, redemption_id: str, told: Receipt | None, deadline_ms: int) -> ReverseResult:
        biz = {
            "receiptCode": call.codes[redemption_id],
            "dealId": call.refs[redemption_id].get("deal", ""),
            "appShopAccount": self._till.marked(call.redeem_request_id),
            "appShopAccountName": self._till.terminal,
        }
        try:
            self._access.write("cancel", f"{RECEIPT}/reverseconsume", biz, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            why = no.reason
        else:
            return Reversed(redemption_id, self._clock.wall_ms())
        if why.code is Code.ALREADY_REVERSED:
            # Words alone don't take back what was just read as used.
            if told is None or not self._stands_after(call, redemption_id, deadline_ms):
                return Reversed(redemption_id, self._clock.wall_ms())
            why = because(Code.PLATFORM_REFUSED, **why.facts)
        return Denied(redemption_id, self._worded(why, told))

    def _stands_after(self, call: ReverseCall, redemption_id: str, deadline_ms: int) -> bool:
        """Whether a use still stands. Asked after a reversal was sent: not to be told is not to know."""
        code, left = call.codes[redemption_id], call.refs[redemption_id].get("left")
        try:
            if left is not None:
                return self._reading.units_left(code, deadline_ms) <= int(left)
            return self._standing(code, deadline_ms)[1] is not None
        except NeverSent as error:
            reason = error.reason
        raise OutcomeUnknown(reason)

    def _worded(self, why: Reason, told: Receipt | None) -> Reason:
        """A no whose words say nothing to us, later than the window is long, is the window's."""
        late = told is not None and self._clock.wall_ms() - (told.verify_time or 0) > WINDOW_MS
        return because(Code.WINDOW_PASSED, **why.facts) if late and why.code is Code.PLATFORM_REFUSED else why

    def _is_anothers(self, told: Receipt, call: ReverseCall, refs: Mapping[str, str]) -> bool:
        if (told.verify_channel or "") not in OPEN_CHANNELS:
            return True
        whose = self._till.whose(told.verify_account, call.redeem_request_id)
        if "left" not in refs:
            return not whose.may_be_ours
        # Whether an account is told of a card's use is not documented: then the time has to say.
        made_ms = int(refs.get("at", "0"))
        later = bool(made_ms) and (told.verify_time or 0) > made_ms + CLOCKS_APART_MS
        return whose is Whose.THEIRS or (later and whose is not Whose.OURS)
