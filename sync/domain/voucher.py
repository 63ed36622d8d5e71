"""What is known of one coupon: as a platform describes it or as the cache keeps it."""

from dataclasses import dataclass

from sync.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a package's contents (套餐包含)."""

    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Coupon:
    """One coupon. Amounts in fen, times in ms UTC.

    `ref` is the platform's own stable id (certificate_id, voucher id); `handle` is what redeem takes (encrypted_code,
    voucher id). `price_fen` is the worth of one unit. `valid_until_ms` is the first moment at which it is no longer
    valid. `state` is None when usable, else why not. `selected`: the shown text stands for this one. `order`: the order
    it belongs to, where that may be another than the look-up's (a customer's telephone number finds several).
    """

    ref: str
    handle: str
    code: str | None
    title: str
    price_fen: int
    kind: str  # "voucher" or "times_card"
    units_total: int
    units_left: int
    valid_from_ms: int | None
    valid_until_ms: int | None
    state: Reason | None = None
    selected: bool = True
    account: str | None = None
    offer: str | None = None
    contents: tuple[Line, ...] = ()
    terms: tuple[str, ...] = ()
    script: str = ""
    order: str | None = None
