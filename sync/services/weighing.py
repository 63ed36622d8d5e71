"""What a scan would come to: the coupons it asks for, the evidence on each, the decision; nothing is written here."""

from dataclasses import dataclass, replace

from sync.domain.codes import CredentialKind
from sync.domain.decision import Accept, AcceptOnTrust, Decision, Refuse, decide
from sync.domain.evidence import Evidence, PastUse
from sync.domain.moment import ClockSource, Moment
from sync.domain.reasons import Code, Reason, because
from sync.domain.redemption import Redemption, State
from sync.domain.voucher import Coupon
from sync.ledger import lists, outages, outbox, redemptions, vouchers
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import Alias, aliases_of
from sync.services import refusing
from sync.services.looking import Found, alias_of, unfinished_of
from sync.services.profile import Profile
from sync.services.pulling import VOUCHERS
from sync.services.request import Request
from sync.services.settled import Settled
from sync.services.trust_lists import REVOCATIONS


@dataclass(frozen=True, slots=True)
class Candidate:
    """Units of one coupon that a scan asks for. `coupon`: as the platform just described it; `voucher`: our id, if any
    of its names leads to one; `others`: further vouchers that they lead to; `unbound`: names that lead nowhere yet."""

    coupon: Coupon | None
    units: int
    unbound: tuple[Alias, ...]
    voucher: int | None
    others: tuple[int, ...]
    live: tuple[Redemption, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One candidate, what is known of it, and what the rules make of that."""

    candidate: Candidate
    evidence: Evidence
    decision: Decision


def foremost(weighed: tuple[Weighed, ...]) -> Weighed:
    """Of several candidates the first that is not accepted, else the first: what the scan comes to as a whole."""
    return next((one for one in weighed if not isinstance(one.decision, (Accept, AcceptOnTrust))), weighed[0])


@dataclass(frozen=True, slots=True)
class Resume:
    """Another scan of the same coupon came first and is not finished."""

    outbox_id: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The look-up led to a redemption that has ended since (reversed, refused): it says nothing of now."""


class Weighing:
    """Weighs a scan within a transaction or a snapshot; changes nothing."""

    def __init__(self, profile: Profile, settled: Settled) -> None:
        self._profile = profile
        self._settled = settled

    def weigh(
        self, tx: Transaction, found: Found, request: Request, now: Moment
    ) -> tuple[Weighed, ...] | Reason | Resume | LookAgain:
        """Every candidate with its decision; a Reason when the scan as a whole comes to none."""
        before = outbox.by_request(tx, found.request_id) if found.booked_units is None else None
        if before is not None:
            # This very look-up was confirmed already: once more is the same redemption, or, if that ended, too late.
            live = any(row.owed or row.state is State.CONFIRMED for row in redemptions.of_call(tx, before))
            return Resume(before) if live else LookAgain()
        candidates = self._candidates(tx, found, found.booked_units or request.units)
        if isinstance(candidates, Reason):
            return candidates
        for candidate in candidates:
            unfinished = unfinished_of(tx, candidate.live, lambda: now)
            if unfinished is not None:
                return Resume(unfinished)
        return tuple(self._weighed(tx, found, request, candidate, now) for candidate in candidates)

    def _weighed(self, tx: Transaction, found: Found, request: Request, candidate: Candidate, now: Moment) -> Weighed:
        evidence = self._evidence(tx, found, request, candidate, now)
        decision = decide(evidence, self._profile.limits)
        if isinstance(decision, Refuse) and found.unaskable is not None:
            reason = decision.reason
            if reason.code in (Code.EVIDENCE_NEEDED, Code.QR_NEEDS_LINE):
                decision = Refuse(because(reason.code, line=found.unaskable.code.value))
        return Weighed(candidate, evidence, decision)

    def _candidates(self, tx: Transaction, found: Found, units: int) -> list[Candidate] | Reason:
        credential, platform = found.recognised.credential, found.recognised.platform
        if credential.kind is CredentialKind.PHONE:
            return because(Code.PHONE_NUMBER)
        if found.looked_up is None:
            alias = alias_of(credential, found.reading)
            names = (alias,) if alias and credential.kind is not CredentialKind.SHORT_LINK else ()
            return [_candidate(tx, platform, None, units, names)]
        chosen = share(found.looked_up.coupons, units)
        if isinstance(chosen, Reason):
            return chosen
        # The typed text goes with the first: where the platform tells no codes, it must not lead to a second coupon of
        # the order when it is typed again.
        return [
            _candidate(tx, platform, coupon, count, aliases_of(coupon, None if place else credential))
            for place, (coupon, count) in enumerate(chosen)
        ]

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


def _candidate(
    tx: Transaction, platform: str, coupon: Coupon | None, units: int, aliases: tuple[Alias, ...]
) -> Candidate:
    leads = vouchers.leads(tx, platform, aliases)
    ids = list(dict.fromkeys(leads.values()))
    live = tuple(row for voucher in ids for row in redemptions.live_of(tx, platform, voucher))
    unbound = tuple(alias for alias in aliases if alias not in leads)
    return Candidate(coupon, units, unbound, ids[0] if ids else None, tuple(ids[1:]), live)


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
