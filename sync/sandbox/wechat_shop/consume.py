"""Consume: uses up to ten vouchers, all or none, once for each request number."""

import hashlib
from collections import Counter

from sync.sandbox.coupons import Reason, count_second_attempt, units_left, use_unit, used_by_others, why_not
from sync.sandbox.credentials import wechat_shop_credentials
from sync.sandbox.fields import Fields
from sync.sandbox.rows import Remembered
from sync.sandbox.truth import Truth
from sync.sandbox.wechat_shop.envelope import NUMBER_TAKEN, VOUCHER_REFUSED, Failure, succeeded
from sync.sandbox.wechat_shop.reading import Named, body_of, by_code, by_sealed, number_of, short_text, sku_named
from sync.sandbox.wechat_shop.vouchers import keep_place, voucher
from sync.sandbox.wire import Answer, BadInput, Json, Request, dump, parse_object

MOST = 10
_CALL = "wechat_shop.consume"

# Numbers and words are guesses: the documents only say that there are some.
_WHY: dict[Reason, tuple[int, str]] = {
    "not_found": (10023101, "券不存在"),
    "used": (10023102, "券已被使用"),
    "no_units_left": (10023103, "次卡剩余次数不足"),
    "refunded": (10023104, "券已退款"),
    "frozen": (10023104, "券正在退款中"),
    "expired": (10023105, "券已过期"),
    "not_yet_valid": (10023106, "券未到可用时间"),
    "other_store": (10023107, "券不适用于该门店"),
}


def consume(truth: Truth, request: Request) -> Answer:
    """All vouchers are used, or fail_voucher_list says which cannot be, and none is.

    A repeat with the same number hears the first answer again, whatever has become of the vouchers since.
    """
    body = body_of(request)
    number = number_of(body, "consume_request_no")
    store_name, out_store_id = short_text(body, "consume_store_name"), short_text(body, "out_store_id")
    named = _named(truth, body)
    digest = digest_of(named)
    before = truth.remembered.get(f"{_CALL}/{number}")
    if before is not None:
        if before.digest != digest:
            raise Failure(NUMBER_TAKEN)
        return succeeded(parse_object(before.body.encode()))
    if any(one.coupon and used_by_others(truth, one.coupon, number) for one in named):
        count_second_attempt(truth)
    refuse([(one, _cause(truth, one, named)) for one in distinct(named)])
    keep_place(truth, number, store_name, out_store_id)
    for one in named:
        _use(truth, one, number, out_store_id)
    data: Json = {"voucher_list": vouchers_of(truth, named), "fail_voucher_list": []}
    truth.remembered.put(Remembered(_CALL, number, digest, dump(data).decode(), truth.now_ms()))
    return succeeded(data)


def _named(truth: Truth, body: Fields) -> list[Named]:
    sealed, codes = (bool(body.raw().get(name)) for name in ("encrypted_codes", "codes"))
    if sealed == codes:
        raise BadInput("encrypted_codes and codes: exactly one of them is required")
    if sealed:
        return [by_sealed(truth, text) for text in body.texts("encrypted_codes", 1, MOST)]
    sku_id = sku_named(body)
    return [by_code(truth, text, sku_id) for text in body.texts("codes", 1, MOST)]


def digest_of(named: list[Named]) -> str:
    """What a call was about, in whatever order it says so."""
    names = sorted(one.coupon.code if one.coupon else f"?{one.code}{one.encrypted_code}" for one in named)
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogatepass")).hexdigest()


def distinct(named: list[Named]) -> list[Named]:
    """Each voucher once, in the order of the call."""
    return list(dict.fromkeys(named))


def _cause(truth: Truth, one: Named, named: list[Named]) -> tuple[int, str] | None:
    if one.coupon is None:
        return _WHY["not_found"]
    reason = why_not(truth, one.coupon, truth.now_ms())
    if reason is not None:
        return _WHY[reason]
    if one.coupon.store not in ("", wechat_shop_credentials(truth).out_store_id):
        return _WHY["other_store"]
    if Counter(named)[one] > units_left(truth, one.coupon):
        return _WHY["no_units_left" if one.coupon.kind == "times_card" else "used"]
    return None


def refuse(causes: list[tuple[Named, tuple[int, str] | None]]) -> None:
    """A failure that names every voucher with a cause, if there is one."""
    failed = [
        {
            "code": one.code,
            "sku_id": one.sku_id,
            "encrypted_code": one.encrypted_code,
            "ret_code": cause[0],
            "ret_msg": cause[1],
        }
        for one, cause in causes
        if cause is not None
    ]
    if failed:
        raise Failure(VOUCHER_REFUSED, data={"voucher_list": [], "fail_voucher_list": failed})


def _use(truth: Truth, one: Named, number: str, out_store_id: str) -> None:
    assert one.coupon is not None
    use_unit(
        truth,
        one.coupon,
        request_id=number,
        accepted_at_ms=truth.now_ms(),
        tier="online",
        terminal=out_store_id or "open-api",
    )


def vouchers_of(truth: Truth, named: list[Named]) -> list[Json]:
    """Each voucher of a call once, as it is now."""
    return [voucher(truth, one.coupon) for one in distinct(named) if one.coupon is not None]
