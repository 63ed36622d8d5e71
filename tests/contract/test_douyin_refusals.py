"""Each code of Douyin's gateway, at each call, as one reason with its next step; and a till whose clock is wrong."""

from dataclasses import dataclass, field

import pytest

from sync.clock import SystemClock
from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown, PlatformError, Refused
from sync.platforms.port import Binding, Denied, Redeemed, Reversed
from sync.platforms.registry import connect
from terminal.i18n import LANGUAGES, catalogue
from tests.contract.shop import Shop

REASONS = {
    2100004: Code.BUSY,
    28001005: Code.BUSY,
    28003018: Code.BUSY,
    2100005: Code.CONTRACT_BROKEN,
    28001007: Code.CONTRACT_BROKEN,
    2100007: Code.NO_PERMISSION,
    2100009: Code.NO_PERMISSION,
    28001012: Code.NO_PERMISSION,
    28001014: Code.NO_PERMISSION,
    28001016: Code.NO_PERMISSION,
    28001018: Code.NO_PERMISSION,
    2190001: Code.QUOTA_USED_UP,
    28003017: Code.QUOTA_USED_UP,
}
TOKEN_ENDED = (2190008, 28001008)


def refuse(douyin: Shop, code: int, endpoint: str = "prepare", **more: object) -> None:
    douyin.platform.probe(douyin.soon())
    douyin.post("douyin/refuse", {"code": code, "endpoint": endpoint, **more})


@pytest.mark.parametrize(("code", "reason"), REASONS.items())
@pytest.mark.parametrize("endpoint", ["prepare", "verify"])
def test_a_code_of_the_gateway_is_about_us_and_has_a_next_step(
    douyin: Shop, code: int, reason: Code, endpoint: str
) -> None:
    (coupon,) = douyin.coupons()
    call = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    refuse(douyin, code, endpoint)
    with pytest.raises(Refused) as caught:
        douyin.look_up(douyin.typed(coupon)) if endpoint == "prepare" else douyin.redeem(call)
    told = caught.value.reason
    assert (told.code, told.about_us, told.facts["platform_code"]) == (reason, True, code)
    assert told.facts["words"]
    assert all(catalogue(language)["reasons"][told.code.value]["next"] for language in LANGUAGES)
    (result,) = douyin.settle(call)
    assert isinstance(result, Redeemed)
    assert len(douyin.booked(coupon)) == 1


def test_an_address_that_is_not_allowed_is_told_as_that(douyin: Shop) -> None:
    refuse(douyin, 2100007, description="ip 不在白名单")
    (coupon,) = douyin.coupons()
    with pytest.raises(Refused) as caught:
        douyin.look_up(douyin.typed(coupon))
    assert caught.value.reason.code is Code.NO_PERMISSION
    assert "白名单" in str(caught.value.reason.facts["words"])
    assert "白名单" in catalogue("zh")["reasons"]["no_permission"]["why"]


@pytest.mark.parametrize("code", TOKEN_ENDED)
@pytest.mark.parametrize("endpoint", ["prepare", "verify"])
def test_a_token_that_ends_in_the_middle_is_renewed_once(douyin: Shop, code: int, endpoint: str) -> None:
    (coupon,) = douyin.coupons()
    refuse(douyin, code, endpoint)
    (result,) = douyin.redeem(douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon))))
    assert isinstance(result, Redeemed)
    refuse(douyin, code, count=2)
    with pytest.raises(Refused) as caught:
        douyin.look_up(douyin.typed(coupon))
    assert caught.value.reason.code is Code.CREDENTIALS_WRONG


@pytest.mark.parametrize("code", [10002, 10003, 10013, 10020])
def test_a_refused_token_says_who_has_to_act(douyin: Shop, code: int) -> None:
    douyin.post("douyin/refuse", {"code": code, "endpoint": "token"})
    with pytest.raises(Refused) as caught:
        douyin.connected().probe(douyin.soon())
    wrong = {10002: Code.CONTRACT_BROKEN, 10020: Code.BUSY}
    assert caught.value.reason.code is wrong.get(code, Code.CREDENTIALS_WRONG)


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize("code", [28001006, 2100004, 28001005])
def test_a_verify_that_was_done_behind_a_refusal_is_settled_once(douyin: Shop, code: int, acted: bool) -> None:
    (coupon,) = douyin.coupons()
    call = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    refuse(douyin, code, "verify", acted=acted)
    with pytest.raises(PlatformError) as caught:
        douyin.redeem(call)
    assert isinstance(caught.value, OutcomeUnknown) == (code == 28001006)
    for _ in range(2):
        (result,) = douyin.settle(call)
        assert isinstance(result, Redeemed)
    assert len(douyin.booked(coupon)) == 1


@pytest.mark.parametrize("code", [3000001, 2119005, 99])
def test_a_code_that_nobody_knows_keeps_the_platforms_own_words(douyin: Shop, code: int) -> None:
    (coupon,) = douyin.coupons()
    call = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    words = f"天书 {coupon['code']} 第二章"
    refuse(douyin, code, "verify", description=words, sub=2034000910, count=2)
    (result,) = douyin.redeem(call)
    assert isinstance(result, Denied)
    assert result.reason.code is Code.PLATFORM_REFUSED
    facts = result.reason.facts
    assert (facts["platform_code"], facts["platform_sub_code"]) == (code, 2034000910)
    assert "天书" in str(facts["words"])
    assert coupon["code"] not in str(facts)
    assert douyin.booked(coupon) == []


@dataclass
class Wrong(SystemClock):
    """A till's clock that is off."""

    off_ms: int = field(default=0)

    def __post_init__(self) -> None:
        super().__init__()

    def wall_ms(self) -> int:
        return super().wall_ms() + self.off_ms


@pytest.mark.parametrize("minutes", [-10, 10])
@pytest.mark.parametrize("units", [1, 3])
def test_a_clock_that_is_off_by_ten_minutes_costs_nothing(douyin: Shop, minutes: int, units: int) -> None:
    clock = Wrong(minutes * 60_000)
    binding: Binding = douyin.binding()
    till = connect(binding, douyin.door, clock, lambda *_: None)
    (coupon,) = douyin.coupons(kind="times_card", units=5) if units > 1 else douyin.coupons()
    looked = till.look_up(douyin.typed(coupon), douyin.soon())
    call = douyin.call(douyin.typed(coupon), looked, units=units)
    douyin.fault("verify", "drop_after")
    with pytest.raises(OutcomeUnknown):
        till.redeem(call, douyin.keep, douyin.soon())
    douyin.clear()
    douyin.later(1860)
    results = till.settle(call, douyin.keep, douyin.soon())
    assert all(isinstance(result, Redeemed) for result in results)
    assert len(douyin.booked(coupon)) == units
    told = till.reverse(douyin.reversal(call, results), douyin.soon())
    assert all(isinstance(each, Reversed) for each in told)
