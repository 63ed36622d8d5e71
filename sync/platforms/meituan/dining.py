"""Meituan's dining line (businessId 1) behind the port."""

from sync.clock import Clock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.meituan.carrying import Carrying
from sync.platforms.meituan.dining_consuming import DiningConsuming
from sync.platforms.meituan.dining_reading import COUPON, DiningReading, yes
from sync.platforms.meituan.dining_wire import Dining as DiningAnswer
from sync.platforms.meituan.dining_wire import Standing, coupon_of, worth_fen
from sync.platforms.meituan.identity import Till
from sync.platforms.meituan.label import Label
from sync.platforms.meituan.preparation import Held, Preparation
from sync.platforms.meituan.signing import Access
from sync.platforms.moments import days
from sync.platforms.port import (
    Checkpoint,
    Denied,
    HistoryPage,
    LookedUp,
    RedeemCall,
    ReverseCall,
    Reversed,
    ReverseResult,
    UseResult,
)


class Dining:
    """One shop, under one label."""

    reversal_window_ms: int | None = None

    def __init__(self, access: Access, label: Label, clock: Clock, till: Till) -> None:
        self._access = access
        self._clock = clock
        self._till = till
        self._reading = DiningReading(access, label)
        self._carrying = Carrying(self._found, DiningConsuming(access, self._reading, clock, till).carry)

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """The shown coupon, with as many units as coupons of its order may be redeemed with it."""
        match credential.kind:
            case CredentialKind.CODE:
                code = credential.text
            case CredentialKind.PHONE:
                raise Refused(because(Code.PHONE_NUMBER))
            case _:
                raise Refused(because(Code.NOT_A_COUPON, kind=credential.kind.value))
        answer, newer = self._reading.prepared(code, deadline_ms)
        coupon = coupon_of(code, answer)
        held = Held(code, answer.deal_id or "", False, coupon.units_left, worth_fen(answer), True, newer)
        return LookedUp(None, (coupon,), Preparation("", (held,)).to_prepared())

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """See Carrying."""
        return self._carrying.redeem(call, checkpoint, deadline_ms)

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """See Carrying."""
        return self._carrying.settle(call, checkpoint, deadline_ms)

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """Take back coupon by coupon, each read first: what stands unused was taken back before, and a use that is not
        this call's stays where it is."""
        results: list[ReverseResult] = []
        try:
            for redemption_id in call.refs:
                results.append(self._reversed(call, redemption_id, deadline_ms))
        except (NeverSent, Refused) as error:
            if not any(isinstance(result, Reversed) for result in results):
                raise
            reason = error.reason
        else:
            return tuple(results)
        raise OutcomeUnknown(reason)

    def history(self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int) -> HistoryPage:
        """See DiningReading."""
        return self._reading.history(from_ms, to_ms, cursor, deadline_ms)

    def probe(self, deadline_ms: int) -> None:
        """Ask for one line of today's book."""
        now_ms = self._clock.wall_ms()
        biz = {"date": days(now_ms, now_ms)[0], "offset": 0, "limit": 1}
        self._access.read("probe", f"{COUPON}/queryListByDate", biz, deadline_ms)

    def _reversed(self, call: ReverseCall, redemption_id: str, deadline_ms: int) -> ReverseResult:
        code = call.codes[redemption_id]
        try:
            standing = self._reading.standing(code, deadline_ms)
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            if standing is not None and standing.state is None:
                return Reversed(redemption_id, self._clock.wall_ms())
            if standing is not None and not standing.is_used:
                return Denied(redemption_id, standing.state or because(Code.PLATFORM_REFUSED))
            whose = self._till.whose(standing.verify_acct if standing else "", call.redeem_request_id)
            if not whose.may_be_ours:
                return Denied(redemption_id, because(Code.USED_ELSEWHERE))
            return self._sent(call, redemption_id, standing, deadline_ms)
        # Reading binds nothing: no reversal was sent.
        raise NeverSent(reason)

    def _sent(self, call: ReverseCall, redemption_id: str, told: Standing | None, deadline_ms: int) -> ReverseResult:
        who = self._till.marked(call.request_id)
        biz = {"couponCode": call.codes[redemption_id], "type": 1, "eId": who, "eName": who}
        try:
            yes(DiningAnswer, self._access.write("cancel", f"{COUPON}/cancel", biz, deadline_ms), "cancel")
        except Refused as no:
            if no.reason.about_us:
                raise
            why = no.reason
        else:
            return Reversed(redemption_id, self._clock.wall_ms())
        if why.code is Code.ALREADY_REVERSED:
            # Words alone don't take back what was just read as used.
            now = self._reading.standing_after(call.codes[redemption_id], deadline_ms) if told is not None else None
            if now is None or now.state is None:
                return Reversed(redemption_id, self._clock.wall_ms())
            why = because(Code.PLATFORM_REFUSED, **why.facts)
        # The coupon itself tells whether it can be taken back.
        if told is not None and told.coupon_cancel_status == 0 and why.code is Code.PLATFORM_REFUSED:
            why = because(Code.WINDOW_PASSED, **why.facts)
        return Denied(redemption_id, why)

    def _found(self, call: RedeemCall, deadline_ms: int) -> LookedUp:
        return self.look_up(call.credential, deadline_ms)
