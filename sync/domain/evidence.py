"""Everything a decision may rest on, gathered before the rules are asked, so that the rules need nothing else."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sync.domain.codes import CredentialKind
from sync.domain.dynamic_code import TIMED, Fields, Reading, Verdict
from sync.domain.moment import Moment
from sync.domain.reasons import Reason
from sync.domain.trust import HOUR_MS, Limits, Outage, Tier
from sync.domain.voucher import Coupon


@dataclass(frozen=True, slots=True)
class Known:
    """What the cache holds of the coupon; `seen_at_ms`: when the platform last said so."""

    coupon: Coupon
    seen_at_ms: int
    store_ok: bool = True


@dataclass(frozen=True, slots=True)
class PastUse:
    """One live use of this coupon in our own ledger."""

    redemption_id: str
    unit: int
    at_ms: int
    staff: str
    terminal: str
    confirmed_at_ms: int | None


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What the cashier noted of a coupon that nothing else vouches for: the evidence of tier "recorded"."""

    amount_fen: int | None = None
    photo: str | None = None
    order_no: str | None = None
    phone_last4: str | None = None

    @property
    def enough(self) -> bool:
        """A photo of the customer's screen or the order number, and the phone's last four (product.md A5)."""
        return bool((self.photo or self.order_no) and self.phone_last4)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts of one scan. Either `offered` (the platform's word), `refusal` (its no), or neither (not asked)."""

    at: Moment
    kind: CredentialKind
    units: int
    offered: Coupon | None = None
    refusal: Reason | None = None
    signature: Reading | None = None
    known: Known | None = None
    past: tuple[PastUse, ...] = ()
    last_mark_s: int | None = None
    nonce_spent: bool = False
    lists_seen_at_ms: int | None = None
    revoked: bool = False
    blacklisted: bool = False
    isolated: bool = False
    outage: Outage | None = None
    account_uses_today: int = 0
    witnesses: Witnesses = field(default_factory=Witnesses)
    manager: str | None = None

    @property
    def online(self) -> bool:
        """The platform answered about the coupon."""
        return self.offered is not None or self.refusal is not None

    @property
    def signed(self) -> Fields | None:
        """The fields of a code that is genuine by its signature and, as far as it can be trusted, our clock."""
        reading = self.signature
        if reading is None:
            return None
        untimed = reading.verdict in TIMED and not self.at.trusted
        return reading.fields if reading.verdict is Verdict.GENUINE or untimed else None

    @property
    def booked(self) -> bool:
        """A permit with our own nonce: the platform has booked it, and nothing that only trust depends on matters."""
        reading = self.signature
        if reading is None or reading.verdict is not Verdict.GENUINE or reading.fields is None:
            return False
        return reading.fields.bound

    @property
    def coupon(self) -> Coupon | None:
        """The best description of the coupon: the platform's, else the cache's."""
        return self.offered or (self.known.coupon if self.known else None)

    @property
    def unit_fen(self) -> int | None:
        """What one unit is worth, as far as anyone knows; None: nobody does."""
        if self.coupon is not None:
            return self.coupon.price_fen
        if self.signed is not None:
            return self.signed.max_fen
        noted_fen = self.witnesses.amount_fen
        return noted_fen if noted_fen is not None and noted_fen > 0 else None

    @property
    def units_free(self) -> int:
        """Units left, after what our ledger has promised and the source of the figure could not know of."""
        if self.offered is not None:
            return self.offered.units_left - _unseen(self.past, self.at.ms)
        figures: list[int] = []
        if self.known is not None:
            figures.append(left_of(self.known, self.past))
        if self.signed is not None:
            figures.append(self.signed.units - _unseen(self.past, self.signed.issued_s * 1000))
        return min(figures, default=1 - len(self.past))


def left_of(known: Known, past: Collection[PastUse]) -> int:
    """Units that the cache leaves, after our own uses that it could not know of; below zero when more were taken."""
    coupon = known.coupon
    return min(coupon.units_left - _unseen(past, known.seen_at_ms), coupon.units_total - len(past))


def _unseen(past: Iterable[PastUse], seen_at_ms: int) -> int:
    """How many past uses the platform did not know of at `seen_at_ms`."""
    return sum(use.confirmed_at_ms is None or use.confirmed_at_ms > seen_at_ms for use in past)


def tier_of(evidence: Evidence, limits: Limits) -> Tier:
    """What an acceptance would rest on, the strongest first. Doubt about the clock, lists that are too old, and a
    code that binds no store all fall to "recorded" (dynamic-code.md, "Beyond the verdict"; product.md A5)."""
    if evidence.booked:
        return Tier.PERMIT
    if evidence.online:
        return Tier.ONLINE
    signed = evidence.signed
    if not evidence.at.trusted:
        return Tier.RECORDED
    if signed is not None and (not signed.any_store or evidence.known is not None):
        tier = Tier.CHAIN if signed.is_chain else Tier.PERMIT
        if _fresh(evidence, limits, tier):
            return tier
    if signed is None and evidence.known is not None and _fresh(evidence, limits, Tier.CACHED):
        return Tier.CACHED
    return Tier.RECORDED


def lists_too_old(evidence: Evidence, limits: Limits) -> bool:
    """Whether only the age of our lists keeps this coupon from a better tier."""
    signed = evidence.signed
    if signed is not None:
        return not _fresh(evidence, limits, Tier.CHAIN if signed.is_chain else Tier.PERMIT)
    return signed is None and evidence.known is not None and not _fresh(evidence, limits, Tier.CACHED)


def _fresh(evidence: Evidence, limits: Limits, tier: Tier) -> bool:
    seen_ms = evidence.lists_seen_at_ms
    return seen_ms is not None and evidence.at.ms - seen_ms <= limits.max_age_hours[tier] * HOUR_MS
