"""One voucher as WeChat writes it: ids as strings, times in seconds and amounts in fen as numbers."""

from sync.sandbox.catalogue import product_of
from sync.sandbox.coupons import live_uses, state_of, units_left, uses
from sync.sandbox.rows import Coupon, Remembered
from sync.sandbox.truth import Truth
from sync.sandbox.wechat_shop.envelope import NO_SUCH_VOUCHER, Failure, succeeded
from sync.sandbox.wechat_shop.reading import body_of, one_named, sku_of
from sync.sandbox.wire import Answer, Json, Request, dump, parse_object

_VALID, _USED, _REFUND, _EXPIRED = 1, 2, 3, 4
# Frozen means that a refund was asked for; there is no number for it.
_STATUS = {"usable": _VALID, "frozen": _VALID, "used": _USED, "refunded": _REFUND, "expired": _EXPIRED}
_CASH, _EXCHANGE, _TIMES_CARD = 1, 2, 3
_CODE_OF_PLATFORM = 1
# Guesses: the documents name this field's type, not its numbers.
_UNSETTLED, _SETTLED = 1, 2
_PLACE, _WITHDRAWN = "wechat_shop.place", "wechat_shop.withdrawn"


def get(truth: Truth, request: Request) -> Answer:
    """One voucher by its encrypted code, or by its code and sku."""
    named = one_named(truth, body_of(request))
    if named.coupon is None:
        raise Failure(NO_SUCH_VOUCHER)
    return succeeded({"voucher": voucher(truth, named.coupon)})


def product(truth: Truth, request: Request) -> Answer:
    """What a product is called: a voucher itself tells only the product's id."""
    wanted = body_of(request).text("product_id")
    coupons = (one for one in truth.coupons if one.platform == "wechat_shop")
    found = next((one for one in coupons if product_id(one) == wanted), None)
    if found is None:
        raise Failure(NO_SUCH_VOUCHER, "商品不存在")
    sold = product_of(found.kind, found.product)
    data = {"product_id": wanted, "product_type": type_of(found), "product_name": sold.title}
    return succeeded({"online_data": data})


def product_id(coupon: Coupon) -> str:
    """The product that a coupon is one of."""
    return f"1000{int(product_of(coupon.kind, coupon.product).offer, 16)}"


def type_of(coupon: Coupon) -> int:
    """Cash voucher, something to exchange, or times card."""
    if coupon.kind == "times_card":
        return _TIMES_CARD
    return _CASH if "代金券" in product_of(coupon.kind, coupon.product).title else _EXCHANGE


def voucher(truth: Truth, coupon: Coupon) -> Json:
    """All that is told of a voucher; of a times card's uses only their number and the last request."""
    item: Json = {
        "code": coupon.code,
        "status": _STATUS[state_of(truth, coupon)],
        "send_time": coupon.valid_from_ms // 1000,
        "update_time": _updated_s(truth, coupon),
        "start_time": coupon.valid_from_ms // 1000,
        "end_time": coupon.valid_until_ms // 1000,
        "product_id": product_id(coupon),
        "sku_id": sku_of(coupon),
        "order_id": coupon.order_id,
        "voucher_type": type_of(coupon),
        "voucher_buy_amount": coupon.price_fen,
        "voucher_actual_amount": coupon.price_fen * 5 // 4,
        "openid": coupon.account,
        "union_id": f"u{coupon.account[1:]}",
        "code_type": _CODE_OF_PLATFORM,
        **({"telphone_no": coupon.phone} if coupon.phone else {}),
        **_last_numbers(truth, coupon),
    }
    return item | (_times(truth, coupon) if coupon.kind == "times_card" else _use(truth, coupon))


def _updated_s(truth: Truth, coupon: Coupon) -> int:
    moments = [coupon.valid_from_ms]
    for use in uses(truth, coupon):
        moments += [use.at_ms, use.reversed_at_ms or 0]
    return max(moments) // 1000


def _last_numbers(truth: Truth, coupon: Coupon) -> Json:
    every = uses(truth, coupon)
    withdrawn = truth.remembered.get(f"{_WITHDRAWN}/{coupon.code}")
    return {
        **({"last_consume_no": every[-1].request_id} if every else {}),
        **({"last_withdraw_consume_no": withdrawn.body} if withdrawn else {}),
    }


def _times(truth: Truth, coupon: Coupon) -> Json:
    left = units_left(truth, coupon)
    refunded = left if coupon.state == "refunded" else 0
    counts = {
        "total_count": coupon.units,
        "available_count": left - refunded,
        "consumed_count": coupon.units - left,
        "refunded_count": refunded,
    }
    return {"time_card": counts}


def _use(truth: Truth, coupon: Coupon) -> Json:
    told: Json = {"refund_time": _updated_s(truth, coupon)} if coupon.state == "refunded" else {}
    for use in live_uses(truth, coupon):
        told["consume_time"] = use.at_ms // 1000
        told["voucher_settle_status"] = _SETTLED if use.settled else _UNSETTLED
        place = truth.remembered.get(f"{_PLACE}/{use.request_id}")
        told |= parse_object(place.body.encode()) if place else {}
    return told


def keep_place(truth: Truth, number: str, store_name: str, out_store_id: str) -> None:
    """Where a consume request says that it happened; the voucher shows it as long as the use stands."""
    place = {"consume_store_name": store_name, "out_store_id": out_store_id}
    body = dump({name: value for name, value in place.items() if value}).decode()
    truth.remembered.put(Remembered(_PLACE, number, "", body, truth.now_ms()))


def keep_withdrawn(truth: Truth, code: str, number: str) -> None:
    """The last request that took a use of this voucher back."""
    truth.remembered.put(Remembered(_WITHDRAWN, code, "", number, truth.now_ms()))
