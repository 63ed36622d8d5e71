"""A telephone number: the customer's coupons, once its last four digits were heard; the number is never shown."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from terminal.demo.control import Sold
from terminal.presenters.counter import Basket, Choose, CounterView, Idle, Offer, PhoneCheck, Told
from terminal.ui.bridges.redeem import RedeemPage
from tests.terminal.ui.shop import Shop

ENTER, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Space
NUMBER = "13800138000"


def typed(shop: Shop, count: int = 2) -> list[Sold]:
    """Signed in, and a customer's number was typed whose coupons are of the own mini-program."""
    shop.sign_in()
    sold = shop.control.sell("miniprogram", count, phone=NUMBER, price_fen=9_900)
    shop.type(NUMBER)
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Choose))
    shop.press(Qt.Key.Key_1, "1")
    shop.until(lambda: isinstance(shop.view, PhoneCheck))
    return sold


def said(shop: Shop) -> str:
    """All that stands anywhere in the window, and what a screen reader would read."""
    found = [shop.start.window.windowTitle(), str(shop.view)]
    for part in shop.start.window.findChildren(QWidget):
        found += [part.accessibleName(), part.toolTip()]
        if isinstance(part, (QLabel, QLineEdit, QAbstractButton)):
            found.append(part.text())
    return "\n".join(found)


def in_view(shop: Shop, kind: type[CounterView]) -> bool:
    return isinstance(shop.view, kind)


def uses(shop: Shop) -> set[str]:
    return {use.code for use in shop.control.book().uses}


def test_the_last_four_are_heard_then_a_coupon_is_picked_and_redeemed(shop: Shop) -> None:
    sold = typed(shop)
    assert "8000" in said(shop)
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Basket))
    assert isinstance(shop.view, Basket)
    assert shop.view.units == 0
    shop.press(SPACE, " ")
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    assert len(uses(shop)) == 1
    assert uses(shop) < {one.code for one in sold}


def test_the_only_coupon_is_offered_as_any_other_after_the_digits_were_heard(shop: Shop) -> None:
    sold = typed(shop, 1)
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Offer))
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    assert uses(shop) == {sold[0].code}


def test_nothing_is_redeemed_before_somebody_picked(shop: Shop) -> None:
    typed(shop)
    for _ in range(3):
        shop.press(ENTER)
        shop.scan("HXDOIT")
        QTest.qWait(30)
    assert isinstance(shop.view, Basket)
    assert uses(shop) == set()


def test_digits_that_do_not_match_end_it(shop: Shop) -> None:
    typed(shop)
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: isinstance(shop.view, Idle))
    assert uses(shop) == set()


def test_once_typed_the_number_is_nowhere_to_be_seen(shop: Shop) -> None:
    shop.sign_in()
    shop.control.sell("miniprogram", 2, phone=NUMBER)
    shop.type(NUMBER)
    assert NUMBER in said(shop)
    shop.press(ENTER)
    for kind, key, text in (
        (Choose, Qt.Key.Key_1, "1"),
        (PhoneCheck, ENTER, "\r"),
        (Basket, SPACE, " "),
        (Basket, ENTER, "\r"),
    ):
        shop.until(partial(in_view, shop, kind))
        assert NUMBER not in said(shop)
        shop.press(key, text)
    shop.until(lambda: isinstance(shop.view, Told))
    assert NUMBER not in said(shop)
    for page in ("history", "owed", "redeem"):
        shop.till.go(page)
        QTest.qWait(50)
        assert NUMBER not in said(shop)


def test_a_number_that_waits_shows_its_end_alone(shop: Shop) -> None:
    shop.sign_in()
    shop.scan(shop.control.sell("miniprogram")[0].code)
    shop.until(lambda: isinstance(shop.view, Offer))
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    page.counter.hear(NUMBER)
    assert "…8000" in said(shop)
    assert NUMBER not in said(shop)


def test_a_refusal_does_not_repeat_the_number(shop: Shop) -> None:
    shop.sign_in()
    shop.line_down()
    shop.type(NUMBER)
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Choose))
    shop.press(Qt.Key.Key_1, "1")
    shop.until(lambda: isinstance(shop.view, Told))
    assert NUMBER not in said(shop)


def test_the_check_outlives_another_language_and_is_still_wanted(shop: Shop) -> None:
    typed(shop)
    shop.till.choose("language")
    shop.until(lambda: isinstance(shop.view, PhoneCheck) and shop.view.platform == "Mini-program")
    assert NUMBER not in said(shop)
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Basket))
