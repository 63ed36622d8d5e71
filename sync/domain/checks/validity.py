"""Whether the coupon may be used now, as far as lists, dates and counts tell."""

from sync.domain.evidence import Evidence
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import Limits, Tier


def not_revoked(evidence: Evidence, _limits: Limits, tier: Tier) -> Reason | None:
    """Offline: the voucher is not on the platform's signed revocation list; online its own answer says so."""
    return because(Code.REVOKED) if evidence.revoked and tier is not Tier.ONLINE else None


def in_date(evidence: Evidence, _limits: Limits, tier: Tier) -> Reason | None:
    """Offline: what the cache says of state, store and dates. Dates are not judged by a clock that can't be trusted."""
    if tier is Tier.ONLINE or evidence.known is None:
        return None
    coupon = evidence.known.coupon
    if coupon.state is not None:
        return coupon.state
    if not evidence.known.store_ok:
        return because(Code.OTHER_STORE)
    if not evidence.at.trusted:
        return None
    if coupon.valid_until_ms is not None and evidence.at.ms >= coupon.valid_until_ms:
        return because(Code.EXPIRED, until_ms=coupon.valid_until_ms)
    if coupon.valid_from_ms is not None and evidence.at.ms < coupon.valid_from_ms:
        return because(Code.NOT_VALID_YET, from_ms=coupon.valid_from_ms)
    return None


def units_left(evidence: Evidence, _limits: Limits, _tier: Tier) -> Reason | None:
    """No more units than the coupon has."""
    free = evidence.units_free
    if evidence.units > free:
        return because(Code.UNITS_TOO_MANY, asked=evidence.units, left=max(free, 0))
    return None
