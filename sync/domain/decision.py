"""The decision, as data: what the one list of checks makes of the evidence."""

from dataclasses import dataclass

from sync.domain.checks import BOOKED_CHECKS, CHECKS
from sync.domain.evidence import Evidence, tier_of
from sync.domain.reasons import Code, Reason
from sync.domain.trust import Limits, Tier


@dataclass(frozen=True, slots=True)
class Accept:
    """Redeem it: the platform has said yes, or has booked it already (a permit with our nonce)."""

    tier: Tier


@dataclass(frozen=True, slots=True)
class AcceptOnTrust:
    """Record it now, redeem it at the platform later."""

    tier: Tier


@dataclass(frozen=True, slots=True)
class AskManager:
    """A manager's PIN would open it."""

    reason: Reason
    tier: Tier


@dataclass(frozen=True, slots=True)
class Refuse:
    """No."""

    reason: Reason


Decision = Accept | AcceptOnTrust | AskManager | Refuse


def decide(evidence: Evidence, limits: Limits) -> Decision:
    """Run the checks in order; the first Reason is the answer. Pure: the same evidence always decides the same."""
    tier = tier_of(evidence, limits)
    for check in BOOKED_CHECKS if evidence.booked else CHECKS:
        reason = check(evidence, limits, tier)
        if reason is not None:
            return AskManager(reason, tier) if reason.code is Code.MANAGER_NEEDED else Refuse(reason)
    return Accept(tier) if tier is Tier.ONLINE or evidence.booked else AcceptOnTrust(tier)
