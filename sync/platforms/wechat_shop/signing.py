"""How WeChat Shop knows who asks: the stable access token in the address; requests are not signed."""

import json
from collections.abc import Mapping
from typing import Final, TypeVar
from urllib.parse import quote

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import Refused
from sync.platforms.http import Door, Question, unanswered, understood
from sync.platforms.token import KeptToken
from sync.platforms.wechat_shop.faults import MAYBE_DONE, TOKEN_REJECTED, reason_of, refused
from sync.platforms.wechat_shop.wire import TokenAnswer, Told

BASE: Final = "https://api.weixin.qq.com"
PER_SECOND: Final = 200
Model = TypeVar("Model", bound=Told)


class Access:
    """Asks with a valid token. Every call of this platform answers a repeat under the same number the same, so a dead
    line is tried twice."""

    def __init__(self, door: Door, clock: Clock, app_id: str, app_secret: str) -> None:
        self._door = door
        self._client = {"appid": app_id, "secret": app_secret}
        # Each fetch of a plain token cuts the other tills' tokens short; the stable one is the same for all.
        self._token = KeptToken(clock, self._fetch)

    def read(self, model: type[Model], what: str, call: str, body: Mapping[str, object], deadline_ms: int) -> Model:
        """What a call that changes nothing answers; Refused when its errcode is not 0."""
        answer = self._ask(model, what, call, body, deadline_ms)
        if answer.errcode:
            raise refused(answer.errcode, answer.errmsg or "")
        return answer

    def write(self, model: type[Model], what: str, call: str, body: Mapping[str, object], deadline_ms: int) -> Model:
        """What a call that binds answers, a no about the vouchers too. Refused only where the no is about us, and
        OutcomeUnknown where the platform itself does not know."""
        answer = self._ask(model, what, call, body, deadline_ms)
        if answer.errcode == MAYBE_DONE:
            raise unanswered(what, f"code_{MAYBE_DONE}")
        if answer.errcode:
            no = refused(answer.errcode, answer.errmsg or "")
            if no.reason.about_us:
                raise no
        return answer

    def _ask(self, model: type[Model], what: str, call: str, body: Mapping[str, object], deadline_ms: int) -> Model:
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        token = self._token.current(deadline_ms)
        for again in (True, False):
            url = f"{BASE}/channels/ec/{call}?access_token={quote(token, safe='')}"
            question = Question("POST", url, what, body=data, repeatable=True, per_second=PER_SECOND)
            answer = understood(model, self._door.ask(question, deadline_ms))
            if not (again and answer.errcode in TOKEN_REJECTED):
                break
            token = self._token.renewed(token, deadline_ms)
        return answer

    def _fetch(self, deadline_ms: int) -> tuple[str, int]:
        body = json.dumps({"grant_type": "client_credential", **self._client}).encode()
        question = Question("POST", f"{BASE}/cgi-bin/stable_token", "token", body=body, repeatable=True)
        told = understood(TokenAnswer, self._door.ask(question, deadline_ms))
        if told.errcode:
            reason = reason_of(told.errcode, told.errmsg or "")
            raise Refused(reason if reason.about_us else because(Code.CREDENTIALS_WRONG, **reason.facts))
        if not told.access_token or not told.expires_in:
            raise unanswered("token", "wrong_shape")
        return told.access_token, told.expires_in
