"""A shift in the window, by keys alone: opened, counted blind, handed over with two PINs, kept on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from sync.domain.shift import ShiftState
from sync.sandbox.sandbox import Sandbox
from sync.services.shifts import Count
from terminal import settings
from terminal.presenters.counter import Idle, Offer, Told
from terminal.presenters.shift_report import ReportView
from terminal.ui.bridges.shift import ShiftPage
from terminal.ui.screens.shift.hand_over import HandOverSheet
from terminal.ui.screens.shift.screen import ShiftScreen
from tests.terminal.ui.shop import PINS, Shop

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def morning(qapp: QApplication, tmp_path: Path) -> Iterator[Shop]:
    """No shift is open yet."""
    with Sandbox() as sandbox:
        found = Shop(qapp, tmp_path, sandbox, shift=False)
        try:
            yield found
        finally:
            found.close()


def page(shop: Shop) -> ShiftPage:
    found = shop.page("shift")
    assert isinstance(found, ShiftPage)
    return found


def screen(shop: Shop) -> ShiftScreen:
    return page(shop).face


def until_shown(shop: Shop, name: str) -> None:
    shop.until(lambda: getattr(screen(shop), name).isVisible())


def said(widget: QWidget) -> str:
    """Everything that can be read."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def go(shop: Shop, who: str = "c1", face: str = "running") -> None:
    shop.sign_in(who)
    shop.till.go("shift")
    until_shown(shop, face)


def redeem(shop: Shop, platform: str = "miniprogram") -> None:
    shop.till.go("redeem")
    shop.scan(shop.control.sell(platform, 1)[0].code)
    shop.until(lambda: isinstance(shop.view, (Offer, Told)))
    if isinstance(shop.view, Offer):
        shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Idle))
    shop.till.go("shift")


def count(shop: Shop, cash: str) -> None:
    """From the running shift, or the report that is to be counted again; not a slip of any platform."""
    shop.press(ENTER)
    until_shown(shop, "counting")
    fill(shop, cash)


def fill(shop: Shop, cash: str) -> None:
    """Type the cash, then 0 for each platform."""
    for number in (cash, *("0" for _ in screen(shop).counting.fields[1:])):
        shop.type(number)
        shop.press(ENTER)
    until_shown(shop, "report")


def sheet(shop: Shop) -> HandOverSheet:
    found = shop.start.window.veil.sheet
    assert isinstance(found, HandOverSheet)
    return found


def sign(shop: Shop, closer: str = "c1", receiver: str = "c2") -> None:
    shop.press(ENTER)
    sheet(shop)
    for who in (closer, receiver):
        shop.type(PINS[who])
        shop.press(ENTER)


def closed(shop: Shop) -> bool:
    return shop.start._parts is not None and shop.start._parts.store.shifts.current() is None


def report(shop: Shop) -> ReportView:
    found = screen(shop).report.view
    assert found is not None
    return found


def store(shop: Shop):  # type: ignore[no-untyped-def]
    assert shop.start._parts is not None
    return shop.start._parts.store


def test_the_day_begins_with_the_cash_in_the_drawer(morning: Shop) -> None:
    morning.sign_in()
    assert morning.till.front == "shift"
    until_shown(morning, "ready")
    morning.type("500.5")
    morning.press(ENTER)
    morning.until(lambda: morning.till.front == "redeem")
    assert store(morning).shifts.current().float_fen == 50_050


def test_what_is_not_well_is_shown_and_stops_nobody(morning: Shop) -> None:
    morning.line_down()
    morning.sign_in()
    until_shown(morning, "ready")
    morning.until(lambda: "抖音" in said(screen(morning).ready))
    assert "→" in said(screen(morning).ready)
    morning.press(ENTER)
    morning.until(lambda: morning.till.front == "redeem")
    assert store(morning).shifts.current().float_fen == 0


def test_letters_are_no_amount(morning: Shop) -> None:
    morning.sign_in()
    until_shown(morning, "ready")
    morning.type("5a0.123")
    morning.press(ENTER)
    morning.until(lambda: morning.till.front == "redeem")
    assert store(morning).shifts.current().float_fen == 5_012


def test_a_cashier_counts_blind(shop: Shop) -> None:
    go(shop)
    redeem(shop)
    until_shown(shop, "running")
    before = said(screen(shop))
    assert "收银员一" in before
    assert "¥" not in before
    shop.press(ENTER)
    until_shown(shop, "counting")
    assert "¥" not in said(screen(shop))
    assert set(screen(shop).counting.texts) == {""}


def test_a_manager_sees_the_figures_before_the_count(shop: Shop) -> None:
    go(shop, "m1")
    redeem(shop)
    shop.until(lambda: "1 笔 ¥128.00" in said(screen(shop).running))


def test_a_count_that_lacks_a_number_is_none(shop: Shop) -> None:
    go(shop)
    shop.press(ENTER)
    until_shown(shop, "counting")
    shop.type("500")
    for _ in screen(shop).counting.fields:
        shop.press(ENTER)
    marked = [bool(field.property("wrong")) for field in screen(shop).counting.fields]
    assert marked == [False, *(True for _ in store(shop).asking.platforms)]
    assert screen(shop).counting.fields[1].hasFocus()
    assert store(shop).shifts.current().state is ShiftState.OPEN
    shop.type("0")
    assert screen(shop).counting.fields[1].property("wrong") == ""
    shop.press(ESC)
    until_shown(shop, "running")
    assert store(shop).shifts.current().state is ShiftState.OPEN


def test_handing_over_takes_both_pins_and_leaves_a_pdf(shop: Shop) -> None:
    go(shop)
    count(shop, "500")
    assert [one.tone for one in report(shop).banners] == ["redeemed"]
    shop.press(ENTER)
    shop.type("1112")
    shop.press(ENTER)
    shop.type(PINS["c2"])
    shop.press(ENTER)
    shop.until(lambda: "PIN 不对" in said(sheet(shop)))
    assert not closed(shop)
    shop.type(PINS["c1"])
    shop.press(ENTER)
    shop.until(lambda: report(shop).closed)
    found = store(shop).shifts.report()
    assert (found.shift.closed_by, found.received_by) == ("c1", "c2")
    assert shop.start.window.veil.sheet is None
    shop.press(ENTER)
    path = shop.data / "reports" / "shift-0001.pdf"
    shop.until(lambda: str(path) in said(screen(shop).report))
    assert path.read_bytes().startswith(b"%PDF")


def test_at_night_nobody_takes_over(shop: Shop) -> None:
    go(shop)
    count(shop, "500")
    shop.press(ENTER)
    shop.press(Qt.Key.Key_Up)
    shop.type(PINS["c1"])
    shop.press(ENTER)
    shop.until(lambda: report(shop).closed)
    assert store(shop).shifts.report().received_by is None


def test_esc_leaves_the_shift_as_it_is(shop: Shop) -> None:
    go(shop)
    count(shop, "500")
    shop.press(ENTER)
    sheet(shop)
    shop.press(ESC)
    shop.until(lambda: shop.start.window.veil.sheet is None)
    assert store(shop).shifts.current().state is ShiftState.COUNTED


def test_a_count_that_is_off_by_a_lot_needs_a_manager(shop: Shop) -> None:
    go(shop)
    count(shop, "450")
    assert report(shop).approval
    sign(shop)
    shop.until(lambda: not isinstance(shop.start.window.veil.sheet, (HandOverSheet, type(None))))
    assert not closed(shop)
    shop.type(PINS["m1"])
    shop.press(ENTER)
    shop.until(lambda: report(shop).closed)
    assert store(shop).shifts.report().approved_by == "m1"


def test_counting_again_keeps_the_count_before(shop: Shop) -> None:
    go(shop)
    count(shop, "450")
    screen(shop).report.recount_wanted.emit()
    until_shown(shop, "counting")
    assert "2" in said(screen(shop).counting)
    fill(shop, "500")
    assert any("¥450.00" in note for note in report(shop).notes)


def test_a_customer_in_the_middle_of_the_count_takes_nothing_from_it(shop: Shop) -> None:
    go(shop)
    shop.press(ENTER)
    until_shown(shop, "counting")
    shop.type("500")
    shop.scan(shop.control.sell("miniprogram", 1)[0].code)
    shop.until(lambda: shop.till.front == "redeem")
    shop.until(lambda: isinstance(shop.view, Offer))
    shop.till.go("shift")
    assert screen(shop).counting.isVisible()
    assert screen(shop).counting.texts == ("500", *("" for _ in store(shop).asking.platforms))


def test_another_language_in_the_middle_of_the_count_takes_nothing_from_it(shop: Shop) -> None:
    go(shop)
    shop.press(ENTER)
    until_shown(shop, "counting")
    shop.type("500")
    shop.press(ENTER)
    shop.type("3")
    before = page(shop)
    ours = settings.read(shop.data / settings.FILE_NAME)
    shop.till.apply(ours.model_copy(update={"store": ours.store.model_copy(update={"language": "en"})}))
    shop.until(lambda: page(shop) is not before and screen(shop).counting.isVisible())
    assert screen(shop).counting.texts == ("500", "3", *("" for _ in screen(shop).counting.fields[2:]))
    assert "Douyin" in said(screen(shop))


def test_a_late_answer_stands_on_the_shift_of_before(shop: Shop) -> None:
    go(shop)
    shop.line_down()
    shop.till.go("redeem")
    shop.scan(shop.control.dynamic(shop.control.sell("miniprogram", 1)[0]))
    shop.until(lambda: isinstance(shop.view, Offer))
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    shop.till.go("shift")
    shop.until(lambda: "T1-" in said(screen(shop).running))
    till = store(shop)
    till.shifts.count(till.people.find("c1"), Count(50_000, {"miniprogram": 1}))
    till.shifts.close(till.people.find("c1"))
    shop.line_up()
    till.delivering.drain(everything=True)
    page(shop).entered()
    until_shown(shop, "ready")
    screen(shop).ready.past_wanted.emit()
    until_shown(shop, "past")
    shop.press(ENTER)
    until_shown(shop, "report")
    assert [one.what for one in report(shop).adjustments] == ["补录成功"]
    assert report(shop).owed[0].settled
    shop.press(ESC)
    until_shown(shop, "ready")


def test_a_folder_that_cannot_be_written_is_said_and_the_shift_stays_closed(shop: Shop) -> None:
    (shop.data / "reports").write_text("in the way")
    go(shop)
    count(shop, "500")
    sign(shop)
    shop.until(lambda: report(shop).closed)
    shop.press(ENTER)
    shop.until(lambda: "PDF" in said(shop.start.window.notice))
    assert closed(shop)
    assert shop.start.window.veil.sheet is None


def test_a_machine_without_a_printer_says_so(shop: Shop) -> None:
    go(shop)
    count(shop, "500")
    sign(shop)
    shop.until(lambda: report(shop).closed)
    screen(shop).report.print_wanted.emit()
    shop.until(lambda: "打印机" in said(shop.start.window.notice))
