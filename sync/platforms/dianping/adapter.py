"""Dianping's old interface behind the port: prepare, consume, reverse, the book of a day."""

from collections.abc import Sequence
from dataclasses import replace

from sync.clock import Clock
from sync.domain.codes import Credential
from sync.domain.reasons import Reason
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.dianping.consuming import Consuming
from sync.platforms.dianping.preparation import Preparation, preparation_of
from sync.platforms.dianping.reading import Reading
from sync.platforms.dianping.reversing import Reversing
from sync.platforms.dianping.signing import Access, App, grant_of
from sync.platforms.http import Door
from sync.platforms.plan import Attempt, Plan, carry_out
from sync.platforms.port import (
    Binding,
    Checkpoint,
    Denied,
    HistoryPage,
    KnownUse,
    LookedUp,
    RedeemCall,
    ReverseCall,
    ReverseResult,
    UseResult,
)


class Dianping:
    """One shop (open_shop_uuid) of one app."""

    def __init__(self, binding: Binding, door: Door, clock: Clock) -> None:
        app = App.of(binding)
        self._clock = clock
        self._terminal = binding.settings.get("terminal") or "hexiao"
        self._access = Access(door, clock, app, grant_of(binding, door, clock), binding.settings["open_shop_uuid"])
        self._reading = Reading(self._access, app.app_secret)
        self._reversing = Reversing(self._access, self._reading, clock, self._terminal)

    @property
    def name(self) -> str:
        """ "dianping"."""
        return "dianping"

    @property
    def reversal_window_ms(self) -> int | None:
        """Ten minutes, as at its successor (platform-contracts.md 2.3)."""
        return 600_000

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """The usable coupons; Refused with its reason where the shown one can't be used."""
        return self._reading.look_up(credential, deadline_ms)

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Redeem; without a preparation, look up first. NeverSent as long as nothing binding was sent."""
        found = self._prepared(call, deadline_ms)
        if isinstance(found, Reason):
            return tuple(Denied(use.redemption_id, found) for use in call.uses)
        if found.plan is None:
            found = found.planned(call)
            checkpoint(found.to_prepared())
        return self._carried_out(call, found, checkpoint, deadline_ms, settling=False)

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Read the last use of each coupon, then repeat under the same id what is not certainly done or another's."""
        kept = preparation_of(call.prepared)
        if kept is None or kept.plan is None:
            return self.redeem(call, checkpoint, deadline_ms)
        return self._carried_out(call, kept, checkpoint, deadline_ms, settling=True)

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """See Reversing."""
        return self._reversing.carry_out(call, deadline_ms)

    @property
    def book_delay_ms(self) -> int:
        """An hour, as at its successor."""
        return 3_600_000

    def history(
        self,
        from_ms: int,
        to_ms: int,
        cursor: str | None,
        deadline_ms: int,
        known: Sequence[KnownUse] = (),  # noqa: ARG002
    ) -> HistoryPage:
        """See Reading."""
        return self._reading.history(from_ms, to_ms, cursor, deadline_ms)

    def probe(self, deadline_ms: int) -> None:
        """Ask for one line of today's book."""
        self._reading.today(self._clock.wall_ms(), deadline_ms)

    def _carried_out(
        self, call: RedeemCall, found: Preparation, checkpoint: Checkpoint, deadline_ms: int, *, settling: bool
    ) -> tuple[UseResult, ...]:
        assert found.plan is not None

        def keep(plan: Plan) -> None:
            checkpoint(replace(found, plan=plan).to_prepared())

        consuming = Consuming(self._access, self._reading, self._clock, self._terminal, found)
        return carry_out(consuming, Attempt(call, found.plan, keep, deadline_ms, settling))

    def _prepared(self, call: RedeemCall, deadline_ms: int) -> Preparation | Reason:
        """The coupons of a call, looked up where nothing is kept of them; a Reason where none can be used."""
        try:
            found = preparation_of(call.prepared) or self._looked_up(call.credential, deadline_ms)
            missing = {use.ref for use in call.uses if use.ref is not None and found.of(use.ref) is None}
            return found if found.plan is not None else self._reading.with_others(found, sorted(missing), deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return no.reason
        except OutcomeUnknown as error:
            reason = error.reason
        # A look binds nothing: when it isn't answered, the redemption was certainly not sent.
        raise NeverSent(reason)

    def _looked_up(self, credential: Credential, deadline_ms: int) -> Preparation:
        found = preparation_of(self.look_up(credential, deadline_ms).prepared)
        assert found is not None
        return found
