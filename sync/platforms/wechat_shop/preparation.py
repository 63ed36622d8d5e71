"""What is kept before vouchers are consumed: which are in which call, and under which number each call was sent."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from sync.domain.reasons import Reason, from_json, to_json
from sync.platforms.port import Prepared, Use
from sync.platforms.wechat_shop.wire import Voucher

# Of one call (platform-contracts.md 3).
MOST_UNITS: Final = 10


@dataclass(frozen=True, slots=True)
class Held:
    """A voucher as it stood before anything was sent."""

    code: str
    sku_id: str
    order_id: str
    unit_fen: int | None
    times_card: bool
    used: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One use in a call. `serial`: the how manieth use of its times card, 0 for a voucher."""

    redemption_id: str
    code: str
    serial: int


@dataclass(frozen=True, slots=True)
class Part:
    """One call: all of its units are done, or none."""

    number: str
    sku_id: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls that carry out a redemption. `made`: how many numbers were ever made, so that none is made twice;
    `denied`: the units that the platform will not redeem."""

    parts: tuple[Part, ...]
    made: int
    denied: Mapping[str, Reason]

    def without(self, part: Part, denied: Mapping[str, Reason], request_id: str) -> tuple["Plan", Part | None]:
        """With the rest of a refused part under a number of its own: the refused number may only ever mean what was
        sent under it."""
        left = tuple(unit for unit in part.units if unit.redemption_id not in denied)
        rest = Part(number_of(request_id, self.made + 1), part.sku_id, left) if left else None
        parts = tuple(each for each in (*(each for each in self.parts if each is not part), rest) if each is not None)
        return Plan(parts, self.made + (rest is not None), {**self.denied, **denied}), rest


@dataclass(frozen=True, slots=True)
class Preparation:
    """The vouchers that were looked up and, once something may have been sent, the plan."""

    held: tuple[Held, ...]
    plan: Plan | None = None

    def to_prepared(self) -> Prepared:
        """As the port keeps it."""
        values = {"vouchers": json.dumps([asdict(each) for each in self.held])}
        if self.plan is not None:
            denied = {redemption_id: to_json(reason) for redemption_id, reason in self.plan.denied.items()}
            parts = [asdict(part) for part in self.plan.parts]
            values["plan"] = json.dumps({"parts": parts, "made": self.plan.made, "denied": denied})
        return Prepared(values)

    def of(self, code: str) -> Held | None:
        """A voucher by its code."""
        return next((each for each in self.held if each.code == code), None)

    def planned(self, request_id: str, uses: tuple[Use, ...]) -> "Preparation":
        """With the first plan: vouchers of one SKU together, not more than a call takes."""
        units: dict[str, list[Unit]] = {}
        used = {each.code: each.used for each in self.held}
        for use in uses:
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
        parts = tuple(Part(number_of(request_id, place), *lot) for place, lot in enumerate(lots, 1))
        return replace(self, plan=Plan(parts, len(parts), {}))


def preparation_of(prepared: Prepared | None) -> Preparation | None:
    """Read back what `to_prepared` wrote."""
    if prepared is None or "vouchers" not in prepared.values:
        return None
    held = tuple(Held(**each) for each in json.loads(prepared.values["vouchers"]))
    if "plan" not in prepared.values:
        return Preparation(held)
    plan = json.loads(prepared.values["plan"])
    parts = tuple(
        Part(part["number"], part["sku_id"], tuple(Unit(**unit) for unit in part["units"])) for part in plan["parts"]
    )
    denied = {redemption_id: from_json(reason) for redemption_id, reason in plan["denied"].items()}
    return Preparation(held, Plan(parts, plan["made"], denied))


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


def number_of(request_id: str, place: int) -> str:
    """The request number of a call, from the id of the redemption: the first is that id itself."""
    return request_id if place == 1 else f"{request_id}_{place}"


def request_of(number: str) -> str:
    """The id of the redemption that a request number was made from."""
    return number.partition("_")[0]
