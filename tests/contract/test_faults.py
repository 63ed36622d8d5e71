"""Every fault of the line and the platform against every call, and what the books say after it was settled."""

import pytest

from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused
from sync.platforms.port import Redeemed, Reversed
from tests.contract.shop import TIMEOUT_MS, Shop

# What is given to an answer that takes twice as long; everything else that is wrong shows in its own time.
SHORT_MS = 500
UNANSWERED = {
    "latency": "timeout",
    "drop_before": "connection_lost",
    "drop_after": "connection_lost",
    "refuse": "connection_lost",
    "http_500": "http_500",
    "bad_json": "not_json",
    "empty": "empty",
    "cut_headers": None,
    "cut_body": "cut",
    "portal": "html",
}
FAULTS = [*UNANSWERED, "http_429", "expired_token"]


def strike(shop: Shop, endpoint: str, kind: str) -> None:
    shop.fault(endpoint, kind, **({"ms": SHORT_MS * 2} if kind == "latency" else {}))


def patience(kind: str) -> int:
    """How long to wait for an answer that is struck."""
    return SHORT_MS if kind == "latency" else TIMEOUT_MS


def assert_struck(shop: Shop, kind: str, error: PlatformError) -> None:
    facts = error.reason.facts
    if kind == "http_429":
        assert isinstance(error, Refused)
        assert error.reason.code is Code.BUSY
        assert facts["retry_after_s"] == 1
    elif kind == "expired_token":
        assert isinstance(error, Refused)
        assert error.reason.code is shop.row.rejected
    else:
        assert isinstance(error, OutcomeUnknown)
        assert error.reason.code is Code.NO_ANSWER
        assert UNANSWERED[kind] in {None, facts["wrong"]}
    assert error.reason.about_us
    assert error.__cause__ is None


@pytest.mark.parametrize("kind", FAULTS)
def test_a_look_up(shop: Shop, kind: str) -> None:
    (coupon,) = shop.coupons()
    shop.look_up(shop.typed(coupon))
    strike(shop, "prepare", kind)
    with pytest.raises(PlatformError) as caught:
        shop.look_up(shop.typed(coupon), patience(kind))
    assert_struck(shop, kind, caught.value)
    assert coupon["code"] not in f"{caught.value} {caught.value.reason}"
    shop.clear()
    assert shop.look_up(shop.typed(coupon)).coupons


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("units", [1, 3])
def test_a_redemption_whose_outcome_is_settled_stands_once(shop: Shop, kind: str, units: int) -> None:
    coupons = shop.coupons() if units == 1 or shop.row.cards else shop.coupons(units)
    if units > 1 and shop.row.cards:
        coupons = shop.coupons(kind="times_card", units=5)
    typed = shop.typed(coupons[0])
    call = shop.call(typed, shop.look_up(typed), units) if len(coupons) == 1 else shop.basket(coupons)
    strike(shop, "verify", kind)
    with pytest.raises(PlatformError) as caught:
        shop.redeem(call, patience(kind))
    assert_struck(shop, kind, caught.value)
    shop.clear()
    for _ in range(2):
        results = shop.settle(shop.resumed(call))
        assert len(results) == units
        shop.assert_stands(results, *coupons)
    reversal = shop.platform.reverse(shop.reversal(call, results), shop.soon())
    assert all(isinstance(result, Reversed) for result in reversal)


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "cut_body"])
def test_a_basket_that_succeeded_in_part_unheard_is_settled_in_part(shop: Shop, kind: str) -> None:
    coupons = shop.coupons(3)
    call = shop.basket(coupons)
    shop.lot(coupons[1], "refunded")
    strike(shop, "verify", kind)
    with pytest.raises(OutcomeUnknown):
        shop.redeem(call, patience(kind))
    shop.clear()
    results = shop.settle(shop.resumed(call))
    assert sum(isinstance(result, Redeemed) for result in results) == shop.row.left_of_three
    assert len(shop.booked(*coupons)) == shop.row.left_of_three


@pytest.mark.parametrize("kind", FAULTS)
def test_a_settling_that_fails_leaves_all_as_it_is(shop: Shop, kind: str) -> None:
    (coupon,) = shop.coupons()
    call = shop.call(shop.typed(coupon), shop.look_up(shop.typed(coupon)))
    shop.fault("verify", "drop_after")
    with pytest.raises(OutcomeUnknown):
        shop.redeem(call)
    shop.clear()
    strike(shop, "read", kind)
    with pytest.raises(PlatformError) as caught:
        shop.settle(shop.resumed(call), patience(kind))
    assert_struck(shop, kind, caught.value)
    shop.clear()
    (result,) = shop.settle(shop.resumed(call))
    assert isinstance(result, Redeemed)
    assert len(shop.booked(coupon)) == 1


@pytest.mark.parametrize("kind", FAULTS)
def test_a_reversal_whose_outcome_is_unknown_is_asked_again(shop: Shop, kind: str) -> None:
    (coupon,) = shop.coupons()
    call = shop.call(shop.typed(coupon), shop.look_up(shop.typed(coupon)))
    reversal = shop.reversal(call, shop.redeem(call))
    strike(shop, "cancel", kind)
    with pytest.raises(PlatformError) as caught:
        shop.platform.reverse(reversal, shop.soon(patience(kind)))
    assert_struck(shop, kind, caught.value)
    shop.clear()
    for _ in range(2):
        (result,) = shop.platform.reverse(reversal, shop.soon())
        assert isinstance(result, Reversed)
    assert shop.booked(coupon) == []


@pytest.mark.parametrize("kind", FAULTS)
def test_history(shop: Shop, kind: str) -> None:
    (coupon,) = shop.coupons()
    call = shop.call(shop.typed(coupon))
    known = shop.known(call, shop.redeem(call))
    strike(shop, "history", kind)
    now_ms = shop.clock.wall_ms()
    with pytest.raises(PlatformError) as caught:
        shop.platform.history(now_ms - 1000, now_ms, None, shop.soon(patience(kind)), known)
    assert_struck(shop, kind, caught.value)


@pytest.mark.parametrize("kind", [*UNANSWERED, "http_429"])
def test_without_a_token_nothing_was_sent(shop: Shop, kind: str) -> None:
    (coupon,) = shop.coupons()
    till = shop.connected(**shop.row.ended)
    strike(shop, "token", kind)
    if shop.row.token == "given":
        (result,) = till.redeem(shop.call(shop.typed(coupon)), shop.keep, shop.soon())
        assert isinstance(result, Redeemed)
        return
    with pytest.raises(PlatformError) as caught:
        till.redeem(shop.call(shop.typed(coupon)), shop.keep, shop.soon(patience(kind)))
    assert isinstance(caught.value, Refused if kind == "http_429" else NeverSent)
    assert caught.value.reason.about_us
    assert shop.kept == []
    shop.clear()
    assert shop.booked(coupon) == []


def test_a_token_that_ends_is_renewed_unnoticed(shop: Shop) -> None:
    life_s = shop.row.token_life_s
    for seconds in (0, life_s + 100, 2 * life_s + 300):
        shop.later(seconds)
        (coupon,) = shop.coupons()
        looked = shop.look_up(shop.typed(coupon))
        (result,) = shop.redeem(shop.call(shop.typed(coupon), looked))
        assert isinstance(result, Redeemed)


@pytest.mark.parametrize("endpoint", ["prepare", "verify", "read", "cancel", "history"])
def test_a_token_that_is_rejected_once_is_renewed_once(shop: Shop, endpoint: str) -> None:
    (coupon,) = shop.coupons()
    shop.fault(endpoint, "expired_token", count=1)
    if shop.row.token == "given":
        # Nobody renews what was given for good: that is told, and what was asked may be asked again.
        with pytest.raises(Refused) as caught:
            day(shop, coupon)
        assert caught.value.reason.code is shop.row.rejected
        (coupon,) = shop.coupons()
    day(shop, coupon)


def day(shop: Shop, coupon: dict[str, str]) -> None:
    """Each kind of question once."""
    call = shop.call(shop.typed(coupon), shop.look_up(shop.typed(coupon)))
    results = shop.redeem(call)
    assert shop.settle(call)
    assert all(isinstance(each, Reversed) for each in shop.platform.reverse(shop.reversal(call, results), shop.soon()))
    now_ms = shop.clock.wall_ms()
    assert shop.platform.history(now_ms - 60_000, now_ms + 60_000, None, shop.soon(), shop.known(call, results))


def test_a_platform_that_is_away_was_never_asked(shop: Shop) -> None:
    (coupon,) = shop.coupons()
    looked = shop.look_up(shop.typed(coupon))
    call = shop.call(shop.typed(coupon), looked)
    with pytest.raises(NeverSent) as caught:
        shop.redeem(call, 0)
    assert caught.value.reason.code is Code.UNREACHABLE
    assert shop.booked(coupon) == []
    (result,) = shop.settle(call)
    assert isinstance(result, Redeemed)
