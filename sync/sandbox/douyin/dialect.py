"""The Douyin dialect: its calls, and how its refusals are worded."""

from sync.sandbox.douyin import cancel, links, prepare, reads, token, verify
from sync.sandbox.douyin.envelope import Failure, bad_parameter, failed
from sync.sandbox.router import Route
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request

_FULFILMENT = "/goodlife/v1/fulfilment/certificate"

ROUTES = (
    Route("POST", "/oauth/client_token/", "token", token.client_token, open=True),
    Route("POST", "/oauth/stable_client_token/", "token", token.stable_client_token, open=True),
    Route("GET", f"{_FULFILMENT}/prepare/", "prepare", prepare.prepare),
    Route("POST", f"{_FULFILMENT}/verify/", "verify", verify.verify),
    Route("POST", f"{_FULFILMENT}/cancel/", "cancel", cancel.cancel),
    Route("GET", f"{_FULFILMENT}/get/", "read", reads.get),
    Route("GET", f"{_FULFILMENT}/query/", "read", reads.query),
    Route("GET", f"{_FULFILMENT}/verify_record/query/", "history", reads.verify_records),
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
