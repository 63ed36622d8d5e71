"""Tiers of trust while a platform can't be asked, and their limits (product.md A5)."""

from dataclasses import dataclass, field
from enum import StrEnum

HOUR_MS = 3_600_000


class Tier(StrEnum):
    """What an acceptance rests on."""

    ONLINE = "online"
    PERMIT = "permit"
    CHAIN = "chain"
    CACHED = "cached"
    RECORDED = "recorded"


class Purse(StrEnum):
    """The budgets of an outage: chain, cached and unanswered online calls share one."""

    PERMIT = "permit"
    SHARED = "shared"
    RECORDED = "recorded"


PURSE_OF = {
    Tier.ONLINE: Purse.SHARED,
    Tier.PERMIT: Purse.PERMIT,
    Tier.CHAIN: Purse.SHARED,
    Tier.CACHED: Purse.SHARED,
    Tier.RECORDED: Purse.RECORDED,
}


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be accepted in one outage. None = no limit of that kind. `voucher_fen` limits one redemption of
    one voucher (all its units of one basket together)."""

    voucher_fen: int
    amount_fen: int | None = None
    count: int | None = None
    hours: int | None = None

    def tightened(self, other: "Budget") -> "Budget":
        """The stricter of two budgets, figure by figure."""
        return Budget(
            min(self.voucher_fen, other.voucher_fen),
            _least(self.amount_fen, other.amount_fen),
            _least(self.count, other.count),
            _least(self.hours, other.hours),
        )


def _least(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else min(a, b)


@dataclass(frozen=True, slots=True)
class Limits:
    """The owner's limits; the defaults are product.md A5. Ages in hours: how old keys, revocations and cache may be."""

    permit: Budget = Budget(100_000, 1_000_000, None, 24)
    chain: Budget = Budget(30_000, 500_000, 200, 12)
    recorded: Budget = Budget(30_000, 200_000, 20)
    recorded_by_manager: Budget = Budget(30_000, 500_000, 200)
    isolated: Budget = Budget(10_000, None, 20, 4)
    account_a_day: int = 5
    max_step_s: int = 60
    max_chain_life_s: int = 86_400
    max_permit_life_s: int = 600
    max_age_hours: dict[Tier, int] = field(
        default_factory=lambda: {Tier.PERMIT: 72, Tier.CHAIN: 24, Tier.CACHED: 24},
    )

    def budget(self, tier: Tier, isolated: bool) -> Budget:
        """The widest budget that an acceptance of this tier may be counted against. An isolated counter's permit counts
        as an isolated chain (product.md A5, "as chain when cut off")."""
        if tier is Tier.RECORDED:
            return self.recorded_by_manager
        whole = self.permit if tier is Tier.PERMIT and not isolated else self.chain
        return whole.tightened(self.isolated) if isolated else whole


@dataclass(frozen=True, slots=True)
class Spent:
    """What one purse has given out in this outage."""

    count: int = 0
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Outage:
    """One platform's outage: from the first acceptance on trust until the last of them is settled."""

    id: int
    started_at_ms: int
    opened_by: str | None = None
    spent: dict[Purse, Spent] = field(default_factory=dict)

    def used(self, purse: Purse) -> Spent:
        """What that purse has given out; zeros at first."""
        return self.spent.get(purse, Spent())
