"""What a coupon contains is shown without a line too, as far as the cache knows it and less what was used here."""

import pytest

from sync.domain.reasons import Code
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from sync.services.reversing import Reversal
from tests.services.counter import NOTED, Counter


def described(till: Counter, text: str) -> tuple[Coupon, ...]:
    found = till.store.looking.look_up(text)
    assert isinstance(found, Found)
    return till.store.looking.described(found)


def without_line(till: Counter) -> None:
    till.pull()
    till.clock.advance_ms(1000)
    till.line_down()


@pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
def test_what_nobody_described_has_no_description(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.line_down()
    assert described(till, coupon["code"]) == ()
    assert till.redeem(coupon["code"], noted=NOTED).first.tier == "recorded"
    assert described(till, coupon["code"]) == ()


def test_a_forged_code_describes_nothing(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    text = till.dynamic(coupon)
    without_line(till)
    assert described(till, text)
    forged = text[:-1] + str((int(text[-1]) + 1) % 10)
    assert described(till, forged) == ()


def test_a_refusal_of_the_platform_is_not_covered_up_by_the_cache(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    till.pull()
    till.fault("refuse", "*", "miniprogram")
    assert described(till, coupon["code"])
    till.line_up()
    found = till.store.looking.look_up("8800000000000005")
    assert isinstance(found, Found)
    assert found.refusal is not None
    assert till.store.looking.described(found) == ()


@pytest.mark.parametrize("shown", ["code", "dynamic"])
def test_contents_and_terms_come_out_of_the_cache(till: Counter, shown: str) -> None:
    coupon = till.coupon("miniprogram")
    (online,) = described(till, coupon["code"])
    text = coupon["code"] if shown == "code" else till.dynamic(coupon)
    without_line(till)
    (offline,) = described(till, text)
    assert (offline.title, offline.price_fen, offline.contents, offline.terms, offline.script) == (
        online.title,
        online.price_fen,
        online.contents,
        online.terms,
        online.script,
    )
    assert offline.code == coupon["code"]
    assert offline.state is None


def test_units_left_are_less_by_what_was_redeemed_here(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3)
    till.redeem(card["code"])
    without_line(till)
    assert [one.units_left for one in described(till, card["code"])] == [2]
    till.redeem(card["code"])
    assert [one.units_left for one in described(till, card["code"])] == [1]
    till.redeem(card["code"])
    (used,) = described(till, card["code"])
    assert used.units_left == 0
    assert used.state is not None
    assert used.state.code is Code.USED_HERE
    assert used.state.facts["terminal"] == "T1"
    # What is taken back is there again.
    assert till.store.reversing.reverse(till.rows()[-1].id, till.who("c1")).outcome is Reversal.WITHDRAWN
    (free,) = described(till, card["code"])
    assert (free.units_left, free.state) == (1, None)


def test_what_the_cache_calls_used_was_used_here_if_it_was(till: Counter) -> None:
    ours, theirs = till.coupons("miniprogram", 2, order="each")
    till.redeem(ours["code"])
    till.lot(theirs, "used_elsewhere")
    without_line(till)
    codes = [one.state.code if one.state else None for text in (ours, theirs) for one in described(till, text["code"])]
    assert codes == [Code.USED_HERE, Code.USED_ELSEWHERE]


def test_another_reason_is_not_hidden_by_a_use_of_ours(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    till.pull()
    till.line_down()
    till.redeem(coupon["code"])
    till.lot(coupon, "refunded")
    till.line_up()
    till.pull()
    till.line_down()
    (told,) = described(till, coupon["code"])
    assert told.state is not None
    assert told.state.code is Code.REFUNDED
