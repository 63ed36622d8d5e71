"""Taking a redemption back (撤销): at once, queued while the line is down, or withdrawn when it was never sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sync.clock import Clock
from sync.domain.outbox import CallKind, OutboxState
from sync.domain.reasons import Code, Reason, because
from sync.domain.redemption import Redemption, State
from sync.domain.staff import Deed, Staff
from sync.errors import NotAllowed
from sync.ledger import outages, outbox, redemptions
from sync.ledger.ledger import Ledger
from sync.ledger.tables import OUTBOX, REDEMPTIONS, OutboxEntry
from sync.ledger.transaction import Transaction
from sync.platforms.port import Denied, Platform
from sync.services import calls, settling
from sync.services.courier import Courier, sorted_out
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper
from sync.services.verdict import BOOKED


class Reversal(StrEnum):
    """How a reversal ended for now."""

    REVERSED = "reversed"
    QUEUED = "queued"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ReversalVerdict:
    """The answer at the counter. A refusal has opened a difference."""

    outcome: Reversal
    redemption: Redemption
    reason: Reason | None = None


class Reversing:
    """Reverses one redemption."""

    def __init__(
        self,
        ledger: Ledger,
        courier: Courier,
        platforms: Mapping[str, Platform],
        keeper: Timekeeper,
        profile: Profile,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._platforms = platforms
        self._courier = courier
        self._keeper = keeper
        self._profile = profile
        self._clock = clock

    def reverse(self, name: str, staff: Staff) -> ReversalVerdict:
        """`name`: a redemption's id or the number on its slip. Raises NotAllowed when there is nothing to reverse."""
        if not staff.may(Deed.REVERSE):
            raise NotAllowed(because(Code.NOT_PERMITTED, staff=staff.name))
        row = self._ledger.read(lambda tx: redemptions.by_name(tx, name))
        if row is None:
            raise NotAllowed(because(Code.NO_SUCH_RECORD, name=name[:40]))
        entry_id = self._clock.new_id()
        with (
            self._courier.holding(row.outbox_id, self._profile.counter_budget_ms) as quiet,
            self._courier.holding(entry_id),
        ):
            row = self._ledger.write(lambda tx: self._begin(tx, name, staff, entry_id, may_withdraw=quiet))
            if row.state is State.WITHDRAWN:
                return ReversalVerdict(Reversal.WITHDRAWN, row)
            if row.reversal_id != entry_id or row.state is not State.CONFIRMED:
                return ReversalVerdict(Reversal.QUEUED, row)
            return self._send(row, entry_id, staff)

    def until_ms(self, row: Redemption) -> int | None:
        """Until when (ms UTC) the platform may be expected to take the redemption back; None where no clock limits it:
        no window is known, or it was not redeemed there yet. A hint that forbids nothing (product.md A10)."""
        platform = self._platforms.get(row.platform)
        window_ms = platform.reversal_window_ms if platform is not None else None
        if window_ms is None or row.state is not State.CONFIRMED or row.settled_at_ms is None:
            return None
        return row.settled_at_ms + window_ms

    def until_of(self, redemption_id: str) -> int | None:
        """`until_ms` of a redemption by its id; None also for one that does not exist."""
        row = self._ledger.read(lambda tx: redemptions.by_id(tx, redemption_id))
        return self.until_ms(row) if row is not None else None

    def _send(self, row: Redemption, entry_id: str, staff: Staff) -> ReversalVerdict:
        for parcel in self._courier.pick_up([entry_id]):
            answer = self._courier.carry(parcel, self._profile.counter_budget_ms)
            self._courier.put_down(parcel, answer, staff.id).result()
            results, error = sorted_out(parcel, answer)
            for result in results:
                if isinstance(result, Denied):
                    return ReversalVerdict(Reversal.REFUSED, row, result.reason)
                return ReversalVerdict(Reversal.REVERSED, row)
            return ReversalVerdict(Reversal.QUEUED, row, error.reason if error else None)
        return ReversalVerdict(Reversal.QUEUED, row)

    def _begin(self, tx: Transaction, name: str, staff: Staff, entry_id: str, *, may_withdraw: bool) -> Redemption:
        row = redemptions.by_name(tx, name)
        assert row is not None
        if row.state is State.REVERSED:
            raise NotAllowed(because(Code.ALREADY_REVERSED, number=row.number))
        if not row.reversible:
            raise NotAllowed(because(Code.NOT_REVERSIBLE, number=row.number, state=row.state.value))
        stamp = self._keeper.stamp(tx, staff.id)
        if row.state is State.CLAIMED and row.kind != BOOKED and may_withdraw:
            self._withdraw(tx, row, stamp.at_ms)
            tx.seal_entry("redemption.withdrawn", stamp)
        elif row.reversal_id is None:
            tx.add(OUTBOX, self._entry(tx, row, entry_id, stamp.at_ms))
            tx.change(REDEMPTIONS, row.id, reversal_id=entry_id)
            tx.seal_entry("reversal.claimed", stamp)
        fresh = redemptions.by_id(tx, row.id)
        assert fresh is not None
        return fresh

    def _withdraw(self, tx: Transaction, row: Redemption, at_ms: int) -> None:
        redemptions.move(tx, row, State.WITHDRAWN, settled_at_ms=at_ms)
        if not any(other.owed for other in redemptions.of_call(tx, row.outbox_id)):
            outbox.set_state(tx, row.outbox_id, OutboxState.DONE)
        if row.outage is not None:
            outages.spend(tx, row.outage, row, sign=-1)
            outages.end_if_settled(tx, row.outage, at_ms)
        settling.amend_shift(tx, row, "withdrawn", -row.amount_fen, at_ms)

    def _entry(self, tx: Transaction, row: Redemption, entry_id: str, at_ms: int) -> OutboxEntry:
        return OutboxEntry(
            id=entry_id,
            platform=row.platform,
            kind=CallKind.REVERSE,
            request_id=self._clock.new_id(),
            state=OutboxState.DUE,
            attempts=0,
            next_attempt_at_ms=at_ms,
            last_error=None,
            call_sealed=calls.seal_reversal(tx.sealer, row.request_id),
            prepared_sealed=None,
            created_at_ms=at_ms,
        )
