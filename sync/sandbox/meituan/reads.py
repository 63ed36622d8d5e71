"""Reads of businessId 58: what a code is worth, what has been redeemed, what a customer has, what the shop sells."""

from sync.sandbox.catalogue import PRODUCTS, TIMES_CARD
from sync.sandbox.meituan import shapes
from sync.sandbox.meituan.days import day_of, uses_of
from sync.sandbox.meituan.envelope import answered
from sync.sandbox.meituan.gateway import biz_of
from sync.sandbox.receipts import (
    BOTH,
    Refusal,
    biz_type,
    coupon_of_use,
    deal_id_of,
    found,
    latest_uses,
    prepared,
    relevant,
    why_not_here,
)
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Request

MOST_RECORDS = 300


def prepare(truth: Truth, request: Request) -> Answer:
    """One code that can be used, and how many are like it. Changes nothing."""
    return answered(truth, shapes.offered(truth, prepared(truth, biz_of(request).text("receiptCode"))))


def getconsumed(truth: Truth, request: Request) -> Answer:
    """A coupon that has been used, by its latest use; refused where none stands."""
    coupon = found(truth, biz_of(request).text("receiptCode"))
    (use,) = latest_uses(truth, coupon)
    return answered(truth, shapes.told(coupon, use))


def querylistbydate(truth: Truth, request: Request) -> Answer:
    """Uses of one day (in Beijing) from all tills, oldest first, `limit` of them from the `offset`th.

    The facts name a refundStatus "unused" within a list of uses, so a use that was taken back stays listed, with that
    status (0; 4 if the coupon was refunded later), and offsets stay true while somebody pages. `type` is read and
    without effect: no source says what it means. Without `bizType` all kinds are listed [a guess].
    """
    biz = biz_of(request)
    day = day_of(biz)
    offset, limit = biz.whole("offset", 0, 10**9), biz.whole("limit", 1, MOST_RECORDS)
    kind = biz.whole("bizType", 0, 999, -1)
    biz.whole("type", 0, 1, 0)
    lines = [(coupon_of_use(truth, use), use) for use in uses_of(truth, day)]
    lines = [(coupon, use) for coupon, use in lines if kind in (-1, biz_type(coupon))]
    page = [shapes.record(coupon, use) for coupon, use in lines[offset : offset + limit]]
    return answered(truth, {"totalCount": len(lines), "records": page})


def querybymobile(truth: Truth, request: Request) -> Answer:
    """What the customer of that phone number can use here [the fields of the answer are a guess]."""
    mobile = biz_of(request).text("mobile").removeprefix("+86")
    coupons = [one for platform in BOTH for one in truth.coupons_by_phone(f"{platform}/{mobile}")]
    usable = [shapes.offered(truth, one) for one in coupons if why_not_here(truth, one) is None]
    return answered(truth, {"mobile": shapes.masked(mobile), "records": usable})


def queryrelevantusable(truth: Truth, request: Request) -> Answer:
    """The other codes of its order that can be used [the fields of the answer are a guess]."""
    coupon = found(truth, biz_of(request).text("receiptCode"))
    others = [shapes.offered(truth, one) for one in relevant(truth, coupon)]
    return answered(truth, {"receiptCode": coupon.code, "records": others})


def queryproduct(truth: Truth, request: Request) -> Answer:
    """The shop's products, or the one of a deal [all fields are guesses: no source has them]."""
    wanted = biz_of(request).optional_text("dealId")
    offers = [one for one in (*PRODUCTS, TIMES_CARD) if wanted in (None, str(deal_id_of(one)))]
    if not offers:
        raise Refusal("no_such_product")
    return answered(truth, {"records": [shapes.on_sale(one) for one in offers]})
