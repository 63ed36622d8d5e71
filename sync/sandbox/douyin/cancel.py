"""Cancel: takes a verify back within its hour."""

import hashlib
from dataclasses import dataclass

from sync.sandbox.coupons import live_uses, reverse_use
from sync.sandbox.douyin.envelope import WINDOW_PASSED, bad_parameter, business, succeeded
from sync.sandbox.douyin.prepare import check_place
from sync.sandbox.douyin.shapes import can_cancel
from sync.sandbox.fields import Fields
from sync.sandbox.rows import Redemption, Remembered
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, Json, Request, dump, parse_object

TOKEN_LIFE_MS = 3_600_000
_SEVERAL = "0"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A verify to take back, and the order that it belongs to."""

    use: Redemption
    order_id: str


def cancel(truth: Truth, request: Request) -> Answer:
    """One verify, several uses of a times card, or batches of an order each; all or none."""
    raw = request.json()
    body = Fields(raw)
    verify_id, certificate_id = body.text("verify_id"), body.text("certificate_id")
    check_place(truth, "", body.optional_text("account_id") or "")
    token = body.optional_text("cancel_token")
    digest = hashlib.sha256(dump(raw)).hexdigest()
    if token is not None:
        before = truth.remembered.get(f"douyin.cancel/{token}")
        if before is not None and truth.now_ms() < before.at_ms + TOKEN_LIFE_MS:
            if before.digest != digest:
                raise business("cancel_token 已被使用")
            return succeeded(truth, parse_object(before.body.encode()))
    asked = [one for batch in _batches(body) for one in _batch(truth, body, batch)]
    if len({one.use.redemption_id for one in asked}) != len(asked):
        raise bad_parameter("verify_id_list names an id twice")
    if not asked and verify_id == _SEVERAL:
        asked = _several(truth, certificate_id, body.whole("times_card_cancel_count", 1, 1000, 1))
    data = _undo(truth, asked or [_asked(truth, verify_id, serial=certificate_id)])
    if token is not None:
        truth.remembered.put(Remembered("douyin.cancel", token, digest, dump(data).decode(), truth.now_ms()))
    return succeeded(truth, data)


def _asked(truth: Truth, verify_id: str, *, serial: str = "", order_id: str = "") -> _Asked:
    """The verify of that id; of this certificate, or of this order."""
    use = truth.redemptions.get(verify_id)
    coupon = truth.coupons.get(coupon_key("douyin", use.code)) if use else None
    if use is None or coupon is None or (coupon.serial != serial and coupon.order_id != order_id):
        raise business("核销记录不存在")
    return _Asked(use, coupon.order_id)


def _several(truth: Truth, certificate_id: str, count: int) -> list[_Asked]:
    coupons = [one for one in truth.coupons_by_serial(certificate_id) if one.platform == "douyin"]
    if not coupons:
        raise business("核销记录不存在")
    newest = live_uses(truth, coupons[0])[-count:]
    if len(newest) < count:
        raise business("可撤销次数不足")
    return [_Asked(use, coupons[0].order_id) for use in newest]


def _batches(body: Fields) -> list[Fields]:
    one = [body.object("batch_cancel_info")] if body.has("batch_cancel_info") else []
    return one + (body.objects("batch_cancel_info_list", 1, 100) if body.has("batch_cancel_info_list") else [])


def _batch(truth: Truth, body: Fields, batch: Fields) -> list[_Asked]:
    order_id, verify_ids = batch.text("order_id"), batch.texts("verify_id_list", 1, 100)
    if body.text("verify_id") != _SEVERAL or body.text("certificate_id") != _SEVERAL:
        raise bad_parameter('verify_id and certificate_id must be "0" with batch_cancel_info')
    return [_asked(truth, verify_id, order_id=order_id) for verify_id in verify_ids]


def _undo(truth: Truth, asked: list[_Asked]) -> Json:
    for one in asked:
        if one.use.reversed_at_ms is not None:
            raise business("该券已撤销核销,请勿重复操作")
        if not can_cancel(truth, one.use):
            raise business("已超过撤销时间,不可撤销", WINDOW_PASSED)
    for one in asked:
        reverse_use(truth, one.use)
    return {
        "transaction_id": truth.digits(19),
        "cancel_results": [
            {
                "verify_id": one.use.redemption_id,
                "order_id": one.order_id,
                "result_code": 0,
                "result_msg": "success",
            }
            for one in asked
        ],
    }
