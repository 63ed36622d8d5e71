"""Who works at the terminal and what each role may do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The three kinds of people who live with a terminal (product.md)."""

    CASHIER = "cashier"
    MANAGER = "manager"
    TECHNICIAN = "technician"


class Deed(StrEnum):
    """What needs a permission."""

    REDEEM = "redeem"
    REVERSE = "reverse"
    OPEN_OUTAGE = "open_outage"
    CLOSE_SHIFT = "close_shift"
    APPROVE_CLOSE = "approve_close"
    RESOLVE = "resolve"
    HOLD = "hold"
    KEEP_STAFF = "keep_staff"
    CLOSE_TILL = "close_till"


_MAY = {
    Role.CASHIER: frozenset({Deed.REDEEM, Deed.REVERSE, Deed.CLOSE_SHIFT}),
    Role.MANAGER: frozenset(Deed),
    Role.TECHNICIAN: frozenset({Deed.CLOSE_TILL}),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """One person. `pin_hash` is argon2's own text, sealed, as hex; None: this person signs in without a PIN."""

    id: str
    name: str
    role: Role
    pin_hash: str | None
    active: bool = True

    def may(self, deed: Deed) -> bool:
        """Whether the role allows it."""
        return self.active and deed in _MAY[self.role]
