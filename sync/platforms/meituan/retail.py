"""Meituan's retail services (businessId 58) behind the port."""

from sync.clock import Clock
from sync.domain.codes import Credential
from sync.platforms.meituan.carrying import Carrying
from sync.platforms.meituan.consuming import Consuming
from sync.platforms.meituan.identity import Till
from sync.platforms.meituan.label import Label
from sync.platforms.meituan.reading import RECEIPT, Reading
from sync.platforms.meituan.reversing import WINDOW_MS, Reversing
from sync.platforms.meituan.signing import Access
from sync.platforms.moments import days
from sync.platforms.port import (
    Checkpoint,
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
        self._carrying = Carrying(self._found, Consuming(access, self._reading, clock, till).carry)
        self._reversing = Reversing(access, self._reading, clock, till)

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """See Platform."""
        return self._reading.look_up(credential, deadline_ms)

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """See Carrying."""
        return self._carrying.redeem(call, checkpoint, deadline_ms)

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """See Carrying."""
        return self._carrying.settle(call, checkpoint, deadline_ms)

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

    def _found(self, call: RedeemCall, deadline_ms: int) -> LookedUp:
        return self._reading.look_up(call.credential, deadline_ms, len(call.uses))
