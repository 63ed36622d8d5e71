"""Douyin's access tokens: the client token, which cuts its forerunner short, and the stable one."""

from dataclasses import replace

from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.douyin.envelope import GATEWAY_WORDS, TOKEN_EXPIRED, Failure
from sync.sandbox.fields import Fields
from sync.sandbox.rows import Token
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request, json_answer

LIFE_S = 7200
FORERUNNER_LIFE_S = 300
MOST_CALLS, CALLS_WINDOW_S = 500, 300

_BAD_PARAMETERS, _NO_SUCH_CLIENT, _WRONG_SECRET, _TOO_OFTEN = 10002, 10003, 10013, 10020


def refusal(code: int, words: str = "") -> Answer:
    """No token. Without `words` the code has its usual ones; a token's answer has no `extra`."""
    description = words or GATEWAY_WORDS.get(code, "未知错误")
    data = {"access_token": "", "description": description, "error_code": code, "expires_in": 0}
    return json_answer(200, {"data": data, "message": "error"})


def _granted(token: Token, now_ms: int) -> Answer:
    left_s = (token.expires_at_ms - now_ms) // 1000
    data = {"access_token": token.text, "description": "", "error_code": 0, "expires_in": left_s}
    return json_answer(200, {"data": data, "message": "success"})


def _cause(truth: Truth, request: Request) -> int | None:
    """Why this caller gets no token."""
    try:
        body = Fields(request.json())
        body.choice("grant_type", ("client_credential",))
        key, secret = body.text("client_key"), body.text("client_secret")
    except BadInput:
        return _BAD_PARAMETERS
    own = douyin_credentials(truth)
    if key != own.client_key:
        return _NO_SUCH_CLIENT
    return None if secret == own.client_secret else _WRONG_SECRET


def _too_often(truth: Truth) -> bool:
    """Whether this is more than the 500th call within five minutes; counts it."""
    start, count = (int(part) for part in truth.setting("douyin.token_calls", "0 0").split())
    now_s = truth.now_s()
    if not start <= now_s < start + CALLS_WINDOW_S:
        start, count = now_s, 0
    truth.set("douyin.token_calls", f"{start} {count + 1}")
    return count + 1 > MOST_CALLS


def _fresh(truth: Truth, family: str) -> Token:
    text = f"clt.{truth.hex(16)}"
    return truth.tokens.put(Token(text, "douyin", family, truth.now_ms() + LIFE_S * 1000, truth.next("token")))


def client_token(truth: Truth, request: Request) -> Answer:
    """A new token each time. The one before lives on for five minutes; older ones die at once."""
    cause = _cause(truth, request)
    if cause is None and _too_often(truth):
        cause = _TOO_OFTEN
    if cause is not None:
        return refusal(cause)
    now_ms = truth.now_ms()
    older = truth.tokens_by_family("douyin/client")
    for token in older[:-1]:
        truth.tokens.drop(token.text)
    if older:
        until_ms = min(older[-1].expires_at_ms, now_ms + FORERUNNER_LIFE_S * 1000)
        truth.tokens.put(replace(older[-1], expires_at_ms=until_ms))
    return _granted(_fresh(truth, "client"), now_ms)


def stable_client_token(truth: Truth, request: Request) -> Answer:
    """The same token for as long as it lives, however many tills ask."""
    cause = _cause(truth, request)
    if cause is None and _too_often(truth):
        cause = _TOO_OFTEN
    if cause is not None:
        return refusal(cause)
    now_ms = truth.now_ms()
    for token in truth.tokens_by_family("douyin/stable"):
        if token.expires_at_ms - now_ms >= 1000:
            return _granted(token, now_ms)
        truth.tokens.drop(token.text)
    return _granted(_fresh(truth, "stable"), now_ms)


def require_token(truth: Truth, request: Request) -> None:
    """Failure 2190008 unless the call carries a live token."""
    token = truth.tokens.get(request.headers.get("access-token", ""))
    if token is None or token.platform != "douyin" or token.expires_at_ms <= truth.now_ms():
        raise expired()


def expired() -> Failure:
    """What every call says to a dead token."""
    return Failure(TOKEN_EXPIRED, GATEWAY_WORDS[TOKEN_EXPIRED])


def forget_token(truth: Truth, request: Request) -> None:
    """The token of this call is good no longer, whatever its age."""
    text = request.headers.get("access-token", "")
    token = truth.tokens.get(text)
    if token is not None and token.platform == "douyin":
        truth.tokens.drop(text)
