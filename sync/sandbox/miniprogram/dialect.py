"""The own platform's dialect: its calls, and how its refusals are worded."""

import functools
from importlib import resources

from sync.sandbox.miniprogram import (
    imports,
    keys,
    permits,
    redeem,
    reverse,
    revocations,
    statements,
    token,
    uploads,
    vouchers,
)
from sync.sandbox.miniprogram.envelope import Failure, failed
from sync.sandbox.router import Route
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request


@functools.cache
def _document() -> bytes:
    return (resources.files("resources") / "openapi" / "own-platform.json").read_bytes()


def openapi(_truth: Truth, _request: Request) -> Answer:
    """The machine-readable contract."""
    return Answer(200, _document())


ROUTES = (
    Route("GET", "/dq/v1/openapi.json", "document", openapi, open=True),
    Route("POST", "/dq/v1/token", "token", token.token, open=True),
    Route("GET", "/dq/v1/keys", "keys", keys.key_set),
    Route("GET", "/dq/v1/revocations", "keys", revocations.revocations),
    Route("GET", "/dq/v1/vouchers", "delta", vouchers.delta),
    Route("POST", "/dq/v1/lookup", "prepare", vouchers.lookup),
    Route("POST", "/dq/v1/redeem", "verify", redeem.redeem),
    Route("GET", "/dq/v1/redemptions/{request_id}", "read", redeem.read_redemption),
    Route("POST", "/dq/v1/reverse", "cancel", reverse.reverse),
    Route("GET", "/dq/v1/history", "history", reverse.history),
    Route("GET", "/dq/v1/statements", "history", statements.statements),
    Route("POST", "/dq/v1/third-party-codes", "upload", imports.third_party_codes),
    Route("POST", "/dq/v1/trust-records", "upload", uploads.trust_records),
    Route("POST", "/dq/v1/journal-heads", "upload", uploads.journal_heads),
    Route("POST", "/dq/v1/permits", "permit", permits.permits),
)


class Miniprogram:
    """The merchant's own platform."""

    platform = "miniprogram"
    routes = ROUTES

    def answer(self, truth: Truth, route: Route, request: Request) -> Answer:
        """An answer, or a 4xx with its code."""
        try:
            if not route.open:
                token.require_token(truth, request)
            return route.handler(truth, request)
        except Failure as failure:
            return failed(truth.now_ms(), failure)
        except BadInput as problem:
            return failed(truth.now_ms(), Failure(400, "bad_request", str(problem)))

    def token_expired(self, truth: Truth, request: Request) -> Answer:
        """The token is gone for good, so that only a new one helps."""
        token.forget_token(truth, request)
        return failed(truth.now_ms(), token.expired())

    def outage(self, status: int, now_ms: int) -> Answer:
        """The platform's own words for an overload and a defect."""
        if status == 429:
            return failed(now_ms, Failure(429, "too_fast", "too many calls, try later", retry_after_s=1))
        return failed(now_ms, Failure(status, "internal", "something failed here"))
