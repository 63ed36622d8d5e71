"""Meituan as a script: the answers a test names, to the requests that come, with the form of each request read back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs

from sync.clock import SystemClock
from sync.domain.codes import Credential, CredentialKind
from sync.platforms.http import Door
from sync.platforms.meituan.adapter import Meituan
from sync.platforms.port import Binding, Prepared, RedeemCall, Use
from tests.platforms.scripted import Scripted, answer, say

CODE = "183826222601"
TYPED = Credential(CredentialKind.CODE, CODE)
ITEM: dict[str, Any] = {
    "count": 1,
    "orderId": "2447782214458607",
    "receiptCode": CODE,
    "dealId": 7,
    "dealTitle": "双人餐",
    "dealPrice": 99.0,
    "bizType": 0,
}
Got = TypeVar("Got")


def good(data: Any) -> dict[str, Any]:
    """A yes."""
    return {"code": "OP_SUCCESS", "msg": "ok", "data": data, "traceId": "1"}


def bad(code: str, words: str = "", data: Any = None) -> dict[str, Any]:
    """A no."""
    return {"code": code, "msg": words, "data": data, "traceId": "1"}


@dataclass
class Script:
    """`asked`: path and biz of each request, in order; `business` is the line."""

    answers: Sequence[dict[str, Any] | bytes]
    business: str = "58"
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    kept: list[Prepared] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=lambda: {"app_auth_token": "t"})

    def play(self, act: Callable[[Meituan, int], Got], *, dianping: bool = False) -> Got:
        """Do it against a server that gives these answers in this order."""
        clock = SystemClock()
        settings = {"developer_id": "112274", "business_id": self.business, "terminal": "T1"}
        binding = Binding("meituan", settings, {"sign_key": "sk", **self.secrets})
        whole = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in self.answers]
        with Scripted([[say(answer(each)) for each in whole]]).running() as server:
            door = Door(clock, {"api-open-cater.meituan.com": server.url})
            platform = Meituan.of(binding, door, clock)
            try:
                return act(platform.as_dianping() if dianping else platform, clock.monotonic_ms() + 2000)
            finally:
                door.close()
                self.asked += [_read(request) for request in server.requests]

    def look_up(self, credential: Credential = TYPED) -> Any:
        """Look up."""
        return self.play(lambda platform, soon: platform.look_up(credential, soon))

    def redeem(self, call: RedeemCall) -> Any:
        """Redeem."""
        return self.play(lambda platform, soon: platform.redeem(call, self.kept.append, soon))

    def settle(self, call: RedeemCall) -> Any:
        """Settle."""
        return self.play(lambda platform, soon: platform.settle(call, self.kept.append, soon))


def call(prepared: Prepared | None, *refs: str | None) -> RedeemCall:
    """Uses of these coupons; of the shown text without a preparation."""
    uses = tuple(Use(f"r{place}", ref, ref, ref or CODE, 9900) for place, ref in enumerate(refs))
    return RedeemCall("4f6d2a8b9c0d1e2f" * 2, TYPED, uses, "online", 1_795_000_000_000, prepared)


def _read(request: bytes) -> tuple[str, dict[str, Any]]:
    head, _, body = request.partition(b"\r\n\r\n")
    fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return head.split()[1].decode(), json.loads(fields.pop("biz")) if "biz" in fields else fields
