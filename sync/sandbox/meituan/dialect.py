"""The Meituan dialect: the calls of both lines behind one gateway, and how refusals are worded."""

from sync.sandbox.credentials import DINING, RETAIL
from sync.sandbox.meituan import consume, dining, reads, token
from sync.sandbox.meituan.envelope import PARAMETER, TOKEN_EXPIRED, Failure, failed, refused, refused_as_told
from sync.sandbox.meituan.gateway import check_call
from sync.sandbox.receipts import Refusal
from sync.sandbox.refusals import struck
from sync.sandbox.router import Route
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request

_RETAIL, _DINING = "/ddzh/tuangou/receipt", "/tuangou/coupon"

ROUTES = (
    Route("POST", "/oauth/token", "token", token.authorise, open=True),
    Route("POST", "/oauth/refresh", "token", token.refresh, open=True),
    Route("POST", f"{_RETAIL}/prepare", "prepare", reads.prepare),
    Route("POST", f"{_RETAIL}/querybymobile", "prepare", reads.querybymobile),
    Route("POST", f"{_RETAIL}/consume", "verify", consume.consume),
    Route("POST", f"{_RETAIL}/batchconsume", "verify", consume.batchconsume),
    Route("POST", f"{_RETAIL}/reverseconsume", "cancel", consume.reverseconsume),
    Route("POST", f"{_RETAIL}/batch/reverseconsume", "cancel", consume.batch_reverseconsume),
    Route("POST", f"{_RETAIL}/getconsumed", "read", reads.getconsumed),
    Route("POST", f"{_RETAIL}/queryrelevantusable", "read", reads.queryrelevantusable),
    Route("POST", f"{_RETAIL}/queryproduct", "read", reads.queryproduct),
    Route("POST", f"{_RETAIL}/querylistbydate", "history", reads.querylistbydate),
    Route("POST", f"{_DINING}/prepare", "prepare", dining.prepare),
    Route("POST", f"{_DINING}/consume", "verify", dining.consume),
    Route("POST", f"{_DINING}/cancel", "cancel", dining.cancel),
    Route("POST", f"{_DINING}/queryById", "read", dining.query_by_id),
    Route("POST", f"{_DINING}/queryListByDate", "history", dining.query_list_by_date),
    Route("POST", "/tuangou/ng/coupon/msprepare", "prepare", dining.msprepare),
    Route("POST", "/tuangou/ng/coupon/msconsume", "verify", dining.msconsume),
)


class Meituan:
    """Meituan's open platform, for retail services and for dining."""

    platform = "meituan"
    routes = ROUTES

    def answer(self, truth: Truth, route: Route, request: Request) -> Answer:
        """HTTP 200 whatever happens; the envelope tells."""
        told = struck(truth, self.platform, route.endpoint)
        if told is not None and not told.acted:
            return refused_as_told(truth, told)
        answer = self._answer(truth, route, request)
        return answer if told is None else refused_as_told(truth, told)

    def _answer(self, truth: Truth, route: Route, request: Request) -> Answer:
        try:
            if not route.open:
                check_call(truth, request, _line_of(route))
                token.note_use(truth, request)
            return route.handler(truth, request)
        except Failure as failure:
            return failed(truth, failure)
        except Refusal as refusal:
            return refused(truth, refusal.why)
        except BadInput as problem:
            return failed(truth, Failure(PARAMETER, str(problem)))

    def token_expired(self, truth: Truth, request: Request) -> Answer:
        """The token is gone for good, so that only a refresh helps; a long-lived one lives on."""
        token.expire(truth, request)
        return failed(truth, Failure(TOKEN_EXPIRED))

    def outage(self, status: int, _now_ms: int) -> Answer:
        """A gateway in front of the platform answers, without an envelope."""
        if status == 429:
            return Answer(429, b"Too Many Requests", "text/plain", (("Retry-After", "1"),))
        return Answer(status, b"<html><body>Internal Server Error</body></html>", "text/html")


def _line_of(route: Route) -> str:
    return RETAIL if route.path.startswith(_RETAIL) else DINING
