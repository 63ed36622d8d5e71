"""What a scan would come to: the coupons it asks for, the evidence on each, the decision; nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sync.domain.codes import CredentialKind
from sync.domain.decision import Accept, AcceptOnTrust, Decision, Refuse, decide
from sync.domain.evidence import Evidence
from sync.domain.moment import Moment
from sync.domain.reasons import Code, Reason, because
from sync.domain.redemption import Redemption, State
from sync.domain.voucher import Coupon
from sync.ledger import outbox, redemptions
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import aliases_of
from sync.services.gathering import Candidate, Gathering, candidate_of
from sync.services.looking import Found, alias_of
from sync.services.profile import Profile
from sync.services.request import Request, Want
from sync.services.settled import Settled
from sync.services.unfinished import unfinished_of


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
    """Another scan of the same coupon came first and is not finished. `others`: further calls like it; `rest`: what
    was wanted besides and is not in any of them."""

    outbox_id: str
    others: tuple[str, ...] = ()
    rest: tuple[Want, ...] = ()

    @property
    def entries(self) -> tuple[str, ...]:
        """All calls to be brought on."""
        return (self.outbox_id, *self.others)


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The look-up led to a redemption that has ended since (reversed, refused): it says nothing of now."""


class Weighing:
    """Weighs a scan within a transaction or a snapshot; changes nothing."""

    def __init__(self, profile: Profile, settled: Settled) -> None:
        self._profile = profile
        self._gathering = Gathering(profile, settled)

    def weigh(
        self, tx: Transaction, found: Found, request: Request, now: Moment
    ) -> tuple[Weighed, ...] | Reason | Resume | LookAgain:
        """Every candidate with its decision; a Reason when the scan as a whole comes to none."""
        before = outbox.by_request(tx, found.request_id) if found.booked_units is None else None
        if before is not None:
            # This very look-up was confirmed already: once more is the same redemption, or, if that ended, too late.
            return _once_more(redemptions.of_basket(tx, before))
        candidates = self._candidates(tx, found, request)
        if isinstance(candidates, Reason):
            return candidates
        earlier = [unfinished_of(tx, candidate.live, lambda: now) for candidate in candidates]
        resume = _resume(candidates, earlier, request.wants)
        if resume is not None:
            return resume
        return tuple(self._weighed(tx, found, request, candidate, now) for candidate in candidates)

    def weigh_new(
        self, tx: Transaction, found: Found, request: Request, now: Moment
    ) -> tuple[Weighed, ...] | Reason | Resume | LookAgain:
        """The same, of what is not in an earlier scan already, where something is left."""
        weighed = self.weigh(tx, found, request, now)
        if isinstance(weighed, Resume) and weighed.rest:
            return self.weigh(tx, found, replace(request, wants=weighed.rest), now)
        return weighed

    def _weighed(self, tx: Transaction, found: Found, request: Request, candidate: Candidate, now: Moment) -> Weighed:
        evidence = self._gathering.evidence(tx, found, request, candidate, now)
        decision = decide(evidence, self._profile.limits)
        if isinstance(decision, Refuse) and found.unaskable is not None:
            reason = decision.reason
            if reason.code in (Code.EVIDENCE_NEEDED, Code.QR_NEEDS_LINE):
                decision = Refuse(because(reason.code, line=found.unaskable.code.value))
        return Weighed(candidate, evidence, decision)

    def _candidates(self, tx: Transaction, found: Found, request: Request) -> list[Candidate] | Reason:
        credential, platform = found.recognised.credential, found.recognised.platform
        units = found.booked_units or request.units
        if found.looked_up is None:
            if found.is_customer or (request.wants and found.booked_units is None):
                # Which coupons are meant, the platform's answer alone could tell.
                return found.refusal or found.unaskable or because(Code.UNREACHABLE, platform=platform)
            alias = alias_of(credential, found.reading)
            names = (alias,) if alias and credential.kind is not CredentialKind.SHORT_LINK else ()
            return [candidate_of(tx, platform, None, units, names)]
        coupons = found.looked_up.coupons
        if found.is_customer and coupons and not request.wants:
            return because(Code.PHONE_NUMBER)
        chosen = share(coupons, units, request.wants)
        if isinstance(chosen, Reason):
            return chosen
        # The typed text goes with the first that it stands for: where the platform tells no codes, it must not lead to
        # a second coupon of the order when it is typed again.
        bearer = _first_shown(coupons)
        return [
            candidate_of(tx, platform, coupon, count, aliases_of(coupon, credential if coupon is bearer else None))
            for coupon, count in chosen
        ]


def _once_more(rows: list[Redemption]) -> Resume | LookAgain:
    """A look-up that was confirmed already: its calls in which something stands."""
    live = dict.fromkeys(row.outbox_id for row in rows if row.owed or row.state is State.CONFIRMED)
    return Resume(*_first_and_others(live)) if live else LookAgain()


def _resume(candidates: list[Candidate], earlier: list[str | None], wants: tuple[Want, ...]) -> Resume | None:
    """The earlier scans to be taken on. Where the cashier chose the coupons, those that stand in none are left for a
    scan of their own; else the scan as a whole is the earlier one."""
    entries = dict.fromkeys(entry for entry in earlier if entry is not None)
    if not entries:
        return None
    if not wants:
        return Resume(next(iter(entries)))
    new = {
        candidate.coupon.ref
        for candidate, entry in zip(candidates, earlier, strict=True)
        if entry is None and candidate.coupon is not None
    }
    return Resume(*_first_and_others(entries), tuple(want for want in wants if want.ref in new))


def _first_and_others(entries: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    first, *others = entries
    return first, tuple(others)


def _first_shown(coupons: tuple[Coupon, ...]) -> Coupon | None:
    """The coupon that the shown text is taken for: the first usable one that it stands for, else the first."""
    shown = [coupon for coupon in coupons if coupon.selected]
    return next((coupon for coupon in shown if coupon.state is None and coupon.units_left > 0), next(iter(shown), None))


def share(coupons: tuple[Coupon, ...], units: int, wants: tuple[Want, ...] = ()) -> list[tuple[Coupon, int]] | Reason:
    """Which of the shown coupons give the wanted units: usable ones in the platform's order; when none is usable the
    first one is taken, so that the checks say why. `wants`: exactly these coupons instead, whether usable or not."""
    if wants:
        return _chosen(coupons, wants)
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


def _chosen(coupons: tuple[Coupon, ...], wants: tuple[Want, ...]) -> list[tuple[Coupon, int]] | Reason:
    """The coupons that the cashier picked; one that the platform does not list any more spoils the whole: what was
    meant can't be told from what is left."""
    counts: dict[str, int] = {}
    for want in wants:
        counts[want.ref] = counts.get(want.ref, 0) + want.units
    listed = {coupon.ref: coupon for coupon in coupons}
    if any(ref not in listed for ref in counts):
        return because(Code.NOTHING_USABLE)
    return [(listed[ref], units) for ref, units in counts.items()]
