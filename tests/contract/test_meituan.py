"""What is Meituan's alone, retail services: who chooses which coupons, tills beside each other, tokens, both labels."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.port import Binding, Denied, Platform, Prepared, Redeemed, Reversed
from sync.platforms.registry import authorisation, connect_all
from sync.sandbox.sandbox import Sandbox
from tests.contract.conftest import opened
from tests.contract.shop import Shop


@pytest.fixture
def meituan(sandbox: Sandbox) -> Iterator[Shop]:
    yield from opened(sandbox, "meituan")


def both(shop: Shop, binding: Binding) -> dict[str, Platform]:
    return connect_all([binding], shop.door, shop.clock, lambda *_: None)


class PowerCut(Exception):
    """The till is off."""


def test_only_the_shown_coupon_stands_for_itself(meituan: Shop) -> None:
    coupons = meituan.coupons(4)
    looked = meituan.look_up(meituan.shown(coupons[2]))
    assert {coupon.ref for coupon in looked.coupons} == {coupon["code"] for coupon in coupons}
    assert [coupon.ref for coupon in looked.coupons if coupon.selected] == [coupons[2]["code"]]
    assert looked.coupons[0].selected


def test_exactly_the_chosen_ones_are_redeemed(meituan: Shop) -> None:
    coupons = meituan.coupons(4)
    looked = meituan.look_up(meituan.shown(coupons[0]))
    wanted = [coupon for coupon in looked.coupons if coupon.ref in {coupons[1]["code"], coupons[3]["code"]}]
    call = meituan.call(meituan.shown(coupons[0]), looked, wanted=wanted)
    meituan.assert_stands(meituan.redeem(call), coupons[1], coupons[3])
    assert meituan.booked(coupons[0], coupons[2]) == []
    assert {use["request_id"] for use in meituan.booked(*coupons)} == {f"{call.request_id}-{n}" for n in (1, 2)}


def test_two_coupons_on_trust_are_two_of_the_order(meituan: Shop) -> None:
    coupons = meituan.coupons(3)
    call = meituan.call(meituan.typed(coupons[1]), units=2)
    results = meituan.redeem(call)
    meituan.assert_stands(results, *coupons)
    codes = [result.code for result in results if isinstance(result, Redeemed)]
    assert codes[0] == coupons[1]["code"]
    assert len(set(codes)) == 2
    assert len(meituan.kept) == 1


def test_a_power_cut_before_the_first_of_several_is_sent_repeats_nothing(meituan: Shop) -> None:
    coupons = meituan.coupons(3)
    call = meituan.basket(coupons)

    def cut(prepared: Prepared) -> None:
        meituan.keep(prepared)
        raise PowerCut

    with pytest.raises(PowerCut):
        meituan.platform.redeem(call, cut, meituan.soon())
    assert meituan.booked(*coupons) == []
    meituan.assert_stands(meituan.settle(meituan.resumed(call)), *coupons)
    assert len(meituan.kept) == 1


@pytest.mark.parametrize("terminal", ["T2", "T1"])
def test_another_till_of_the_shop_is_not_taken_for_us(meituan: Shop, terminal: str) -> None:
    (coupon,) = meituan.coupons()
    other = meituan.connected(terminal=terminal)
    ours = meituan.call(meituan.typed(coupon), meituan.look_up(meituan.typed(coupon)))
    theirs = meituan.call(meituan.typed(coupon), meituan.look_up(meituan.typed(coupon)))
    meituan.fault("verify", "drop_before", count=1)
    with pytest.raises(OutcomeUnknown):
        meituan.redeem(ours)
    (won,) = other.redeem(theirs, meituan.keep, meituan.soon())
    before = meituan.second_attempts()
    (lost,) = meituan.settle(ours)
    assert isinstance(won, Redeemed)
    assert isinstance(lost, Denied)
    assert lost.reason.code is Code.USED_ELSEWHERE
    # Each call leaves its mark, also where two tills have one name: it is seen without asking again.
    assert meituan.second_attempts() == before


@pytest.mark.parametrize("terminal", ["T2", "T1"])
def test_what_another_till_has_redeemed_since_is_not_taken_back(meituan: Shop, terminal: str) -> None:
    (coupon,) = meituan.coupons()
    call = meituan.call(meituan.typed(coupon), meituan.look_up(meituan.typed(coupon)))
    results = meituan.redeem(call)
    reversal = meituan.reversal(call, results)
    meituan.fault("cancel", "drop_after", count=1)
    with pytest.raises(OutcomeUnknown):
        meituan.platform.reverse(reversal, meituan.soon())
    other = meituan.connected(terminal=terminal)
    theirs = meituan.call(meituan.typed(coupon), meituan.look_up(meituan.typed(coupon)))
    (won,) = other.redeem(theirs, meituan.keep, meituan.soon())
    assert isinstance(won, Redeemed)
    (result,) = meituan.platform.reverse(reversal, meituan.soon())
    assert isinstance(result, Denied)
    assert len(meituan.booked(coupon)) == 1


def test_of_a_times_card_only_the_latest_use_is_taken_back(meituan: Shop) -> None:
    card = meituan.card(5)
    first = meituan.call(meituan.typed(card), meituan.look_up(meituan.typed(card)), units=2)
    made = meituan.redeem(first)
    second = meituan.call(meituan.typed(card), meituan.look_up(meituan.typed(card)))
    later = meituan.redeem(second)
    (result,) = meituan.platform.reverse(meituan.reversal(first, made[1:]), meituan.soon())
    assert isinstance(result, Denied)
    assert result.reason.code is Code.NOT_LATEST
    assert len(meituan.booked(card)) == 3
    for call, uses in ((second, later), (first, made)):
        results = meituan.platform.reverse(meituan.reversal(call, uses), meituan.soon())
        assert all(isinstance(each, Reversed) for each in results)
    assert meituan.booked(card) == []


def test_renewed_tokens_are_kept_before_they_are_used(meituan: Shop) -> None:
    (coupon,) = meituan.coupons()
    till = meituan.connected(app_auth_token="ended")
    till.look_up(meituan.typed(coupon), meituan.soon())
    names, values = zip(*meituan.renewed, strict=True)
    assert names == ("refresh_token", "app_auth_token")
    described = meituan.sandbox.describe()["meituan"]
    assert (values[0].split()[0], values[1]) == (described["refresh_token"], described["app_auth_token"])
    assert meituan.connected(**dict(meituan.renewed)).look_up(meituan.typed(coupon), meituan.soon()).coupons
    assert len(meituan.renewed) == 2


def test_a_power_cut_between_the_two_loses_nothing(meituan: Shop) -> None:
    (coupon,) = meituan.coupons()
    bound = meituan.binding(app_auth_token="ended")
    kept: dict[str, str] = {}

    def keep(name: str, value: str) -> None:
        if kept:
            raise PowerCut
        kept[name] = value

    with pytest.raises(PowerCut):
        both(meituan, replace(bound, keep=keep))["meituan"].look_up(meituan.typed(coupon), meituan.soon())
    again = replace(bound, secrets={**bound.secrets, **kept})
    assert both(meituan, again)["meituan"].look_up(meituan.typed(coupon), meituan.soon()).coupons


def test_both_labels_renew_one_token_between_them(meituan: Shop) -> None:
    shops = both(meituan, meituan.binding(app_auth_token="ended"))
    (coupon,) = meituan.coupons()
    (bought_on_dianping,) = meituan.post("coupons", {"platform": "dianping", "count": 1})["coupons"]
    shops["dianping"].look_up(meituan.typed(bought_on_dianping), meituan.soon())
    shops["meituan"].look_up(meituan.typed(coupon), meituan.soon())
    assert [name for name, _ in meituan.renewed] == ["refresh_token", "app_auth_token"]


def test_each_label_has_its_half_of_the_book(meituan: Shop) -> None:
    started_ms = meituan.clock.wall_ms() // 1000 * 1000
    shops = both(meituan, meituan.binding())
    sold = {name: meituan.post("coupons", {"platform": name, "count": 3, "order": "each"})["coupons"] for name in shops}
    assert {len(coupon["code"]) for coupon in sold["dianping"]} == {10}
    for name, coupons in sold.items():
        for coupon in coupons:
            (result,) = shops[name].redeem(meituan.call(meituan.typed(coupon)), meituan.keep, meituan.soon())
            assert isinstance(result, Redeemed)
    for name, coupons in sold.items():
        meituan.platform = shops[name]
        listed = {record.code for record in meituan.history(started_ms, started_ms + 60_000)}
        assert {coupon["code"] for coupon in coupons} <= listed
        assert {len(code or "") == 10 for code in listed} == {name == "dianping"}


def test_a_clock_that_is_ten_minutes_off_is_said_to_be(meituan: Shop) -> None:
    (coupon,) = meituan.coupons()
    for ahead_ms in (660_000, -660_000):
        meituan.clock.ahead_ms = ahead_ms
        with pytest.raises(Refused) as caught:
            meituan.look_up(meituan.typed(coupon))
        assert caught.value.reason.code is Code.CLOCK_OFF
        assert caught.value.reason.about_us
    meituan.clock.ahead_ms = 0
    assert meituan.look_up(meituan.typed(coupon)).coupons


def test_a_customers_number_is_in_no_answer(meituan: Shop) -> None:
    phone = "13900139000"
    meituan.coupons(2, phone=phone, order="each")
    looked = meituan.look_up(Credential(CredentialKind.PHONE, phone))
    assert len(looked.coupons) == 2
    assert phone not in str(looked)
    assert looked.prepared is not None
    assert phone not in str(dict(looked.prepared.values))
    with pytest.raises(Refused) as caught:
        meituan.look_up(Credential(CredentialKind.PHONE, "13900139999"))
    assert caught.value.reason.code is Code.NOTHING_USABLE
    assert "13900139999" not in str(caught.value.reason)


@pytest.mark.parametrize("kind", ["drop_before", "http_500", "empty"])
def test_an_authorisation_that_is_not_answered_keeps_nothing(meituan: Shop, kind: str) -> None:
    code = meituan.post("authorisations", {"platform": "meituan"})["code"]
    asked = authorisation(meituan.binding(), meituan.door, meituan.clock)
    assert asked is not None
    meituan.fault("token", kind)
    with pytest.raises((OutcomeUnknown, NeverSent)):
        asked.take(code, meituan.soon())
    assert meituan.renewed == []


@pytest.fixture
def dining(sandbox: Sandbox) -> Iterator[Shop]:
    yield from opened(sandbox, "meituan_dining")


@pytest.mark.parametrize("units", [1, 2])
def test_a_card_of_several_uses_at_the_dining_line_is_not_sent_again(dining: Shop, units: int) -> None:
    (card,) = dining.coupons(kind="times_card", units=6)
    call = dining.call(dining.typed(card), dining.look_up(dining.typed(card)), units=units)
    dining.fault("verify", "drop_after", count=1)
    with pytest.raises(OutcomeUnknown):
        dining.redeem(call)
    dining.clear()
    for _ in range(3):
        results = dining.settle(call)
        assert all(isinstance(result, Redeemed) for result in results)
        assert len(dining.booked(card)) == units
