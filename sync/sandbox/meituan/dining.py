"""businessId 1, dining: redeems without a request id, and tells a refusal of its rules inside a successful envelope."""

import json

from sync.sandbox.coupons import live_uses, state_of, unit_amount_fen
from sync.sandbox.fields import Fields
from sync.sandbox.meituan.days import day_of, uses_of
from sync.sandbox.meituan.envelope import WORDS, answered
from sync.sandbox.meituan.gateway import biz_of
from sync.sandbox.meituan.shapes import market_fen, moment, yuan
from sync.sandbox.receipts import (
    MOST_AT_ONCE,
    WINDOW_MS,
    Refusal,
    consumed,
    coupon_of_use,
    deal_id,
    found,
    most,
    prepared,
    product,
    taken_back,
)
from sync.sandbox.rows import Coupon, Redemption
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Json, Request

MOST_RECORDS = 300
_LONGEST_NAME, _LONGEST_ORDER = 32, 64
_OK: Json = {"result": 0, "message": "成功"}
_POI = 4_400_117

_STATES = {"usable": "未使用", "expired": "未使用", "used": "已使用", "frozen": "已冻结", "refunded": "已退款"}


def prepare(truth: Truth, request: Request) -> Answer:
    """One code that can be used, and how many are like it. Changes nothing."""
    return _asked(truth, biz_of(request).text("couponCode"))


def msprepare(truth: Truth, request: Request) -> Answer:
    """The newer prepare, with its own spelling of isVoucher and its menu as text."""
    return _asked(truth, biz_of(request).text("code"), newer=True)


def consume(truth: Truth, request: Request) -> Answer:
    """Use `count` coupons of the order, all or none. There is no request id: a used coupon is refused, whoever asks."""
    biz = biz_of(request)
    code, count = biz.text("couponCode"), biz.whole("count", 1, MOST_AT_ONCE)
    account, order_id = _account(biz), biz.text("eOrderId", longest=_LONGEST_ORDER)
    return _used(truth, code, count, account, order_id)


def msconsume(truth: Truth, request: Request) -> Answer:
    """The newer consume. It need not name an order: two calls without one are two strangers."""
    biz = biz_of(request)
    code, count = biz.text("code"), biz.whole("num", 1, MOST_AT_ONCE)
    account = _account(biz) if biz.has("eId") else ""
    order_id = biz.text("eOrderId", longest=_LONGEST_ORDER) if biz.has("eOrderId") else f"unnamed-{truth.hex(8)}"
    return _used(truth, code, count, account, order_id)


def cancel(truth: Truth, request: Request) -> Answer:
    """Take back the latest use of a coupon, within the window [ten minutes here too: a guess]."""
    biz = biz_of(request)
    code = biz.text("couponCode")
    biz.whole("type", 1, 1)
    _account(biz)
    try:
        taken_back(truth, found(truth, code), None)
    except Refusal as refusal:
        return _refused(truth, refusal)
    return answered(truth, dict(_OK))


def query_by_id(truth: Truth, request: Request) -> Answer:
    """What has become of a coupon; the one answer about an outcome that is not known."""
    coupon = found(truth, biz_of(request).text("couponCode"))
    standing = live_uses(truth, coupon)
    latest = max(standing, key=lambda use: use.seq) if standing else None
    data = _line(truth, coupon, latest)
    data |= {"dealId": deal_id(coupon), "singleValue": yuan(market_fen(_unit_fen(coupon))), "volume": coupon.units}
    return answered(truth, data)


def query_list_by_date(truth: Truth, request: Request) -> Answer:
    """Uses of one day (in Beijing) that stand, oldest first, `limit` of them from the `offset`th.

    A use that was taken back is gone from the list [a guess]: the lines have no number and no status of their own.
    """
    biz = biz_of(request)
    day = day_of(biz)
    offset, limit = biz.whole("offset", 0, 10**9), biz.whole("limit", 1, MOST_RECORDS)
    standing = [use for use in uses_of(truth, day) if use.reversed_at_ms is None]
    page = [_line(truth, coupon_of_use(truth, use), use) for use in standing[offset : offset + limit]]
    return answered(truth, {"total": len(standing), "couponCodes": page})


def _account(biz: Fields) -> str:
    biz.text("eName", longest=_LONGEST_NAME)
    return biz.text("eId", longest=_LONGEST_NAME)


def _refused(truth: Truth, refusal: Refusal) -> Answer:
    words = WORDS[refusal.why]
    return answered(truth, {"result": words.result, "message": words.message})


def _asked(truth: Truth, code: str, *, newer: bool = False) -> Answer:
    try:
        coupon = prepared(truth, code)
    except Refusal as refusal:
        return _refused(truth, refusal)
    data = _offered(truth, coupon)
    if newer:
        menu = json.dumps(data["dealMenu"], ensure_ascii=False)
        data |= {"vourcher": data.pop("isVoucher"), "dealMenu": menu, "dealMenuStd": menu}
        data |= {"thirdProductId": "", "shortAttrTitle": ""}
    return answered(truth, data)


def _used(truth: Truth, code: str, count: int, account: str, order_id: str) -> Answer:
    try:
        uses = consumed(truth, code, count, order_id, account)
    except Refusal as refusal:
        return _refused(truth, refusal)
    coupon = coupon_of_use(truth, uses[0])
    data = {
        "couponCodes": [use.code for use in uses],
        "poiid": _POI,
        "dealId": deal_id(coupon),
        "dealValue": yuan(market_fen(coupon.price_fen)),
        **_titles(coupon),
        **_OK,
    }
    return answered(truth, data)


def _titles(coupon: Coupon) -> Json:
    title = product(coupon).title
    return {"dealTitle": title, "rawTitle": title, "platformTitle": title}


def _unit_fen(coupon: Coupon) -> int:
    return unit_amount_fen(coupon, 1)


def _is_voucher(coupon: Coupon) -> bool:
    return "代金券" in product(coupon).title


def _offered(truth: Truth, coupon: Coupon) -> Json:
    return {
        "couponCode": coupon.code,
        "count": most(truth, coupon),
        "minConsume": 1,
        "couponBuyPrice": yuan(coupon.price_fen),
        "dealId": deal_id(coupon),
        "dealValue": yuan(market_fen(coupon.price_fen)),
        "dealPrice": yuan(coupon.price_fen),
        "singleValue": yuan(market_fen(_unit_fen(coupon))),
        "dealBeginTime": moment(coupon.valid_from_ms),
        "couponEndTime": moment(coupon.valid_until_ms),
        "isVoucher": _is_voucher(coupon),
        "volume": coupon.units,
        "dealMenu": _menu(coupon),
        **_titles(coupon),
        **_OK,
    }


def _menu(coupon: Coupon) -> list[list[Json]]:
    """One group of dishes; what each would cost alone is not known to this shop."""
    dishes = [
        {"content": name, "specification": f"{count}份", "price": "", "total": "", "type": "128"}
        for name, count in product(coupon).contents
    ]
    return [[{"content": "套餐内容", "specification": "", "price": "", "total": "", "type": "0"}, *dishes]]


def _line(truth: Truth, coupon: Coupon, use: Redemption | None) -> Json:
    fresh = use is not None and not use.settled and truth.now_ms() <= use.at_ms + WINDOW_MS
    return {
        "couponCode": coupon.code,
        "couponStatusDesc": _STATES[state_of(truth, coupon)],
        "couponCancelStatus": int(fresh),
        "couponUseTime": moment(use.at_ms) if use else "",
        "couponBuyPrice": yuan(coupon.price_fen),
        "dealTitle": product(coupon).title,
        "dealValue": yuan(market_fen(coupon.price_fen)),
        "verifyAcct": use.terminal if use else "",
        "verifyType": ("商家后台" if use.terminal == "elsewhere" else "第三方接口") if use else "",
        "isVoucher": _is_voucher(coupon),
    }
