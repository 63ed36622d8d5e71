"""How a shop authorises the terminal: the page for its manager, the code that it gives, and the tokens for that."""

from typing import Final
from urllib.parse import urlencode

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import OutcomeUnknown, Refused
from sync.platforms.grant import Grant, Tokens
from sync.platforms.http import Door
from sync.platforms.meituan.faults import SUCCESS
from sync.platforms.meituan.signing import Developer, Gateway, reason_in
from sync.platforms.meituan.wire import Granted, read
from sync.platforms.port import Binding

PAGE: Final = "https://open-erp.meituan.com/general/auth"
# Where the dining line's shops are mapped; the page itself shows the token.
DINING_PAGE: Final = "https://open-erp.meituan.com/storemap"
DINING: Final = "1"
ACCESS: Final = "app_auth_token"
REFRESH: Final = "refresh_token"


def developer_of(binding: Binding) -> Developer:
    """The developer of a binding. KeyError where a setting is missing."""
    settings = binding.settings
    return Developer(settings["developer_id"], settings.get("business_id", "58"), binding.secrets["sign_key"])


def grant_of(binding: Binding, door: Door, clock: Clock) -> Grant:
    """The tokens of a binding. Those of the dining line are given for good: nothing renews them."""
    developer = developer_of(binding)
    gateway = Gateway(door, clock, developer)
    secrets = dict(binding.secrets)
    if developer.business_id == DINING:
        secrets.pop(REFRESH, None)

    def renew(refresh: str, deadline_ms: int) -> Tokens:
        fields = {"refreshToken": refresh, "grantType": "refresh_token", "scope": "all"}
        return _granted(gateway, "/oauth/refresh", fields, deadline_ms)

    return Grant(clock, secrets, binding.keep, renew, ACCESS, REFRESH)


class ShopAuthorisation:
    """The authorisation of one shop by its manager (platform-contracts.md 2.2)."""

    def __init__(self, binding: Binding, door: Door, clock: Clock) -> None:
        self._developer = developer_of(binding)
        self._gateway = Gateway(door, clock, self._developer)
        self._grant = grant_of(binding, door, clock)
        self._clock = clock
        self._terminal = binding.settings.get("terminal") or "hexiao"

    def page(self) -> str:
        """Where the manager authorises the shop; the code that comes of it is good for ten minutes, and so is the
        address, as it is signed with the time. The dining line's page gives a token and no code."""
        if self._developer.business_id == DINING:
            # The shop goes by the name that this terminal gives it.
            page, fields = DINING_PAGE, self._developer.signed(self._clock, {"ePoiId": self._terminal})
        else:
            page, fields = PAGE, self._developer.signed(self._clock, {"state": "hexiao", "scope": "tuangou"})
        return f"{page}?{urlencode(fields)}"

    def take(self, code: str, deadline_ms: int) -> None:
        """Turn the code into tokens and keep them. Raises PlatformError, SecretsError."""
        fields = {"code": code, "grantType": "authorization_code"}
        self._grant.take(_granted(self._gateway, "/oauth/token", fields, deadline_ms))

    def take_token(self, token: str) -> None:
        """Keep a token that was given for good (the dining line's). Raises SecretsError."""
        self._grant.take(Tokens(token, "", 0))


def _granted(gateway: Gateway, path: str, fields: dict[str, str], deadline_ms: int) -> Tokens:
    head = gateway.ask("token", path, fields, deadline_ms)
    # Which code these two give to a yes is not documented; the tokens are it.
    told = isinstance(head.data, dict) and bool(head.data.get("accessToken"))
    if not told and head.code != SUCCESS:
        raise Refused(reason_in(head))
    try:
        granted = read(Granted, head.data, "token")
    except OutcomeUnknown:
        raise Refused(because(Code.CONTRACT_BROKEN, what="token", platform_code=head.code)) from None
    return Tokens(granted.access_token, granted.refresh_token or "", granted.expire_in or 0)
