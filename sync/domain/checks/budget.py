"""The limits of trust: per voucher, per account and day, per outage (product.md A5)."""

from sync.domain.evidence import Evidence
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import HOUR_MS, PURSE_OF, Budget, Limits, Outage, Purse, Spent, Tier


def _budget(evidence: Evidence, limits: Limits, tier: Tier) -> Budget:
    # Tier "recorded" is counted against the manager's limits here; `manager_given` asks for the manager before them.
    return limits.budget(tier, evidence.isolated)


def spent_in(isolated: bool, outage: Outage, purse: Purse) -> Spent:
    """What counts against the budget. An isolated counter's permits and chains draw on one: permits are kept in a
    purse of their own, so both are added up."""
    if not isolated or purse is Purse.RECORDED:
        return outage.used(purse)
    permits, shared = outage.used(Purse.PERMIT), outage.used(Purse.SHARED)
    return Spent(permits.count + shared.count, permits.amount_fen + shared.amount_fen)


def amount_known(evidence: Evidence, _limits: Limits, tier: Tier) -> Reason | None:
    """What is accepted on trust must have a price, or no limit could hold."""
    if tier is Tier.ONLINE or evidence.unit_fen is not None:
        return None
    return because(Code.AMOUNT_NEEDED)


def within_voucher(evidence: Evidence, limits: Limits, tier: Tier) -> Reason | None:
    """One voucher is worth no more than the tier allows."""
    if tier is Tier.ONLINE:
        return None
    amount_fen, limit_fen = (evidence.unit_fen or 0) * evidence.units, _budget(evidence, limits, tier).voucher_fen
    if amount_fen > limit_fen:
        return because(Code.OVER_VOUCHER_LIMIT, amount_fen=amount_fen, limit_fen=limit_fen)
    return None


def within_account(evidence: Evidence, limits: Limits, tier: Tier) -> Reason | None:
    """One account uses no more than so many coupons on trust in a business day."""
    # An isolated counter's permit counts as a chain.
    if tier not in (Tier.CHAIN, Tier.CACHED) and not (tier is Tier.PERMIT and evidence.isolated):
        return None
    if evidence.account_uses_today + evidence.units > limits.account_a_day:
        return because(Code.OVER_ACCOUNT_LIMIT, limit=limits.account_a_day)
    return None


def within_outage(evidence: Evidence, limits: Limits, tier: Tier) -> Reason | None:
    """All that is accepted on trust in one outage stays within hours, count and amount."""
    if tier is Tier.ONLINE:
        return None
    outage = evidence.outage or Outage(0, evidence.at.ms)
    spent = spent_in(evidence.isolated, outage, PURSE_OF[tier])
    added = Spent(evidence.units, (evidence.unit_fen or 0) * evidence.units)
    return over_budget(_budget(evidence, limits, tier), outage, spent, added, evidence.at.ms)


def over_budget(budget: Budget, outage: Outage, spent: Spent, added: Spent, at_ms: int) -> Reason | None:
    """Which limit of the budget `added` would break on top of `spent`, if any."""
    if budget.hours is not None and at_ms - outage.started_at_ms > budget.hours * HOUR_MS:
        return because(Code.OUTAGE_TOO_LONG, hours=budget.hours, since_ms=outage.started_at_ms)
    if budget.count is not None and spent.count + added.count > budget.count:
        return because(Code.OVER_OUTAGE_COUNT, limit=budget.count)
    amount_fen = spent.amount_fen + added.amount_fen
    if budget.amount_fen is not None and amount_fen > budget.amount_fen:
        return because(Code.OVER_OUTAGE_AMOUNT, limit_fen=budget.amount_fen, spent_fen=spent.amount_fen)
    return None
