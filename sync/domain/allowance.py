"""What may still be accepted on trust at this moment, tier by tier: the limits of product.md A5 seen from the front."""

from dataclasses import dataclass

from sync.domain.checks.budget import over_budget, spent_in
from sync.domain.checks.recorded import manager_wanted
from sync.domain.moment import ClockSource, Moment
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import HOUR_MS, PURSE_OF, Budget, Limits, Outage, Purse, Spent, Tier


@dataclass(frozen=True, slots=True)
class Allowance:
    """One tier. `why`: a Reason that keeps it shut, None while it is open; `voucher_fen`: what one coupon may be worth;
    `count_left`, `left_fen`: what the outage still bears; `until_ms` (UTC): when its hours are over. None: no limit of
    that kind, or an outage that has not begun. `manager`: a PIN would open it further, or already has."""

    tier: Tier
    why: Reason | None
    voucher_fen: int
    count_left: int | None
    left_fen: int | None
    until_ms: int | None
    manager: bool = False


def allowance(limits: Limits, tier: Tier, outage: Outage | None, at: Moment, seen_at_ms: int | None) -> Allowance:
    """`seen_at_ms`: how old the list is that this tier rests on (None: never read whole)."""
    isolated = tier in (Tier.PERMIT, Tier.CHAIN) and at.source is ClockSource.WALL
    opened = outage is not None and outage.opened_by is not None
    budget = limits.budget(tier, isolated) if tier is not Tier.RECORDED or opened else limits.recorded
    now = outage or Outage(0, at.ms)
    spent = spent_in(isolated, now, PURSE_OF[tier])
    why = _shut(limits, tier, at, seen_at_ms) or over_budget(budget, now, spent, Spent(1, 1), at.ms)
    recorded = PURSE_OF[tier] is Purse.RECORDED
    if recorded and why is not None and not opened:
        why = manager_wanted(spent, budget)
    return Allowance(
        tier,
        why,
        budget.voucher_fen,
        _left(budget.count, spent.count),
        _left(budget.amount_fen, spent.amount_fen),
        _until_ms(budget, outage),
        recorded,
    )


def _shut(limits: Limits, tier: Tier, at: Moment, seen_at_ms: int | None) -> Reason | None:
    if tier is Tier.RECORDED:
        return None
    if not at.trusted:
        return because(Code.CLOCK_UNTRUSTED)
    if seen_at_ms is None or at.ms - seen_at_ms > limits.max_age_hours[tier] * HOUR_MS:
        return because(Code.LISTS_TOO_OLD)
    return None


def _left(limit: int | None, spent: int) -> int | None:
    return None if limit is None else max(0, limit - spent)


def _until_ms(budget: Budget, outage: Outage | None) -> int | None:
    return None if outage is None or budget.hours is None else outage.started_at_ms + budget.hours * HOUR_MS
