"""The WeChat Shop dialect: its calls, how its refusals are worded, and what its coupons look like.

The picture on the customer's order page holds the encrypted code, URL-encoded: 68 signs of base64 of which "+", "/"
and "=" show as %2B, %2F and %3D [documented: decode it, then send it as encrypted_code; its length and alphabet are
guesses, and nothing marks it as WeChat's but that no other platform's picture looks so]. The code to type has 19
digits [one real code was seen, 1750465640047263902; the documents allow digits and letters, 32 signs from the
platform and 48 from the merchant]. Typed, it is no use without the sku_id: get, consume and revoke want both.
"""

from sync.sandbox.refusals import struck
from sync.sandbox.router import Route
from sync.sandbox.truth import Truth
from sync.sandbox.wechat_shop import consume, revoke, token, vouchers
from sync.sandbox.wechat_shop.envelope import INVALID_ARGUMENTS, POST_REQUIRED, TOKEN_EXPIRED, Failure, failed
from sync.sandbox.wire import Answer, BadInput, Request

_VOUCHER = "/channels/ec/voucher"
_PRODUCT = "/channels/ec/product/locallife/get"


def _post_required(_truth: Truth, _request: Request) -> Answer:
    """What a GET hears where a POST belongs."""
    raise Failure(POST_REQUIRED)


_POSTS = (
    Route("POST", "/cgi-bin/stable_token", "token", token.stable_token, open=True),
    Route("POST", f"{_VOUCHER}/get", "read", vouchers.get),
    Route("POST", f"{_VOUCHER}/consume", "verify", consume.consume),
    Route("POST", f"{_VOUCHER}/revoke", "cancel", revoke.revoke),
    Route("POST", _PRODUCT, "read", vouchers.product),
)
ROUTES = (
    Route("GET", "/cgi-bin/token", "token", token.plain_token, open=True),
    *_POSTS,
    *(Route("GET", route.path, route.endpoint, _post_required, open=True) for route in _POSTS),
)


class WechatShop:
    """WeChat Shop's local-life vouchers."""

    platform = "wechat_shop"
    routes = ROUTES

    def answer(self, truth: Truth, route: Route, request: Request) -> Answer:
        """HTTP 200 whatever happens; the errcode tells."""
        refusal = struck(truth, self.platform, route.endpoint)
        try:
            if refusal is None or refusal.acted:
                if not route.open:
                    token.require_token(truth, request)
                answer = route.handler(truth, request)
                if refusal is None:
                    return answer
            raise Failure(refusal.code, refusal.words)
        except Failure as failure:
            return failed(truth, failure)
        except BadInput as problem:
            return failed(truth, Failure(INVALID_ARGUMENTS, f"invalid args: {problem}"))

    def token_expired(self, truth: Truth, request: Request) -> Answer:
        """The token is gone for good, so that only a new one helps."""
        token.forget_token(truth, request)
        return failed(truth, Failure(TOKEN_EXPIRED))

    def outage(self, status: int, _now_ms: int) -> Answer:
        """A gateway in front of the platform answers, without an errcode."""
        return Answer(status, b"", "text/plain", (("Retry-After", "1"),) if status == 429 else ())
