"""Dianping's old dialect: the calls that a contract from before the move to Meituan still makes."""

from functools import partial

from sync.sandbox.dianping import gateway, shapes
from sync.sandbox.dianping.envelope import (
    PARAMETER,
    SESSION_EXPIRED,
    Failure,
    answered,
    failed,
    refused,
    refused_as_told,
)
from sync.sandbox.dianping.gateway import fields_of
from sync.sandbox.meituan.days import day_of, uses_of
from sync.sandbox.receipts import (
    MOST_AT_ONCE,
    Refusal,
    consumed,
    coupon_of_use,
    found,
    latest_uses,
    prepared,
    relevant,
    taken_back,
)
from sync.sandbox.refusals import struck
from sync.sandbox.repeats import once
from sync.sandbox.router import Route
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Json, Request

MOST_RECORDS = 300
# What was bought on Meituan is unknown here.
_HERE = ("dianping",)
_RECEIPT = "/router/tuangou/receipt"
_LONGEST = 64


def prepare(truth: Truth, request: Request) -> Answer:
    """One code that can be used, and how many are like it. Changes nothing."""
    return answered(shapes.offered(truth, prepared(truth, fields_of(request).text("receipt_code"), _HERE)))


def scanprepare(truth: Truth, request: Request) -> Answer:
    """The same by a picture, which holds the code: a list of what its order still has, the one shown first."""
    coupon = prepared(truth, fields_of(request).text("qr_code"), _HERE)
    return answered([shapes.offered(truth, one) for one in (coupon, *relevant(truth, coupon))])


def consume(truth: Truth, request: Request) -> Answer:
    """Use `count` coupons of the order that were sold under one deal, the one shown first; all or none.

    A repeat of the request id answers the same and books nothing anew.
    """
    fields = fields_of(request)
    code, count = fields.text("receipt_code"), fields.whole("count", 1, MOST_AT_ONCE)
    request_id, account = fields.text("requestid", longest=_LONGEST), fields.text("app_shop_account", longest=_LONGEST)
    fields.text("app_shop_accountname", longest=_LONGEST)
    contents = {"code": code, "count": count, "account": account}
    act = partial(_uses, truth, code, count, request_id, account)
    return answered(once(truth, "dianping.consume", request_id, contents, act))


def reverseconsume(truth: Truth, request: Request) -> Answer:
    """Take back the latest use of a coupon that stands, within ten minutes."""
    fields = fields_of(request)
    coupon, deal = found(truth, fields.text("receipt_code"), _HERE), fields.text("app_deal_id")
    for name in ("app_shop_account", "app_shop_accountname"):
        fields.text(name, longest=_LONGEST)
    taken_back(truth, coupon, deal)
    return answered([shapes.reversed_one(coupon)])


def getconsumed(truth: Truth, request: Request) -> Answer:
    """A coupon that has been used, by its latest use; refused where none stands."""
    coupon = found(truth, fields_of(request).text("receipt_code"), _HERE)
    (use,) = latest_uses(truth, coupon)
    return answered(shapes.told(coupon, use))


def querylistbydate(truth: Truth, request: Request) -> Answer:
    """Uses of one day (in Beijing) that stand, oldest first, `limit` of them from the `offset`th.

    A use that was taken back is gone from the list, and its lines have no number [guesses].
    """
    fields = fields_of(request)
    day = day_of(fields)
    offset, limit = fields.whole("offset", 0, 10**9), fields.whole("limit", 1, MOST_RECORDS)
    standing = [use for use in uses_of(truth, day, _HERE) if use.reversed_at_ms is None]
    page = [shapes.told(coupon_of_use(truth, use), use) for use in standing[offset : offset + limit]]
    return answered({"total_count": len(standing), "records": page})


def _uses(truth: Truth, code: str, count: int, request_id: str, account: str) -> list[Json]:
    uses = consumed(truth, code, count, request_id, account, _HERE)
    return [shapes.consumed(coupon_of_use(truth, use), use) for use in uses]


ROUTES = (
    Route("POST", "/router/oauth/token", "token", gateway.token, open=True),
    Route("POST", f"{_RECEIPT}/prepare", "prepare", prepare),
    Route("POST", f"{_RECEIPT}/scanprepare", "prepare", scanprepare),
    Route("POST", f"{_RECEIPT}/consume", "verify", consume),
    Route("POST", f"{_RECEIPT}/reverseconsume", "cancel", reverseconsume),
    Route("GET", f"{_RECEIPT}/getconsumed", "read", getconsumed),
    Route("GET", f"{_RECEIPT}/querylistbydate", "history", querylistbydate),
)


class Dianping:
    """Dianping as it was before the move."""

    platform = "dianping"
    routes = ROUTES

    def answer(self, truth: Truth, route: Route, request: Request) -> Answer:
        """HTTP 200 whatever happens; the envelope tells."""
        told = struck(truth, self.platform, route.endpoint)
        if told is not None and not told.acted:
            return refused_as_told(told)
        answer = self._answer(truth, route, request)
        return answer if told is None else refused_as_told(told)

    def _answer(self, truth: Truth, route: Route, request: Request) -> Answer:
        try:
            if not route.open:
                gateway.check_call(truth, request)
            return route.handler(truth, request)
        except Failure as failure:
            return failed(failure)
        except Refusal as refusal:
            return refused(refusal.why)
        except BadInput as problem:
            return failed(Failure(PARAMETER, str(problem)))

    def token_expired(self, truth: Truth, request: Request) -> Answer:
        """The session is gone for good, so that only a refresh helps."""
        gateway.expire(truth, request)
        return failed(Failure(SESSION_EXPIRED))

    def outage(self, status: int, _now_ms: int) -> Answer:
        """A gateway in front of the platform answers, without an envelope."""
        if status == 429:
            return Answer(429, b"Too Many Requests", "text/plain", (("Retry-After", "1"),))
        return Answer(status, b"<html><body>Internal Server Error</body></html>", "text/html")
