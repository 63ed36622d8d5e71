"""How the own platform writes a voucher, the delta for a till's cache, and the lookup at the counter."""

import bisect
import re

from sync.sandbox.catalogue import product_of
from sync.sandbox.coupons import state_of, units_left, why_not
from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.dynamic import read
from sync.sandbox.miniprogram.envelope import ANY_STORE, Failure, not_found, own_store, succeeded
from sync.sandbox.rows import Coupon
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, Json, Request

_CURSOR = re.compile(r"c[0-9]{1,15}", re.ASCII)


def voucher(truth: Truth, coupon: Coupon) -> Json:
    """One voucher as every call shows it."""
    product = product_of(coupon.kind, coupon.product)
    return {
        "voucher": coupon.serial,
        "code": coupon.code,
        "account": coupon.account,
        "offer": product.offer,
        "order_id": coupon.order_id,
        "title": product.title,
        "price_fen": coupon.price_fen,
        "kind": coupon.kind,
        "units_total": coupon.units,
        "units_left": units_left(truth, coupon),
        "valid_from_at": coupon.valid_from_ms,
        "valid_until_at": coupon.valid_until_ms,
        "state": state_of(truth, coupon),
        "store": coupon.store,
        "contents": [{"name": name, "quantity": quantity} for name, quantity in product.contents],
        "terms": list(product.terms),
        "script": product.script,
    }


def by_serial(truth: Truth, serial: str) -> Coupon | None:
    """The voucher of that id."""
    coupons = truth.coupons_by_serial(serial)
    return coupons[0] if coupons and coupons[0].platform == "miniprogram" else None


def delta(truth: Truth, request: Request) -> Answer:
    """What changed since a cursor, oldest change first; a voucher is listed at its last change only."""
    query = Fields(request.query, textual=True)
    own_store(truth, query)
    cursor = query.optional_text("cursor", _CURSOR)
    limit = query.whole("limit", 1, 1000, 500)
    after = 0 if cursor is None else int(cursor[1:])
    place = bisect.bisect_right(truth.changes, (after, "\U0010ffff"))
    page: list[Coupon] = []
    has_more = False
    for seq, key in truth.changes[place:]:
        coupon = truth.coupons.get(key)
        if coupon is None or coupon.platform != "miniprogram" or coupon.changed_seq != seq:
            continue
        if len(page) == limit:
            has_more = True
            break
        page.append(coupon)
    last = page[-1].changed_seq if page else after
    return succeeded(
        truth,
        {"vouchers": [voucher(truth, one) for one in page], "cursor": f"c{last}", "has_more": has_more},
    )


def lookup(truth: Truth, request: Request) -> Answer:
    """The voucher that a text stands for, with the others of its order; of a member what can be used here. Changes
    nothing."""
    body = Fields(request.json())
    store = own_store(truth, body)
    way, text = body.choice("by", ("code", "dynamic", "phone")), body.text("text")
    if way == "phone":
        return _of_member(truth, text, store)
    one = truth.coupons.get(coupon_key("miniprogram", text)) if way == "code" else _shown(truth, text, store)
    if one is None:
        raise not_found("voucher")
    return _found(truth, one.order_id, truth.coupons_by_order(one.order_id), [one])


def _of_member(truth: Truth, phone: str, store: str) -> Answer:
    """A number names a person, not a coupon: the counter is told what there is to choose from, and no history."""
    owned = truth.coupons_by_phone(f"miniprogram/{phone}")
    if not owned:
        raise not_found("account")
    now_ms = truth.now_ms()
    usable = [one for one in owned if one.store in (store, ANY_STORE) and why_not(truth, one, now_ms) is None]
    return _found(truth, None, usable, [])


def _shown(truth: Truth, text: str, store: str) -> Coupon | None:
    seen = read(truth, text, store, truth.now_s())
    if seen.verdict != "genuine" or seen.header is None:
        raise Failure(400, f"dynamic_{seen.verdict}", f"the dynamic code is {seen.verdict}")
    return by_serial(truth, seen.header.voucher)


def _found(truth: Truth, order_id: str | None, coupons: list[Coupon], selected: list[Coupon]) -> Answer:
    return succeeded(
        truth,
        {
            "order_id": order_id,
            "vouchers": [voucher(truth, one) for one in coupons],
            "selected": [one.serial for one in selected],
        },
    )
