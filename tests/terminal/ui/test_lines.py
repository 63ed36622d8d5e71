"""The lines in the real window: asked at once, told as they come and go, and what is left while they are down."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from terminal.ui.bridges.lines import LinesPage
from tests.terminal.ui.shop import Shop
from tests.terminal.ui.work import NOTED, redeem, store_of, take_offline

ENTER = Qt.Key.Key_Return


def lines(shop: Shop) -> LinesPage:
    shop.till.go("lines")
    page = shop.page("lines")
    assert isinstance(page, LinesPage)
    return page


def said(widget: QWidget) -> str:
    return " ".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def test_one_key_asks_every_platform_and_finds_a_cut_line(shop: Shop) -> None:
    shop.sign_in()
    page, every = lines(shop), len(store_of(shop).asking.platforms)
    shop.until(lambda: "以平台的时间为准" in said(page))
    shop.press(ENTER)
    shop.until(lambda: said(page).count("刚才有答复") == every)
    shop.line_down()
    shop.press(ENTER)
    asking = [part for part in page.findChildren(QPushButton) if part.text() == "正在问"]
    assert [part.isEnabled() for part in asking] == [False]
    shop.until(lambda: said(page).count("刚才没有答复") == every)
    assert [line.offline for line in store_of(shop).lines.states()] == [True] * every
    assert "离线" in said(page)
    shop.line_up()
    shop.press(ENTER)
    shop.until(lambda: said(page).count("刚才有答复") == every)
    assert [line.offline for line in store_of(shop).lines.states()] == [False] * every


def test_what_an_outage_has_used_is_taken_off_what_is_left(shop: Shop) -> None:
    shop.sign_in("m1")
    coupon = shop.control.sell("douyin")[0]
    take_offline(shop)
    redeem(shop, coupon.code, NOTED)
    page = lines(shop)
    shop.until(lambda: "已登记 1 张，¥99.00" in said(page))
    # Laid out a moment after it was shown.
    shop.until(lambda: "还可 19 张 · 还可 ¥1,901.00" in said(page))
    assert "现在可以这样收券" in said(page)


def test_the_chips_lead_here_and_esc_leads_back_to_work(shop: Shop) -> None:
    shop.sign_in()
    assert shop.till._rail is not None
    assert "lines" not in shop.till._rail.pages
    assert shop.till._top is not None
    shop.till._top.opened.emit("lines")
    assert shop.till.front == "lines"
    shop.press(Qt.Key.Key_Escape)
    assert shop.till.front == "redeem"


def test_a_technician_has_it_on_the_rail(shop: Shop) -> None:
    shop.sign_in("t1")
    assert shop.till._rail is not None
    assert "lines" in shop.till._rail.pages
