"""How Meituan knows who asks: form fields signed with the developer's key, and the shop's token among them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from sync.clock import Clock
from sync.domain.reasons import Code, Reason, because
from sync.errors import Refused
from sync.platforms.grant import Grant
from sync.platforms.http import Door, Question, unanswered, understood
from sync.platforms.meituan.faults import MAYBE_DONE, SUCCESS, reason_of
from sync.platforms.meituan.wire import Head

GATEWAY: Final = "https://api-open-cater.meituan.com"


def signature(sign_key: str, fields: Mapping[str, str]) -> str:
    """SHA-1 over the key and all fields that are not empty, by name, each name with its raw value
    (platform-contracts.md 2.1)."""
    text = sign_key + "".join(f"{name}{fields[name]}" for name in sorted(fields) if fields[name] and name != "sign")
    return hashlib.sha1(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Developer:
    """The developer under whose number and key everything is asked."""

    developer_id: str
    business_id: str
    sign_key: str = field(repr=False)

    def signed(self, clock: Clock, fields: Mapping[str, str]) -> dict[str, str]:
        """These fields with those that every request has, and the signature over all."""
        whole = {
            "timestamp": str(clock.wall_ms() // 1000),
            "businessId": self.business_id,
            "developerId": self.developer_id,
            "charset": "UTF-8",
            **fields,
        }
        return {**whole, "sign": signature(self.sign_key, whole)}


class Gateway:
    """Posts signed forms; what comes back is the data of an answer that succeeded."""

    def __init__(self, door: Door, clock: Clock, developer: Developer) -> None:
        self.developer = developer
        self._door = door
        self._clock = clock

    def post(
        self, what: str, path: str, fields: Mapping[str, str], deadline_ms: int, *, repeatable: bool = False
    ) -> Any:
        """The data. Refused with the platform's reason otherwise."""
        head = self.ask(what, path, fields, deadline_ms, repeatable=repeatable)
        if head.code == SUCCESS:
            return head.data
        raise Refused(reason_in(head))

    def ask(
        self, what: str, path: str, fields: Mapping[str, str], deadline_ms: int, *, repeatable: bool = False
    ) -> Head:
        """The answer, whatever it says."""
        form = urlencode(self.developer.signed(self._clock, fields)).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "DeveloperId": self.developer.developer_id,
            "Sdk-Info": "hexiao",
        }
        question = Question("POST", f"{GATEWAY}{path}", what, headers, form, repeatable)
        return understood(Head, self._door.ask(question, deadline_ms))


class Access:
    """Asks in the name of one shop, whose token is renewed when it is rejected. One object for all labels of a
    binding: the token is theirs together."""

    def __init__(self, gateway: Gateway, grant: Grant) -> None:
        self._gateway = gateway
        self._grant = grant

    def read(self, what: str, path: str, biz: Mapping[str, object], deadline_ms: int) -> Any:
        """The data of a question that changes nothing."""
        return self._ask(what, path, biz, deadline_ms, repeatable=True)

    def write(self, what: str, path: str, biz: Mapping[str, object], deadline_ms: int) -> Any:
        """The data of a call that binds. OutcomeUnknown also where the gateway lost the service behind it."""
        try:
            return self._ask(what, path, biz, deadline_ms, repeatable=False)
        except Refused as no:
            code = no.reason.facts.get("platform_code")
            if code not in MAYBE_DONE:
                raise
        raise unanswered(what, f"code_{code}")

    def _ask(self, what: str, path: str, biz: Mapping[str, object], deadline_ms: int, *, repeatable: bool) -> Any:
        text = json.dumps(biz, ensure_ascii=False, separators=(",", ":"))
        token = self._grant.current(deadline_ms)
        for again in (True, False):
            fields = {"version": "2", "biz": text, "appAuthToken": token}
            try:
                return self._gateway.post(what, path, fields, deadline_ms, repeatable=repeatable)
            except Refused as no:
                if not again or no.reason.code is not Code.AUTHORISATION_ENDED:
                    raise
            token = self._grant.renewed(token, deadline_ms)
        raise Refused(because(Code.AUTHORISATION_ENDED, what=what))


def reason_in(head: Head) -> Reason:
    """Why an answer is no."""
    sub_code = head.data.get("code", "") if isinstance(head.data, dict) else ""
    return reason_of(head.code, str(sub_code), head.msg or "")
