"""The statement of a day: what was sold, what is kept back of it, and what the store is paid."""

import datetime
import re

from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.envelope import own_store, succeeded
from sync.sandbox.rows import Redemption
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, BadInput, Json, Request

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CURSOR = re.compile(r"s[0-9]{1,15}", re.ASCII)
# The platform's own days are those of China, whatever the store's business day.
_ZONE = datetime.timezone(datetime.timedelta(hours=8))
_DAY_MS = 86_400_000
# What the payment costs: 6 in 1,000, rounded half up.
_FEE_PER_MILLE = 6


def fee_fen(goods_fen: int) -> int:
    """What is kept back of one redemption."""
    return (goods_fen * _FEE_PER_MILLE + 500) // 1000


def statements(truth: Truth, request: Request) -> Answer:
    """Redemptions of one day in the order in which they were booked, page by page; the totals are the whole day's."""
    query = Fields(request.query, textual=True)
    own_store(truth, query)
    from_ms = _midnight_ms(query.text("day", DAY))
    cursor = query.optional_text("cursor", _CURSOR)
    limit = query.whole("limit", 1, 500, 200)
    after = 0 if cursor is None else int(cursor[1:])
    of_day = [use for use in truth.redemptions_by_platform("miniprogram") if from_ms <= use.at_ms < from_ms + _DAY_MS]
    rest = [use for use in of_day if use.seq > after]
    page = rest[:limit]
    last = page[-1].seq if page else after
    return succeeded(
        truth,
        {
            "day": query.text("day"),
            "lines": [_line(truth, use) for use in page],
            "totals": _totals([use.amount_fen for use in of_day if use.reversed_at_ms is None]),
            "cursor": f"s{last}",
            "has_more": len(rest) > len(page),
        },
    )


def _midnight_ms(day: str) -> int:
    try:
        midnight = datetime.datetime.fromisoformat(day).replace(tzinfo=_ZONE)
        return int(midnight.timestamp()) * 1000
    except (ValueError, OverflowError) as problem:
        raise BadInput("day is no day of the calendar") from problem


def _totals(goods: list[int]) -> Json:
    fees = sum(map(fee_fen, goods))
    return {"count": len(goods), "goods_fen": sum(goods), "fee_fen": fees, "payout_fen": sum(goods) - fees}


def _line(truth: Truth, use: Redemption) -> Json:
    coupon = truth.coupons.get(coupon_key("miniprogram", use.code))
    void = use.reversed_at_ms is not None
    fee = 0 if void else fee_fen(use.amount_fen)
    return {
        "redemption_id": use.redemption_id,
        "voucher": coupon.serial if coupon else None,
        "code_tail": use.code[-4:],
        "redeemed_at": use.at_ms,
        "goods_fen": use.amount_fen,
        "fee_fen": fee,
        "payout_fen": 0 if void else use.amount_fen - fee,
        "state": "void" if void else "done" if use.settled else "pending",
    }
