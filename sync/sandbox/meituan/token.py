"""How a developer gets a pair of tokens from Meituan, and renews it before it expires."""

from dataclasses import replace

from sync.sandbox.credentials import ACCESS_LIFE_MS, REFRESH_LIFE_MS, RETAIL, hand_out
from sync.sandbox.fields import Fields
from sync.sandbox.meituan.envelope import AUTHORISATION, NO_PERMISSION, REFRESH, Failure, answered
from sync.sandbox.meituan.gateway import check_developer, form_of, token_of
from sync.sandbox.rows import Token
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request

# The last refresh, for as long as nobody has used what it brought: the spent token, then the new pair.
_OPEN_REFRESH = "meituan.open_refresh"


def authorise(truth: Truth, request: Request) -> Answer:
    """A code from the merchant's page buys one pair of tokens."""
    fields = _asked(truth, request, "authorization_code")
    code = _live(truth, fields.text("code"), f"{RETAIL}.code")
    if code is None:
        raise Failure(AUTHORISATION)
    truth.tokens.drop(code.text)
    return _pair(truth)


def refresh(truth: Truth, request: Request) -> Answer:
    """A new pair; the old one is dead from now on.

    A repeat with the spent token brings the same pair until that pair is first used, so that a lost answer does not
    cost the authorisation [a guess: no source says what becomes of it].
    """
    fields = _asked(truth, request, "refresh_token")
    fields.choice("scope", ("all",))
    asked = fields.text("refreshToken")
    spent, *again = truth.setting(_OPEN_REFRESH, "-").split()
    if again and asked == spent:
        return _told(truth, *again)
    token = _live(truth, asked, f"{RETAIL}.refresh")
    if token is None:
        raise Failure(REFRESH)
    truth.tokens.drop(token.text)
    former = truth.tokens.get(truth.setting(f"meituan.token.{RETAIL}"))
    if former is not None:
        _end(truth, former)
    answer = _pair(truth)
    pair = (truth.setting(f"meituan.token.{family}") for family in (RETAIL, f"{RETAIL}.refresh"))
    truth.set(_OPEN_REFRESH, " ".join((asked, *pair)))
    return answer


def note_use(truth: Truth, request: Request) -> None:
    """A call has passed: the pair that its token belongs to has arrived."""
    if form_of(request)["appAuthToken"] in truth.setting(_OPEN_REFRESH).split()[1:]:
        truth.set(_OPEN_REFRESH, "-")


def expire(truth: Truth, request: Request) -> None:
    """The token of this call is good no longer, whatever its age; one that cannot be refreshed lives on."""
    try:
        token = token_of(truth, form_of(request))
    except BadInput:
        return
    if token is not None and token.family == RETAIL:
        _end(truth, token)


def _asked(truth: Truth, request: Request, grant: str) -> Fields:
    form = form_of(request)
    fields = Fields(form, textual=True)
    fields.choice("grantType", (grant,))
    check_developer(truth, form)
    if form["businessId"] != RETAIL:
        raise Failure(NO_PERMISSION, "businessId=1")
    return fields


def _live(truth: Truth, text: str, family: str) -> Token | None:
    token = truth.tokens.get(text)
    if token is None or (token.platform, token.family) != ("meituan", family):
        return None
    return token if truth.now_ms() < token.expires_at_ms else None


def _end(truth: Truth, token: Token) -> None:
    truth.tokens.put(replace(token, expires_at_ms=min(token.expires_at_ms, truth.now_ms())))


def _pair(truth: Truth) -> Answer:
    access = hand_out(truth, "meituan", RETAIL, ACCESS_LIFE_MS)
    return _told(truth, access, hand_out(truth, "meituan", f"{RETAIL}.refresh", REFRESH_LIFE_MS))


def _told(truth: Truth, access: str, renewal: str) -> Answer:
    token = truth.tokens.get(access)
    left_ms = token.expires_at_ms - truth.now_ms() if token else 0
    shop = truth.setting("meituan.shop") or truth.set("meituan.shop", truth.digits(9))
    data = {
        "accessToken": access,
        "refreshToken": renewal,
        "expireIn": max(0, left_ms // 1000),
        "scope": "all",
        "opBizCode": shop,
    }
    return answered(truth, data)
