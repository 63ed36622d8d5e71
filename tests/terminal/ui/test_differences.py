"""Differences in the real window: opened and ended by keys, with their photo; the books of a day compared."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from sync.domain.difference import Ending
from sync.domain.evidence import Witnesses
from terminal.ui.bridges.differences import DifferencesPage
from tests.terminal.ui.shop import Shop
from tests.terminal.ui.work import redeem, store_of, take_offline

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


def differences(shop: Shop, subject: object = None) -> DifferencesPage:
    shop.till.go("differences", subject)
    page = shop.page("differences")
    assert isinstance(page, DifferencesPage)
    return page


def said(widget: QWidget) -> str:
    return " ".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def refused_later(shop: Shop, photo: str | None = None) -> None:
    """Recorded without a line; the customer has the money back before it can be sent."""
    coupon = shop.control.sell("douyin")[0]
    take_offline(shop)
    assert redeem(shop, coupon.code, Witnesses(9_900, photo, "A-1001", "4321"))
    shop.control.set_lot(coupon, "refunded")
    shop.line_up()
    shop.until(lambda: not store_of(shop).delivering.owed())


def test_a_cashier_has_no_such_page(shop: Shop) -> None:
    shop.sign_in()
    shop.till.go("differences")
    assert shop.till.front == "redeem"


def test_it_is_ended_once_by_keys_with_a_note(shop: Shop) -> None:
    shop.sign_in("m1")
    refused_later(shop)
    page = differences(shop)
    shop.until(lambda: len(page.face.table.rows) == 1)
    shop.until(page.face.table.hasFocus)
    shop.press(ENTER)
    shop.until(lambda: page.face.in_case)
    assert "登记后平台没有同意" in said(page)
    assert "订单号 A-1001" in said(page)
    shop.press(ENTER)
    shop.press(ENTER)
    sheet = shop.start.window.veil.sheet
    assert sheet is not None
    assert len(store_of(shop).differences.open()) == 1
    assert sheet.findChildren(QLineEdit)[0].hasFocus()
    shop.type("met at 3")
    shop.press(ENTER)
    shop.press(ENTER)
    shop.until(lambda: not page.face.table.rows)
    assert store_of(shop).differences.open() == []
    ended = store_of(shop).stories.case(1)
    assert ended is not None
    assert (ended.difference.resolution, ended.difference.resolved_by) == ("contact：met at 3", "m1")
    assert shop.start.window.veil.sheet is None
    assert not page.face.in_case


def test_esc_leaves_everything_as_it_was(shop: Shop) -> None:
    shop.sign_in("m1")
    refused_later(shop)
    page = differences(shop, 1)
    shop.until(lambda: page.face.in_case)
    for key in (ENTER, ENTER, ESC, ESC):
        shop.press(key)
    assert not page.face.in_case
    assert len(store_of(shop).differences.open()) == 1


def test_somebody_else_was_first(shop: Shop) -> None:
    shop.sign_in("m1")
    refused_later(shop)
    page = differences(shop, 1)
    shop.until(lambda: page.face.in_case)
    shop.press(ENTER)
    shop.press(ENTER)
    store = store_of(shop)
    store.differences.resolve(1, store.people.find("m1"), Ending.CLAIM)
    shop.press(ENTER)
    shop.press(ENTER)
    shop.until(lambda: "已经处理过" in said(shop.start.window))
    assert not page.face.in_case


def test_the_photo_is_shown_and_one_that_is_gone_is_said_to_be(shop: Shop) -> None:
    shop.sign_in("m1")
    folder = shop.data / "evidence"
    folder.mkdir()
    picture = QImage(400, 600, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    assert picture.save(str(folder / "a.png"))
    refused_later(shop, "evidence/a.png")
    page = differences(shop, 1)
    shop.until(lambda: page.face.in_case)
    photo = page.face.case._photo
    assert photo.isVisible()
    assert photo.pixmap().toImage().pixelColor(5, 5) == QColor("red")
    (folder / "a.png").unlink()
    page.changed()
    shop.until(lambda: "照片文件不在了" in said(page))
    assert not photo.isVisible()


def test_a_name_that_leads_out_of_the_folder_is_not_followed(shop: Shop) -> None:
    shop.sign_in("m1")
    picture = QImage(40, 40, QImage.Format.Format_RGB32)
    assert picture.save(str(shop.data.parent / "outside.png"))
    refused_later(shop, "../outside.png")
    page = differences(shop, 1)
    shop.until(lambda: page.face.in_case)
    assert not page.face.case._photo.isVisible()


def test_the_books_of_a_day_are_compared_and_only_what_needs_a_person_opens(shop: Shop) -> None:
    shop.sign_in("m1")
    for platform in ("douyin", "miniprogram", "miniprogram"):
        redeem(shop, shop.control.sell(platform)[0].code)
    shop.control.set_lot(shop.control.sell("miniprogram")[0], "used_elsewhere")
    page = differences(shop)
    shop.until(lambda: "没有差异，账都对得上" in said(page))
    page.face.show_list(1)
    page.face.books.setFocus()
    shop.press(ENTER)
    shop.until(lambda: "有 1 笔要人处理" in said(page))
    table = page.face.books.table
    assert [row.cells[1].said for row in table.rows] == ["本店没有这一笔"]
    assert len(page.face.table.rows) == 1
    shop.press(Qt.Key.Key_Down)
    shop.press(ENTER)
    shop.until(lambda: page.face.in_case)
    shop.press(ESC)
    assert table.isVisible()


def test_a_book_that_can_not_be_read_is_no_difference(shop: Shop) -> None:
    shop.sign_in("m1")
    redeem(shop, shop.control.sell("douyin")[0].code)
    take_offline(shop)
    page = differences(shop)
    shop.until(lambda: bool(page.face.books.day))
    page.face.show_list(1)
    page.face.books.setFocus()
    shop.press(ENTER)
    shop.until(lambda: said(page).count("读不到记录") == 2)
    assert store_of(shop).differences.open() == []
