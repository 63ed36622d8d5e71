"""The settlement ledger: what each verify brings the shop, from an hour after it, less the platform's commission."""

import datetime
import re

from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.douyin.envelope import GATEWAY_WORDS, TOO_OFTEN, Failure, bad_parameter, succeeded
from sync.sandbox.douyin.prepare import check_place
from sync.sandbox.douyin.shapes import sku
from sync.sandbox.fields import Fields
from sync.sandbox.rows import Coupon, Redemption
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, Json, Request

PUBLISHED_AFTER_MS = 3_600_000
COMMISSION_PERCENT = 8
MOST_ROWS, MOST_CERTIFICATES = 50, 50
CALLS_A_SECOND = {"query": 20, "query_record_by_cert": 300}
_SPLITTING, _DONE, _VOID = 1, 2, 4
_SHOP_ZONE = datetime.timezone(datetime.timedelta(hours=8))
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def query(truth: Truth, request: Request) -> Answer:
    """The rows of one day of verifies, oldest first, in pages of at most 50."""
    _at_its_pace(truth, "query")
    fields = Fields(request.query, textual=True)
    check_place(truth, "", fields.text("account_id"))
    day = _day(fields.text("bill_date", _DATE))
    cursor, size = fields.whole("cursor", 0, 10**15), fields.whole("size", 1, MOST_ROWS)
    later = [
        use
        for use in truth.redemptions_by_platform("douyin")
        if use.seq > cursor and _published(truth, use) and _verified_on(use) == day
    ]
    page = later[:size]
    return succeeded(
        truth,
        {
            "cursor": str(page[-1].seq if page else cursor),
            "has_more": len(later) > size,
            "ledger_records": [_row(truth, use) for use in page],
        },
    )


def query_record_by_cert(truth: Truth, request: Request) -> Answer:
    """The rows of up to 50 certificates; a certificate that has none yet, or is not ours, is passed over."""
    _at_its_pace(truth, "query_record_by_cert")
    told = Fields(request.query, textual=True).text("certificate_ids")
    wanted = [one.strip() for one in told.split(",")]
    if len(wanted) > MOST_CERTIFICATES:
        raise bad_parameter(f"certificate_ids must hold 1 to {MOST_CERTIFICATES} entries")
    coupons = [one for name in dict.fromkeys(wanted) for one in _certificates(truth, name)]
    uses = [use for one in coupons for use in truth.redemptions_by_coupon(coupon_key("douyin", one.code))]
    return succeeded(truth, {"records": [_record(truth, use) for use in uses if _published(truth, use)]})


def _at_its_pace(truth: Truth, call: str) -> None:
    """Failure 28003018 for more calls within a second than the platform takes."""
    name = f"douyin.pace.{call}"
    second, count = (int(part) for part in truth.setting(name, "0 0").split())
    count = count + 1 if second == truth.now_s() else 1
    truth.set(name, f"{truth.now_s()} {count}")
    if count > CALLS_A_SECOND[call]:
        raise Failure(TOO_OFTEN, GATEWAY_WORDS[TOO_OFTEN])


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as problem:
        raise bad_parameter("bill_date is no day") from problem


def _verified_on(use: Redemption) -> datetime.date:
    return datetime.datetime.fromtimestamp(use.at_ms / 1000, _SHOP_ZONE).date()


def _certificates(truth: Truth, certificate_id: str) -> list[Coupon]:
    found = truth.coupons_by_serial(certificate_id) if certificate_id else []
    return [one for one in found if one.platform == "douyin"]


def _published(truth: Truth, use: Redemption) -> bool:
    """From an hour after the verify; one that was taken back before never shows."""
    due_ms = use.at_ms + PUBLISHED_AFTER_MS
    return truth.now_ms() >= due_ms and (use.reversed_at_ms is None or use.reversed_at_ms >= due_ms)


def _status(use: Redemption) -> int:
    if use.reversed_at_ms is not None:
        return _VOID
    return _DONE if use.settled else _SPLITTING


def commission_fen(amount_fen: int) -> int:
    """What the platform keeps of an amount, to the nearest fen."""
    return (amount_fen * COMMISSION_PERCENT + 50) // 100


def _amount(use: Redemption) -> Json:
    worth = use.amount_fen
    return {"original": worth * 5 // 4, "pay": worth, "merchant_ticket": 0, "coupon_pay": worth}


def _coupon(truth: Truth, use: Redemption) -> Coupon:
    coupon = truth.coupons.get(coupon_key("douyin", use.code))
    assert coupon is not None
    return coupon


def _ledger_id(use: Redemption) -> str:
    return f"6{use.redemption_id[1:]}"


def _row(truth: Truth, use: Redemption) -> Json:
    coupon, own = _coupon(truth, use), douyin_credentials(truth)
    sold = sku(truth, coupon)
    goods_fen = use.amount_fen - commission_fen(use.amount_fen)
    return {
        "id": str(use.seq),
        "ledger_id": _ledger_id(use),
        "ledger_time": (use.at_ms + PUBLISHED_AFTER_MS) // 1000,
        "status": _status(use),
        "order_id": coupon.order_id,
        "sku_order_id": f"{coupon.order_id}01",
        "item_order_id": f"{coupon.order_id}0101",
        "account_id": own.account_id,
        "poi_id": own.poi_id,
        "receipt_bill_key": "",
        "amount": {**_amount(use), "goods": goods_fen, "actual_insured": 0},
        "certificate": {"certificate_id": coupon.serial, "code": coupon.code},
        "goods": {
            "sku_id": sold["sku_id"],
            "group_name": sold["title"],
            "sold_start_time": sold["sold_start_time"],
        },
        # As the wire spells it.
        "order_attrribute": {"room_id": "", "source": "", "video_id": ""},
    }


def _record(truth: Truth, use: Redemption) -> Json:
    coupon = _coupon(truth, use)
    kept_fen = commission_fen(use.amount_fen)
    return {
        "cursor": str(use.seq),
        "ledger_id": _ledger_id(use),
        "verify_id": use.redemption_id,
        "certificate_id": coupon.serial,
        "order_id": coupon.order_id,
        "verify_time": use.at_ms // 1000,
        "status": _status(use),
        "code": coupon.code,
        "amount": _amount(use),
        "fund_amount": {
            "goods": use.amount_fen - kept_fen,
            "pay_handling": 0,
            "talent_commission": 0,
            "total_agent_merchant": 0,
            "total_merchant_platform_service": kept_fen,
        },
        "sku": sku(truth, coupon),
        "is_mall_store": False,
    }
