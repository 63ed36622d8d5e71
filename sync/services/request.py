"""What a cashier asks for with one scan."""

from dataclasses import dataclass, field

from sync.domain.evidence import Witnesses
from sync.domain.staff import Staff


@dataclass(frozen=True, slots=True)
class Want:
    """So many units of one of the coupons that a look-up found, by its `Coupon.ref` (which may be a code)."""

    ref: str = field(repr=False)
    units: int = 1

    def __post_init__(self) -> None:
        if self.units < 1:
            raise ValueError("at least one unit is wanted, or none of the coupon")


@dataclass(frozen=True, slots=True)
class Request:
    """How many units, who asks, what was noted. `manager`: one whose PIN was just checked. `wants`: exactly these of
    the coupons found, instead of `units` of those that the platform puts first."""

    staff: Staff
    units: int = 1
    witnesses: Witnesses = field(default_factory=Witnesses)
    manager: Staff | None = None
    wants: tuple[Want, ...] = ()
