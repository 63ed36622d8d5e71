"""The own platform's access tokens: several may live at once."""

import hmac

from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.envelope import Failure, succeeded
from sync.sandbox.rows import Token
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Request

LIFE_S = 7200
# Dead tokens are remembered a while, so that "expired" can be told from "never heard of".
_MOST_KEPT = 64


def token(truth: Truth, request: Request) -> Answer:
    """client_credentials."""
    body = Fields(request.json())
    body.choice("grant_type", ("client_credentials",))
    client_id, secret = body.text("client_id"), body.text("client_secret")
    right_id = hmac.compare_digest(client_id.encode("utf-8", "replace"), _own(truth, "client_id"))
    right_secret = hmac.compare_digest(secret.encode("utf-8", "replace"), _own(truth, "client_secret"))
    if not (right_id and right_secret):
        raise Failure(401, "invalid_client", "client_id or client_secret is wrong")
    known = truth.tokens_by_family("miniprogram/client")
    for old in known[: max(0, len(known) - _MOST_KEPT)]:
        if old.expires_at_ms <= truth.now_ms():
            truth.tokens.drop(old.text)
    text = truth.hex(24)
    until_ms = truth.now_ms() + LIFE_S * 1000
    truth.tokens.put(Token(text, "miniprogram", "client", until_ms, truth.next("token")))
    return succeeded(truth, {"access_token": text, "token_type": "Bearer", "expires_in": LIFE_S})


def _own(truth: Truth, name: str) -> bytes:
    return truth.setting(f"miniprogram.{name}").encode()


def _sent(request: Request) -> str:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def require_token(truth: Truth, request: Request) -> None:
    """401 unless the call carries a live token."""
    known = truth.tokens.get(_sent(request))
    if known is None or known.platform != "miniprogram":
        raise Failure(401, "token_invalid", "the access token is missing or unknown")
    if known.expires_at_ms <= truth.now_ms():
        raise expired()


def expired() -> Failure:
    """What every call says to a token past its life."""
    return Failure(401, "token_expired", "the access token has expired")


def forget_token(truth: Truth, request: Request) -> None:
    """The token of this call is good no longer, whatever its age."""
    known = truth.tokens.get(_sent(request))
    if known is not None and known.platform == "miniprogram":
        truth.tokens.drop(known.text)
