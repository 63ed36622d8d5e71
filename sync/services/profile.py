"""Who and where this terminal is, and what its owner decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.domain.moment import Moment, business_day
from sync.domain.shift import TOLERANCE, Tolerance
from sync.domain.staff import Role
from sync.domain.trust import Limits


@dataclass(frozen=True, slots=True)
class Profile:
    """One terminal of one store. `own_store`: the store's id on its own platform (8 hex digits); `root_key`: that
    platform's offline root public key (hex); `shops`: what each platform calls this store."""

    terminal: str
    zone: str
    cutoff_hour: int
    own_store: str = ""
    root_key: str = ""
    limits: Limits = field(default_factory=Limits)
    counter_budget_ms: int = 2_000
    delivery_budget_ms: int = 10_000
    shops: Mapping[str, str] = field(default_factory=dict)
    tolerance: Mapping[Role, Tolerance] = field(default_factory=lambda: TOLERANCE)

    def day_of(self, now: Moment) -> str:
        """The business day of a moment."""
        return business_day(now.ms, self.zone, self.cutoff_hour)
