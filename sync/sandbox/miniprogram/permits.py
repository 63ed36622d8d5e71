"""Permits: the platform's word for one till, fetched by the customer's phone."""

from dataclasses import replace

from sync.sandbox.coupons import change, count_second_attempt, units_left, used_by_others
from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.envelope import (
    NO_NONCE,
    NONCE,
    REQUEST_ID,
    TERMINAL,
    Failure,
    not_found,
    own_store,
    succeeded,
)
from sync.sandbox.miniprogram.issue import PERMIT_STEPS, STEP_S, permit_text
from sync.sandbox.miniprogram.redeem import Booking, Wanted, book, digest_of, refusal, remember, told_before
from sync.sandbox.rows import Coupon, Remembered
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, Request

_NONCE = "miniprogram.nonce"


def permits(truth: Truth, request: Request) -> Answer:
    """With a nonce the use is booked under the till's request id first; without, the voucher is reserved."""
    body = Fields(request.json())
    code, store = body.text("code"), own_store(truth, body)
    terminal, nonce = body.text("terminal", TERMINAL), body.text("nonce", NONCE)
    units = body.whole("units", 1, 255)
    request_id = body.optional_text("request_id", REQUEST_ID)
    coupon = truth.coupons.get(coupon_key("miniprogram", code))
    if coupon is None:
        raise not_found("voucher")
    now_ms = truth.now_ms()
    booking = Booking(request_id or "", store, terminal, "permit", now_ms)
    if nonce == NO_NONCE:
        _check(truth, booking, coupon, units)
        lives_ms = (PERMIT_STEPS + 1) * STEP_S * 1000
        change(truth, replace(coupon, reserved_until_ms=now_ms + lives_ms))
    else:
        if request_id is None:
            raise Failure(400, "bad_request", "with a nonce the till's request_id is required")
        _check_nonce(truth, request_id, nonce)
        _book_once(truth, booking, coupon, units)
        truth.remembered.put(Remembered(_NONCE, request_id, nonce, "", now_ms))
    text = permit_text(truth, coupon, now_ms // 1000, store, nonce=nonce, units=units)
    return succeeded(truth, {"text": text})


def _check_nonce(truth: Truth, request_id: str, nonce: str) -> None:
    """A permit under a second nonce would let one booking pass for two: each nonce is another basket of the till's."""
    before = truth.remembered.get(f"{_NONCE}/{request_id}")
    if before is not None and before.digest != nonce:
        raise Failure(409, "request_id_reused", f"the request id {request_id} came with another nonce before")


def _book_once(truth: Truth, booking: Booking, coupon: Coupon, units: int) -> None:
    """All units or none; a repeat under the same request id books nothing anew."""
    wanted = [Wanted(coupon, coupon.serial, units)]
    digest = digest_of(booking.store, wanted)
    before = told_before(truth, booking.request_id, digest)
    if before is None:
        _check(truth, booking, coupon, units)
        remember(truth, booking.request_id, digest, book(truth, booking, wanted))
        return
    failed = next((one["reason"] for one in before["results"] if not one["ok"]), None)
    if failed is not None:
        raise Failure(409, failed, "this request id was refused before")


def _check(truth: Truth, booking: Booking, coupon: Coupon, units: int) -> None:
    reason = refusal(truth, booking, coupon)
    if reason is None and units_left(truth, coupon) < units:
        reason = "no_units_left"
    if reason is not None:
        if used_by_others(truth, coupon, booking.request_id):
            count_second_attempt(truth)
        raise Failure(409, reason, f"the voucher cannot be used: {reason}")
