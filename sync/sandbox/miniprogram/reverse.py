"""Reverse: takes redemptions back within a day, and tells the history of what was redeemed."""

import hashlib
import json
import re

from sync.sandbox.coupons import reverse_use
from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.envelope import LATEST_MS, REQUEST_ID, Failure, own_store, succeeded
from sync.sandbox.rows import Redemption, Remembered
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, BadInput, Json, Request, dump, parse_object

WINDOW_MS = 86_400_000
_CURSOR = re.compile(r"h[0-9]{1,15}", re.ASCII)


def reverse(truth: Truth, request: Request) -> Answer:
    """Each redemption for itself; idempotent by its own request id."""
    body = Fields(request.json())
    request_id = body.text("request_id", REQUEST_ID)
    store = own_store(truth, body)
    redeemed_by = body.text("redeem_request_id", REQUEST_ID)
    ids = body.texts("redemption_ids", 1, 1000)
    digest = hashlib.sha256(json.dumps([store, redeemed_by, ids]).encode()).hexdigest()
    before = truth.remembered.get(f"miniprogram.reverse/{request_id}")
    if before is not None:
        if before.digest != digest:
            raise Failure(409, "request_id_reused", f"the request id {request_id} came with other contents")
        return succeeded(truth, parse_object(before.body.encode()))
    results = [_reverse_one(truth, redeemed_by, one) for one in ids]
    answer: Json = {"request_id": request_id, "results": results}
    truth.remembered.put(Remembered("miniprogram.reverse", request_id, digest, dump(answer).decode(), truth.now_ms()))
    return succeeded(truth, answer)


def _reverse_one(truth: Truth, redeemed_by: str, redemption_id: str) -> Json:
    use = truth.redemptions.get(redemption_id)
    if use is None or use.platform != "miniprogram" or use.request_id != redeemed_by:
        return _result(redemption_id, None, "not_found")
    if use.reversed_at_ms is not None:
        return _result(redemption_id, use.reversed_at_ms, "already_reversed")
    if use.settled:
        return _result(redemption_id, None, "settled")
    if truth.now_ms() > use.at_ms + WINDOW_MS:
        return _result(redemption_id, None, "window_passed")
    return _result(redemption_id, reverse_use(truth, use).reversed_at_ms, None)


def _result(redemption_id: str, reversed_at_ms: int | None, reason: str | None) -> Json:
    return {
        "redemption_id": redemption_id,
        "ok": reason is None,
        "reversed_at": reversed_at_ms,
        "reason": reason,
    }


def history(truth: Truth, request: Request) -> Answer:
    """Redemptions of a span of time in the order in which they were booked, page by page."""
    query = Fields(request.query, textual=True)
    own_store(truth, query)
    from_ms, to_ms = query.whole("from_at", 0, LATEST_MS), query.whole("to_at", 0, LATEST_MS)
    cursor = query.optional_text("cursor", _CURSOR)
    limit = query.whole("limit", 1, 500, 200)
    if from_ms > to_ms:
        raise BadInput("from_at lies after to_at")
    after = 0 if cursor is None else int(cursor[1:])
    matching = [
        use for use in truth.redemptions_by_platform("miniprogram") if use.seq > after and from_ms <= use.at_ms < to_ms
    ]
    page = matching[:limit]
    last = page[-1].seq if page else after
    return succeeded(
        truth,
        {
            "records": [_record(truth, use) for use in page],
            "cursor": f"h{last}",
            "has_more": len(matching) > len(page),
        },
    )


def _record(truth: Truth, use: Redemption) -> Json:
    coupon = truth.coupons.get(coupon_key("miniprogram", use.code))
    return {
        "redemption_id": use.redemption_id,
        "request_id": use.request_id,
        "voucher": coupon.serial if coupon else None,
        "code_tail": use.code[-4:],
        "serial": use.unit,
        "amount_fen": use.amount_fen,
        "redeemed_at": use.at_ms,
        "accepted_at": use.accepted_at_ms,
        "tier": use.tier,
        "terminal": use.terminal,
        "reversed_at": use.reversed_at_ms,
    }
