"""The Douyin dialect: its calls, and how its refusals are worded."""

from sync.sandbox.douyin import batch, cancel, ledger, links, prepare, reads, token, verify
from sync.sandbox.douyin.envelope import GATEWAY_WORDS, Failure, bad_parameter, failed
from sync.sandbox.douyin.in_use import orders_in_use
from sync.sandbox.refusals import struck
from sync.sandbox.router import Route
from sync.sandbox.rows import Refusal
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request

_FULFILMENT = "/goodlife/v1/fulfilment/certificate"
_LEDGER = "/goodlife/v1/settle/ledger"

ROUTES = (
    Route("POST", "/oauth/client_token/", "token", token.client_token, open=True),
    Route("POST", "/oauth/stable_client_token/", "token", token.stable_client_token, open=True),
    Route("GET", f"{_FULFILMENT}/prepare/", "prepare", prepare.prepare),
    Route("POST", f"{_FULFILMENT}/verify/", "verify", verify.verify, hold=orders_in_use),
    Route("POST", f"{_FULFILMENT}/batch_verify/", "verify", batch.batch_verify, hold=orders_in_use),
    Route("POST", f"{_FULFILMENT}/cancel/", "cancel", cancel.cancel),
    Route("GET", f"{_FULFILMENT}/get/", "read", reads.get),
    Route("GET", f"{_FULFILMENT}/query/", "read", reads.query),
    Route("GET", f"{_FULFILMENT}/verify_record/query/", "history", reads.verify_records),
    Route("GET", f"{_LEDGER}/query/", "history", ledger.query),
    Route("GET", f"{_LEDGER}/query_record_by_cert/", "history", ledger.query_record_by_cert),
    Route("GET", "/goodlife/v1/shop/poi/query/", "read", reads.shops),
    Route("GET", "/share/commerce/coupon/{object_id}/", "short_link", links.share_page, open=True),
    # Last: any single segment that nothing else answers to.
    Route("GET", "/{token}/", "short_link", links.short_link, open=True),
)


class Douyin:
    """Douyin's life services."""

    platform = "douyin"
    routes = ROUTES

    def answer(self, truth: Truth, route: Route, request: Request) -> Answer:
        """HTTP 200 whatever happens; the envelope tells."""
        batch.finish(truth)
        # Nobody stands in front of the short links.
        refusal = None if route.endpoint == "short_link" else struck(truth, self.platform, route.endpoint)
        if refusal is None:
            return self._acted(truth, route, request)
        if refusal.acted:
            self._acted(truth, route, request)
        if route.endpoint == "token":
            return token.refusal(refusal.code, refusal.words)
        return failed(truth, _told(refusal))

    def _acted(self, truth: Truth, route: Route, request: Request) -> Answer:
        try:
            if not route.open:
                token.require_token(truth, request)
            return route.handler(truth, request)
        except Failure as failure:
            return failed(truth, failure)
        except BadInput as problem:
            return failed(truth, bad_parameter(str(problem)))

    def token_expired(self, truth: Truth, request: Request) -> Answer:
        """The token is gone for good, so that only a new one helps."""
        token.forget_token(truth, request)
        return failed(truth, token.expired())

    def outage(self, status: int, _now_ms: int) -> Answer:
        """A gateway in front of the platform answers, without an envelope."""
        if status == 429:
            return Answer(429, b"Too Many Requests", "text/plain", (("Retry-After", "1"),))
        return Answer(status, b"<html><body>Internal Server Error</body></html>", "text/html")


def _told(refusal: Refusal) -> Failure:
    words = refusal.words or GATEWAY_WORDS.get(refusal.code, "未知错误")
    return Failure(refusal.code, words, refusal.sub_code, words if refusal.sub_code else "")
