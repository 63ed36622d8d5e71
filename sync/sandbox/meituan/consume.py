"""Redeeming and taking back at businessId 58: one request id books once, and ten minutes are all there is to undo."""

from functools import partial

from sync.sandbox.fields import Fields
from sync.sandbox.meituan import shapes
from sync.sandbox.meituan.envelope import WORDS, answered
from sync.sandbox.meituan.gateway import biz_of
from sync.sandbox.receipts import MOST_AT_ONCE, Refusal, consumed, coupon_of_use, found, taken_back
from sync.sandbox.repeats import once
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Json, Request

_LONGEST = 64
_OK = 200


def consume(truth: Truth, request: Request) -> Answer:
    """Use `count` coupons of the order that were sold under one deal, the one shown first; all or none.

    Of a times card `count` uses are made. A repeat of the request id answers the same, reversed since or not, and
    books nothing anew.
    """
    biz = biz_of(request)
    code, account = biz.text("receiptCode"), _account(biz)
    count = biz.whole("count", 1, MOST_AT_ONCE)
    request_id = biz.text("requestId", longest=_LONGEST)
    act = partial(_uses, truth, code, count, request_id, account)
    return answered(truth, {"result": once(truth, "meituan.consume", request_id, biz.raw(), act)})


def batchconsume(truth: Truth, request: Request) -> Answer:
    """Several uses of several times cards, each code for itself: look at each result.

    Only the names of the legacy dialect are known; whoever asks in camel case is answered in camel case [a guess].
    """
    biz = biz_of(request)
    legacy = biz.has("receipt_code_infos")
    codes = _codes(biz, legacy)
    request_id = biz.text("requestid" if legacy else "requestId", longest=_LONGEST)
    account = "" if legacy else _account(biz)

    def act() -> list[Json]:
        return [_single(truth, code, count, request_id, account, legacy) for code, count in codes]

    return answered(truth, {"result": once(truth, "meituan.batchconsume", request_id, biz.raw(), act)})


def reverseconsume(truth: Truth, request: Request) -> Answer:
    """Take back the latest use of a coupon that stands; `dealId` is text and names the deal, not its group."""
    biz = biz_of(request)
    coupon, deal = found(truth, biz.text("receiptCode")), biz.text("dealId")
    _account(biz)
    taken_back(truth, coupon, deal)
    return answered(truth, {"result": [shapes.reversed_one(coupon)]})


def batch_reverseconsume(truth: Truth, request: Request) -> Answer:
    """Take back the latest uses of several codes, each code for itself [the fields are guesses after batchconsume]."""
    biz = biz_of(request)
    legacy = biz.has("receipt_code_infos")
    lines = []
    for code, count in _codes(biz, legacy):
        line = _line(code, legacy)
        try:
            coupon = found(truth, code)
            undone = [shapes.reversed_one(coupon) for _ in taken_back(truth, coupon, None, count)]
            line |= _outcome(legacy, _OK, "success", undone, "reverse")
        except Refusal as refusal:
            words = WORDS[refusal.why]
            line |= _outcome(legacy, words.result, words.message, [], "reverse")
        lines.append(line)
    return answered(truth, {"result": lines})


def _account(biz: Fields) -> str:
    biz.text("appShopAccountName", longest=_LONGEST)
    return biz.text("appShopAccount", longest=_LONGEST)


def _codes(biz: Fields, legacy: bool) -> list[tuple[str, int]]:
    infos = biz.objects("receipt_code_infos" if legacy else "receiptCodeInfos", 1, MOST_AT_ONCE)
    name = "receipt_code" if legacy else "receiptCode"
    return [(one.text(name), one.whole("num", 1, MOST_AT_ONCE)) for one in infos]


def _uses(truth: Truth, code: str, count: int, request_id: str, account: str) -> list[Json]:
    uses = consumed(truth, code, count, request_id, account)
    return [shapes.consumed(coupon_of_use(truth, use), use) for use in uses]


def _single(truth: Truth, code: str, count: int, request_id: str, account: str, legacy: bool) -> Json:
    try:
        uses = _uses(truth, code, count, request_id, account)
    except Refusal as refusal:
        words = WORDS[refusal.why]
        return _line(code, legacy) | _outcome(legacy, words.result, words.message, [], "consume")
    return _line(code, legacy) | _outcome(legacy, _OK, "success", uses, "consume")


def _line(code: str, legacy: bool) -> Json:
    return {"receipt_code" if legacy else "receiptCode": code}


def _outcome(legacy: bool, code: int, message: str, details: list[Json], what: str) -> Json:
    if legacy:
        return {f"single_{what}_code": code, f"single_{what}_msg": message, f"{what}_detail_list": details}
    names = what.capitalize()
    return {f"single{names}Code": code, f"single{names}Msg": message, f"{what}DetailList": details}
