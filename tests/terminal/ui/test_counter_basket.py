"""Several coupons at once in the real window: picked by keys, confirmed together, told apart in the verdict."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from terminal.demo.control import Sold
from terminal.presenters.counter import Basket, Light, Told
from terminal.ui.bridges.redeem import RedeemPage
from tests.terminal.ui.shop import Shop

ENTER, DOWN, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Space


def basket(shop: Shop) -> Basket:
    shop.until(lambda: isinstance(shop.view, Basket))
    assert isinstance(shop.view, Basket)
    return shop.view


def told(shop: Shop) -> Told:
    shop.until(lambda: isinstance(shop.view, Told))
    assert isinstance(shop.view, Told)
    return shop.view


def order(shop: Shop, count: int = 3, price_fen: int = 9_900) -> list[Sold]:
    """Signed in, and an order of different coupons is in view."""
    shop.sign_in()
    sold = shop.control.sell("douyin", count, price_fen=price_fen)
    shop.scan(sold[0].qr_text)
    return sold


def picks(shop: Shop) -> list[int]:
    return [line.units for line in basket(shop).lines]


def redeemed(shop: Shop) -> set[str]:
    return {use.code for use in shop.control.book().uses if not use.reversed}


def test_enter_redeems_the_shown_one_alone(shop: Shop) -> None:
    sold = order(shop)
    assert picks(shop) == [1, 0, 0]
    shop.press(ENTER)
    verdict = told(shop)
    assert (verdict.light, verdict.amount_fen, verdict.units) == (Light.REDEEMED, 9_900, ())
    assert redeemed(shop) == {sold[0].code}


def test_arrows_and_space_pick_which_and_all_of_them_are_redeemed(shop: Shop) -> None:
    sold = order(shop)
    basket(shop)
    for _ in range(2):
        shop.press(DOWN)
    shop.press(SPACE, " ")
    assert picks(shop) == [1, 0, 1]
    assert basket(shop).amount_fen == 19_800
    shop.press(ENTER)
    verdict = told(shop)
    assert (len(verdict.units), verdict.amount_fen) == (2, 19_800)
    assert redeemed(shop) == {sold[0].code, sold[2].code}


def test_plus_minus_and_digits_say_how_many(shop: Shop) -> None:
    order(shop)
    basket(shop)
    shop.press(Qt.Key.Key_Plus, "+")
    assert picks(shop) == [1, 1, 0]
    shop.press(Qt.Key.Key_Minus, "-")
    assert picks(shop) == [1, 0, 0]
    shop.press(Qt.Key.Key_3, "3")
    assert picks(shop) == [1, 1, 1]
    shop.press(Qt.Key.Key_9, "9")
    assert picks(shop) == [1, 1, 1]
    shop.scan("HXLESS")
    assert sum(picks(shop)) == 2
    shop.scan("HXPLUS")
    shop.scan("HXDOIT")
    assert told(shop).amount_fen == 29_700
    assert len(redeemed(shop)) == 3


def test_nothing_picked_is_nothing_redeemed(shop: Shop) -> None:
    order(shop)
    basket(shop)
    shop.press(SPACE, " ")
    assert picks(shop) == [0, 0, 0]
    shop.press(ENTER)
    shop.scan("HXDOIT")
    QTest.qWait(50)
    assert isinstance(shop.view, Basket)
    assert redeemed(shop) == set()


def test_of_a_partial_yes_it_is_told_which_and_why_not(shop: Shop) -> None:
    sold = order(shop)
    basket(shop)
    shop.control.set_lot(sold[1], "refunded")
    shop.press(Qt.Key.Key_3, "3")
    shop.press(ENTER)
    verdict = told(shop)
    assert verdict.light is Light.REDEEMED
    assert sorted(line.light for line in verdict.units) == sorted([Light.REDEEMED, Light.REDEEMED, Light.REFUSED])
    refused = next(line for line in verdict.units if line.light is Light.REFUSED)
    assert refused.said
    assert verdict.amount_fen == 19_800
    assert redeemed(shop) == {sold[0].code, sold[2].code}


def test_escape_leaves_everything_as_it_was(shop: Shop) -> None:
    order(shop)
    basket(shop)
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: not isinstance(shop.view, Basket))
    assert redeemed(shop) == set()


def test_what_was_picked_outlives_another_language(shop: Shop) -> None:
    order(shop)
    basket(shop)
    shop.press(Qt.Key.Key_3, "3")
    shop.press(DOWN)
    shop.press(SPACE, " ")
    assert picks(shop) == [1, 0, 1]
    shop.till.choose("language")
    shop.until(lambda: isinstance(shop.view, Basket) and shop.view.platform == "Douyin")
    assert picks(shop) == [1, 0, 1]
    shop.press(ENTER)
    assert told(shop).amount_fen == 19_800


def test_a_row_that_is_pressed_is_picked(shop: Shop) -> None:
    order(shop)
    basket(shop)
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    rows = page.face.basket.rows()
    QTest.mouseClick(rows[1], Qt.MouseButton.LeftButton)
    assert picks(shop) == [1, 1, 0]
    QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert picks(shop) == [0, 1, 0]
