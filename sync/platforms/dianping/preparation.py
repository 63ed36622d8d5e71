"""What is kept before coupons are redeemed: how they stood, and which are in which call."""

import json
from dataclasses import asdict, dataclass, field, replace

from sync.platforms.plan import Plan, Unit, first_plan, plan_of, plan_text
from sync.platforms.port import Prepared, RedeemCall


@dataclass(frozen=True, slots=True)
class Held:
    """A coupon as a look-up found it. `units_left`: uses of a card, or coupons of the deal under this code."""

    code: str = field(repr=False)
    deal_id: str
    card: bool
    units_left: int
    unit_fen: int | None


@dataclass(frozen=True, slots=True)
class Preparation:
    """The coupons that were looked up and, once something may have been sent, the plan."""

    held: tuple[Held, ...]
    plan: Plan | None = None

    def to_prepared(self) -> Prepared:
        """As the port keeps it."""
        values = {"coupons": json.dumps([asdict(each) for each in self.held])}
        return Prepared(values if self.plan is None else {**values, "plan": plan_text(self.plan)})

    def of(self, code: str) -> Held | None:
        """A coupon by its code."""
        return next((each for each in self.held if each.code == code), None)

    def planned(self, call: RedeemCall) -> "Preparation":
        """With the first plan: a call for each code. Uses that name none are of the shown coupons, in turn."""
        free = [held.code for held in self.held for _ in range(held.units_left)]
        units: dict[str, list[Unit]] = {}
        for use in call.uses:
            code = use.ref or (free.pop(0) if free else self.held[-1].code)
            units.setdefault(code, []).append(Unit(use.redemption_id, code))
        lots = [(code, tuple(each)) for code, each in units.items()]
        return replace(self, plan=first_plan(call.request_id, lots, {}))


def preparation_of(prepared: Prepared | None) -> Preparation | None:
    """Read back what `to_prepared` wrote."""
    if prepared is None or "coupons" not in prepared.values:
        return None
    held = tuple(Held(**each) for each in json.loads(prepared.values["coupons"]))
    return Preparation(held, plan_of(prepared.values["plan"]) if "plan" in prepared.values else None)
