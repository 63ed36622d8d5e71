"""The line to Meituan breaks at each request in turn: what was accepted is redeemed once or denied, never twice."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sync.errors import PlatformError
from sync.platforms.port import Denied, Prepared, RedeemCall, Redeemed, Reversed, UseResult
from sync.sandbox.sandbox import Sandbox
from tests.contract.broken_line import Break, BrokenDoor, How
from tests.contract.conftest import opened
from tests.contract.shop import HOSTS, Shop

MOST_TRIES = 6
LONGEST_DAY = 40
WAYS: tuple[How, ...] = ("never", "before", "after", "late")
SOLD = ("one", "trust", "trusted_pair", "basket", "card", "trusted_card", "spoilt", "taken")


class Till:
    """What a ledger would hold of one call, through restarts of the program: nothing else survives."""

    def __init__(self, shop: Shop, call: RedeemCall) -> None:
        self.shop = shop
        self.call = call
        self.prepared = call.prepared
        self.maybe_done = False
        self.results: dict[str, UseResult] = {}

    def keep(self, prepared: Prepared) -> None:
        self.prepared = prepared

    def deliver(self) -> bool:
        """One try, as the courier makes it; True when all is settled."""
        open_uses = tuple(use for use in self.call.uses if use.redemption_id not in self.results)
        call = replace(self.call, uses=open_uses, prepared=self.prepared)
        send = self.shop.platform.settle if self.maybe_done else self.shop.platform.redeem
        try:
            results = send(call, self.keep, self.shop.soon(5000))
        except PlatformError as error:
            self.maybe_done = self.maybe_done or type(error).__name__ != "NeverSent"
            self.shop.platform = self.shop.connected()
            return False
        self.results.update({result.redemption_id: result for result in results})
        return True


@pytest.fixture(params=["meituan", "meituan_dining"])
def broken(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Shop]:
    for shop in opened(sandbox, request.param):
        shop.door.close()
        shop.door = BrokenDoor(shop.clock, dict.fromkeys(HOSTS, sandbox.url))
        shop.platform = shop.connected()
        yield shop


def sell(shop: Shop, what: str) -> tuple[RedeemCall, list[dict[str, Any]]]:
    """A call over what a customer shows, and the coupons in it."""
    if what in {"card", "trusted_card"}:
        card = shop.card(5)
        looked = None if what == "trusted_card" else shop.look_up(shop.typed(card))
        return shop.call(shop.typed(card), looked, units=3), [card]
    coupons = shop.coupons(1 if what in {"one", "trust"} else 3)
    if what in {"trust", "trusted_pair"}:
        return shop.call(shop.typed(coupons[0]), units=1 if what == "trust" else 2), coupons
    call = shop.basket(coupons)
    if what in {"spoilt", "taken"}:
        shop.lot(coupons[1], "refunded" if what == "spoilt" else "used_elsewhere")
    return call, coupons


def line(shop: Shop) -> BrokenDoor:
    assert isinstance(shop.door, BrokenDoor)
    return shop.door


def ours(shop: Shop, coupons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [use for use in shop.booked(*coupons) if not str(use["request_id"]).startswith("elsewhere")]


@pytest.mark.parametrize("what", SOLD)
@pytest.mark.parametrize("how", WAYS)
def test_a_redemption_through_a_line_that_breaks(broken: Shop, what: str, how: How) -> None:
    for at in range(1, LONGEST_DAY):
        call, coupons = sell(broken, what)
        till = Till(broken, call)
        line(broken).broken = Break(at, how, later=1 + at % 3)
        for _ in range(MOST_TRIES):
            if till.deliver():
                break
        struck, line(broken).broken = line(broken).broken.struck, Break(0, "never")
        assert set(till.results) == {use.redemption_id for use in call.uses}, at
        redeemed = [result for result in till.results.values() if isinstance(result, Redeemed)]
        booked = ours(broken, coupons)
        assert len(booked) == len(redeemed), (at, till.results)
        assert sorted(use["code"] for use in booked) == sorted(result.code or "" for result in redeemed)
        if what not in {"spoilt", "taken"}:
            assert not any(isinstance(result, Denied) for result in till.results.values())
        if not struck:
            break
    assert not struck
    # A coupon that another has used, or an earlier try of ours under way, may be tried once more.
    broken.forgive(broken.second_attempts() - broken.tried_before if how == "late" or what == "taken" else 0)


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("what", ["one", "basket", "card"])
def test_a_reversal_through_a_line_that_breaks(broken: Shop, what: str, how: How) -> None:
    for at in range(1, LONGEST_DAY):
        call, coupons = sell(broken, what)
        results = broken.redeem(call)
        (first, *_), left = results, len(results) - 1
        # Of a times card the latest use is the one that is taken back.
        reversal = broken.reversal(call, (results[-1] if what == "card" else first,))
        line(broken).broken = Break(at, how, later=1 + at % 3)
        answer = None
        for _ in range(MOST_TRIES):
            try:
                (answer,) = broken.platform.reverse(reversal, broken.soon(5000))
            except PlatformError:
                broken.platform = broken.connected()
                continue
            break
        struck, line(broken).broken = line(broken).broken.struck, Break(0, "never")
        assert isinstance(answer, Reversed), at
        assert len(ours(broken, coupons)) == left, at
        if not struck:
            break
    assert not struck
