"""Codes that the merchant's own system has issued elsewhere: brought in by the batch, then redeemed like any other."""

import hashlib
import json
import re
from dataclasses import dataclass, replace

from sync.sandbox.catalogue import PRODUCTS, TIMES_CARD
from sync.sandbox.coupons import change
from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.envelope import LATEST_MS, OFFER, REQUEST_ID, Failure, not_found, own_store, succeeded
from sync.sandbox.miniprogram.issue import identified, luhn_digit, new_order_id
from sync.sandbox.rows import Coupon, Remembered
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, BadInput, Json, Request, dump, parse_object

CODE = re.compile(r"88[0-9]{14}", re.ASCII)
PHONE = re.compile(r"\+?[0-9]{5,15}", re.ASCII)
_CALL = "miniprogram.import"
_MOST_UNITS = 255


@dataclass(frozen=True, slots=True)
class _Issued:
    """One code as the merchant's system gave it to a customer; `phone` "" where it does not say to whom."""

    code: str
    phone: str


def _issued(one: Fields) -> _Issued:
    return _Issued(one.text("code", CODE), one.optional_text("phone", PHONE) or "")


def third_party_codes(truth: Truth, request: Request) -> Answer:
    """Each code for itself: one that is taken or wrongly written keeps no other out. Idempotent by the request id."""
    body = Fields(request.json())
    request_id = body.text("request_id", REQUEST_ID)
    pattern = _pattern(body, own_store(truth, body))
    issued = [
        _Issued(one.text("code", CODE), one.optional_text("phone", PHONE) or "")
        for one in body.objects("codes", 1, 500)
    ]
    digest = _digest(pattern, issued)
    before = truth.remembered.get(f"{_CALL}/{request_id}")
    if before is not None:
        if before.digest != digest:
            raise Failure(409, "request_id_reused", f"the request id {request_id} came with other contents before")
        return succeeded(truth, parse_object(before.body.encode()))
    results = [_brought_in(truth, pattern, one) for one in issued]
    answer: Json = {"request_id": request_id, "results": results}
    truth.remembered.put(Remembered(_CALL, request_id, digest, dump(answer).decode(), truth.now_ms()))
    return succeeded(truth, answer)


def _pattern(body: Fields, store: str) -> Coupon:
    """What all codes of the batch stand for."""
    offer = body.text("offer", OFFER)
    units = body.whole("units_total", 1, _MOST_UNITS)
    price_fen = body.whole("price_fen", 0, 10**9)
    from_ms, until_ms = body.whole("valid_from_at", 0, LATEST_MS), body.whole("valid_until_at", 0, LATEST_MS)
    if until_ms <= from_ms:
        raise BadInput("valid_until_at must lie after valid_from_at")
    product = next((place for place, one in enumerate(PRODUCTS) if one.offer == offer), None)
    if product is None and offer != TIMES_CARD.offer:
        raise not_found("offer")
    if product is not None and units != 1:
        raise BadInput("this offer is sold by the piece: units_total must be 1")
    return Coupon(
        platform="miniprogram",
        code="",
        order_id="",
        kind="times_card" if product is None else "voucher",
        product=product or 0,
        units=units,
        price_fen=price_fen,
        valid_from_ms=from_ms,
        valid_until_ms=until_ms,
        phone="",
        serial="",
        sealed="",
        account="",
        store=store,
    )


def _digest(pattern: Coupon, issued: list[_Issued]) -> str:
    what = [
        pattern.store,
        pattern.kind,
        pattern.product,
        pattern.units,
        pattern.price_fen,
        pattern.valid_from_ms,
        pattern.valid_until_ms,
        [[one.code, one.phone] for one in issued],
    ]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def _brought_in(truth: Truth, pattern: Coupon, issued: _Issued) -> Json:
    code = issued.code
    if luhn_digit(code[:-1]) != code[-1]:
        return _result(code, None, "check_digit")
    if truth.coupons.get(coupon_key("miniprogram", code)) is not None:
        return _result(code, None, "taken")
    named = replace(pattern, order_id=new_order_id(truth), phone=issued.phone)
    made = change(truth, replace(identified(truth, named), code=code))
    return _result(code, made.serial, None)


def _result(code: str, voucher: str | None, reason: str | None) -> Json:
    return {"code": code, "ok": reason is None, "voucher": voucher, "reason": reason}
