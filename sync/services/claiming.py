"""The decision and the claim, in one transaction: nothing can come between what was known and what was written."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.clock import Clock
from sync.domain.decision import Accept, AcceptOnTrust, AskManager, Refuse
from sync.domain.difference import Cause
from sync.domain.moment import Moment
from sync.domain.reasons import Reason
from sync.ledger import lists
from sync.ledger.transaction import Transaction
from sync.services import refusing, settling
from sync.services.booking import Booking, Piece, open_shift
from sync.services.courier import Parcel
from sync.services.gathering import Candidate
from sync.services.looking import Found
from sync.services.profile import Profile
from sync.services.request import Request
from sync.services.timekeeping import Timekeeper, stamp_of
from sync.services.verdict import Outcome, UnitVerdict, refused
from sync.services.weighing import LookAgain, Resume, Weighing, foremost


@dataclass(frozen=True, slots=True)
class Claimed:
    """Durable: these units are ours to settle. `parcels` are to be sent now when `send_now`; `denied` are units of the
    same scan that were not accepted."""

    parcels: tuple[Parcel, ...]
    accepted: tuple[UnitVerdict, ...]
    denied: tuple[UnitVerdict, ...]
    send_now: bool


@dataclass(frozen=True, slots=True)
class Declined:
    """Nothing was accepted."""

    units: tuple[UnitVerdict, ...]


Claim = Claimed | Declined | Resume | LookAgain


class Claiming:
    """Decides about a scan and writes what follows from it."""

    def __init__(self, keeper: Timekeeper, profile: Profile, clock: Clock, weighing: Weighing) -> None:
        self._keeper = keeper
        self._profile = profile
        self._weighing = weighing
        self._booking = Booking(profile, clock)

    def claim(self, tx: Transaction, found: Found, request: Request, entry_ids: Sequence[str]) -> Claim:
        """The whole transaction of one scan; `entry_ids`: names for its calls (booking.most_calls). Raises
        NotAllowed(SHIFT_NOT_OPEN)."""
        now = self._keeper.now(tx)
        weighed = self._weighing.weigh(tx, found, request, now)
        if isinstance(weighed, (Resume, LookAgain)):
            return weighed
        if isinstance(weighed, Reason):
            return self._decline(tx, found, request, weighed, now)
        pieces: list[Piece] = []
        denied: list[UnitVerdict] = []
        for one in weighed:
            if isinstance(one.decision, (Refuse, AskManager)):
                denied.append(self._deny(tx, found, request, one.candidate, one.decision, now))
            else:
                trusted = not isinstance(one.decision, Accept)
                pieces.append(Piece(one.candidate, one.evidence, one.decision.tier, trusted))
        claimed = self._booking.book(tx, found, request, pieces, entry_ids, now)
        self._seal(tx, "redemption.claimed" if claimed else "redemption.refused", request, now)
        if claimed is None:
            return Declined(tuple(denied))
        parcels, accepted, send_now = claimed
        return Claimed(parcels, accepted, tuple(denied), send_now)

    def refuse(self, tx: Transaction, found: Found, request: Request) -> Declined | None:
        """The same, where nobody said yes: only what is refused is written. None: it would be accepted, or go to a
        manager, or another scan came first. Raises NotAllowed(SHIFT_NOT_OPEN) where only the shift is wanting."""
        now = self._keeper.now(tx)
        weighed = self._weighing.weigh_new(tx, found, request, now)
        if isinstance(weighed, (Resume, LookAgain)):
            return None
        if isinstance(weighed, Reason):
            return self._decline(tx, found, request, weighed, now)
        decision = foremost(weighed).decision
        if isinstance(decision, (Accept, AcceptOnTrust)):
            open_shift(tx)
        if not isinstance(decision, Refuse):
            return None
        denied = tuple(
            self._deny(tx, found, request, one.candidate, one.decision, now)
            for one in weighed
            if isinstance(one.decision, Refuse)
        )
        self._seal(tx, "redemption.refused", request, now)
        return Declined(denied)

    def _decline(self, tx: Transaction, found: Found, request: Request, reason: Reason, now: Moment) -> Declined:
        """The scan as a whole comes to nothing."""
        refusing.record(tx, self._profile, now, request.staff.id, found.recognised, reason)
        self._seal(tx, "redemption.refused", request, now)
        return Declined((refused(reason, found.recognised.platform, found.recognised.credential.tail),))

    def _seal(self, tx: Transaction, kind: str, request: Request, now: Moment) -> None:
        tx.seal_entry(kind, stamp_of(now, request.staff.id))

    def _deny(
        self,
        tx: Transaction,
        found: Found,
        request: Request,
        candidate: Candidate,
        decision: Refuse | AskManager,
        now: Moment,
    ) -> UnitVerdict:
        platform, coupon = found.recognised.platform, candidate.coupon
        shown = "" if found.is_customer else found.recognised.credential.tail
        tail = coupon.code[-4:] if coupon and coupon.code else shown
        title = coupon.title if coupon else ""
        if isinstance(decision, AskManager):
            tier = decision.tier.value
            return UnitVerdict(Outcome.ASK_MANAGER, tier, decision.reason, platform, title, tail)
        refusing.record(tx, self._profile, now, request.staff.id, found.recognised, decision.reason)
        self._booked_in_vain(tx, found, now)
        return refused(decision.reason, platform, tail, title)

    def _booked_in_vain(self, tx: Transaction, found: Found, now: Moment) -> None:
        """A permit that the platform has booked under our request id and that no basket of ours has used: somebody
        has to see that the customer gets it, or gets it back."""
        fields = found.reading.fields if found.reading else None
        shown = lists.nonce(tx, fields.nonce or "") if fields is not None and found.booked_units is not None else None
        if fields is None or shown is None or shown.basket_id is not None:
            return
        platform, amount_fen = found.recognised.platform, fields.max_fen * fields.units
        facts: dict[str, object] = {"request_id": shown.request_id, "units": fields.units}
        settling.open_difference(tx, Cause.BOOKED_UNUSED, shown.request_id, platform, amount_fen, now.ms, facts)
