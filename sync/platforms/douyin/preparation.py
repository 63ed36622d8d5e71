"""What a prepare gave: kept before anything binding is sent, since Douyin knows no request id of ours."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sync.platforms.douyin.wire import Certificate, unit_worth_fen
from sync.platforms.port import Prepared, Use


@dataclass(frozen=True, slots=True)
class Held:
    """One coupon of a preparation. `seen`: the uses that stood at that moment, so that a later one can be told from
    them without comparing clocks. `current`: it is verified under the present token, not an earlier one."""

    certificate_id: str
    encrypted_code: str
    code: str
    units_left: int
    selected: bool
    seen: tuple[str, ...]
    worth_fen: int
    current: bool = True


@dataclass(frozen=True, slots=True)
class Preparation:
    """A permission to verify, and for what."""

    verify_token: str
    order_id: str
    obtained_at_ms: int
    held: tuple[Held, ...]

    def to_prepared(self) -> Prepared:
        """As the port keeps it."""
        certificates = [
            [
                each.certificate_id,
                each.encrypted_code,
                each.code,
                each.units_left,
                each.selected,
                each.seen,
                each.worth_fen,
                each.current,
            ]
            for each in self.held
        ]
        return Prepared(
            {
                "verify_token": self.verify_token,
                "order_id": self.order_id,
                "obtained_at_ms": str(self.obtained_at_ms),
                "certificates": json.dumps(certificates, separators=(",", ":")),
            }
        )

    def keeping(self, earlier: "Preparation") -> "Preparation":
        """With the coupons of an earlier preparation that this one does not list (they may be used by now)."""
        listed = {each.certificate_id for each in self.held}
        left = (replace(each, current=False) for each in earlier.held if each.certificate_id not in listed)
        return replace(self, held=(*self.held, *left))

    def assigned(self, uses: tuple[Use, ...]) -> list[tuple[Use, Held | None]]:
        """Each use with its coupon: by name, else by code, else the next one that the shown text stands for."""
        left = {each.certificate_id: each.units_left for each in self.held}
        named = [(use, self._named(use)) for use in uses]
        for _, held in named:
            if held is not None:
                left[held.certificate_id] -= 1
        free = [each for each in self.held if each.selected for _ in range(max(0, left[each.certificate_id]))]
        return [(use, held if held or use.ref is not None else (free.pop(0) if free else None)) for use, held in named]

    def _named(self, use: Use) -> Held | None:
        if use.ref is not None:
            return next((each for each in self.held if each.certificate_id == use.ref), None)
        if use.code:
            return next((each for each in self.held if each.code == use.code), None)
        return None


def preparation_of(prepared: Prepared | None) -> Preparation | None:
    """Read back what `to_prepared` wrote; None when there is nothing that could have been sent."""
    if prepared is None or not prepared.values.get("verify_token"):
        return None
    rows: list[list[Any]] = json.loads(prepared.values["certificates"])
    held = tuple(
        Held(certificate_id, encrypted_code, code, units_left, selected, tuple(seen), worth_fen, current)
        for certificate_id, encrypted_code, code, units_left, selected, seen, worth_fen, current in rows
    )
    values = prepared.values
    return Preparation(values["verify_token"], values["order_id"], int(values["obtained_at_ms"]), held)


def held_of(item: Certificate, selected: bool) -> Held:
    """An item of a prepare as it is kept."""
    return Held(
        certificate_id=item.certificate_id,
        encrypted_code=item.encrypted_code,
        code=item.code or "",
        units_left=max(0, item.units_total - item.units_used),
        selected=selected,
        seen=tuple(each.verify_id or "" for each in item.verifications),
        worth_fen=unit_worth_fen(item),
    )


def selection(items: list[Certificate], typed: str | None) -> list[bool]:
    """Which items the shown text stands for: all for a QR; for a typed code the one that bears it, or all where the
    platform, as it usually does, tells no codes."""
    bearing = [typed is not None and item.code == typed for item in items]
    return bearing if any(bearing) else [True] * len(items)
