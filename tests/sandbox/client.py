"""A client of the sandbox that is not ours: plain requests, written from the contracts alone."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from sync.sandbox.sandbox import Sandbox
from tests.sandbox import contract

TIMEOUT_S = 10
FULFILMENT = "/goodlife/v1/fulfilment/certificate"


@dataclass(slots=True)
class Client:
    """One session with the sandbox."""

    sandbox: Sandbox
    session: requests.Session = field(default_factory=requests.Session)

    def control(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        """A control call; the status must be the one expected."""
        answer = self.session.request(method, self.sandbox.control + path, json=body, timeout=TIMEOUT_S)
        assert answer.status_code == status, answer.text
        return answer.json()

    def coupons(self, platform: str, **wish: object) -> list[dict[str, Any]]:
        """Coupons fresh from the shelf."""
        made: list[dict[str, Any]] = self.control("POST", "/coupons", {"platform": platform, **wish})["coupons"]
        return made

    def fault(self, platform: str, endpoint: str, kind: str, **more: object) -> None:
        """Switch a fault on."""
        self.control("POST", "/faults", {"platform": platform, "endpoint": endpoint, "kind": kind, **more})

    def shift_s(self, offset_s: int) -> None:
        """Move the platforms' clock."""
        self.control("POST", "/clock", {"offset_s": offset_s})

    def book(self) -> dict[str, Any]:
        """What the platforms believe."""
        book: dict[str, Any] = self.control("GET", "/book")
        return book


@dataclass(slots=True)
class Douyin(Client):
    """The shop at Douyin."""

    token: str = ""

    @property
    def own(self) -> dict[str, str]:
        """Its credentials."""
        own: dict[str, str] = self.sandbox.describe()["douyin"]
        return own

    def fetch_token(self, path: str = "/oauth/stable_client_token/", **instead: object) -> dict[str, Any]:
        """The data of a token answer; the token is used from now on."""
        body = {
            "grant_type": "client_credential",
            "client_key": self.own["client_key"],
            "client_secret": self.own["client_secret"],
            **instead,
        }
        answer = self.session.post(self.sandbox.url + path, json=body, timeout=TIMEOUT_S).json()
        assert "extra" not in answer
        data: dict[str, Any] = answer["data"]
        self.token = data["access_token"]
        return data

    def call(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        """Any call; checks that it came as HTTP 200 in the envelope, and gives all of it."""
        if not self.token:
            self.fetch_token()
        answer = self.session.request(
            method,
            self.sandbox.url + path,
            headers={"access-token": self.token},
            timeout=TIMEOUT_S,
            **what,
        )
        assert answer.status_code == 200, answer.text
        envelope: dict[str, Any] = answer.json()
        assert isinstance(envelope["data"]["error_code"], int)
        assert set(envelope["extra"]) == {
            "error_code",
            "description",
            "sub_error_code",
            "sub_description",
            "logid",
            "now",
        }
        assert envelope["extra"]["error_code"] == envelope["data"]["error_code"]
        return envelope

    def data(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        """The data of any call."""
        data: dict[str, Any] = self.call(method, path, **what)["data"]
        return data

    def object_id(self, qr_text: str) -> str:
        """Where a short link leads."""
        parts = urlsplit(qr_text)
        assert parts.netloc == "v.douyin.com"
        answer = self.session.get(self.sandbox.url + parts.path, allow_redirects=False, timeout=TIMEOUT_S)
        assert answer.status_code == 302
        target = urlsplit(answer.headers["Location"])
        assert target.netloc == "www.iesdouyin.com"
        return parse_qs(target.query)["object_id"][0]

    def prepare(self, **query: str) -> dict[str, Any]:
        """Prepare by encrypted_data or code."""
        return self.data("GET", f"{FULFILMENT}/prepare/", params={"poi_id": self.own["poi_id"], **query})

    def verify(self, verify_token: str, sealed: list[str], **more: object) -> dict[str, Any]:
        """Verify by encrypted codes."""
        body = {"verify_token": verify_token, "poi_id": self.own["poi_id"], "encrypted_codes": sealed, **more}
        return self.data("POST", f"{FULFILMENT}/verify/", json=body)

    def cancel(self, verify_id: str, certificate_id: str, **more: object) -> dict[str, Any]:
        """Take a verify back."""
        body = {"verify_id": verify_id, "certificate_id": certificate_id, **more}
        return self.data("POST", f"{FULFILMENT}/cancel/", json=body)

    def certificate(self, sealed: str) -> dict[str, Any]:
        """One certificate."""
        data = self.data("GET", f"{FULFILMENT}/get/", params={"encrypted_code": sealed})
        found: dict[str, Any] = data["certificate"]
        return found

    def redeem(self, code: str, times: int = 1) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Prepare and verify one coupon; the prepared certificate and the results."""
        prepared = self.prepare(code=code)
        first = prepared["certificates"][0]
        verified = self.verify(prepared["verify_token"], [first["encrypted_code"]] * times)
        return first, verified["verify_results"]


@dataclass(slots=True)
class Miniprogram(Client):
    """The shop at its own platform; every answer is held against the OpenAPI document."""

    token: str = ""

    @property
    def own(self) -> dict[str, str]:
        """Its credentials."""
        own: dict[str, str] = self.sandbox.describe()["miniprogram"]
        return own

    @property
    def store(self) -> str:
        """The store's id."""
        return self.own["store"]

    def fetch_token(self) -> None:
        """Get a token and use it from now on."""
        own = self.own
        body = {
            "grant_type": "client_credentials",
            "client_id": own["client_id"],
            "client_secret": own["client_secret"],
        }
        path = "/dq/v1/token"
        contract.check_question("POST", path, body)
        answer = self.session.post(self.sandbox.url + path, json=body, timeout=TIMEOUT_S)
        contract.check_answer("POST", path, answer.status_code, answer.json())
        self.token = answer.json()["access_token"]

    def call(self, method: str, path: str, status: int = 200, **what: Any) -> dict[str, Any]:
        """Any call; the status must be the one expected, and the answer keep to the contract."""
        if not self.token:
            self.fetch_token()
        answer = self.session.request(
            method,
            self.sandbox.url + path,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=TIMEOUT_S,
            **what,
        )
        assert answer.status_code == status, answer.text
        contract.check_answer(method, path, status, answer.json())
        body: dict[str, Any] = answer.json()
        return body

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """A read about this store."""
        return self.call("GET", path, params={"store": self.store, **query})

    def refused_get(self, path: str, status: int, query: dict[str, Any]) -> dict[str, Any]:
        """A read about this store that is refused."""
        return self.call("GET", path, status, params={"store": self.store, **query})

    def post(self, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        """A write about this store."""
        whole = {"store": self.store, **body}
        if status == 200:
            contract.check_question("POST", path, whole)
        return self.call("POST", path, status, json=whole)

    def redeem(self, request_id: str, uses: list[dict[str, Any]], status: int = 200, **more: object) -> dict[str, Any]:
        """Redeem under a request id."""
        body = {
            "request_id": request_id,
            "terminal": "T1",
            "tier": "online",
            "accepted_at": 1_795_000_000_000,
            "uses": uses,
            "dynamic": None,
            **more,
        }
        return self.post("/dq/v1/redeem", body, status)

    def dynamic(self, code: str, **query: object) -> str:
        """What the customer's phone shows."""
        answer = self.session.get(
            f"{self.sandbox.control}/coupons/{code}/dynamic",
            params={name: str(value) for name, value in query.items()},
            timeout=TIMEOUT_S,
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["text"])
