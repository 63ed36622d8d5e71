"""Redeem: books uses under the terminal's request id, once; and tells again what it booked."""

import hashlib
import json
from dataclasses import dataclass

from sync.sandbox.coupons import Reason, count_second_attempt, use_unit, used_by_others, why_not
from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.dynamic import read
from sync.sandbox.miniprogram.envelope import (
    ANY_STORE,
    LATEST_MS,
    REQUEST_ID,
    TERMINAL,
    TIERS,
    VOUCHER,
    Failure,
    not_found,
    own_store,
    succeeded,
)
from sync.sandbox.miniprogram.vouchers import by_serial
from sync.sandbox.rows import Coupon, Remembered
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, BadInput, Json, Request, dump, parse_object

_FORGERIES = frozenset({"malformed", "forged"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of one voucher; `named` is how the request named it."""

    coupon: Coupon | None
    named: str
    units: int


@dataclass(frozen=True, slots=True)
class Booking:
    """Who redeems, under which request id, and when the counter accepted it."""

    request_id: str
    store: str
    terminal: str
    tier: str
    accepted_at_ms: int


def digest_of(store: str, wanted: list[Wanted]) -> str:
    """What makes two requests the same: the store and the uses, a code counting as its voucher."""
    uses = [[one.coupon.serial if one.coupon else one.named, one.units] for one in wanted]
    return hashlib.sha256(json.dumps([store, uses]).encode()).hexdigest()


def redeem(truth: Truth, request: Request) -> Answer:
    """Partial success is normal: look at each result. The same request id answers the same again."""
    body = Fields(request.json())
    booking = Booking(
        request_id=body.text("request_id", REQUEST_ID),
        store=own_store(truth, body),
        terminal=body.text("terminal", TERMINAL),
        tier=body.choice("tier", TIERS),
        accepted_at_ms=body.whole("accepted_at", 0, LATEST_MS),
    )
    wanted = [_wanted(truth, use) for use in body.objects("uses", 1, 100)]
    dynamic = body.optional_text("dynamic")
    digest = digest_of(booking.store, wanted)
    before = told_before(truth, booking.request_id, digest)
    if before is not None:
        return succeeded(truth, before)
    if dynamic is not None:
        _check_dynamic(truth, dynamic, booking)
    results = book(truth, booking, wanted)
    return succeeded(truth, remember(truth, booking.request_id, digest, results))


def told_before(truth: Truth, request_id: str, digest: str) -> Json | None:
    """The answer that this request id got before; 409 if it asked for something else then."""
    before = truth.remembered.get(f"miniprogram.redeem/{request_id}")
    if before is None:
        return None
    if before.digest != digest:
        raise Failure(409, "request_id_reused", f"the request id {request_id} came with other contents before")
    return parse_object(before.body.encode())


def remember(truth: Truth, request_id: str, digest: str, results: list[Json]) -> Json:
    """Keep the answer for repeats."""
    answer: Json = {"request_id": request_id, "results": results}
    truth.remembered.put(Remembered("miniprogram.redeem", request_id, digest, dump(answer).decode(), truth.now_ms()))
    return answer


def book(truth: Truth, booking: Booking, wanted: list[Wanted]) -> list[Json]:
    """One result for each unit, in the order asked."""
    if any(one.coupon and used_by_others(truth, one.coupon, booking.request_id) for one in wanted):
        count_second_attempt(truth)
    results = []
    for index, one in enumerate(wanted):
        results += [_book_unit(truth, booking, index, one) for _ in range(one.units)]
    return results


def refusal(truth: Truth, booking: Booking, coupon: Coupon | None) -> Reason | None:
    """Why one unit cannot be booked; trust is judged at the moment of acceptance, never in the future."""
    if coupon is None:
        return "not_found"
    if coupon.store not in (booking.store, ANY_STORE):
        return "other_store"
    now_ms = truth.now_ms()
    at_ms = now_ms if booking.tier == "online" else min(booking.accepted_at_ms, now_ms)
    return why_not(truth, coupon, at_ms)


def _wanted(truth: Truth, use: Fields) -> Wanted:
    serial, code = use.optional_text("voucher", VOUCHER), use.optional_text("code")
    if (serial is None) == (code is None):
        raise BadInput("each use names either its voucher or its code")
    units = use.whole("units", 1, 255)
    if serial is not None:
        return Wanted(by_serial(truth, serial), serial, units)
    return Wanted(truth.coupons.get(coupon_key("miniprogram", code or "")), code or "", units)


def _check_dynamic(truth: Truth, text: str, booking: Booking) -> None:
    seen = read(truth, text, booking.store, booking.accepted_at_ms // 1000)
    if seen.verdict in _FORGERIES:
        raise Failure(400, f"dynamic_{seen.verdict}", f"the dynamic code is {seen.verdict}")


def _book_unit(truth: Truth, booking: Booking, index: int, wanted: Wanted) -> Json:
    coupon = wanted.coupon
    reason = refusal(truth, booking, coupon)
    if coupon is None or reason is not None:
        return {
            "index": index,
            "voucher": coupon.serial if coupon else (wanted.named if VOUCHER.fullmatch(wanted.named) else None),
            "ok": False,
            "redemption_id": None,
            "serial": None,
            "amount_fen": 0,
            "redeemed_at": None,
            "reason": reason,
        }
    made = use_unit(
        truth,
        coupon,
        request_id=booking.request_id,
        accepted_at_ms=booking.accepted_at_ms,
        tier=booking.tier,
        terminal=booking.terminal,
    )
    return {
        "index": index,
        "voucher": coupon.serial,
        "ok": True,
        "redemption_id": made.redemption_id,
        "serial": made.unit,
        "amount_fen": made.amount_fen,
        "redeemed_at": made.at_ms,
        "reason": None,
    }


def read_redemption(truth: Truth, request: Request) -> Answer:
    """What a request id was answered; 404 says that it never came."""
    before = truth.remembered.get(f"miniprogram.redeem/{request.params['request_id']}")
    if before is None:
        raise not_found("request id")
    return succeeded(truth, parse_object(before.body.encode()))
