"""The rules that hold for a coupon on every platform: what is left of it, who may use it, what a use is worth."""

from dataclasses import replace
from typing import Literal

from sync.sandbox.rows import Coupon, Redemption
from sync.sandbox.truth import Truth, coupon_key

Reason = Literal[
    "used",
    "refunded",
    "frozen",
    "expired",
    "not_yet_valid",
    "other_store",
    "not_found",
    "no_units_left",
]

# Here the number of a record is a number on the wire, small enough for a client that has only floats.
_DIGITS = ("meituan", "dianping")

# The terminal that stands for every other device and shop.
ELSEWHERE = "elsewhere"


def unit_amount_fen(coupon: Coupon, unit: int) -> int:
    """What the unit (1 is the first) is worth in fen; all units of a coupon sum to its price."""
    upto, before = coupon.price_fen * unit // coupon.units, coupon.price_fen * (unit - 1) // coupon.units
    return upto - before


def uses(truth: Truth, coupon: Coupon) -> list[Redemption]:
    """Every redemption of the coupon, reversed ones too, in order."""
    return truth.redemptions_by_coupon(coupon_key(coupon.platform, coupon.code))


def live_uses(truth: Truth, coupon: Coupon) -> list[Redemption]:
    """Its redemptions that were not reversed."""
    return [use for use in uses(truth, coupon) if use.reversed_at_ms is None]


def units_left(truth: Truth, coupon: Coupon) -> int:
    """How many units nobody has used."""
    return coupon.units - len(live_uses(truth, coupon))


def state_of(truth: Truth, coupon: Coupon, at_ms: int | None = None) -> str:
    """usable, used, refunded, frozen or expired; what was decided comes before what follows."""
    if coupon.state != "usable":
        return coupon.state
    if units_left(truth, coupon) == 0:
        return "used"
    moment = truth.now_ms() if at_ms is None else at_ms
    return "expired" if moment >= coupon.valid_until_ms else "usable"


def why_not(truth: Truth, coupon: Coupon, at_ms: int) -> Reason | None:
    """Why one more unit cannot be used at that moment, or None."""
    if coupon.state == "refunded":
        return "refunded"
    if coupon.state == "frozen":
        return "frozen"
    if units_left(truth, coupon) == 0:
        return "no_units_left" if coupon.kind == "times_card" else "used"
    if at_ms < coupon.valid_from_ms:
        return "not_yet_valid"
    if at_ms >= coupon.valid_until_ms:
        return "expired"
    return None


def change(truth: Truth, coupon: Coupon) -> Coupon:
    """Keep a changed coupon and tell the delta about it."""
    changed = replace(coupon, changed_seq=truth.next("change"))
    truth.coupons.put(changed)
    truth.changes.append((changed.changed_seq, coupon_key(changed.platform, changed.code)))
    return changed


def touch(truth: Truth, coupon: Coupon) -> Coupon:
    """Tell the delta that something about the coupon has changed."""
    current = truth.coupons.get(coupon_key(coupon.platform, coupon.code))
    return change(truth, current or coupon)


def use_unit(
    truth: Truth,
    coupon: Coupon,
    *,
    request_id: str,
    accepted_at_ms: int,
    tier: str,
    terminal: str,
    at_ms: int | None = None,
) -> Redemption:
    """Book the lowest free unit. The caller has asked `why_not` first."""
    taken = {use.unit for use in live_uses(truth, coupon)}
    unit = next(number for number in range(1, coupon.units + 1) if number not in taken)
    seq = truth.next("redemption")
    made = Redemption(
        platform=coupon.platform,
        redemption_id=_record_id(truth, coupon.platform, seq),
        code=coupon.code,
        unit=unit,
        request_id=request_id,
        amount_fen=unit_amount_fen(coupon, unit),
        at_ms=truth.now_ms() if at_ms is None else at_ms,
        accepted_at_ms=accepted_at_ms,
        tier=tier,
        terminal=terminal,
        seq=seq,
    )
    truth.redemptions.put(made)
    touch(truth, coupon)
    return made


def _record_id(truth: Truth, platform: str, seq: int) -> str:
    if platform == "douyin":
        return f"7{seq:06d}{truth.digits(12)}"
    return f"9{seq:07d}{truth.digits(7)}" if platform in _DIGITS else f"r{truth.hex(12)}"


def reverse_use(truth: Truth, use: Redemption) -> Redemption:
    """Undo one redemption now: its unit is free again."""
    undone = truth.redemptions.put(replace(use, reversed_at_ms=truth.now_ms()))
    coupon = truth.coupons.get(coupon_key(use.platform, use.code))
    if coupon is not None:
        touch(truth, coupon)
    return undone


def used_by_others(truth: Truth, coupon: Coupon, request_id: str) -> bool:
    """Whether nothing is left of it, and a request other than this one has used some of it."""
    live = live_uses(truth, coupon)
    return len(live) == coupon.units and any(use.request_id != request_id for use in live)


def count_second_attempt(truth: Truth) -> None:
    """One more call tried to redeem a unit that another request id had used."""
    truth.next("second_attempt")
