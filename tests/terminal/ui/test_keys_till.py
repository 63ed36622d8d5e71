"""Scans by keyboard at the till itself: while signing in, and faster than anybody serves."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from sync.domain.staff import Deed, Staff
from terminal.presenters.counter import Offer, Told
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.operation import COUNTER
from terminal.ui.shell.pin_sheet import PinSheet
from tests.terminal.ui.shop import Shop

CODE = "https://v.douyin.com/iRNBho5p/"


def counted(shop: Shop) -> RedeemPage:
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    return page


def drain(shop: Shop) -> None:
    """Until every key is decided and whatever it started has been answered: lanes answer in their order."""
    shop.until(lambda: not shop.till.keys_held)
    answered: list[None] = []
    shop.start.operations.start(shop.till, lambda: None, answered.append, lane=COUNTER)
    shop.until(lambda: bool(answered))


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
    left = counted(shop).counter.unfinished()
    # The first may have been told already; none is missing, mixed or out of its turn.
    assert left == codes[-len(left) :]
    assert len(left) >= len(codes) - 5


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


def in_hand(shop: Shop, code: str) -> bool:
    return isinstance(shop.view, Offer) and shop.view.code_tail == code[-4:]


def test_a_short_label_confirms_nothing_and_is_said(shop: Shop) -> None:
    shop.sign_in()
    code = shop.control.sell("miniprogram", kind="times_card", units=5, price_fen=9000)[0].code
    shop.scan(code)
    shop.until(partial(in_hand, shop, code))
    shop.scan("0043")
    drain(shop)
    assert shop.start.window.notice.isVisible()
    assert in_hand(shop, code)
    assert shop.control.book().uses == ()


def test_a_code_that_comes_in_two_pieces_waits_whole(shop: Shop) -> None:
    shop.sign_in()
    first = shop.control.sell("miniprogram", kind="times_card", units=5, price_fen=9000)[0].code
    second = shop.control.sell("miniprogram", price_fen=100)[0].code
    shop.scan(first)
    shop.until(partial(in_hand, shop, first))
    shop.scan(second, stops_at=len(second) - 4)
    drain(shop)
    assert in_hand(shop, first)
    assert counted(shop).counter.unfinished() == (first, second)
    assert shop.control.book().uses == ()
