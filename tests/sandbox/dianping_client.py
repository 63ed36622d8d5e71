"""A foreign client of Dianping's old gateway: plain requests and its own signing, written from the facts alone."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sandbox.client import TIMEOUT_S, Client

RECEIPT = "/router/tuangou/receipt"
STAFF = {"app_shop_account": "c1", "app_shop_accountname": "收银员一"}
GETS = ("getconsumed", "querylistbydate")


def signed(secret: str, params: dict[str, str]) -> dict[str, str]:
    """The parameters with their signature."""
    text = secret + "".join(name + params[name] for name in sorted(params) if name != "sign") + secret
    return {**params, "sign": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}


@dataclass(slots=True)
class Dianping(Client):
    """The shop under its old contract."""

    @property
    def own(self) -> dict[str, str]:
        """Its credentials, as they are now."""
        own: dict[str, str] = self.sandbox.describe()["dianping"]
        return own

    def moment(self, pattern: str = "%Y-%m-%d %H:%M:%S", off_s: int = 0) -> str:
        """The gateway's time in Beijing."""
        now = self.control("GET", "/health")["now"] + off_s
        return (datetime.fromtimestamp(now, UTC) + timedelta(hours=8)).strftime(pattern)

    def params(self, **more: str) -> dict[str, str]:
        """The parameters of one call, unsigned."""
        return {
            "app_key": self.own["app_key"],
            "timestamp": self.moment(),
            "format": "json",
            "v": "1",
            "sign_method": "MD5",
            "session": self.own["session"],
            "open_shop_uuid": self.own["open_shop_uuid"],
            **more,
        }

    def send(self, name: str, params: dict[str, str]) -> dict[str, Any]:
        """Parameters as they stand, by form or in the query; checks the envelope and gives all of it."""
        url = f"{self.sandbox.url}{RECEIPT}/{name}"
        if name in GETS:
            answer = self.session.get(url, params=params, timeout=TIMEOUT_S)
        else:
            answer = self.session.post(url, data=params, timeout=TIMEOUT_S)
        assert answer.status_code == 200, answer.text
        envelope: dict[str, Any] = answer.json()
        assert set(envelope) == {"code", "msg", "data"}
        return envelope

    def call(self, name: str, **more: str) -> dict[str, Any]:
        """One signed call."""
        return self.send(name, signed(self.own["app_secret"], self.params(**more)))

    def data(self, name: str, **more: str) -> Any:
        """The data of a call that must succeed."""
        envelope = self.call(name, **more)
        assert envelope["code"] == 200, envelope
        return envelope["data"]

    def refused(self, name: str, **more: str) -> int:
        """The code of a call that must fail."""
        envelope = self.call(name, **more)
        assert envelope["code"] != 200
        assert envelope["data"] is None
        assert envelope["msg"]
        return int(envelope["code"])

    def oauth(self, **fields: str) -> dict[str, Any]:
        """A call for a session."""
        body = {"app_key": self.own["app_key"], "app_secret": self.own["app_secret"], **fields}
        answer = self.session.post(f"{self.sandbox.url}/router/oauth/token", data=body, timeout=TIMEOUT_S)
        envelope: dict[str, Any] = answer.json()
        return envelope
