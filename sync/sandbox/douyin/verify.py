"""Verify: uses coupons of one order, each for itself, once for each verify token."""

from dataclasses import dataclass, replace

from sync.sandbox.coupons import Reason, count_second_attempt, use_unit, used_by_others, why_not
from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.douyin.envelope import bad_parameter, business, succeeded
from sync.sandbox.douyin.issue import kill_links
from sync.sandbox.douyin.prepare import check_place
from sync.sandbox.douyin.shapes import verify_amount_info
from sync.sandbox.fields import Fields
from sync.sandbox.rows import Coupon, Redemption, VerifyToken
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, Json, Request

MOST_CODES = 100
ALREADY_VERIFIED = 1208
NOT_VERIFIED = 1

_WHY: dict[Reason, str] = {
    "used": "该券已被使用",
    "no_units_left": "次卡可用次数不足",
    "refunded": "该券已退款",
    "frozen": "该券正在退款中",
    "expired": "该券已过期",
    "not_yet_valid": "该券未到可用时间",
    "not_found": "券码不存在",
}


@dataclass(frozen=True, slots=True)
class _Use:
    """One use that was asked for: what was sent, the coupon it means, and when it was accepted."""

    sent: str
    coupon: Coupon | None
    accepted_at_ms: int


def verify(truth: Truth, request: Request) -> Answer:
    """Partial success is normal: look at each result. A repeat with the same token books nothing anew."""
    body = Fields(request.json())
    token_text, poi_id = body.text("verify_token"), body.text("poi_id")
    check_place(truth, poi_id, body.optional_text("account_id") or "")
    wanted = _wanted(truth, body)
    token = truth.verify_tokens.get(token_text)
    if token is None:
        raise business("verify_token 无效,请重新验券准备", data={"verify_results": []})
    if token.expires_at_ms <= truth.now_ms():
        raise business("verify_token 已过期,请重新验券准备", data={"verify_results": []})
    orders = {use.coupon.order_id for use in wanted if use.coupon is not None}
    if orders - {token.order_id}:
        raise business("一次只能核销验券准备时同一订单的券", data={"verify_results": []})
    order_id = body.optional_text("order_id")
    if order_id is not None and order_id != token.order_id:
        raise business("订单与券码不一致", data={"verify_results": []})
    results = _repeat(truth, token, wanted) if token.spent else _first(truth, token, wanted)
    return succeeded(truth, {"verify_results": results})


def _wanted(truth: Truth, body: Fields) -> list[_Use]:
    ways = [name for name in ("encrypted_codes", "codes", "code_with_time_list") if body.has(name)]
    if len(ways) != 1:
        raise bad_parameter("encrypted_codes, codes, code_with_time_list: exactly one of them is required")
    now_ms = truth.now_ms()
    if ways == ["encrypted_codes"]:
        sent = body.texts("encrypted_codes", 1, MOST_CODES)
        return [_Use(text, _first_of(truth.coupons_by_sealed(text)), now_ms) for text in sent]
    if not body.has("order_id"):
        raise bad_parameter("order_id is required with plain codes")
    if ways == ["codes"]:
        sent = body.texts("codes", 1, MOST_CODES)
        return [_Use(text, truth.coupons.get(coupon_key("douyin", text)), now_ms) for text in sent]
    timed = [
        (one.text("code"), one.whole("verify_time", 0, 10**11))
        for one in body.objects("code_with_time_list", 1, MOST_CODES)
    ]
    return [_Use(text, truth.coupons.get(coupon_key("douyin", text)), at * 1000) for text, at in timed]


def _first_of(coupons: list[Coupon]) -> Coupon | None:
    return coupons[0] if coupons else None


def _first(truth: Truth, token: VerifyToken, wanted: list[_Use]) -> list[Json]:
    results, done = [], []
    if any(use.coupon and used_by_others(truth, use.coupon, token.text) for use in wanted):
        count_second_attempt(truth)
    for use in wanted:
        reason: Reason | None = "not_found"
        if use.coupon is not None:
            reason = why_not(truth, use.coupon, min(use.accepted_at_ms, truth.now_ms()))
        if use.coupon is None or reason is not None:
            results.append(_result(truth, use, NOT_VERIFIED, _WHY.get(reason or "not_found", "核销失败")))
            continue
        made = use_unit(
            truth,
            use.coupon,
            request_id=token.text,
            accepted_at_ms=use.accepted_at_ms,
            tier="online",
            terminal="open-api",
        )
        done.append(use.coupon.code)
        results.append(_result(truth, use, 0, "success", made))
    if done:
        truth.verify_tokens.put(replace(token, spent=True))
    for code in done:
        kill_links(truth, code, token.object_id)
    return results


def _repeat(truth: Truth, token: VerifyToken, wanted: list[_Use]) -> list[Json]:
    """What this token has verified is told again; it verifies nothing more."""
    told: set[str] = set()
    results = []
    for use in wanted:
        made = next((one for one in _made_by(truth, token, use.coupon) if one.redemption_id not in told), None)
        if made is None:
            results.append(_result(truth, use, NOT_VERIFIED, "verify_token 已使用,请重新验券准备"))
        else:
            told.add(made.redemption_id)
            results.append(_result(truth, use, ALREADY_VERIFIED, "该券已核销,请勿重复操作", made))
    return results


def _made_by(truth: Truth, token: VerifyToken, coupon: Coupon | None) -> list[Redemption]:
    if coupon is None:
        return []
    return [
        use
        for use in truth.redemptions_by_coupon(coupon_key("douyin", coupon.code))
        if use.request_id == token.text and use.reversed_at_ms is None
    ]


def _result(truth: Truth, use: _Use, result: int, words: str, made: Redemption | None = None) -> Json:
    coupon = use.coupon
    line: Json = {
        "result": result,
        "msg": words,
        "code": use.sent,
        "verify_id": made.redemption_id if made else "",
        "certificate_id": coupon.serial if coupon else "",
        "origin_code": coupon.code if coupon and made else "",
        "order_id": coupon.order_id if coupon else "",
        "account_id": douyin_credentials(truth).account_id,
    }
    if coupon is not None and made is not None:
        line["verify_amount_info"] = verify_amount_info(coupon, made.unit)
    return line
