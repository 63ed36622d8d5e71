"""Verify: uses coupons of one order, each for itself, once for each verify token."""

from collections import Counter
from dataclasses import dataclass, replace

from sync.sandbox.coupons import Reason, count_second_attempt, units_left, use_unit, used_by_others, why_not
from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.douyin.envelope import Failure, bad_parameter, business, succeeded
from sync.sandbox.douyin.in_use import in_use_name
from sync.sandbox.douyin.issue import kill_links
from sync.sandbox.douyin.prepare import OTHER_STORE, check_place, permit
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
class Use:
    """One use that was asked for: what was sent, the coupon it means, and when it was accepted."""

    sent: str
    coupon: Coupon | None
    accepted_at_ms: int


def verify(truth: Truth, request: Request) -> Answer:
    """Partial success is normal: look at each result. A repeat with the same token books nothing anew."""
    body = Fields(request.json())
    check_poi(truth, body)
    return succeeded(truth, {"verify_results": Check.of(truth, body, request).results(truth)})


def check_poi(truth: Truth, body: Fields) -> None:
    """A failure unless a verify names this shop."""
    check_place(truth, body.text("poi_id"), body.optional_text("account_id") or "")


@dataclass(frozen=True, slots=True)
class Check:
    """A verify of one order's coupons whose form is right and whose token is good."""

    token: VerifyToken
    wanted: tuple[Use, ...]

    @classmethod
    def of(cls, truth: Truth, body: Fields, caller: Request) -> "Check":
        """Read it; a failure if it can't be carried out as a whole. `caller` is the call that it came with."""
        token_text, order_id = body.text("verify_token"), body.optional_text("order_id")
        wanted = _wanted(truth, body)
        third_party = _third_party(truth, body, wanted, order_id or "", caller)
        token = truth.verify_tokens.get(token_text)
        if token is None and third_party and order_id:
            # Nothing is prepared for such codes: the caller makes the token up.
            token = permit(truth, token_text, order_id)
        if token is None:
            raise _refused("verify_token 无效,请重新验券准备")
        if token.expires_at_ms <= truth.now_ms():
            raise _refused("verify_token 已过期,请重新验券准备")
        if {use.coupon.order_id for use in wanted if use.coupon is not None} - {token.order_id}:
            raise _refused("一次只能核销验券准备时同一订单的券")
        if order_id is not None and order_id != token.order_id:
            raise _refused("订单与券码不一致")
        return cls(token, tuple(wanted))

    def results(self, truth: Truth) -> list[Json]:
        """Carry it out: one result for each code, in their order."""
        token = truth.verify_tokens.get(self.token.text) or self.token
        carry_out = _repeat if token.spent else _first
        return carry_out(truth, token, list(self.wanted))

    def causes(self, truth: Truth) -> list[str]:
        """What stands in the way of all of it, in words; of a token that is spent nothing does."""
        if self.token.spent:
            return []
        found = [words for use in self.wanted if (words := _why_not(truth, use))]
        asked = Counter(use.coupon for use in self.wanted if use.coupon is not None)
        short = [coupon for coupon, count in asked.items() if count > units_left(truth, coupon)]
        return found or [_WHY["no_units_left"] for _ in short]

    def put_off(self, truth: Truth, words: str) -> list[Json]:
        """One result for each code if none of it is carried out now."""
        return [_line(truth, use, NOT_VERIFIED, words) for use in self.wanted]


def _refused(words: str) -> Failure:
    return business(words, data={"verify_results": []})


def _third_party(truth: Truth, body: Fields, wanted: list[Use], order_id: str, caller: Request) -> bool:
    """Whether these are codes that the merchant issued; they come in clear, and one call of an order at a time."""
    issued = [use for use in wanted if use.coupon is not None and use.coupon.third_sku_id]
    if not issued:
        return False
    if body.has("encrypted_codes"):
        raise _refused("三方码请使用 codes 与 order_id 核销")
    if truth.in_use.get(in_use_name(order_id)) is not caller:
        raise _refused("该订单正在核销中,请等待上一次请求返回后再试")
    return len(issued) == len(wanted)


def _wanted(truth: Truth, body: Fields) -> list[Use]:
    ways = [name for name in ("encrypted_codes", "codes", "code_with_time_list") if body.has(name)]
    if len(ways) != 1:
        raise bad_parameter("encrypted_codes, codes, code_with_time_list: exactly one of them is required")
    now_ms = truth.now_ms()
    if ways == ["encrypted_codes"]:
        sent = body.texts("encrypted_codes", 1, MOST_CODES)
        return [Use(text, _by_sealed(truth, text), now_ms) for text in sent]
    if not body.has("order_id"):
        raise bad_parameter("order_id is required with plain codes")
    if ways == ["codes"]:
        sent = body.texts("codes", 1, MOST_CODES)
        return [Use(text, truth.coupons.get(coupon_key("douyin", text)), now_ms) for text in sent]
    timed = [
        (one.text("code"), one.whole("verify_time", 0, 10**11))
        for one in body.objects("code_with_time_list", 1, MOST_CODES)
    ]
    return [Use(text, truth.coupons.get(coupon_key("douyin", text)), at * 1000) for text, at in timed]


def _by_sealed(truth: Truth, sealed: str) -> Coupon | None:
    return next((one for one in truth.coupons_by_sealed(sealed) if one.platform == "douyin"), None)


def _why_not(truth: Truth, use: Use) -> str | None:
    """Why this use can't be booked now, in words."""
    if use.coupon is None:
        return _WHY["not_found"]
    reason = why_not(truth, use.coupon, min(use.accepted_at_ms, truth.now_ms()))
    if reason is None and use.coupon.store != douyin_credentials(truth).poi_id:
        return OTHER_STORE
    return None if reason is None else _WHY.get(reason, "核销失败")


def _first(truth: Truth, token: VerifyToken, wanted: list[Use]) -> list[Json]:
    results, done = [], []
    if any(use.coupon and used_by_others(truth, use.coupon, token.text) for use in wanted):
        count_second_attempt(truth)
    for use in wanted:
        words = _why_not(truth, use)
        if use.coupon is None or words is not None:
            results.append(_line(truth, use, NOT_VERIFIED, words or _WHY["not_found"]))
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
        results.append(_line(truth, use, 0, "success", made))
    if done:
        truth.verify_tokens.put(replace(token, spent=True))
    for code in done:
        kill_links(truth, code, token.object_id)
    return results


def _repeat(truth: Truth, token: VerifyToken, wanted: list[Use]) -> list[Json]:
    """What this token has verified is told again; it verifies nothing more."""
    told: set[str] = set()
    results = []
    for use in wanted:
        made = next((one for one in _made_by(truth, token, use.coupon) if one.redemption_id not in told), None)
        if made is None:
            results.append(_line(truth, use, NOT_VERIFIED, "verify_token 已使用,请重新验券准备"))
        else:
            told.add(made.redemption_id)
            results.append(_line(truth, use, ALREADY_VERIFIED, "该券已核销,请勿重复操作", made))
    return results


def _made_by(truth: Truth, token: VerifyToken, coupon: Coupon | None) -> list[Redemption]:
    if coupon is None:
        return []
    return [
        use
        for use in truth.redemptions_by_coupon(coupon_key("douyin", coupon.code))
        if use.request_id == token.text and use.reversed_at_ms is None
    ]


def _line(truth: Truth, use: Use, result: int, words: str, made: Redemption | None = None) -> Json:
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
