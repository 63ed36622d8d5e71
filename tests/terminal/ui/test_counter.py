"""The main job in the real window: scan, offer, confirm, verdict; online, on trust, refused, queued, undone."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from terminal.presenters.counter import Idle, Light, Need, Offer, Told
from terminal.ui.bridges import turns as turns_file
from terminal.ui.bridges.redeem import RedeemPage
from tests.terminal.ui.shop import Shop

ENTER = Qt.Key.Key_Return


def offered(shop: Shop) -> Offer:
    shop.until(lambda: isinstance(shop.view, Offer))
    assert isinstance(shop.view, Offer)
    return shop.view


def told(shop: Shop) -> Told:
    shop.until(lambda: isinstance(shop.view, Told))
    assert isinstance(shop.view, Told)
    return shop.view


def in_view(shop: Shop, tail: str) -> bool:
    return isinstance(shop.view, Offer) and shop.view.code_tail == tail


def redeemed_at_platform(shop: Shop) -> int:
    return sum(not use.reversed for use in shop.control.book().uses)


def test_a_scan_is_offered_and_redeemed_with_one_key(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram", price_fen=12_800)[0]
    shop.scan(coupon.code)
    offer = offered(shop)
    assert (offer.amount_fen, offer.units, offer.need) == (12_800, 1, Need.NOTHING)
    assert offer.contents
    assert offer.terms
    assert offer.script
    assert offer.until
    assert redeemed_at_platform(shop) == 0
    shop.press(ENTER)
    verdict = told(shop)
    assert (verdict.light, verdict.amount_fen, verdict.code_tail) == (Light.REDEEMED, 12_800, coupon.code[-4:])
    assert redeemed_at_platform(shop) == 1
    shop.until(lambda: told(shop).undo_until_ms is not None)


def test_the_same_code_again_changes_nothing(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    for _ in range(3):
        shop.scan(coupon.code)
    offered(shop)
    shop.scan(coupon.code)
    shop.press(ENTER)
    assert told(shop).light is Light.REDEEMED
    shop.scan(coupon.code)
    QTest.qWait(100)
    assert told(shop).light is Light.REDEEMED
    assert redeemed_at_platform(shop) == 1


def test_later_the_same_code_is_told_as_used_here(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_file, "SAME_AGAIN_MS", 0)
    monkeypatch.setattr(turns_file, "GLANCE_MS", 0)
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    shop.scan(coupon.code)
    offered(shop)
    shop.press(ENTER)
    assert told(shop).light is Light.REDEEMED
    shop.scan(coupon.code)
    shop.until(lambda: isinstance(shop.view, Told) and shop.view.light is Light.REFUSED)
    assert redeemed_at_platform(shop) == 1


def test_other_codes_wait_in_order_and_follow_by_themselves(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_file, "SHORT_DWELL_MS", 1)
    shop.sign_in()
    coupons = [shop.control.sell("miniprogram")[0] for _ in range(3)]
    for coupon in coupons:
        shop.scan(coupon.code)
    for coupon in coupons:
        shop.until(partial(in_view, shop, coupon.code[-4:]))
        shop.press(ENTER)
    shop.until(lambda: redeemed_at_platform(shop) == 3)


def test_fifty_scans_in_a_burst_are_fifty_verdicts_in_their_order(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLANCE_MS", "SHORT_DWELL_MS"):
        monkeypatch.setattr(turns_file, name, 1)
    monkeypatch.setattr(turns_file, "DWELL_MS", {})
    shop.sign_in()
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    tails: list[str] = []
    page.counter.told.connect(lambda view: tails.append(view.code_tail))
    codes = [f"{number:015}" for number in range(700_000, 700_050)]
    for code in codes:
        shop.scan(code)
    shop.until(lambda: len(tails) == len(codes))
    assert tails == [code[-4:] for code in codes]


def test_a_text_that_is_no_coupon_is_refused_in_three_parts(shop: Shop) -> None:
    shop.sign_in()
    shop.scan("WIFI:S:riverside;T:WPA;P:not-a-coupon;;")
    verdict = told(shop)
    assert verdict.light is Light.REFUSED
    assert verdict.word
    assert verdict.why
    assert verdict.next
    assert not verdict.undo


def test_without_a_line_a_signed_code_is_recorded_in_amber(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    shop.line_down()
    shop.scan(shop.control.dynamic(coupon))
    assert offered(shop).trust
    shop.press(ENTER)
    verdict = told(shop)
    assert (verdict.light, redeemed_at_platform(shop)) == (Light.RECORDED, 0)
    assert verdict.why
    shop.line_up()
    shop.until(lambda: redeemed_at_platform(shop) == 1)
    # What is still in view follows by itself.
    shop.until(lambda: told(shop).light is Light.REDEEMED)


def test_evidence_is_asked_for_before_an_unknown_code_is_recorded(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("douyin")[0]
    shop.line_down()
    shop.scan(coupon.code)
    assert (offered(shop).need, offered(shop).asks_amount) == (Need.EVIDENCE, True)
    shop.press(ENTER)
    assert isinstance(shop.view, Offer)
    for said in ("99", "A-1001", "4321"):
        shop.type(said)
        shop.press(ENTER)
    verdict = told(shop)
    assert (verdict.light, verdict.amount_fen) == (Light.RECORDED, 9_900)


def test_while_it_is_read_out_the_line_comes_back_and_it_is_redeemed_online(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("douyin")[0]
    shop.line_down()
    shop.scan(coupon.code)
    assert offered(shop).need is Need.EVIDENCE
    shop.line_up()
    shop.until(lambda: offered(shop).need is Need.NOTHING and offered(shop).trust == "")
    shop.press(ENTER)
    assert told(shop).light is Light.REDEEMED


def test_undo_wants_to_be_said_twice(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    shop.scan(coupon.code)
    offered(shop)
    shop.press(ENTER)
    told(shop)
    shop.scan("HXUNDO")
    QTest.qWait(50)
    assert redeemed_at_platform(shop) == 1
    shop.scan("hxundo")
    shop.until(lambda: isinstance(shop.view, Told) and shop.view.light is Light.REVERSED)
    assert redeemed_at_platform(shop) == 0


def test_the_command_card_does_the_job_with_the_scanner_alone(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram", kind="times_card", units=3, price_fen=9_000)[0]
    shop.scan(coupon.code)
    offered(shop)
    shop.scan("HXPLUS")
    shop.scan("HXPLUS")
    shop.scan("HXLESS")
    assert offered(shop).units == 2
    shop.scan("HXDOIT")
    assert told(shop).light is Light.REDEEMED
    assert redeemed_at_platform(shop) == 2
    shop.scan("HXSTOP")
    assert isinstance(shop.view, Idle)


def test_escape_leaves_an_offer_and_nothing_was_redeemed(shop: Shop) -> None:
    shop.sign_in()
    shop.scan(shop.control.sell("miniprogram")[0].code)
    offered(shop)
    shop.press(Qt.Key.Key_Escape)
    assert isinstance(shop.view, Idle)
    assert redeemed_at_platform(shop) == 0


def test_a_code_is_typed_by_a_person_and_after_a_verdict_typing_begins_the_next(shop: Shop) -> None:
    shop.sign_in()
    first, second = (shop.control.sell("miniprogram")[0].code for _ in range(2))
    shop.type(first)
    shop.press(ENTER)
    offered(shop)
    shop.press(ENTER)
    told(shop)
    shop.type(second)
    field = shop.start.window.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == second
    shop.press(ENTER)
    assert offered(shop).code_tail == second[-4:]


def test_the_language_changes_with_a_coupon_in_hand_and_nothing_is_lost(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    shop.scan(coupon.code)
    assert offered(shop).platform == "小程序"
    shop.till.choose("language")
    shop.until(lambda: isinstance(shop.view, Offer) and shop.view.platform == "Mini-program")
    shop.press(ENTER)
    assert told(shop).word == "Redeemed"
    assert redeemed_at_platform(shop) == 1
