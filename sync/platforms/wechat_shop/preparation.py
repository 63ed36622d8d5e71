"""What is kept before vouchers are consumed: how they stood, and which are in which call."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from sync.domain.reasons import Reason
from sync.platforms.plan import Plan, Unit, first_plan, plan_of, plan_text
from sync.platforms.port import Prepared, RedeemCall
from sync.platforms.wechat_shop.wire import Voucher

# Of one call (platform-contracts.md 3).
MOST_UNITS: Final = 10


@dataclass(frozen=True, slots=True)
class Held:
    """A voucher as it stood before anything was sent."""

    code: str = field(repr=False)
    sku_id: str
    order_id: str
    unit_fen: int | None
    times_card: bool
    used: int


@dataclass(frozen=True, slots=True)
class Preparation:
    """The vouchers that were looked up and, once something may have been sent, the plan."""

    held: tuple[Held, ...]
    plan: Plan | None = None

    def to_prepared(self) -> Prepared:
        """As the port keeps it."""
        values = {"vouchers": json.dumps([asdict(each) for each in self.held])}
        return Prepared(values if self.plan is None else {**values, "plan": plan_text(self.plan)})

    def of(self, code: str) -> Held | None:
        """A voucher by its code."""
        return next((each for each in self.held if each.code == code), None)

    def planned(self, call: RedeemCall, refused: Mapping[str | None, Reason]) -> "Preparation":
        """With the first plan: vouchers of one SKU together, not more than a call takes. `refused`: by ref, what can't
        be used, as its look-up told."""
        units: dict[str, list[Unit]] = {}
        used = {each.code: each.used for each in self.held}
        for use in call.uses:
            if use.ref in refused:
                continue
            held = self.of(use.ref or self.held[0].code)
            assert held is not None
            used[held.code] += 1
            serial = used[held.code] if held.times_card else 0
            units.setdefault(held.sku_id, []).append(Unit(use.redemption_id, held.code, serial))
        lots = [
            (sku_id, tuple(each[start : start + MOST_UNITS]))
            for sku_id, each in units.items()
            for start in range(0, len(each), MOST_UNITS)
        ]
        denied = {use.redemption_id: refused[use.ref] for use in call.uses if use.ref in refused}
        return replace(self, plan=first_plan(call.request_id, lots, denied))


def preparation_of(prepared: Prepared | None) -> Preparation | None:
    """Read back what `to_prepared` wrote."""
    if prepared is None or "vouchers" not in prepared.values:
        return None
    held = tuple(Held(**each) for each in json.loads(prepared.values["vouchers"]))
    return Preparation(held, plan_of(prepared.values["plan"]) if "plan" in prepared.values else None)


def held_of(voucher: Voucher) -> Held:
    """A voucher as it is kept."""
    return Held(
        code=voucher.code,
        sku_id=voucher.sku_id or "",
        order_id=voucher.order_id or "",
        unit_fen=voucher.unit_fen,
        times_card=voucher.is_times_card,
        used=voucher.units_used,
    )
