"""What Meituan's gateway asks of every call: a known developer's signed form, fresh, with a token of the right line."""

import hashlib
import hmac
from collections.abc import Mapping

from sync.sandbox.credentials import DINING, RETAIL, MeituanCredentials, meituan_credentials
from sync.sandbox.fields import Fields
from sync.sandbox.forms import form_of
from sync.sandbox.meituan.envelope import (
    DEVELOPER,
    NO_PERMISSION,
    PARAMETER,
    SIGN,
    STALE,
    TOKEN_EXPIRED,
    TOKEN_OF_ANOTHER,
    TOKEN_UNKNOWN,
    Failure,
)
from sync.sandbox.rows import Token
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Request, parse_object

CLOCK_TOLERANCE_S = 600
LINES = (RETAIL, DINING)


def signature(sign_key: str, form: Mapping[str, str]) -> str:
    """Lower SHA-1 hex over the key, then name and value of every field that is not empty, by name."""
    signed = "".join(name + form[name] for name in sorted(form) if name != "sign" and form[name])
    return hashlib.sha1((sign_key + signed).encode("utf-8")).hexdigest()


def biz_of(request: Request) -> Fields:
    """The parameters of the call itself."""
    return Fields(parse_object(form_of(request).get("biz", "").encode("utf-8")))


def check_developer(truth: Truth, form: Mapping[str, str]) -> MeituanCredentials:
    """Failure unless a known developer has signed this form just now."""
    own = meituan_credentials(truth)
    fields = Fields(form, textual=True)
    fields.choice("charset", ("UTF-8",))
    if fields.text("developerId") != own.developer_id:
        raise Failure(DEVELOPER)
    if abs(fields.whole("timestamp", 0, 10**17) - truth.now_s()) > CLOCK_TOLERANCE_S:
        raise Failure(STALE)
    if not hmac.compare_digest(signature(own.sign_key, form).encode(), fields.text("sign").encode()):
        raise Failure(SIGN)
    if fields.text("businessId") not in LINES:
        raise Failure(PARAMETER, "businessId")
    return own


def check_call(truth: Truth, request: Request, line: str) -> None:
    """Failure unless the call may pass to `line`: developer, signature and time, then token and line."""
    form = form_of(request)
    Fields(form).choice("version", ("2",))
    check_developer(truth, form)
    token = token_of(truth, form)
    if token is None:
        raise Failure(TOKEN_UNKNOWN)
    if token.expires_at_ms <= truth.now_ms():
        raise Failure(TOKEN_EXPIRED)
    if token.family != form["businessId"]:
        raise Failure(TOKEN_OF_ANOTHER)
    if form["businessId"] != line:
        raise Failure(NO_PERMISSION, f"businessId={form['businessId']}")


def token_of(truth: Truth, form: Mapping[str, str]) -> Token | None:
    """The access token that a form carries, dead or alive."""
    token = truth.tokens.get(form.get("appAuthToken", ""))
    return token if token and token.platform == "meituan" and token.family in LINES else None
