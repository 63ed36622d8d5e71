"""Reads: a certificate, the certificates of an order, the verify records of a span of time, the shop."""

from sync.sandbox.coupons import ELSEWHERE, unit_amount_fen
from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.douyin.envelope import bad_parameter, business, succeeded
from sync.sandbox.douyin.prepare import check_place
from sync.sandbox.douyin.shapes import (
    amount,
    can_cancel,
    certificate,
    sku,
    status_of,
    verify_amount_info,
)
from sync.sandbox.fields import Fields
from sync.sandbox.profile import STORE
from sync.sandbox.rows import Coupon, Redemption
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, Json, Request

_SHOP_ZONE_S = 8 * 3600
_DAY_S = 86_400
_VERIFIED, _CANCELLED = 1, 2


def _by_sealed(truth: Truth, sealed: str) -> Coupon:
    coupons = [one for one in truth.coupons_by_sealed(sealed) if one.platform == "douyin"]
    if not coupons or not sealed:
        raise business("券不存在")
    return coupons[0]


def get(truth: Truth, request: Request) -> Answer:
    """One certificate by its encrypted code; the plain code shows once it is used."""
    query = Fields(request.query, textual=True)
    check_place(truth, "", query.optional_text("account_id") or "")
    item = certificate(truth, _by_sealed(truth, query.text("encrypted_code")), settled_code=True)
    return succeeded(truth, {"certificate": item, "certificate_v2": item, "certificate_v_2": item})


def query(truth: Truth, request: Request) -> Answer:
    """All certificates of an order, named by the order or by one of them."""
    fields = Fields(request.query, textual=True)
    sealed, order_id = fields.optional_text("encrypted_code"), fields.optional_text("order_id")
    check_place(truth, "", fields.optional_text("account_id") or "")
    if (sealed is None) == (order_id is None):
        raise bad_parameter("encrypted_code and order_id: exactly one of them is required")
    if sealed is not None:
        order_id = _by_sealed(truth, sealed).order_id
    coupons = [one for one in truth.coupons_by_order(order_id or "") if one.platform == "douyin"]
    if not coupons:
        raise business("订单不存在")
    items = [certificate(truth, one, settled_code=True) for one in coupons]
    return succeeded(truth, {"certificates": items, "certificates_v2": items, "certificates_v_2": items})


def verify_records(truth: Truth, request: Request) -> Answer:
    """Verifies of a span of time (today, if none is named), oldest first, in pages of at most 20."""
    fields = Fields(request.query, textual=True)
    check_place(truth, "", fields.text("account_id"))
    cursor, size = fields.whole("cursor", 0, 10**15), fields.whole("size", 1, 20)
    today_s = (truth.now_s() + _SHOP_ZONE_S) // _DAY_S * _DAY_S - _SHOP_ZONE_S
    start_s = fields.whole("start_time", 0, 10**11, today_s)
    end_s = fields.whole("end_time", 0, 10**11, max(start_s, today_s + _DAY_S - 1))
    places = (fields.optional_text("poi_ids") or "").split(",")
    if start_s > end_s:
        raise bad_parameter("start_time lies after end_time")
    here = places == [""] or douyin_credentials(truth).poi_id in places
    matching = [
        use
        for use in (truth.redemptions_by_platform("douyin") if here else ())
        if start_s <= use.at_ms // 1000 <= end_s
    ]
    page = [_record(truth, use) for use in matching if use.seq > cursor][:size]
    return succeeded(truth, {"total": len(matching), "records": page, "records_v2": page})


def _record(truth: Truth, use: Redemption) -> Json:
    coupon = truth.coupons.get(coupon_key("douyin", use.code))
    assert coupon is not None
    undone_ms = use.reversed_at_ms
    return {
        "cursor": str(use.seq),
        "verify_id": use.redemption_id,
        "certificate_id": coupon.serial,
        "code": coupon.code,
        "order_id": coupon.order_id,
        "poi_id": douyin_credentials(truth).poi_id,
        "verify_time": use.at_ms // 1000,
        "can_cancel": can_cancel(truth, use),
        "verify_type": 2 if use.terminal == ELSEWHERE else 4,
        "status": _VERIFIED if undone_ms is None else _CANCELLED,
        "cancel_time": 0 if undone_ms is None else undone_ms // 1000,
        "certificate_status": status_of(truth, coupon),
        "amount": amount(unit_amount_fen(coupon, use.unit)),
        "sku": sku(truth, coupon),
        "verify_amount_info": verify_amount_info(coupon, use.unit),
    }


def shops(truth: Truth, request: Request) -> Answer:
    """The shops of an account, or one shop; the account wins."""
    fields = Fields(request.query, textual=True)
    page, _size = fields.whole("page", 1, 10**6, 1), fields.whole("size", 1, 50, 20)
    account_id, poi_id = fields.optional_text("account_id"), fields.optional_text("poi_id")
    if account_id is None and poi_id is None:
        raise bad_parameter("account_id or poi_id is required")
    own = douyin_credentials(truth)
    known = account_id == own.account_id if account_id is not None else poi_id == own.poi_id
    if not known:
        return succeeded(truth, {"total": 0, "pois": []})
    account = {"account_id": own.account_id, "account_name": STORE["name"], "account_type": "POI"}
    shop = {
        "account": {"parent_account": account, "poi_account": account},
        "poi": {
            "poi_id": own.poi_id,
            "poi_name": STORE["name"],
            "address": "河畔路 8 号",
            "latitude": 31.2304,
            "longitude": 121.4737,
        },
    }
    return succeeded(truth, {"total": 1, "pois": [shop] if page == 1 else []})
