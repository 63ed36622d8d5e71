"""Scans by keyboard at the till itself: while signing in, and faster than anybody serves."""

from PySide6.QtWidgets import QLineEdit

from terminal.ui.bridges.redeem import RedeemPage
from tests.terminal.ui.shop import Shop

CODE = "https://v.douyin.com/iRNBho5p/"


def counted(shop: Shop) -> RedeemPage:
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    return page


def test_a_scan_while_signing_in_says_so_and_leaves_the_pin(shop: Shop) -> None:
    shop.until(shop.start.window.findChildren(QLineEdit)[0].hasFocus)
    shop.type("11")
    shop.scan(CODE)
    pin = shop.start.window.findChildren(QLineEdit)[0]
    assert pin.text() == "11"
    assert shop.start.window.notice.isVisible()
    pin.clear()
    shop.sign_in()
    assert counted(shop).counter.unfinished() == ()


def test_fifty_scans_at_once_wait_in_their_order(shop: Shop) -> None:
    shop.sign_in()
    codes = tuple(f"https://v.douyin.com/{number:03}Abc/" for number in range(50))
    for code in codes:
        shop.scan(code)
    assert counted(shop).counter.unfinished() == codes
