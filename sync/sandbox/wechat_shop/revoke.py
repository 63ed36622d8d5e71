"""Revoke: takes uses of one order's vouchers back, all or none, until they are settled."""

from collections import Counter

from sync.sandbox.coupons import live_uses, reverse_use, uses
from sync.sandbox.rows import Coupon, Redemption, Remembered
from sync.sandbox.truth import Truth
from sync.sandbox.wechat_shop.consume import MOST, digest_of, distinct, refuse, vouchers_of
from sync.sandbox.wechat_shop.envelope import NUMBER_TAKEN, Failure, succeeded
from sync.sandbox.wechat_shop.reading import Named, body_of, number_of, one_named, short_text
from sync.sandbox.wechat_shop.vouchers import keep_withdrawn
from sync.sandbox.wire import Answer, BadInput, Json, Request, dump, parse_object

MOST_TURNS = 10
_CALL = "wechat_shop.revoke"
# As the wire spells it.
_LIST = "reovke_vouchers"

_NOT_FOUND = (10023101, "券不存在")
_NOT_USED = (10023201, "券未核销或已撤销")
_OTHER_NUMBER = (10023202, "核销单号与券不匹配")
_SETTLED = (10023203, "券已结算,不可撤销核销")
_TOO_MANY_TURNS = (10023204, "券核销和撤销次数已达上限")


def revoke(truth: Truth, request: Request) -> Answer:
    """The same voucher named several times means several uses of a times card, of the consume request named."""
    body = body_of(request)
    number = number_of(body, "revoke_request_no")
    consumed = short_text(body, "consume_request_no")
    named = [one_named(truth, one) for one in body.objects(_LIST, 1, MOST)]
    if len({one.coupon.order_id for one in named if one.coupon}) > 1:
        raise BadInput(f"{_LIST} must be of one order")
    if not consumed and any(one.coupon and one.coupon.kind == "times_card" for one in named):
        raise BadInput("consume_request_no is required for a times card")
    digest = f"{consumed}/{digest_of(named)}"
    before = truth.remembered.get(f"{_CALL}/{number}")
    if before is not None:
        if before.digest != digest:
            raise Failure(NUMBER_TAKEN)
        return succeeded(parse_object(before.body.encode()))
    refuse([(one, _cause(truth, one, named, consumed)) for one in distinct(named)])
    for one in distinct(named):
        for use in _uses(truth, one, named, consumed):
            reverse_use(truth, use)
        keep_withdrawn(truth, one.code, number)
    data: Json = {"voucher_list": vouchers_of(truth, named), "fail_voucher_list": []}
    truth.remembered.put(Remembered(_CALL, number, digest, dump(data).decode(), truth.now_ms()))
    return succeeded(data)


def _uses(truth: Truth, one: Named, named: list[Named], consumed: str) -> list[Redemption]:
    """The uses that are meant, newest first; too few of them if there are no more."""
    live = live_uses(truth, one.coupon) if one.coupon else []
    meant = [use for use in reversed(live) if consumed in ("", use.request_id)]
    return meant[: Counter(named)[one]]


def _cause(truth: Truth, one: Named, named: list[Named], consumed: str) -> tuple[int, str] | None:
    if one.coupon is None:
        return _NOT_FOUND
    if not live_uses(truth, one.coupon):
        return _NOT_USED
    meant = _uses(truth, one, named, consumed)
    if len(meant) < Counter(named)[one]:
        return _NOT_USED if meant else _OTHER_NUMBER
    if not one.coupon.cancellable or any(use.settled for use in meant):
        return _SETTLED
    return _TOO_MANY_TURNS if _turns(truth, one.coupon) >= MOST_TURNS else None


def _turns(truth: Truth, coupon: Coupon) -> int:
    """How often it was used and taken back."""
    return len({use.request_id for use in uses(truth, coupon) if use.reversed_at_ms is not None})
