"""A shop bound to one platform of a running sandbox: what every contract test asks and compares."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import requests

from sync.clock import SystemClock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Reason
from sync.domain.voucher import Coupon
from sync.errors import Refused
from sync.platforms.http import Door
from sync.platforms.port import (
    Binding,
    HistoryRecord,
    KnownUse,
    LookedUp,
    Platform,
    Prepared,
    RedeemCall,
    Redeemed,
    ReverseCall,
    Use,
    UseResult,
)
from sync.platforms.registry import connect_all
from sync.sandbox.sandbox import Sandbox
from tests.contract.rows import Row

HOSTS = (
    "open.douyin.com",
    "v.douyin.com",
    "mini.example.com",
    "api-open-cater.meituan.com",
    "openapi.dianping.com",
    "api.weixin.qq.com",
)
TIMEOUT_MS = 2000


class TillClock(SystemClock):
    """The till's clock, which may run ahead."""

    ahead_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.ahead_ms


@dataclass
class Shop:
    """One platform, one shop. `kept` is what the checkpoint was given, as the ledger would have it; `renewed` the
    secrets that the platform renewed."""

    sandbox: Sandbox
    row: Row
    control: requests.Session
    clock: TillClock = field(default_factory=TillClock)
    kept: list[Prepared] = field(default_factory=list)
    renewed: list[tuple[str, str]] = field(default_factory=list)
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
        values = {
            **self.sandbox.describe()[self.row.described or self.row.name],
            **self.row.more,
            "terminal": "T1",
            **changed,
        }
        secrets = {name: values.pop(name) for name in self.row.secrets if name in values}
        return Binding(self.row.bound, values, secrets, lambda *secret: self.renewed.append(secret))

    def connected(self, **changed: str) -> Platform:
        """A till of its own: no token yet."""
        bound = connect_all(
            [self.binding(**changed)],
            self.door,
            self.clock,
            lambda *learnt: self.times.append((learnt[0], *learnt[1:])),
        )
        return bound[self.row.platform]

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
        body = {"platform": self.row.sold_as, "count": count, "order": "same", "price_fen": 9900, **wish}
        return list(self.post("coupons", body)["coupons"])

    def card(self, units: int, price_fen: int = 9900) -> dict[str, Any]:
        """A times card; the case ends here where the platform sells none."""
        if not self.row.cards:
            pytest.skip("this platform sells no times cards")
        (card,) = self.coupons(kind="times_card", units=units, price_fen=price_fen)
        return card

    def lot(self, coupon: dict[str, Any], lot: str) -> None:
        """Refunded, expired, frozen or used elsewhere."""
        self.post(f"coupons/{coupon['code']}", {"set": lot})

    def fault(self, endpoint: str, kind: str, **more: Any) -> None:
        """From now on, until cleared."""
        asked = self.row.asks.get(endpoint, endpoint)
        self.post("faults", {"platform": self.row.dialect, "endpoint": asked, "kind": kind, **more})

    def clear(self) -> None:
        """No more faults."""
        self.control.delete(f"{self.sandbox.control}/faults", timeout=60)

    def later(self, seconds: int) -> None:
        """Move the platform's clock, and with it the till's where requests bear the time."""
        self.post("clock", {"offset_s": seconds})
        if self.row.timed:
            self.clock.ahead_ms = seconds * 1000

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
        return Credential(self.row.qr, coupon["qr_text"])

    def look_up(self, credential: Credential, ms: int = TIMEOUT_MS) -> LookedUp:
        """Ask what it is."""
        return self.platform.look_up(credential, self.soon(ms))

    def standing(self, credential: Credential) -> Reason | None:
        """Why the shown coupon can't be used: told of the coupon, or as a no to the question."""
        try:
            told = [coupon for coupon in self.look_up(credential).coupons if coupon.selected]
        except Refused as no:
            return no.reason
        return next((coupon for coupon in told if coupon.code == credential.text), told[0]).state

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

    def basket(self, coupons: list[dict[str, Any]]) -> RedeemCall:
        """All coupons of an order at once, as this platform has it."""
        credential = self.shown(coupons[0])
        looked = self.look_up(credential)
        match self.row.basket:
            case "listed":
                assert {coupon.code for coupon in looked.coupons} <= {None, "", *(each["code"] for each in coupons)}
                assert len(looked.coupons) == len(coupons)
                return self.call(credential, looked)
            case "counted":
                assert [coupon.units_left for coupon in looked.coupons] == [len(coupons)]
                return self.call(credential, looked, units=len(coupons))
            case "shown":
                rest = [self.look_up(self.shown(coupon)).coupons[0] for coupon in coupons[1:]]
                return self.call(credential, looked, wanted=[*looked.coupons, *rest])

    def redeem(self, call: RedeemCall, ms: int = TIMEOUT_MS) -> tuple[UseResult, ...]:
        """Redeem."""
        return self.platform.redeem(call, self.keep, self.soon(ms))

    def settle(self, call: RedeemCall, ms: int = TIMEOUT_MS) -> tuple[UseResult, ...]:
        """Settle."""
        return self.platform.settle(call, self.keep, self.soon(ms))

    def resumed(self, call: RedeemCall) -> RedeemCall:
        """The call as the ledger brings it back: with what was kept last."""
        return replace(call, prepared=self.kept[-1]) if self.kept else call

    def reversal(self, call: RedeemCall, results: tuple[UseResult, ...]) -> ReverseCall:
        """Take all of it back."""
        known = self.known(call, results)
        refs, codes = {use.redemption_id: use.refs for use in known}, {use.redemption_id: use.code for use in known}
        return ReverseCall(self.clock.new_id(), call.request_id, refs, {key: code or "" for key, code in codes.items()})

    def known(self, call: RedeemCall, results: tuple[UseResult, ...]) -> list[KnownUse]:
        """What the ledger knows of what was redeemed."""
        codes = {use.redemption_id: use.code or call.credential.text for use in call.uses}
        return [
            KnownUse(result.redemption_id, result.refs, result.code or codes[result.redemption_id])
            for result in results
            if isinstance(result, Redeemed)
        ]

    def history(self, from_ms: int, to_ms: int, known: Sequence[KnownUse] = ()) -> list[HistoryRecord]:
        """The platform's book, whole."""
        page = self.platform.history(from_ms, to_ms, None, self.soon(), known)
        records = list(page.records)
        for _ in range(100):
            if page.cursor is None:
                break
            page = self.platform.history(from_ms, to_ms, page.cursor, self.soon(), known)
            records += page.records
        assert page.cursor is None
        return records

    def listed(self, use: KnownUse, records: Sequence[HistoryRecord]) -> HistoryRecord | None:
        """A redemption of ours in their book: by its number, or by the coupon's code where it has none."""
        if self.row.numbers_records:
            return next((each for each in records if each.record == use.refs["record"]), None)
        assert "record" not in use.refs
        return next((each for each in records if each.code == use.code), None)

    def assert_stands(self, results: tuple[UseResult, ...], *coupons: dict[str, Any]) -> None:
        """All were redeemed, and the platform has exactly these."""
        redeemed = [result for result in results if isinstance(result, Redeemed)]
        assert len(redeemed) == len(results)
        booked = self.booked(*coupons)
        assert len(booked) == len(redeemed)
        if self.row.our_numbers:
            assert len({result.refs["record"] for result in redeemed}) == len(redeemed)
        elif self.row.numbers_records:
            assert {result.refs["record"] for result in redeemed} == {use["redemption_id"] for use in booked}
