"""The rules that hold wherever Meituan or Dianping redeem: which coupons one call means, and what it may take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sync.sandbox.catalogue import Product, product_of
from sync.sandbox.coupons import (
    Reason,
    count_second_attempt,
    live_uses,
    reverse_use,
    units_left,
    use_unit,
    used_by_others,
    why_not,
)
from sync.sandbox.rows import Coupon, Redemption
from sync.sandbox.truth import Truth, coupon_key

WINDOW_MS = 600_000
MOST_AT_ONCE = 100
# One gateway redeems what was bought on either.
BOTH = ("meituan", "dianping")
NORMAL, TIMES_CARD = 0, 205

Why = (
    Reason
    | Literal["too_few", "not_consumed", "window_passed", "settled", "wrong_deal", "request_reused", "no_such_product"]
)


@dataclass(eq=False, slots=True)
class Refusal(Exception):
    """The rules say no; each dialect has its own words for it."""

    why: Why


def biz_type(coupon: Coupon) -> int:
    """What kind of coupon the platform calls it."""
    return TIMES_CARD if coupon.kind == "times_card" else NORMAL


def product(coupon: Coupon) -> Product:
    """What it buys."""
    return product_of(coupon.kind, coupon.product)


def deal_id_of(offer: Product) -> int:
    """The number under which the offer is sold."""
    return int(offer.offer, 16)


def deal_group_id_of(offer: Product) -> int:
    """The number of the group of offers that it belongs to: never its own."""
    return 700_000_000 + deal_id_of(offer) % 1_000_000


def deal_id(coupon: Coupon) -> int:
    """The number of the deal that the coupon was sold under."""
    return deal_id_of(product(coupon))


def deal_group_id(coupon: Coupon) -> int:
    """The number of its group."""
    return deal_group_id_of(product(coupon))


def found(truth: Truth, code: str, platforms: Sequence[str] = BOTH) -> Coupon:
    """The coupon of that code; Refusal when none was sold."""
    for platform in platforms:
        coupon = truth.coupons.get(coupon_key(platform, code))
        if coupon is not None:
            return coupon
    raise Refusal("not_found")


def why_not_here(truth: Truth, coupon: Coupon) -> Why | None:
    """Why this shop cannot use one more unit of it now, or None."""
    return "other_store" if coupon.store else why_not(truth, coupon, truth.now_ms())


def relevant(truth: Truth, coupon: Coupon) -> list[Coupon]:
    """The other coupons of its order that can be used."""
    order = truth.coupons_by_order(coupon.order_id)
    return [one for one in order if one.code != coupon.code and why_not_here(truth, one) is None]


def alike(truth: Truth, coupon: Coupon) -> list[Coupon]:
    """The coupon, and those others of its order that can be used and were sold under the same deal."""
    return [coupon, *(one for one in relevant(truth, coupon) if deal_id(one) == deal_id(coupon))]


def most(truth: Truth, coupon: Coupon) -> int:
    """How many one call may use, beginning with this one: coupons alike, or uses of a times card."""
    return units_left(truth, coupon) if coupon.kind == "times_card" else len(alike(truth, coupon))


def prepared(truth: Truth, code: str, platforms: Sequence[str] = BOTH) -> Coupon:
    """The coupon of that code, if it can be used; Refusal otherwise."""
    coupon = found(truth, code, platforms)
    why = why_not_here(truth, coupon)
    if why is not None:
        raise Refusal(why)
    return coupon


def consumed(
    truth: Truth, code: str, count: int, request_id: str, account: str, platforms: Sequence[str] = BOTH
) -> list[Redemption]:
    """Use `count` at once, all or none: uses of a times card, or the coupon shown and then others like it."""
    coupon = found(truth, code, platforms)
    if used_by_others(truth, coupon, request_id):
        count_second_attempt(truth)
    why = why_not_here(truth, coupon)
    if why is None and count > most(truth, coupon):
        why = "no_units_left" if coupon.kind == "times_card" else "too_few"
    if why is not None:
        raise Refusal(why)
    chosen = [coupon] * count if coupon.kind == "times_card" else alike(truth, coupon)[:count]
    return [
        use_unit(
            truth,
            one,
            request_id=request_id,
            accepted_at_ms=truth.now_ms(),
            tier="online",
            terminal=account or "open-api",
        )
        for one in chosen
    ]


def latest_uses(truth: Truth, coupon: Coupon, count: int = 1) -> list[Redemption]:
    """Its `count` latest redemptions that stand, oldest first; Refusal when there are fewer."""
    standing = sorted(live_uses(truth, coupon), key=lambda use: use.seq)[-count:]
    if len(standing) < count:
        raise Refusal("not_consumed")
    return standing


def taken_back(truth: Truth, coupon: Coupon, deal: str | None, count: int = 1) -> list[Redemption]:
    """Undo its `count` latest redemptions, all or none, within the window; `deal` must be its own if one is named."""
    if deal is not None and deal != str(deal_id(coupon)):
        raise Refusal("wrong_deal")
    undone = latest_uses(truth, coupon, count)
    if any(use.settled for use in undone):
        raise Refusal("settled")
    if any(truth.now_ms() > use.at_ms + WINDOW_MS for use in undone):
        raise Refusal("window_passed")
    return [reverse_use(truth, use) for use in undone]


def coupon_of_use(truth: Truth, use: Redemption) -> Coupon:
    """The coupon that was used."""
    coupon = truth.coupons.get(coupon_key(use.platform, use.code))
    assert coupon is not None
    return coupon
