"""How Dianping's old gateway writes a coupon: snake case, yuan as floats, and one name in camel case."""

from sync.sandbox.meituan.shapes import channel, market_fen, masked, moment, yuan
from sync.sandbox.receipts import biz_type, deal_group_id, deal_id, most, product
from sync.sandbox.rows import Coupon, Redemption
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Json


def _sold(coupon: Coupon) -> Json:
    return {
        "receipt_code": coupon.code,
        "deal_id": deal_id(coupon),
        "dealgroup_id": deal_group_id(coupon),
        "deal_title": product(coupon).title,
        "deal_price": yuan(coupon.price_fen),
        "deal_marketprice": yuan(market_fen(coupon.price_fen)),
        "biz_type": biz_type(coupon),
    }


def _ordered(coupon: Coupon) -> Json:
    return {
        "order_id": coupon.order_id,
        **_sold(coupon),
        "mobile": masked(coupon.phone),
        "payment_detail": [
            {
                "payment_detail_id": f"{deal_id(coupon)}-1",
                "amount": f"{coupon.price_fen / 100:.2f}",
                "amount_type": 10,
            }
        ],
        # Camel case, as it was seen in a live answer.
        "receiptEndDate": moment(coupon.valid_until_ms),
    }


def offered(truth: Truth, coupon: Coupon) -> Json:
    """A coupon that can be used; `count` of a times card is what is left of it."""
    return {"count": most(truth, coupon), **_ordered(coupon)}


def consumed(coupon: Coupon, use: Redemption) -> Json:
    """One use that was just made."""
    return {**_ordered(coupon), "times_card_unit_price": yuan(use.amount_fen)}


def reversed_one(coupon: Coupon) -> Json:
    """One use that was just taken back."""
    return {"order_id": coupon.order_id, **_sold(coupon), "mobile": masked(coupon.phone)}


def told(coupon: Coupon, use: Redemption) -> Json:
    """A use that stands, for a read and for the book of a day."""
    return {
        **_sold(coupon),
        "verify_account": use.terminal,
        "verify_channel": channel(use),
        "verify_time": moment(use.at_ms),
    }
