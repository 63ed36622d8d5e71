"""WeChat Shop's coupons at the counter: a picture that only the platform can open, and codes of one product."""

from sync.domain.codes import CredentialKind
from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.services.looking import Found
from sync.services.verdict import Outcome
from tests.services.counter import NOTED, Counter

WECHAT = "wechat_shop"


def test_two_coupons_of_one_product_are_two(till: Counter) -> None:
    first, second = till.coupons(WECHAT, 2, order="each")
    for one in (first, second):
        told = till.redeem(one["qr_text"]).first
        assert (told.outcome, told.platform, told.code_tail) == (Outcome.REDEEMED, WECHAT, one["code"][-4:])
    assert len({row.voucher for row in till.rows(State.CONFIRMED)}) == 2
    assert till.differences() == []
    assert till.journal_ok()


def test_the_picture_and_the_printed_code_are_one_coupon(till: Counter) -> None:
    coupon = till.coupon(WECHAT)
    assert till.redeem(coupon["qr_text"]).first.outcome is Outcome.REDEEMED
    again = till.redeem(coupon["code"]).first
    assert again.reason is not None
    assert again.reason.code is Code.USED_HERE
    till.line_down()
    for text in (coupon["qr_text"], coupon["code"]):
        till.clock.advance_ms(60_000)
        refused = till.redeem(text, noted=NOTED).first
        assert refused.reason is not None
        assert refused.reason.code is Code.USED_HERE


def test_without_a_line_the_picture_is_recorded_and_redeemed_later(till: Counter) -> None:
    coupon = till.coupon(WECHAT)
    till.line_down()
    told = till.redeem(coupon["qr_text"], noted=NOTED).first
    assert (told.outcome, told.code_tail) == (Outcome.RECORDED, "")
    assert till.rows()[0].kind == CredentialKind.SEALED
    till.line_up()
    till.deliver()
    (row,) = till.rows(State.CONFIRMED)
    assert row.code_tail == coupon["code"][-4:]
    assert len(till.booked(coupon)) == 1
    assert till.journal_ok()


def test_a_picture_of_somebody_else(till: Counter) -> None:
    found = till.store.looking.look_up("mK3x9Tq2k%2B%2F0Vb7LrY5eWcPz8Ha1JdQ4NfSgU6oXtIvMiBnCwEyRkZhDpOsGlAujFT%3D%3D")
    assert isinstance(found, Found)
    assert found.recognised.credential.kind is CredentialKind.SEALED
    assert found.refusal is not None
    assert not found.refusal.about_us
