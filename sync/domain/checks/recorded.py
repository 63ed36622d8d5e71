"""What a coupon that nothing vouches for needs before it may be recorded (product.md A5, tier "recorded")."""

from sync.domain.evidence import Evidence, lists_too_old
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import Budget, Limits, Purse, Spent, Tier


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
    spent = outage.used(Purse.RECORDED) if outage else Spent()
    asked_fen = (evidence.unit_fen or 0) * evidence.units
    own = limits.recorded
    over = (
        (own.count is not None and spent.count + evidence.units > own.count)
        or (own.amount_fen is not None and spent.amount_fen + asked_fen > own.amount_fen)
        or asked_fen > own.voucher_fen
    )
    if over:
        return manager_wanted(spent, own)
    return None


def manager_wanted(spent: Spent, own: Budget) -> Reason:
    """What the cashier may do alone, beside what was done in this outage."""
    return because(
        Code.MANAGER_NEEDED,
        count=spent.count,
        spent_fen=spent.amount_fen,
        limit="∞" if own.count is None else own.count,
        limit_fen="∞" if own.amount_fen is None else own.amount_fen,
        voucher_fen=own.voucher_fen,
    )
