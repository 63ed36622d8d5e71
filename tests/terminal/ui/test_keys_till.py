"""Scans by keyboard at the till itself: while signing in, and faster than anybody serves."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from sync.domain.staff import Deed, Staff
from terminal.presenters.counter import Told
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.shell.pin_sheet import PinSheet
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


def test_a_scan_while_a_pin_is_asked_for_waits_and_the_pin_holds(shop: Shop) -> None:
    shop.sign_in()
    allowed: list[Staff] = []
    shop.till.authorise("why", Deed.OPEN_OUTAGE, allowed.append)
    shop.until(lambda: isinstance(shop.start.window.veil.sheet, PinSheet))
    shop.type("88")
    shop.scan(CODE)
    shop.type("88")
    shop.press(Qt.Key.Key_Return)
    shop.until(lambda: bool(allowed))
    assert allowed[0].id == "m1"
    shop.until(lambda: isinstance(shop.view, Told))
