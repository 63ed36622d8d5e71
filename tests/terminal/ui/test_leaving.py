"""Signing out and closing with codes that wait: it is said before they are forgotten."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from terminal.presenters.counter import Offer
from terminal.ui.shell.question_sheet import QuestionSheet
from tests.terminal.ui.shop import Shop

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


def question(shop: Shop) -> QuestionSheet:
    shop.until(lambda: isinstance(shop.start.window.veil.sheet, QuestionSheet))
    sheet = shop.start.window.veil.sheet
    assert isinstance(sheet, QuestionSheet)
    return sheet


def said(sheet: QuestionSheet) -> str:
    return " ".join(part.text() for part in sheet.findChildren(QLabel))


def two_wait(shop: Shop) -> list[str]:
    """Signed in, one coupon in hand and another one behind it."""
    shop.sign_in()
    codes = [shop.control.sell("miniprogram")[0].code for _ in range(2)]
    for code in codes:
        shop.scan(code)
    shop.until(lambda: isinstance(shop.view, Offer))
    return codes


def test_with_nothing_in_hand_one_signs_out_at_once(shop: Shop) -> None:
    shop.sign_in()
    shop.till.choose("sign_out")
    shop.until(lambda: not shop.till.front)
    assert shop.start.window.veil.sheet is None


def test_codes_that_wait_are_told_before_they_are_forgotten(shop: Shop) -> None:
    codes = two_wait(shop)
    shop.till.choose("sign_out")
    sheet = question(shop)
    assert "2" in said(sheet)
    assert all(code[-4:] in said(sheet) for code in codes)
    assert not any(code in said(sheet) for code in codes)
    assert shop.till.front == "redeem"
    next(one for one in sheet.findChildren(QPushButton) if one.text() == "退出登录").click()
    shop.until(lambda: not shop.till.front)


def test_enter_and_escape_go_on_working_and_nothing_is_forgotten(shop: Shop) -> None:
    codes = two_wait(shop)
    for key in (ENTER, ESC):
        shop.till.choose("sign_out")
        question(shop)
        shop.press(key)
        shop.until(lambda: shop.start.window.veil.sheet is None)
        assert isinstance(shop.view, Offer)
        assert shop.view.code_tail == codes[0][-4:]


def test_closing_tells_them_too(shop: Shop) -> None:
    codes = two_wait(shop)
    shop.till.ask_to_close()
    assert codes[1][-4:] in said(question(shop))
