"""The platform's own word about the coupon; it outranks everything we know ourselves."""

from sync.domain.evidence import Evidence
from sync.domain.reasons import Reason
from sync.domain.trust import Limits, Tier


def platform_agrees(evidence: Evidence, _limits: Limits, _tier: Tier) -> Reason | None:
    """The platform said no, or describes the coupon as unusable."""
    if evidence.refusal is not None:
        return evidence.refusal
    return evidence.offered.state if evidence.offered else None
