"""How Douyin writes a coupon: ids as strings, times in seconds and amounts in fen as numbers."""

from sync.sandbox.catalogue import product_of
from sync.sandbox.coupons import ELSEWHERE, live_uses, unit_amount_fen, units_left
from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.rows import Coupon, Redemption
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Json

CANCEL_WINDOW_MS = 3_600_000
# An expired coupon is still listed for this long, until it is cleaned away.
CLEANED_AFTER_MS = 3_600_000

_UNUSED, _USED, _REFUND_ASKED, _REFUNDED = 1, 2, 3, 4
_GROUPON_TYPES = {"voucher": 1, "times_card": 3}
_CASH_VOUCHER = 2


def status_of(truth: Truth, coupon: Coupon) -> int:
    """Certificate status; a frozen one is a refund that was asked for. There is no number for expired."""
    if coupon.state == "refunded":
        return _REFUNDED
    if coupon.state == "frozen":
        return _REFUND_ASKED
    return _USED if units_left(truth, coupon) == 0 else _UNUSED


def listed(truth: Truth, coupon: Coupon) -> bool:
    """Whether prepare still shows it: unused, or expired so lately that nobody has cleaned it away."""
    fresh = truth.now_ms() < coupon.valid_until_ms + CLEANED_AFTER_MS
    return fresh and status_of(truth, coupon) == _UNUSED


def can_cancel(truth: Truth, use: Redemption) -> bool:
    """Whether the platform would take this use back now."""
    coupon = truth.coupons.get(coupon_key(use.platform, use.code))
    bound = use.settled or coupon is None or not coupon.cancellable
    return use.reversed_at_ms is None and not bound and truth.now_ms() <= use.at_ms + CANCEL_WINDOW_MS


def amount(price_fen: int) -> Json:
    """An amount block of which the customer paid everything."""
    market_fen = price_fen * 5 // 4
    return {
        "original_amount": market_fen,
        "pay_amount": price_fen,
        "coupon_pay_amount": price_fen,
        "merchant_ticket_amount": 0,
        "payment_discount_amount": 0,
        "platform_discount_amount": 0,
        "list_market_amount": market_fen,
        "brand_ticket_amount": 0,
        "origin_list_market_amount": market_fen,
        "original_currency": "CNY",
    }


def sku(truth: Truth, coupon: Coupon) -> Json:
    """The product of a coupon."""
    product = product_of(coupon.kind, coupon.product)
    groupon_type = _CASH_VOUCHER if "代金券" in product.title else _GROUPON_TYPES[coupon.kind]
    return {
        "sku_id": product.sku_id,
        "title": product.title,
        "groupon_type": groupon_type,
        "market_price": coupon.price_fen * 5 // 4,
        "sold_start_time": 1672502400,
        "third_sku_id": coupon.third_sku_id,
        "account_id": douyin_credentials(truth).account_id,
    }


def serial_amount(coupon: Coupon, unit: int) -> Json:
    """What one use of a times card is worth."""
    return {"serial_numb": unit, "amount": amount(unit_amount_fen(coupon, unit))}


def verify_amount_info(coupon: Coupon, unit: int) -> Json:
    """What a verify, or its record, says about money."""
    if coupon.kind != "times_card":
        return {}
    worth = serial_amount(coupon, unit)
    return {"time_card_amount": {"amount": worth["amount"]["pay_amount"]}, "times_card_serial_amount": worth}


def verify_block(truth: Truth, coupon: Coupon, use: Redemption) -> Json:
    """One verify of a coupon, as its certificate lists it."""
    block: Json = {
        "verify_id": use.redemption_id,
        "certificate_id": coupon.serial,
        "verify_time": use.at_ms // 1000,
        "can_cancel": can_cancel(truth, use),
        "verify_type": 2 if use.terminal == ELSEWHERE else 4,
        "verifier_unique_id": use.terminal,
        "poi_id": douyin_credentials(truth).poi_id,
    }
    if coupon.kind == "times_card":
        block["times_card_serial_num"] = use.unit
    return block


def certificate(truth: Truth, coupon: Coupon, *, settled_code: bool = False) -> Json:
    """One coupon. Its plain code shows only where `settled_code` says so, and only once it is used."""
    used = live_uses(truth, coupon)
    status = status_of(truth, coupon)
    item: Json = {
        "encrypted_code": coupon.sealed,
        "certificate_id": coupon.serial,
        "code": coupon.code if settled_code and status == _USED else "",
        "status": status,
        "used_status_type": 0,
        "start_time": coupon.valid_from_ms // 1000,
        "expire_time": coupon.valid_until_ms // 1000,
        "sku": sku(truth, coupon),
        "amount": amount(coupon.price_fen),
        "not_available_time_info": {
            "fulfil_enable": True,
            "can_no_use_week_day": [],
            "can_no_use_date": [],
        },
        "verify_records": [verify_block(truth, coupon, use) for use in used],
    }
    if coupon.kind == "times_card":
        item["time_card"] = {
            "times_count": coupon.units,
            "times_used": len(used),
            "serial_amount_list": [serial_amount(coupon, unit) for unit in range(1, coupon.units + 1)],
        }
    if used:
        item["verify"] = verify_block(truth, coupon, used[-1])
    return item
