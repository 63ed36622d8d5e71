"""Codes that were found forged are refused at once (product.md A4)."""

from sync.domain.evidence import Evidence
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import Limits, Tier


def not_blacklisted(evidence: Evidence, _limits: Limits, _tier: Tier) -> Reason | None:
    """The very text is on the blacklist."""
    return because(Code.BLACKLISTED) if evidence.blacklisted else None
