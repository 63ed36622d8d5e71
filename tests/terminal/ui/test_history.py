"""The history in the real window: searched by keys and by scans, opened, taken back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from terminal.ui.bridges.history import HistoryPage
from terminal.ui.screens.history.detail import DetailFace
from terminal.ui.widgets.table import Table
from terminal.ui.widgets.undo import UndoButton
from tests.terminal.ui.shop import Shop
from tests.terminal.ui.work import redeem

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


def history(shop: Shop) -> HistoryPage:
    shop.press(Qt.Key.Key_F2)
    page = shop.page("history")
    assert isinstance(page, HistoryPage)
    return page


def words(table: Table) -> list[str]:
    return [row.cells[1].said for row in table.rows]


def read(page: HistoryPage) -> str:
    return " ".join(part.text() for part in page.findChildren(QLabel) if part.isVisible())


def test_a_scan_finds_its_coupon_and_never_shows_the_code(shop: Shop) -> None:
    shop.sign_in()
    coupon, other = shop.control.sell("miniprogram")[0], shop.control.sell("douyin")[0]
    redeem(shop, coupon.code)
    redeem(shop, other.code)
    redeem(shop, coupon.code)
    page = history(shop)
    table = page.face.found.table
    shop.until(lambda: len(table.rows) == 3)
    shop.scan(coupon.code)
    shop.until(lambda: len(table.rows) == 2)
    assert words(table) == ["已拒绝", "已核销"]
    buttons = [part.text() for part in page.findChildren(type(page.face.found._coupon)) if part.isVisible()]
    assert f"…{coupon.code[-4:]} 的券" in buttons
    assert coupon.code not in page.face.found.field.text() + read(page)
    assert shop.till.front == "history"
    shop.press(ESC)
    shop.until(lambda: len(table.rows) == 3)


def test_words_are_found_as_they_are_typed_and_keys_lead_to_the_story_and_back(shop: Shop) -> None:
    shop.sign_in()
    first = redeem(shop, shop.control.sell("miniprogram")[0].code)
    redeem(shop, shop.control.sell("douyin")[0].code)
    page = history(shop)
    table = page.face.found.table
    shop.until(lambda: len(table.rows) == 2)
    shop.type("000001")
    shop.until(lambda: [row.id for row in table.rows] == [first])
    shop.press(ENTER)
    shop.until(table.hasFocus)
    shop.press(ENTER)
    shop.until(lambda: page.face.in_detail)
    assert "平台已核销" in read(page)
    shop.press(ESC)
    assert not page.face.in_detail
    assert table.hasFocus()
    shop.press(Qt.Key.Key_Up)
    assert page.face.found.field.hasFocus()


def test_taking_back_asks_twice_and_tells_how_it_ended(shop: Shop) -> None:
    shop.sign_in()
    redeem(shop, shop.control.sell("miniprogram")[0].code)
    page = history(shop)
    shop.until(lambda: bool(page.face.found.table.rows))
    shop.press(Qt.Key.Key_Down)
    shop.press(ENTER)
    shop.until(lambda: page.face.in_detail)
    undo = page.face.findChildren(UndoButton)[0]
    while not undo.hasFocus():
        shop.press(Qt.Key.Key_Tab)
    shop.press(ENTER)
    assert not any(use.reversed for use in shop.control.book().uses)
    assert page.face.detail.isVisible()
    shop.press(ENTER)
    shop.until(lambda: "已撤销，平台已退回这次使用" in read(page))
    assert [use.reversed for use in shop.control.book().uses] == [True]
    assert not undo.isVisible()
    shop.press(ESC)
    shop.until(lambda: words(page.face.found.table) == ["已撤销"])


def test_a_refused_reversal_says_whose_the_difference_is(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    redeem(shop, coupon.code)
    page = history(shop)
    shop.until(lambda: bool(page.face.found.table.rows))
    page.face.found.table.choose(page.face.found.table.rows[0].id)
    shop.control.set_lot(coupon, "settled")
    page.face.found.table.setFocus()
    shop.press(ENTER)
    shop.until(lambda: page.face.in_detail)
    page.face.detail.undone.emit(page.face.found.table.rows[0].id)
    shop.until(lambda: "由 店长 处理" in read(page))
    assert isinstance(QApplication.focusWidget(), (DetailFace, UndoButton))
    shop.press(ESC)
    shop.until(lambda: words(page.face.found.table) == ["差异"])


def test_more_comes_while_scrolling_and_none_twice(shop: Shop) -> None:
    shop.sign_in()
    for _ in range(120):
        redeem(shop, "WIFI:S:riverside;T:WPA;P:x;;")
    page = history(shop)
    table = page.face.found.table
    shop.until(lambda: len(table.rows) == 50)
    shop.press(Qt.Key.Key_Down)
    for wanted in (100, 120):
        shop.press(Qt.Key.Key_End)
        shop.until(lambda wanted=wanted: len(table.rows) == wanted)  # type: ignore[misc]
    assert len({row.id for row in table.rows}) == 120
