"""How a shop authorises the terminal at Dianping: the page for its manager, and the session for the code it gives."""

from typing import Final
from urllib.parse import urlencode

from sync.clock import Clock
from sync.platforms.dianping.signing import App, grant_of
from sync.platforms.grant import Tokens
from sync.platforms.http import Door
from sync.platforms.port import Binding

PAGE: Final = "https://e.dianping.com/dz-open/merchant/auth"


class DianpingAuthorisation:
    """The authorisation of one shop by its manager."""

    def __init__(self, binding: Binding, door: Door, clock: Clock) -> None:
        self._app = App.of(binding)
        self._door = door
        self._grant = grant_of(binding, door, clock)

    def page(self) -> str:
        """Where the manager authorises the shop; the platform then calls the app's own address with the code."""
        fields = {"app_key": self._app.app_key, "state": "hexiao", "scope": '["tuangou"]'}
        return f"{PAGE}?{urlencode(fields)}"

    def take(self, code: str, deadline_ms: int) -> None:
        """Turn the code into a session and keep it. Raises PlatformError, SecretsError."""
        fields = {"auth_code": code, "grant_type": "authorization_code"}
        self._grant.take(self._app.granted(self._door, fields, deadline_ms))

    def take_token(self, token: str) -> None:
        """Keep a session that was got elsewhere; nothing renews it. Raises SecretsError."""
        self._grant.take(Tokens(token, "", 0))
