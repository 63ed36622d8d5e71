"""A client of WeChat Shop's dialect that is not ours: plain requests, written from the documents alone."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.sandbox.client import TIMEOUT_S, Client

VOUCHER = "/channels/ec/voucher"


@dataclass(slots=True)
class Wechat(Client):
    """The shop at WeChat Shop."""

    token: str = ""

    @property
    def own(self) -> dict[str, str]:
        """Its credentials."""
        own: dict[str, str] = self.sandbox.describe()["wechat_shop"]
        return own

    def plain_token(self, **instead: str) -> dict[str, Any]:
        """The answer of GET /cgi-bin/token."""
        query = {"grant_type": "client_credential", "appid": self.own["app_id"], "secret": self.own["app_secret"]}
        query = {name: value for name, value in {**query, **instead}.items() if value}
        answer = self.session.get(f"{self.sandbox.url}/cgi-bin/token", params=query, timeout=TIMEOUT_S)
        assert answer.status_code == 200
        told: dict[str, Any] = answer.json()
        return told

    def stable_token(self, **more: object) -> dict[str, Any]:
        """The answer of POST /cgi-bin/stable_token; its token is used from now on."""
        body = {"grant_type": "client_credential", "appid": self.own["app_id"], "secret": self.own["app_secret"]}
        answer = self.session.post(f"{self.sandbox.url}/cgi-bin/stable_token", json={**body, **more}, timeout=TIMEOUT_S)
        assert answer.status_code == 200
        told: dict[str, Any] = answer.json()
        self.token = told.get("access_token", self.token)
        return told

    def call(self, path: str, body: object, token: str | None = None) -> dict[str, Any]:
        """Any call about vouchers; checks that it came as HTTP 200 with an errcode."""
        if token is None and not self.token:
            self.stable_token()
        query = {"access_token": self.token if token is None else token}
        answer = self.session.post(self.sandbox.url + path, params=query, json=body, timeout=TIMEOUT_S)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        assert isinstance(told["errcode"], int)
        assert isinstance(told["errmsg"], str)
        return told

    def get(self, qr_text: str) -> dict[str, Any]:
        """The voucher behind a picture."""
        found: dict[str, Any] = self.call(f"{VOUCHER}/get", {"encrypted_code": unquote(qr_text)})["voucher"]
        return found

    def consume(self, number: str, qr_texts: list[str], **more: object) -> dict[str, Any]:
        """Use what the pictures stand for."""
        sealed = [unquote(text) for text in qr_texts]
        body = {"consume_request_no": number, "encrypted_codes": sealed, **more}
        return self.call(f"{VOUCHER}/consume", body)

    def revoke(self, number: str, qr_texts: list[str], **more: object) -> dict[str, Any]:
        """Take uses back."""
        named = [{"encrypted_code": unquote(text)} for text in qr_texts]
        return self.call(f"{VOUCHER}/revoke", {"revoke_request_no": number, "reovke_vouchers": named, **more})

    def refuse(self, errcode: int, **more: object) -> None:
        """Let the next calls be refused."""
        self.control("POST", "/wechat_shop/refuse", {"errcode": errcode, **more})
