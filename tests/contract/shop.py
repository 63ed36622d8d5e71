"""A shop bound to one platform of a running sandbox: what every contract test asks and compares."""

from dataclasses import dataclass, field
from typing import Any

import requests

from sync.clock import Clock, SystemClock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.voucher import Coupon
from sync.platforms.http import Door
from sync.platforms.port import (
    Binding,
    LookedUp,
    Platform,
    Prepared,
    RedeemCall,
    Redeemed,
    ReverseCall,
    Use,
    UseResult,
)
from sync.platforms.registry import connect
from sync.sandbox.sandbox import Sandbox

HOSTS = ("open.douyin.com", "v.douyin.com", "mini.example.com")
TIMEOUT_MS = 2000
QR_KIND = {"douyin": CredentialKind.SHORT_LINK, "miniprogram": CredentialKind.DYNAMIC}


@dataclass
class Shop:
    """One platform, one shop. `kept` is what the checkpoint was given, as the ledger would have it."""

    sandbox: Sandbox
    name: str
    control: requests.Session
    clock: Clock = field(default_factory=SystemClock)
    kept: list[Prepared] = field(default_factory=list)
    times: list[tuple[int, int, int]] = field(default_factory=list)
    forgiven: int = 0
    tried_before: int = 0
    platform: Platform = field(init=False)
    door: Door = field(init=False)

    def __post_init__(self) -> None:
        self.door = Door(self.clock, dict.fromkeys(HOSTS, self.sandbox.url))
        self.platform = self.connected()
        self.tried_before = self.second_attempts()

    def binding(self, **changed: str) -> Binding:
        """The sandbox's shop, with some of its settings changed."""
        values = {**self.sandbox.describe()[self.name], "terminal": "T1", **changed}
        secret = values.pop("client_secret")
        return Binding(self.name, values, {"client_secret": secret})

    def connected(self, **changed: str) -> Platform:
        """A till of its own: no token yet."""
        return connect(
            self.binding(**changed), self.door, self.clock, lambda *learnt: self.times.append((learnt[0], *learnt[1:]))
        )

    def soon(self, ms: int = TIMEOUT_MS) -> int:
        """A deadline."""
        return self.clock.monotonic_ms() + ms

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """A control call."""
        answer = self.control.post(f"{self.sandbox.control}/{path}", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def coupons(self, count: int = 1, **wish: Any) -> list[dict[str, Any]]:
        """Coupons of one order."""
        body = {"platform": self.name, "count": count, "order": "same", "price_fen": 9900, **wish}
        return list(self.post("coupons", body)["coupons"])

    def lot(self, coupon: dict[str, Any], lot: str) -> None:
        """Refunded, expired, frozen or used elsewhere."""
        self.post(f"coupons/{coupon['code']}", {"set": lot})

    def fault(self, endpoint: str, kind: str, **more: Any) -> None:
        """From now on, until cleared."""
        self.post("faults", {"platform": self.name, "endpoint": endpoint, "kind": kind, **more})

    def clear(self) -> None:
        """No more faults."""
        self.control.delete(f"{self.sandbox.control}/faults", timeout=60)

    def later(self, seconds: int) -> None:
        """Move the platform's clock."""
        self.post("clock", {"offset_s": seconds})

    def book(self) -> dict[str, Any]:
        """What the platform believes."""
        return dict(self.control.get(f"{self.sandbox.control}/book", timeout=60).json())

    def booked(self, *coupons: dict[str, Any]) -> list[dict[str, Any]]:
        """The redemptions that stand for these coupons."""
        codes = {coupon["code"] for coupon in coupons}
        return [use for use in self.book()["redemptions"] if use["code"] in codes and not use["reversed"]]

    def second_attempts(self) -> int:
        """How often a used unit was tried under another id."""
        return int(self.book()["second_attempts"])

    def forgive(self, count: int) -> None:
        """So many second attempts were meant."""
        self.forgiven += count

    def keep(self, prepared: Prepared) -> None:
        """The checkpoint."""
        self.kept.append(prepared)

    def typed(self, coupon: dict[str, Any]) -> Credential:
        """The printed code."""
        return Credential(CredentialKind.CODE, coupon["code"])

    def shown(self, coupon: dict[str, Any]) -> Credential:
        """The QR picture's text."""
        return Credential(QR_KIND[self.name], coupon["qr_text"])

    def look_up(self, credential: Credential, ms: int = TIMEOUT_MS) -> LookedUp:
        """Ask what it is."""
        return self.platform.look_up(credential, self.soon(ms))

    def call(
        self, credential: Credential, looked: LookedUp | None = None, units: int = 1, wanted: list[Coupon] | None = None
    ) -> RedeemCall:
        """A redemption of these coupons, `units` of each; made on trust without a look-up."""
        ids = (self.clock.new_id() for _ in range(1000))
        if looked is None:
            uses = tuple(Use(next(ids), None, None, credential.text, 9900) for _ in range(units))
        else:
            coupons = wanted if wanted is not None else list(looked.coupons)
            uses = tuple(
                Use(next(ids), coupon.ref, coupon.handle, coupon.code, coupon.price_fen)
                for coupon in coupons
                for _ in range(units)
            )
        prepared = looked.prepared if looked else None
        tier = "online" if looked else "recorded"
        return RedeemCall(self.clock.new_id(), credential, uses, tier, self.clock.wall_ms(), prepared)

    def redeem(self, call: RedeemCall, ms: int = TIMEOUT_MS) -> tuple[UseResult, ...]:
        """Redeem."""
        return self.platform.redeem(call, self.keep, self.soon(ms))

    def settle(self, call: RedeemCall, ms: int = TIMEOUT_MS) -> tuple[UseResult, ...]:
        """Settle with what the ledger holds."""
        return self.platform.settle(call, self.keep, self.soon(ms))

    def reversal(self, call: RedeemCall, results: tuple[UseResult, ...]) -> ReverseCall:
        """Take all of it back."""
        refs = {result.redemption_id: result.refs for result in results if isinstance(result, Redeemed)}
        return ReverseCall(self.clock.new_id(), call.request_id, refs)
