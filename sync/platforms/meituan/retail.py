"""Meituan's retail services (businessId 58) behind the port."""

from sync.clock import Clock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.meituan.consuming import Consuming
from sync.platforms.meituan.identity import Till
from sync.platforms.meituan.label import Label
from sync.platforms.meituan.preparation import Preparation, preparation_of
from sync.platforms.meituan.reading import RECEIPT, Reading
from sync.platforms.meituan.reversing import WINDOW_MS, Reversing
from sync.platforms.meituan.signing import Access
from sync.platforms.moments import days
from sync.platforms.port import (
    Checkpoint,
    Denied,
    HistoryPage,
    LookedUp,
    RedeemCall,
    ReverseCall,
    ReverseResult,
    UseResult,
)


class Retail:
    """One shop, under one label."""

    reversal_window_ms: int | None = WINDOW_MS

    def __init__(self, access: Access, label: Label, clock: Clock, till: Till) -> None:
        self._access = access
        self._clock = clock
        self._reading = Reading(access, label)
        self._consuming = Consuming(access, self._reading, clock, till)
        self._reversing = Reversing(access, self._reading, clock, till)

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """See Platform."""
        return self._reading.look_up(credential, deadline_ms)

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Redeem; without a preparation, look up first and keep what it shows. NeverSent as long as nothing was."""
        preparation = preparation_of(call.prepared)
        if preparation is None:
            try:
                preparation = self._prepared(call, deadline_ms)
            except Refused as no:
                if no.reason.about_us:
                    raise
                return tuple(Denied(use.redemption_id, no.reason) for use in call.uses)
            checkpoint(preparation.to_prepared())
        return self._consuming.carry_out(call, preparation, checkpoint, deadline_ms, settling=False)

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Read the last use of each coupon, then repeat under the same request id what is unused or may be ours."""
        preparation = preparation_of(call.prepared)
        if preparation is None:
            return self.redeem(call, checkpoint, deadline_ms)
        return self._consuming.carry_out(call, preparation, checkpoint, deadline_ms, settling=True)

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """See Reversing."""
        return self._reversing.carry_out(call, deadline_ms)

    def history(self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int) -> HistoryPage:
        """See Reading."""
        return self._reading.history(from_ms, to_ms, cursor, deadline_ms)

    def probe(self, deadline_ms: int) -> None:
        """Ask for one line of today's book."""
        now_ms = self._clock.wall_ms()
        biz = {"date": days(now_ms, now_ms)[0], "offset": 0, "limit": 1, "type": 0}
        self._access.read("probe", f"{RECEIPT}/querylistbydate", biz, deadline_ms)

    def _prepared(self, call: RedeemCall, deadline_ms: int) -> Preparation:
        if call.credential.kind is CredentialKind.PHONE:
            raise Refused(because(Code.PHONE_NUMBER))
        try:
            found = preparation_of(self._reading.look_up(call.credential, deadline_ms, len(call.uses)).prepared)
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            assert found is not None
            return found.decided(call)
        # Looking up binds nothing: no redemption was sent.
        raise NeverSent(reason)
