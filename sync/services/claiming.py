"""The decision and the claim, in one transaction: nothing can come between what was known and what was written."""

from dataclasses import dataclass, replace

from sync.clock import Clock
from sync.domain.codes import CredentialKind
from sync.domain.decision import Accept, AskManager, Decision, Refuse, decide
from sync.domain.difference import Cause
from sync.domain.evidence import Evidence, PastUse
from sync.domain.moment import ClockSource, Moment
from sync.domain.reasons import Code, Reason, because
from sync.domain.redemption import State
from sync.domain.voucher import Coupon
from sync.ledger import lists, outages, outbox, redemptions, vouchers
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import Alias, aliases_of
from sync.services import refusing, settling
from sync.services.booking import Booking, Candidate, Piece
from sync.services.courier import Parcel
from sync.services.looking import Found, alias_of, unfinished_of
from sync.services.profile import Profile
from sync.services.pulling import VOUCHERS
from sync.services.request import Request
from sync.services.settled import Settled
from sync.services.timekeeping import Timekeeper, stamp_of
from sync.services.trust_lists import REVOCATIONS
from sync.services.verdict import Outcome, UnitVerdict, refused


@dataclass(frozen=True, slots=True)
class Claimed:
    """Durable: these units are ours to settle. `parcel` is to be sent now when `send_now`; `denied` are units of the
    same scan that were not accepted."""

    parcel: Parcel
    accepted: tuple[UnitVerdict, ...]
    denied: tuple[UnitVerdict, ...]
    send_now: bool


@dataclass(frozen=True, slots=True)
class Declined:
    """Nothing was accepted."""

    units: tuple[UnitVerdict, ...]


@dataclass(frozen=True, slots=True)
class Resume:
    """Another scan of the same coupon came first and is not finished."""

    outbox_id: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The look-up led to a redemption that has ended since (reversed, refused): it says nothing of now."""


Claim = Claimed | Declined | Resume | LookAgain


class Claiming:
    """Decides about a scan and writes what follows from it."""

    def __init__(self, keeper: Timekeeper, profile: Profile, clock: Clock, settled: Settled) -> None:
        self._keeper = keeper
        self._profile = profile
        self._settled = settled
        self._booking = Booking(profile, clock)

    def claim(self, tx: Transaction, found: Found, request: Request, entry_id: str) -> Claim:
        """The whole transaction of one scan."""
        now = self._keeper.now(tx)
        platform, tail = found.recognised.platform, found.recognised.credential.tail
        before = outbox.by_request(tx, found.request_id) if found.booked_units is None else None
        if before is not None:
            # This very look-up was confirmed already: once more is the same redemption, or, if that ended, too late.
            live = any(row.owed or row.state is State.CONFIRMED for row in redemptions.of_call(tx, before))
            return Resume(before) if live else LookAgain()
        candidates = self._candidates(tx, found, found.booked_units or request.units)
        if isinstance(candidates, Reason):
            refusing.record(tx, self._profile, now, request.staff.id, found.recognised, candidates)
            self._seal(tx, "redemption.refused", request, now)
            return Declined((refused(candidates, platform, tail),))
        for candidate in candidates:
            unfinished = unfinished_of(tx, candidate.live)
            if unfinished is not None:
                return Resume(unfinished)
        pieces: list[Piece] = []
        denied: list[UnitVerdict] = []
        for candidate in candidates:
            evidence = self._evidence(tx, found, request, candidate, now)
            decision = decide(evidence, self._profile.limits)
            if isinstance(decision, (Refuse, AskManager)):
                denied += self._deny(tx, found, request, candidate, decision, now)
            else:
                pieces.append(self._piece(candidate, evidence, decision))
        claimed = self._booking.book(tx, found, request, pieces, entry_id, now)
        self._seal(tx, "redemption.claimed" if claimed else "redemption.refused", request, now)
        if claimed is None:
            return Declined(tuple(denied))
        parcel, accepted, send_now = claimed
        return Claimed(parcel, accepted, tuple(denied), send_now)

    def _seal(self, tx: Transaction, kind: str, request: Request, now: Moment) -> None:
        tx.seal_entry(kind, stamp_of(now, request.staff.id))

    def _candidates(self, tx: Transaction, found: Found, units: int) -> list[Candidate] | Reason:
        credential, platform = found.recognised.credential, found.recognised.platform
        if credential.kind is CredentialKind.PHONE:
            return because(Code.PHONE_NUMBER)
        if found.looked_up is None:
            alias = alias_of(credential, found.reading)
            names = (alias,) if alias and credential.kind is not CredentialKind.SHORT_LINK else ()
            return [self._candidate(tx, platform, None, units, names)]
        chosen = share(found.looked_up.coupons, units)
        if isinstance(chosen, Reason):
            return chosen
        # The typed text goes with the first: where the platform tells no codes, it must not lead to a second coupon of
        # the order when it is typed again.
        return [
            self._candidate(tx, platform, coupon, count, aliases_of(coupon, None if place else credential))
            for place, (coupon, count) in enumerate(chosen)
        ]

    def _candidate(
        self, tx: Transaction, platform: str, coupon: Coupon | None, units: int, aliases: tuple[Alias, ...]
    ) -> Candidate:
        leads = vouchers.leads(tx, platform, aliases)
        ids = list(dict.fromkeys(leads.values()))
        live = tuple(row for voucher in ids for row in redemptions.live_of(tx, platform, voucher))
        unbound = tuple(alias for alias in aliases if alias not in leads)
        return Candidate(coupon, units, unbound, ids[0] if ids else None, tuple(ids[1:]), live)

    def _evidence(self, tx: Transaction, found: Found, request: Request, candidate: Candidate, now: Moment) -> Evidence:
        platform, credential = found.recognised.platform, found.recognised.credential
        voucher, reading = candidate.voucher, found.reading
        # A typed code is known already; of a dynamic one the ledger should keep the code's last four digits.
        opened = credential.kind is CredentialKind.DYNAMIC
        known = vouchers.known(tx, voucher, opened=opened) if voucher is not None else None
        fields = reading.fields if reading else None
        coupon = candidate.coupon or (known.coupon if known else None)
        account = (coupon.account if coupon else None) or (fields.account if fields else None)
        ref = fields.voucher if fields else coupon.ref if coupon else None
        seen = lists.cursor(tx, REVOCATIONS if reading is not None else VOUCHERS)
        return Evidence(
            at=now,
            kind=credential.kind,
            units=candidate.units,
            offered=candidate.coupon,
            refusal=found.refusal,
            signature=reading,
            known=known,
            past=self._past(found, candidate),
            last_mark_s=vouchers.last_mark_s(tx, voucher) if voucher is not None and fields else None,
            nonce_spent=found.nonce_spent,
            lists_seen_at_ms=seen[1] if seen and seen[1] else None,
            revoked=ref is not None and lists.is_revoked(tx, ref),
            blacklisted=refusing.is_blacklisted(tx, credential.text),
            isolated=reading is not None and now.source is ClockSource.WALL,
            outage=outages.current(tx, platform),
            account_uses_today=redemptions.account_uses(tx, account, self._profile.day_of(now)) if account else 0,
            witnesses=request.witnesses,
            manager=request.manager.id if request.manager else None,
        )

    def _past(self, found: Found, candidate: Candidate) -> tuple[PastUse, ...]:
        """Earlier uses. Whether a platform that was asked knew of one is told by the order of events, not by clocks."""
        past = redemptions.past_uses(candidate.live)
        if candidate.coupon is None:
            return past
        return tuple(
            replace(use, confirmed_at_ms=None if self._settled.since(use.redemption_id, found.mark) else 0)
            if use.confirmed_at_ms is not None
            else use
            for use in past
        )

    def _deny(
        self,
        tx: Transaction,
        found: Found,
        request: Request,
        candidate: Candidate,
        decision: Refuse | AskManager,
        now: Moment,
    ) -> list[UnitVerdict]:
        platform, tail = found.recognised.platform, found.recognised.credential.tail
        title = candidate.coupon.title if candidate.coupon else ""
        if isinstance(decision, AskManager):
            tier = decision.tier.value
            return [UnitVerdict(Outcome.ASK_MANAGER, tier, decision.reason, platform, title, tail)]
        reason = decision.reason
        if found.unaskable is not None and reason.code in (Code.EVIDENCE_NEEDED, Code.QR_NEEDS_LINE):
            reason = because(reason.code, line=found.unaskable.code.value)
        refusing.record(tx, self._profile, now, request.staff.id, found.recognised, reason)
        self._booked_in_vain(tx, found, now)
        return [refused(reason, platform, tail, title)]

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

    def _piece(self, candidate: Candidate, evidence: Evidence, decision: Decision) -> Piece:
        assert not isinstance(decision, (Refuse, AskManager))
        return Piece(candidate, evidence, decision.tier, trusted=not isinstance(decision, Accept))


def share(coupons: tuple[Coupon, ...], units: int) -> list[tuple[Coupon, int]] | Reason:
    """Which of the shown coupons give the wanted units: usable ones in the platform's order; when none is usable the
    first one is taken, so that the checks say why."""
    shown = [coupon for coupon in coupons if coupon.selected]
    rest = [coupon for coupon in coupons if not coupon.selected]
    usable = [coupon for coupon in shown if coupon.state is None and coupon.units_left > 0]
    if usable:
        # More than the shown one has: the customer's other coupons of the same order (product.md A2).
        usable += [coupon for coupon in rest if coupon.state is None and coupon.units_left > 0]
    if not shown:
        return because(Code.NOTHING_USABLE)
    if not usable:
        return [(shown[0], units)]
    chosen: list[tuple[Coupon, int]] = []
    left = units
    for coupon in usable:
        take = min(left, coupon.units_left)
        if take:
            chosen.append((coupon, take))
            left -= take
    if left:
        return because(Code.UNITS_TOO_MANY, asked=units, left=units - left)
    return chosen
