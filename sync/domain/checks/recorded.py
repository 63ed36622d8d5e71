"""What a coupon that nothing vouches for needs before it may be recorded (product.md A5, tier "recorded")."""

from sync.domain.evidence import Evidence, lists_too_old
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import Limits, Purse, Tier


def evidence_given(evidence: Evidence, limits: Limits, tier: Tier) -> Reason | None:
    """A photo or the order number, and the phone's last four. The answer names what kept the coupon from a better
    tier, where something did."""
    if tier is not Tier.RECORDED or evidence.witnesses.enough:
        return None
    if evidence.signature is not None and not evidence.at.trusted:
        return because(Code.CLOCK_UNTRUSTED)
    if lists_too_old(evidence, limits):
        return because(Code.LISTS_TOO_OLD)
    return because(Code.EVIDENCE_NEEDED, line=Code.UNREACHABLE.value)


def manager_given(evidence: Evidence, limits: Limits, tier: Tier) -> Reason | None:
    """Beyond the cashier's own limits a manager opens the outage once, up to a higher limit."""
    outage = evidence.outage
    if tier is not Tier.RECORDED or evidence.manager is not None or (outage is not None and outage.opened_by):
        return None
    spent = outage.used(Purse.RECORDED) if outage else None
    count = (spent.count if spent else 0) + evidence.units
    amount_fen = (spent.amount_fen if spent else 0) + (evidence.unit_fen or 0) * evidence.units
    own = limits.recorded
    over = (
        (own.count is not None and count > own.count)
        or (own.amount_fen is not None and amount_fen > own.amount_fen)
        or (evidence.unit_fen or 0) * evidence.units > own.voucher_fen
    )
    if over:
        return because(Code.MANAGER_NEEDED, count=count - evidence.units, limit=own.count or 0)
    return None
