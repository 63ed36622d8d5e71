"""A foreign client of Meituan: plain requests and its own signing, written from the facts alone."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from tests.sandbox.client import TIMEOUT_S, Client

RECEIPT = "/ddzh/tuangou/receipt"
COUPON = "/tuangou/coupon"
STAFF = {"appShopAccount": "c1", "appShopAccountName": "收银员一"}


def signed(sign_key: str, form: dict[str, str]) -> dict[str, str]:
    """The form with its signature."""
    text = sign_key + "".join(name + form[name] for name in sorted(form) if form[name] and name != "sign")
    return {**form, "sign": hashlib.sha1(text.encode()).hexdigest()}


@dataclass(slots=True)
class Meituan(Client):
    """The shop at one of Meituan's lines; `line` is its name in the sandbox's description."""

    line: str = "meituan"

    @property
    def own(self) -> dict[str, str]:
        """Its credentials, as they are now."""
        own: dict[str, str] = self.sandbox.describe()[self.line]
        return own

    def form(self, biz: object, /, **instead: str) -> dict[str, str]:
        """The form of one call, unsigned."""
        return {
            "biz": biz if isinstance(biz, str) else json.dumps(biz, ensure_ascii=False),
            "timestamp": str(self.control("GET", "/health")["now"]),
            "businessId": self.own["business_id"],
            "developerId": self.own["developer_id"],
            "charset": "UTF-8",
            "version": "2",
            "appAuthToken": self.own["app_auth_token"],
            **instead,
        }

    def send(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        """A form as it stands; checks the envelope and gives all of it."""
        answer = self.session.post(self.sandbox.url + path, data=form, timeout=TIMEOUT_S)
        assert answer.status_code == 200, answer.text
        envelope: dict[str, Any] = answer.json()
        assert set(envelope) == {"code", "msg", "data", "traceId"}
        return envelope

    def call(self, path: str, biz: object, /, **instead: str) -> dict[str, Any]:
        """One signed call; `instead` changes fields of the form before they are signed."""
        return self.send(path, signed(self.own["sign_key"], self.form(biz, **instead)))

    def data(self, path: str, **biz: object) -> Any:
        """The data of a call that must succeed."""
        envelope = self.call(path, biz)
        assert envelope["code"] == "OP_SUCCESS", envelope
        return envelope["data"]

    def refused(self, path: str, **biz: object) -> str:
        """The code of a call that must fail."""
        envelope = self.call(path, biz)
        assert envelope["code"] != "OP_SUCCESS"
        assert envelope["data"] is None
        assert envelope["msg"]
        return str(envelope["code"])

    def consume(self, code: str, request_id: str, count: int = 1, **more: object) -> list[dict[str, Any]]:
        """Redeem at businessId 58."""
        biz = {"receiptCode": code, "count": count, "requestId": request_id, **STAFF, **more}
        return list(self.data(f"{RECEIPT}/consume", **biz)["result"])

    def refused_consume(self, code: str, request_id: str, count: int = 1) -> str:
        """The code with which a redemption is refused."""
        return self.refused(f"{RECEIPT}/consume", receiptCode=code, count=count, requestId=request_id, **STAFF)

    def oauth(self, path: str, **fields: str) -> dict[str, Any]:
        """A call for tokens."""
        form = self.form("")
        for name in ("biz", "version", "appAuthToken"):
            del form[name]
        return self.send(path, signed(self.own["sign_key"], form | fields))
