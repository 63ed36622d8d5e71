"""What a prepare gave: kept before anything binding is sent, since Douyin knows no request id of ours."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from sync.domain.reasons import from_json, to_json
from sync.platforms.douyin.wire import Certificate, unit_worth_fen
from sync.platforms.port import Denied, Prepared, Redeemed, Use, UseResult


@dataclass(frozen=True, slots=True)
class Held:
    """One coupon of a preparation. `seen`: the uses that stood at that moment, so that a later one can be told from
    them without comparing clocks; `used`: how many the platform counted then, None where an earlier version kept it.
    `current`: it is verified under the present token, not an earlier one. `third`: by its plain code (1.4); where that
    is one of several of an order, the platform does not say whose it is, and `certificate_id` is empty."""

    certificate_id: str
    encrypted_code: str
    code: str
    units_left: int
    selected: bool
    seen: tuple[str, ...]
    worth_fen: int
    current: bool = True
    used: int | None = None
    third: bool = False

    @property
    def ref(self) -> str:
        """What the port calls it."""
        return self.certificate_id or self.code

    @property
    def sent_code(self) -> str:
        """What a verify calls it."""
        return self.code if self.third else self.encrypted_code


@dataclass(frozen=True, slots=True)
class Preparation:
    """A permission to verify, and for what. `told`: uses of the call that an earlier preparation has settled already;
    they are not sent under this one."""

    verify_token: str
    order_id: str
    obtained_at_ms: int
    held: tuple[Held, ...]
    told: tuple[UseResult, ...] = ()

    def to_prepared(self) -> Prepared:
        """As the port keeps it."""
        certificates = [[getattr(each, name.name) for name in fields(Held)] for each in self.held]
        return Prepared(
            {
                "verify_token": self.verify_token,
                "order_id": self.order_id,
                "obtained_at_ms": str(self.obtained_at_ms),
                "certificates": json.dumps(certificates, separators=(",", ":")),
                "told": json.dumps([_written(result) for result in self.told], separators=(",", ":")),
            }
        )

    def keeping(self, earlier: "Preparation", told: Iterable[UseResult]) -> "Preparation":
        """With the coupons of an earlier preparation that this one does not list (they may be used by now), and what
        was `told` by then."""
        listed = {each.ref for each in self.held}
        left = (replace(each, current=False) for each in earlier.held if each.ref not in listed)
        return replace(self, held=(*self.held, *left), told=tuple(told))

    def assigned(self, uses: tuple[Use, ...]) -> list[tuple[Use, Held | None]]:
        """Each use with its coupon: by name, else by code, else the next one that the shown text stands for."""
        left = {each.ref: each.units_left for each in self.held}
        named = [(use, self._named(use)) for use in uses]
        for _, held in named:
            if held is not None:
                left[held.ref] -= 1
        free = [each for each in self.held if each.selected for _ in range(max(0, left[each.ref]))]
        return [(use, held if held or use.ref is not None else (free.pop(0) if free else None)) for use, held in named]

    def _named(self, use: Use) -> Held | None:
        if use.ref is not None:
            return next((each for each in self.held if each.ref == use.ref), None)
        if use.code:
            return next((each for each in self.held if each.code == use.code), None)
        return None


def preparation_of(prepared: Prepared | None) -> Preparation | None:
    """Read back what `to_prepared` wrote; None when there is nothing that could have been sent."""
    if prepared is None or not prepared.values.get("verify_token"):
        return None
    rows: list[list[Any]] = json.loads(prepared.values["certificates"])
    held = tuple(replace(each, seen=tuple(each.seen)) for each in (Held(*row) for row in rows))
    values = prepared.values
    told = tuple(_read(row) for row in json.loads(values.get("told", "[]")))
    return Preparation(values["verify_token"], values["order_id"], int(values["obtained_at_ms"]), held, told)


def held_of(item: Certificate, selected: bool) -> Held:
    """An item of a prepare as it is kept."""
    return Held(
        used=item.units_used,
        third=item.of_third_party and bool(item.code),
        certificate_id=item.certificate_id,
        encrypted_code=item.encrypted_code,
        code=item.code or "",
        units_left=max(0, item.units_total - item.units_used),
        selected=selected,
        seen=tuple(each.verify_id or "" for each in item.verifications),
        worth_fen=unit_worth_fen(item),
    )


def with_code(items: list[Certificate], typed: str | None) -> list[Certificate]:
    """The items, where a third party may have issued the code that was typed and the platform tells none: the first of
    them stands for it, and if there are others under no name but that code."""
    first = items[0]
    if typed is None or not first.of_third_party or any(item.code for item in items):
        return items
    nameless = {"certificate_id": ""} if len(items) > 1 else {}
    return [first.model_copy(update={"code": typed, **nameless}), *items[1:]]


def selection(items: list[Certificate], typed: str | None) -> list[bool]:
    """Which items the shown text stands for: all for a QR; for a typed code the one that bears it, or all where the
    platform, as it usually does, tells no codes."""
    bearing = [typed is not None and item.code == typed for item in items]
    return bearing if any(bearing) else [True] * len(items)


def _written(result: UseResult) -> list[Any]:
    if isinstance(result, Denied):
        return [result.redemption_id, to_json(result.reason)]
    return [result.redemption_id, result.at_ms, result.amount_fen, dict(result.refs), result.code]


def _read(row: list[Any]) -> UseResult:
    match row:
        case [redemption_id, reason]:
            return Denied(redemption_id, from_json(reason))
        case [redemption_id, at_ms, amount_fen, refs, code]:
            return Redeemed(redemption_id, at_ms, amount_fen, refs, code)
    raise ValueError("no result of a use")
