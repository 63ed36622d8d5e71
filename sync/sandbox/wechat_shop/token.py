"""WeChat's access tokens: the plain one, which cuts its forerunner short, and the stable one, apart from it."""

import base64
from dataclasses import replace

from sync.sandbox.credentials import wechat_shop_credentials
from sync.sandbox.fields import Fields
from sync.sandbox.rows import Token
from sync.sandbox.truth import Truth
from sync.sandbox.wechat_shop.envelope import (
    APPID_MISSING,
    INVALID_APPID,
    INVALID_CREDENTIAL,
    INVALID_GRANT_TYPE,
    INVALID_SECRET,
    QUOTA_USED_UP,
    SECRET_MISSING,
    TOKEN_EXPIRED,
    TOKEN_MISSING,
    Failure,
    plain,
)
from sync.sandbox.wechat_shop.reading import body_of
from sync.sandbox.wire import Answer, BadInput, Request

LIFE_S = 7200
# For so long the old and the new token live side by side, and the stable one is renewed so early.
OVERLAP_S = 300
FORCED_APART_S, FORCED_A_DAY = 30, 20
_DAY_S = 86_400
PLATFORM, PLAIN, STABLE = "wechat_shop", "plain", "stable"


def plain_token(truth: Truth, request: Request) -> Answer:
    """A new token each time. The one before lives on for five minutes; older ones die at once."""
    _check(truth, Fields(request.query, textual=True))
    older = truth.tokens_by_family(f"{PLATFORM}/{PLAIN}")
    for token in older[:-1]:
        truth.tokens.drop(token.text)
    if older:
        until_ms = min(older[-1].expires_at_ms, truth.now_ms() + OVERLAP_S * 1000)
        truth.tokens.put(replace(older[-1], expires_at_ms=until_ms))
    return _granted(truth, _fresh(truth, PLAIN))


def stable_token(truth: Truth, request: Request) -> Answer:
    """The same token until five minutes before its end; `force_refresh` takes it away and gives another."""
    body = body_of(request)
    _check(truth, body)
    if body.raw().get("force_refresh") not in (None, True, False):
        raise BadInput("force_refresh must be true or false")
    living = truth.tokens_by_family(f"{PLATFORM}/{STABLE}")
    if body.raw().get("force_refresh") and _may_force(truth):
        for token in living:
            truth.tokens.drop(token.text)
        living = []
    for token in living:
        if token.expires_at_ms - truth.now_ms() >= OVERLAP_S * 1000:
            return _granted(truth, token)
    return _granted(truth, _fresh(truth, STABLE))


def _check(truth: Truth, wish: Fields) -> None:
    """A failure unless the shop itself asks."""
    if wish.raw().get("grant_type") != "client_credential":
        raise Failure(INVALID_GRANT_TYPE)
    if not wish.has("appid"):
        raise Failure(APPID_MISSING)
    if not wish.has("secret"):
        raise Failure(SECRET_MISSING)
    own = wechat_shop_credentials(truth)
    if wish.raw()["appid"] != own.app_id:
        raise Failure(INVALID_APPID)
    if wish.raw()["secret"] != own.app_secret:
        raise Failure(INVALID_SECRET)


def _may_force(truth: Truth) -> bool:
    """Not within 30 s of the last time, and 20 times a day."""
    last_s, count = (int(part) for part in truth.setting("wechat_shop.forced", "0 0").split())
    now_s = truth.now_s()
    if 0 <= now_s - last_s < FORCED_APART_S:
        return False
    count = count + 1 if now_s // _DAY_S == last_s // _DAY_S else 1
    if count > FORCED_A_DAY:
        raise Failure(QUOTA_USED_UP)
    truth.set("wechat_shop.forced", f"{now_s} {count}")
    return True


def _fresh(truth: Truth, family: str) -> Token:
    text = f"84_{base64.urlsafe_b64encode(truth.clock.random_bytes(99)).decode('ascii')}"
    return truth.tokens.put(Token(text, PLATFORM, family, truth.now_ms() + LIFE_S * 1000, truth.next("token")))


def _granted(truth: Truth, token: Token) -> Answer:
    left_s = (token.expires_at_ms - truth.now_ms()) // 1000
    return plain({"access_token": token.text, "expires_in": left_s})


def require_token(truth: Truth, request: Request) -> None:
    """Failure 41001, 40001 or 42001 unless the query carries a live token."""
    text = request.query.get("access_token", "")
    if not text:
        raise Failure(TOKEN_MISSING)
    token = truth.tokens.get(text)
    if token is None or token.platform != PLATFORM:
        raise Failure(INVALID_CREDENTIAL)
    if token.expires_at_ms <= truth.now_ms():
        raise Failure(TOKEN_EXPIRED)


def forget_token(truth: Truth, request: Request) -> None:
    """The token of this call is good no longer, whatever its age."""
    token = truth.tokens.get(request.query.get("access_token", ""))
    if token is not None and token.platform == PLATFORM:
        truth.tokens.drop(token.text)
