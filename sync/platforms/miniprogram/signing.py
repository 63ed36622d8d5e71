"""How the own platform knows who asks: a bearer token from client id and secret."""

import json
from collections.abc import Mapping
from typing import TypeVar

from sync.clock import Clock
from sync.errors import Refused
from sync.platforms.http import Answer, Door, Question, understood
from sync.platforms.miniprogram.faults import TOKEN_REJECTED, refusal
from sync.platforms.miniprogram.wire import Failure, Timed, Token
from sync.platforms.port import TimeLearnt
from sync.platforms.token import KeptToken

Model = TypeVar("Model", bound=Timed)


class Access:
    """Asks with a valid token, learns the platform's time, and turns failures into Refused."""

    def __init__(
        self, door: Door, clock: Clock, base_url: str, client_id: str, client_secret: str, on_time: TimeLearnt
    ) -> None:
        self._door = door
        self._base = base_url.rstrip("/")
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._on_time = on_time
        self._token = KeptToken(clock, self._fetch)

    def ask(
        self,
        model: type[Model],
        what: str,
        method: str,
        path: str,
        deadline_ms: int,
        body: Mapping[str, object] | None = None,
    ) -> Model:
        """The answer as its model. Every call of this platform is idempotent, so a dead line is tried twice."""
        data = None if body is None else encoded(body)
        token = self._token.current(deadline_ms)
        for again in (True, False):
            headers = {"Authorization": f"Bearer {token}"}
            url = f"{self._base}/dq/v1/{path}"
            answer = self._door.ask(Question(method, url, what, headers, data, repeatable=True), deadline_ms)
            if 200 <= answer.status < 300:
                break
            code = understood(Failure, answer).error.code
            if not (again and answer.status == 401 and code in TOKEN_REJECTED):
                raise Refused(refusal(answer.status, code))
            token = self._token.renewed(token, deadline_ms)
        parsed = understood(model, answer)
        self._on_time(parsed.now_at, answer.sent_ms, answer.received_ms)
        return parsed

    def _fetch(self, deadline_ms: int) -> tuple[str, int]:
        body = encoded({"grant_type": "client_credentials", **self._client})
        question = Question("POST", f"{self._base}/dq/v1/token", "token", body=body, repeatable=True)
        answer: Answer = self._door.ask(question, deadline_ms)
        if not 200 <= answer.status < 300:
            raise Refused(refusal(answer.status, understood(Failure, answer).error.code))
        token = understood(Token, answer)
        return token.access_token, token.expires_in


def encoded(body: Mapping[str, object]) -> bytes:
    """JSON as bytes of UTF-8."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
