"""What Dianping's old gateway asks of every call: a known signature, a fresh time, a session, and the shop of it."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from sync.sandbox.credentials import SESSION, dianping_credentials
from sync.sandbox.dianping.envelope import (
    APP_KEY,
    APP_SECRET,
    AUTHORISATION,
    REFRESH,
    SESSION_EXPIRED,
    SESSION_UNKNOWN,
    SHOP,
    SIGN,
    STALE,
    Failure,
    answered,
)
from sync.sandbox.fields import Fields
from sync.sandbox.forms import form_of
from sync.sandbox.meituan.shapes import BEIJING
from sync.sandbox.pairs import Pairs
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request

# That long may a timestamp be off [a guess, after the gateway of today].
CLOCK_TOLERANCE_S = 600
PAIRS = Pairs("dianping", SESSION)
# One client in production had to send the compact way.
_TIMESTAMPS = ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S")


def params_of(request: Request) -> dict[str, str]:
    """The parameters: those of the form, or of the query where the call is a GET."""
    return dict(request.query) if request.method == "GET" else form_of(request)


def fields_of(request: Request) -> Fields:
    """The same, to be read one by one."""
    return Fields(params_of(request), textual=True)


def signature(secret: str, params: Mapping[str, str]) -> str:
    """Lower MD5 hex over the secret, then name and value of every parameter by name, then the secret again."""
    signed = "".join(name + params[name] for name in sorted(params) if name != "sign")
    return hashlib.md5((secret + signed + secret).encode("utf-8"), usedforsecurity=False).hexdigest()


def check_call(truth: Truth, request: Request) -> None:
    """Failure unless the call may pass."""
    own, params = dianping_credentials(truth), params_of(request)
    fields = Fields(params, textual=True)
    for name, value in (("format", "json"), ("v", "1"), ("sign_method", "MD5")):
        fields.choice(name, (value,))
    if fields.text("app_key") != own.app_key:
        raise Failure(APP_KEY)
    if abs(_moment_s(fields.text("timestamp")) - truth.now_s()) > CLOCK_TOLERANCE_S:
        raise Failure(STALE)
    if not hmac.compare_digest(signature(own.app_secret, params).encode(), fields.text("sign").encode()):
        raise Failure(SIGN)
    session = PAIRS.found(truth, fields.text("session"))
    if session is None:
        raise Failure(SESSION_UNKNOWN)
    if session.expires_at_ms <= truth.now_ms():
        raise Failure(SESSION_EXPIRED)
    PAIRS.arrived(truth, session.text)
    if fields.text("open_shop_uuid") != own.open_shop_uuid:
        raise Failure(SHOP)


def token(truth: Truth, request: Request) -> Answer:
    """A session for a code from the merchant's page, or for a refresh token; the application shows its secret."""
    own, fields = dianping_credentials(truth), Fields(form_of(request), textual=True)
    grant = fields.choice("grant_type", ("authorization_code", "refresh_token"))
    if fields.text("app_key") != own.app_key:
        raise Failure(APP_KEY)
    if fields.text("app_secret") != own.app_secret:
        raise Failure(APP_SECRET)
    if grant == "authorization_code":
        pair = PAIRS.bought(truth, fields.text("auth_code"))
    else:
        pair = PAIRS.renewed(truth, fields.text("refresh_token"))
    if pair is None:
        raise Failure(AUTHORISATION if grant == "authorization_code" else REFRESH)
    return answered({"access_token": pair.access, "refresh_token": pair.refresh, "expires_in": pair.left_s})


def expire(truth: Truth, request: Request) -> None:
    """The session of this call is good no longer, whatever its age."""
    try:
        PAIRS.end(truth, params_of(request).get("session", ""))
    except BadInput:
        return


def _moment_s(text: str) -> int:
    for pattern in _TIMESTAMPS:
        try:
            return int(datetime.strptime(text, pattern).replace(tzinfo=BEIJING).timestamp())
        except (ValueError, OverflowError):
            continue
    raise BadInput("timestamp must look like 2026-01-31 09:30:00 or 20260131093000")
