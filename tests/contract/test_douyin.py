"""What is Douyin's alone: links, verify tokens that end, two tills at one coupon, and crashes around the checkpoint."""

from dataclasses import replace

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused
from sync.platforms.douyin.preparation import preparation_of
from sync.platforms.port import Denied, Prepared, Redeemed
from tests.contract.shop import Shop
from tests.contract.test_faults import UNANSWERED, strike

TOKEN_LIFE_S = 1800


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example.com/eHHc1ft/",
        "https://v.douyin.com.evil.example.com/eHHc1ft/",
        "https://v.douyin.com@evil.example.com/",
        "https://user:pass@v.douyin.com/x/",
        "https://v.douyin.com:8443/x/",
        "https://www.douyin.com/x",
        "https://m.dianping.com/x",
        "file:///etc/passwd",
        "https://[::1",
        "not a link",
        "",
    ],
)
def test_a_link_elsewhere_is_never_followed(douyin: Shop, text: str) -> None:
    with pytest.raises(Refused) as caught:
        douyin.look_up(Credential(CredentialKind.SHORT_LINK, text))
    assert caught.value.reason.code is Code.FOREIGN_LINK


def test_a_link_that_nobody_knows(douyin: Shop) -> None:
    with pytest.raises(Refused) as caught:
        douyin.look_up(Credential(CredentialKind.SHORT_LINK, "https://v.douyin.com/unknown1/"))
    assert caught.value.reason.code is Code.NOT_FOUND


@pytest.mark.parametrize("kind", [*UNANSWERED, "http_429"])
def test_a_link_that_is_not_answered_says_nothing_about_the_coupon(douyin: Shop, kind: str) -> None:
    (coupon,) = douyin.coupons()
    strike(douyin, "short_link", kind)
    with pytest.raises(PlatformError) as caught:
        douyin.look_up(douyin.shown(coupon), 250)
    assert caught.value.reason.about_us
    assert isinstance(caught.value, Refused if kind == "http_429" else OutcomeUnknown)
    assert coupon["qr_text"] not in str(caught.value.reason)
    douyin.clear()
    assert douyin.look_up(douyin.shown(coupon)).coupons


def test_a_picture_dies_with_its_coupon(douyin: Shop) -> None:
    (coupon,) = douyin.coupons()
    douyin.redeem(douyin.call(douyin.shown(coupon), douyin.look_up(douyin.shown(coupon))))
    with pytest.raises(Refused) as caught:
        douyin.look_up(douyin.shown(coupon))
    assert caught.value.reason.code is Code.QR_DEAD


def test_what_was_looked_up_is_enough_to_redeem(douyin: Shop) -> None:
    (coupon,) = douyin.coupons()
    looked = douyin.look_up(douyin.typed(coupon))
    assert looked.prepared is not None
    preparation = preparation_of(looked.prepared)
    assert preparation is not None
    assert preparation.to_prepared() == looked.prepared
    assert coupon["code"] not in str(dict(looked.prepared.values))
    douyin.redeem(douyin.call(douyin.typed(coupon), looked))
    assert douyin.kept == []


@pytest.mark.parametrize("kind", UNANSWERED)
def test_a_redemption_on_trust_whose_prepare_fails_was_never_sent(douyin: Shop, kind: str) -> None:
    (coupon,) = douyin.coupons()
    douyin.platform.probe(douyin.soon())
    strike(douyin, "prepare", kind)
    call = douyin.call(douyin.typed(coupon))
    with pytest.raises(NeverSent):
        douyin.redeem(call, 250)
    assert douyin.kept == []
    douyin.clear()
    (result,) = douyin.redeem(call)
    assert isinstance(result, Redeemed)


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_crash_on_trust_is_settled_from_what_was_kept(douyin: Shop, kind: str) -> None:
    (coupon,) = douyin.coupons()
    call = douyin.call(douyin.typed(coupon))
    douyin.fault("verify", kind)
    with pytest.raises(OutcomeUnknown):
        douyin.redeem(call)
    (kept,) = douyin.kept
    douyin.clear()
    (result,) = douyin.settle(replace(call, prepared=kept))
    assert isinstance(result, Redeemed)
    assert len(douyin.booked(coupon)) == 1


def test_a_crash_before_the_verify_repeats_nothing(douyin: Shop) -> None:
    (coupon,) = douyin.coupons()
    call = douyin.call(douyin.typed(coupon))

    class PowerCut(Exception):
        """The till is off before the verify."""

    def cut(prepared: Prepared) -> None:
        douyin.keep(prepared)
        raise PowerCut

    with pytest.raises(PowerCut):
        douyin.platform.redeem(call, cut, douyin.soon())
    (result,) = douyin.settle(replace(call, prepared=douyin.kept[0]))
    assert isinstance(result, Redeemed)
    assert len(douyin.kept) == 1


@pytest.mark.parametrize("unknown", [False, True])
def test_an_unused_coupon_whose_token_ended_is_prepared_afresh(douyin: Shop, unknown: bool) -> None:
    (coupon,) = douyin.coupons()
    call = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    if unknown:
        douyin.fault("verify", "drop_before")
        with pytest.raises(OutcomeUnknown):
            douyin.redeem(call)
        douyin.clear()
    douyin.later(TOKEN_LIFE_S + 60)
    (result,) = douyin.settle(call) if unknown else douyin.redeem(call)
    assert isinstance(result, Redeemed)
    assert len(douyin.booked(coupon)) == 1
    assert len(douyin.kept) == 1


@pytest.mark.parametrize("units", [1, 3])
def test_a_verify_that_was_done_is_recognised_after_its_token_ended(douyin: Shop, units: int) -> None:
    (coupon,) = douyin.coupons(kind="times_card", units=5) if units > 1 else douyin.coupons()
    before = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    if units > 1:
        douyin.redeem(before)
    call = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)), units=units)
    douyin.fault("verify", "drop_after")
    with pytest.raises(OutcomeUnknown):
        douyin.redeem(call)
    douyin.clear()
    douyin.later(TOKEN_LIFE_S + 60)
    results = douyin.settle(call)
    assert all(isinstance(result, Redeemed) for result in results)
    assert len(douyin.booked(coupon)) == (units + 1 if units > 1 else 1)
    assert douyin.kept == []


@pytest.mark.parametrize("seconds", [0, TOKEN_LIFE_S + 60])
@pytest.mark.parametrize("lot", ["used_elsewhere", "refunded"])
def test_a_coupon_that_was_lost_while_unknown_is_denied(douyin: Shop, lot: str, seconds: int) -> None:
    (coupon,) = douyin.coupons()
    call = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    douyin.fault("verify", "drop_before")
    with pytest.raises(OutcomeUnknown):
        douyin.redeem(call)
    douyin.clear()
    douyin.lot(coupon, lot)
    douyin.later(seconds)
    (result,) = douyin.settle(call)
    assert isinstance(result, Denied)
    assert result.reason.code is (Code.USED_ELSEWHERE if lot == "used_elsewhere" else Code.REFUNDED)
    assert douyin.kept == []


def test_another_till_of_the_shop_is_not_taken_for_us(douyin: Shop) -> None:
    (coupon,) = douyin.coupons()
    ours = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    theirs = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    douyin.fault("verify", "drop_before", count=1)
    with pytest.raises(OutcomeUnknown):
        douyin.redeem(ours)
    (won,) = douyin.redeem(theirs)
    (lost,) = douyin.settle(ours)
    assert isinstance(won, Redeemed)
    assert isinstance(lost, Denied)
    assert lost.reason.code is Code.USED_ELSEWHERE
    douyin.forgive(1)


@pytest.mark.parametrize("seconds", [0, TOKEN_LIFE_S + 60])
def test_two_tills_at_one_coupon_give_one_redemption(douyin: Shop, seconds: int) -> None:
    (coupon,) = douyin.coupons()
    first = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    second = douyin.call(douyin.typed(coupon), douyin.look_up(douyin.typed(coupon)))
    (won,) = douyin.redeem(first)
    douyin.later(seconds)
    (lost,) = douyin.redeem(second)
    assert isinstance(won, Redeemed)
    assert isinstance(lost, Denied)
    assert lost.reason.code is Code.USED_ELSEWHERE
    assert len(douyin.booked(coupon)) == 1
    douyin.forgive(douyin.second_attempts() - douyin.tried_before)


def test_a_basket_settled_in_part_after_its_token_ended(douyin: Shop) -> None:
    coupons = douyin.coupons(3)
    looked = douyin.look_up(douyin.typed(coupons[0]))
    douyin.lot(coupons[1], "expired")
    call = douyin.call(douyin.typed(coupons[0]), looked)
    douyin.fault("verify", "drop_after")
    with pytest.raises(OutcomeUnknown):
        douyin.redeem(call)
    douyin.clear()
    douyin.later(TOKEN_LIFE_S + 60)
    results = douyin.settle(call)
    assert sorted(type(result).__name__ for result in results) == ["Denied", "Redeemed", "Redeemed"]
    assert len(douyin.booked(*coupons)) == 2


def test_a_wrong_shop_and_a_wrong_account_are_told_apart_from_the_coupon(douyin: Shop) -> None:
    (coupon,) = douyin.coupons()
    with pytest.raises(Refused) as caught:
        douyin.connected(poi_id="1").look_up(douyin.typed(coupon), douyin.soon())
    assert caught.value.reason.code is Code.OTHER_STORE
    assert caught.value.reason.facts["platform_code"] == 3000001
    with pytest.raises(Refused) as caught:
        douyin.connected(account_id="1").look_up(douyin.typed(coupon), douyin.soon())
    assert caught.value.reason.code is Code.NO_PERMISSION
    with pytest.raises(Refused) as caught:
        douyin.connected(client_key="nobody").probe(douyin.soon())
    assert caught.value.reason.code is Code.CREDENTIALS_WRONG


def test_a_look_up_of_an_expired_order_says_so(douyin: Shop) -> None:
    (coupon,) = douyin.coupons()
    douyin.lot(coupon, "expired")
    douyin.later(2 * 3600)
    (told,) = douyin.look_up(douyin.typed(coupon)).coupons
    assert told.state is not None
    assert told.state.code is Code.EXPIRED
