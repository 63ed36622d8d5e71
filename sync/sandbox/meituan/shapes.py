"""How businessId 58 writes a coupon: yuan as floats, deals as numbers, times in two ways."""

import json
from datetime import UTC, datetime, timedelta, timezone

from sync.sandbox.catalogue import PRICE_FEN, Product
from sync.sandbox.coupons import unit_amount_fen
from sync.sandbox.receipts import biz_type, deal_group_id, deal_group_id_of, deal_id, deal_id_of, most, product
from sync.sandbox.rows import Coupon, Redemption
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Json

BEIJING = timezone(timedelta(hours=8))
_THIRD_PARTY, _MERCHANT_APP = "15", "1"


def yuan(fen: int) -> float:
    """Fen as yuan: the nearest float, which prints with two decimals at most."""
    return fen / 100


def market_fen(price_fen: int) -> int:
    """The price without the offer."""
    return price_fen * 5 // 4


def moment(at_ms: int) -> str:
    """A time as text, in Beijing."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def masked(phone: str) -> str:
    """A phone number of which nobody learns the middle; empty where none is known."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""


def channel(use: Redemption) -> str:
    """Through what it was redeemed; 15 stands for a third party."""
    return _MERCHANT_APP if use.terminal == "elsewhere" else _THIRD_PARTY


def _money(coupon: Coupon, price_fen: int, unit_fen: int) -> Json:
    return {
        "paymentDetail": [
            {"paymentDetailId": f"{deal_id(coupon)}-1", "amount": f"{price_fen / 100:.2f}", "amountType": 10}
        ],
        "tgTimesCardFlag": coupon.kind == "times_card",
        "purchaseToConsumeRatio": coupon.units,
        "timesCardUnitPrice": yuan(unit_fen),
        "platformAmount": 0.0,
        "merchantAmount": 0.0,
    }


def _sold(coupon: Coupon, group: str) -> Json:
    """What every answer about a coupon begins with; `group` is how this call spells the deal group.

    The deal's price is that of the whole coupon, of a times card too.
    """
    return {
        "orderId": coupon.order_id,
        "receiptCode": coupon.code,
        "dealId": deal_id(coupon),
        group: deal_group_id(coupon),
        "dealTitle": product(coupon).title,
        "dealPrice": yuan(coupon.price_fen),
        "dealMarketPrice": yuan(market_fen(coupon.price_fen)),
        "mobile": masked(coupon.phone),
        "bizType": biz_type(coupon),
    }


def offered(truth: Truth, coupon: Coupon) -> Json:
    """A coupon that can be used. `count` of a times card is what is left of it, not what there was."""
    contents = [{"name": name, "count": count} for name, count in product(coupon).contents]
    return {
        "count": most(truth, coupon),
        **_sold(coupon, "dealGroupId"),
        **_money(coupon, coupon.price_fen, unit_amount_fen(coupon, 1)),
        "receiptEndDate": coupon.valid_until_ms,
        "productType": 1,
        "productItemId": deal_id(coupon),
        "thirdPartyProductId": "",
        "receiptInfoMap": json.dumps({"contents": contents, "terms": product(coupon).terms}, ensure_ascii=False),
        "additionItemInfos": [],
    }


def consumed(coupon: Coupon, use: Redemption) -> Json:
    """One use that was just made."""
    return {
        **_sold(coupon, "dealgroupId"),
        **_money(coupon, use.amount_fen, use.amount_fen),
        "receiptEndDate": moment(coupon.valid_until_ms),
        "productSnapshot": "",
        "flowId": int(use.redemption_id),
    }


def reversed_one(coupon: Coupon) -> Json:
    """One use that was just taken back."""
    line = _sold(coupon, "dealgroupId")
    del line["bizType"]
    return line


def record(coupon: Coupon, use: Redemption) -> Json:
    """One line of the history."""
    return {
        "receiptCode": coupon.code,
        "dealId": deal_id(coupon),
        "dealGroupId": deal_group_id(coupon),
        "dealTitle": product(coupon).title,
        "dealPrice": yuan(coupon.price_fen),
        "verifyAccount": use.terminal,
        "verifyChannel": channel(use),
        "verifyTime": moment(use.at_ms),
        "bizType": biz_type(coupon),
        "flowId": int(use.redemption_id),
        "refundStatus": _refund_status(coupon, use),
    }


def _refund_status(coupon: Coupon, use: Redemption) -> int:
    refunded = coupon.state == "refunded"
    if use.reversed_at_ms is not None:
        return 4 if refunded else 0
    return 6 if refunded else 1


def told(coupon: Coupon, use: Redemption) -> Json:
    """A coupon that has been used: its latest use."""
    line = _sold(coupon, "dealGroupId")
    del line["orderId"], line["mobile"]
    return {
        **line,
        "orderShopPromoAmount": 0.0,
        "orderShopPromoDetails": [],
        "verifyAccount": use.terminal,
        "verifyChannel": channel(use),
        "verifyTime": moment(use.at_ms),
    }


def on_sale(offer: Product) -> Json:
    """A product of this shop, at the price that a coupon has unless somebody asks for another."""
    return {
        "dealId": deal_id_of(offer),
        "dealGroupId": deal_group_id_of(offer),
        "dealTitle": offer.title,
        "dealPrice": yuan(PRICE_FEN),
        "dealMarketPrice": yuan(market_fen(PRICE_FEN)),
    }
