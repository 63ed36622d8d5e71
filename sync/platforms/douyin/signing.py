"""How Douyin knows who asks: the stable client token in a header; requests are not signed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import urlencode

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import Refused
from sync.platforms.douyin.faults import MAYBE_DONE, TOKEN_REJECTED, refused
from sync.platforms.douyin.wire import Data, Envelope, TokenAnswer
from sync.platforms.http import Door, Question, unanswered, understood
from sync.platforms.token import KeptToken

BASE: Final = "https://open.douyin.com"
CERTIFICATE: Final = "/goodlife/v1/fulfilment/certificate"
Half = TypeVar("Half", bound=Data)


class Access:
    """Asks with a valid token and opens the envelope: what comes back is data of error code 0."""

    def __init__(self, door: Door, clock: Clock, client_key: str, client_secret: str, account_id: str) -> None:
        self._door = door
        self._client = {"client_key": client_key, "client_secret": client_secret}
        self._account_id = account_id
        # Each fetch of a plain client token cuts the other tills' tokens short; the stable one is the same for all.
        self._token = KeptToken(clock, self._fetch)

    def read(
        self,
        model: type[Envelope[Half]],
        what: str,
        path: str,
        query: Mapping[str, str],
        deadline_ms: int,
        per_second: int | None = None,
    ) -> Half:
        """A GET. Refused when either half of the envelope holds an error code. `per_second`: as in Question."""
        url = f"{BASE}{path}?{urlencode(query)}"
        return self._ask(model, Question("GET", url, what, repeatable=True, per_second=per_second), deadline_ms)

    def write(
        self, model: type[Envelope[Half]], what: str, path: str, body: Mapping[str, object], deadline_ms: int
    ) -> Half:
        """A POST that binds. OutcomeUnknown also where the gateway lost the service behind it."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            return self._ask(model, Question("POST", f"{BASE}{path}", what, body=data), deadline_ms)
        except Refused as no:
            number = no.reason.facts.get("platform_code")
            if number not in MAYBE_DONE:
                raise
        raise unanswered(what, f"code_{number}")

    def _ask(self, model: type[Envelope[Half]], question: Question, deadline_ms: int) -> Half:
        token = self._token.current(deadline_ms)
        for again in (True, False):
            headers = {"access-token": token, "Rpc-Transit-Life-Account": self._account_id}
            envelope = understood(model, self._door.ask(replace(question, headers=headers), deadline_ms))
            number = (envelope.data.error_code if envelope.data else 0) or envelope.extra.error_code
            if not (again and number in TOKEN_REJECTED):
                break
            token = self._token.renewed(token, deadline_ms)
        if number:
            words = (envelope.data.description if envelope.data else "") or envelope.extra.description or ""
            extra = envelope.extra
            raise refused(number, f"{words} {extra.sub_description or ''}".strip(), extra.sub_error_code or 0)
        if envelope.data is None:
            raise unanswered(question.what, "wrong_shape")
        return envelope.data

    def _fetch(self, deadline_ms: int) -> tuple[str, int]:
        body = json.dumps({"grant_type": "client_credential", **self._client}).encode()
        question = Question("POST", f"{BASE}/oauth/stable_client_token/", "token", body=body, repeatable=True)
        data = understood(TokenAnswer, self._door.ask(question, deadline_ms)).data
        if data.error_code:
            no = refused(data.error_code, data.description or "")
            raise no if no.reason.about_us else Refused(because(Code.CREDENTIALS_WRONG, **no.reason.facts))
        if not data.access_token or not data.expires_in:
            raise unanswered("token", "wrong_shape")
        return data.access_token, data.expires_in
