"""How Dianping knows who asks: form fields signed by MD5 with the app's secret, the shop's session among them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import Refused
from sync.platforms.dianping.faults import SUCCESS, reason_of, refused
from sync.platforms.dianping.wire import Granted, Head, read
from sync.platforms.grant import Grant, Tokens
from sync.platforms.http import Door, Question, understood
from sync.platforms.moments import ZONE
from sync.platforms.port import Binding

BASE: Final = "https://openapi.dianping.com/router"
SESSION: Final = "session"
REFRESH: Final = "refresh_token"
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}


def signature(secret: str, fields: Mapping[str, str]) -> str:
    """MD5 over all fields by name, each name with its raw value, between the secret and the secret
    (platform-contracts.md 2.5)."""
    text = "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return hashlib.md5(f"{secret}{text}{secret}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class App:
    """The app under whose key everything is asked."""

    app_key: str
    app_secret: str = field(repr=False)

    @classmethod
    def of(cls, binding: Binding) -> "App":
        """That of a binding. KeyError where a setting is missing."""
        return cls(binding.settings["app_key"], binding.secrets["app_secret"])

    def signed(self, clock: Clock, fields: Mapping[str, str]) -> dict[str, str]:
        """These fields with those that every request has, and the signature over all. The time is Beijing's."""
        now = datetime.fromtimestamp(clock.wall_ms() / 1000, UTC).astimezone(ZONE)
        whole = {
            "app_key": self.app_key,
            "timestamp": now.strftime("%Y-%m-%d %H:%M:%S"),
            "format": "json",
            "v": "1",
            "sign_method": "MD5",
            **fields,
        }
        return {**whole, "sign": signature(self.app_secret, whole)}

    def granted(self, door: Door, fields: Mapping[str, str], deadline_ms: int) -> Tokens:
        """Tokens for a code or an older refresh token. This one call bears the secret itself and no signature."""
        form = urlencode({"app_key": self.app_key, "app_secret": self.app_secret, **fields}).encode()
        question = Question("POST", f"{BASE}/oauth/token", "token", _FORM, form)
        head = understood(Head, door.ask(question, deadline_ms))
        if head.code != SUCCESS:
            raise refused(head.code, head.msg or "")
        # Beside the code in some answers, in the data of others.
        told = head.data if isinstance(head.data, dict) else head.model_extra
        granted = read(Granted, told, "token")
        return Tokens(granted.access_token, granted.refresh_token or "", granted.expires_in or 0)


def grant_of(binding: Binding, door: Door, clock: Clock) -> Grant:
    """The session of a binding, and what renews it."""
    app = App.of(binding)

    def renew(refresh: str, deadline_ms: int) -> Tokens:
        return app.granted(door, {"refresh_token": refresh, "grant_type": "refresh_token"}, deadline_ms)

    return Grant(clock, binding.secrets, binding.keep, renew, SESSION, REFRESH)


class Access:
    """Asks in the name of one shop; what comes back is the data of an answer that succeeded."""

    def __init__(self, door: Door, clock: Clock, app: App, grant: Grant, open_shop_uuid: str) -> None:
        self._door = door
        self._clock = clock
        self._app = app
        self._grant = grant
        self._shop = {"open_shop_uuid": open_shop_uuid}

    def read(self, what: str, call: str, fields: Mapping[str, str], deadline_ms: int) -> Any:
        """A GET."""
        return self._asked("GET", what, call, fields, deadline_ms)

    def ask(self, what: str, call: str, fields: Mapping[str, str], deadline_ms: int) -> Any:
        """A POST that changes nothing, or whose repeat under the same id changes nothing more."""
        return self._asked("POST", what, call, fields, deadline_ms)

    def take_back(self, what: str, call: str, fields: Mapping[str, str], deadline_ms: int) -> Any:
        """A POST whose repeat would be another."""
        return self._asked("POST", what, call, fields, deadline_ms, repeatable=False)

    def _asked(
        self,
        method: str,
        what: str,
        call: str,
        fields: Mapping[str, str],
        deadline_ms: int,
        *,
        repeatable: bool = True,
    ) -> Any:
        url = f"{BASE}/tuangou/receipt/{call}"
        session = self._grant.current(deadline_ms)
        for again in (True, False):
            form = urlencode(self._app.signed(self._clock, {**fields, **self._shop, "session": session}))
            question = (
                Question("GET", f"{url}?{form}", what, repeatable=repeatable)
                if method == "GET"
                else Question("POST", url, what, _FORM, form.encode(), repeatable)
            )
            head = understood(Head, self._door.ask(question, deadline_ms))
            if head.code == SUCCESS:
                return head.data
            reason = reason_of(head.code, head.msg or "")
            if not again or reason.code is not Code.AUTHORISATION_ENDED:
                raise Refused(reason)
            session = self._grant.renewed(session, deadline_ms)
        raise Refused(because(Code.AUTHORISATION_ENDED, what=what))
