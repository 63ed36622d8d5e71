"""How a developer gets a pair of tokens from Meituan, and renews it before it expires."""

from sync.sandbox.credentials import RETAIL
from sync.sandbox.fields import Fields
from sync.sandbox.forms import form_of
from sync.sandbox.meituan.envelope import AUTHORISATION, NO_PERMISSION, REFRESH, Failure, answered
from sync.sandbox.meituan.gateway import check_developer
from sync.sandbox.pairs import Pair, Pairs
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request

PAIRS = Pairs("meituan", RETAIL)


def authorise(truth: Truth, request: Request) -> Answer:
    """A code from the merchant's page buys one pair of tokens."""
    pair = PAIRS.bought(truth, _asked(truth, request, "authorization_code").text("code"))
    if pair is None:
        raise Failure(AUTHORISATION)
    return _told(truth, pair)


def refresh(truth: Truth, request: Request) -> Answer:
    """A new pair; the old one is dead from now on."""
    fields = _asked(truth, request, "refresh_token")
    fields.choice("scope", ("all",))
    pair = PAIRS.renewed(truth, fields.text("refreshToken"))
    if pair is None:
        raise Failure(REFRESH)
    return _told(truth, pair)


def note_use(truth: Truth, request: Request) -> None:
    """A call has passed with its token."""
    PAIRS.arrived(truth, form_of(request)["appAuthToken"])


def expire(truth: Truth, request: Request) -> None:
    """The token of this call is good no longer, whatever its age; one that cannot be refreshed lives on."""
    try:
        PAIRS.end(truth, form_of(request).get("appAuthToken", ""))
    except BadInput:
        return


def _asked(truth: Truth, request: Request, grant: str) -> Fields:
    form = form_of(request)
    fields = Fields(form, textual=True)
    fields.choice("grantType", (grant,))
    check_developer(truth, form)
    if form["businessId"] != RETAIL:
        raise Failure(NO_PERMISSION, "businessId=1")
    return fields


def _told(truth: Truth, pair: Pair) -> Answer:
    shop = truth.setting("meituan.shop") or truth.set("meituan.shop", truth.digits(9))
    data = {
        "accessToken": pair.access,
        "refreshToken": pair.refresh,
        "expireIn": pair.left_s,
        "scope": "all",
        "opBizCode": shop,
    }
    return answered(truth, data)
