"""What is confirmed is what was shown and meant: no stray key, no other customer's PIN, photo or digits."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from hardware.scanning.scan import Scan
from terminal.presenters.counter import CounterView, Idle, Light, Need, Offer, Told, Working
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.bridges.settling import LANES
from terminal.ui.operation import COUNTER
from terminal.ui.screens.redeem import reading
from terminal.ui.shell.last_resort import LastResort
from terminal.ui.shell.pin_sheet import PinSheet
from tests.terminal.ui.shop import Shop

ENTER = Qt.Key.Key_Return


def counter_page(shop: Shop) -> RedeemPage:
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    return page


def settled(shop: Shop) -> None:
    """Whatever the counter had to do is done."""
    done: list[bool] = []
    owner = counter_page(shop)
    for lane in (COUNTER, *LANES):
        shop.start.operations.start(owner, lambda: True, done.append, lane=lane)
    shop.until(lambda: len(done) == 1 + len(LANES))


def uses(shop: Shop) -> int:
    settled(shop)
    return len(shop.control.book().uses)


def offered(shop: Shop, text: str) -> Offer:
    shop.scan(text)
    shop.until(lambda: isinstance(shop.view, Offer))
    assert isinstance(shop.view, Offer)
    return shop.view


def enter(shop: Shop, *, repeat: bool = False) -> None:
    """Straight to the window, as the keyboard sends it."""
    target = shop.start.window.windowHandle()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, ENTER, Qt.KeyboardModifier.NoModifier, "\r", repeat)
        QCoreApplication.sendEvent(target, event)


def test_enter_that_was_on_its_way_is_no_yes_to_the_next_offer(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    page = counter_page(shop)
    pressed: list[bool] = []

    def press(view: CounterView) -> None:
        if isinstance(view, Offer) and not pressed:
            pressed.append(True)
            enter(shop)

    page.counter.view_changed.connect(press)
    offered(shop, coupon.code)
    assert pressed
    assert uses(shop) == 0
    assert isinstance(shop.view, Offer)


def test_enter_before_anybody_could_have_read_is_none(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READABLE_MS", 60_000)
    shop.sign_in()
    offered(shop, shop.control.sell("miniprogram")[0].code)
    shop.press(ENTER)
    shop.scan("HXDOIT")
    assert uses(shop) == 0
    assert isinstance(shop.view, Offer)


def test_enter_kept_down_confirms_nothing(shop: Shop) -> None:
    shop.sign_in()
    offered(shop, shop.control.sell("miniprogram")[0].code)
    shop.see()
    for _ in range(3):
        enter(shop, repeat=True)
    assert uses(shop) == 0
    assert isinstance(shop.view, Offer)
    enter(shop)
    shop.until(lambda: isinstance(shop.view, Told))


def test_the_command_card_speaks_to_what_is_in_view_alone(shop: Shop) -> None:
    shop.sign_in()
    offered(shop, shop.control.sell("miniprogram")[0].code)
    for page in ("history", "owed", "shift"):
        shop.till.go(page)
        shop.scan("HXDOIT")
        assert shop.till.front == page
    shop.till.go("redeem")
    shop.till.ask_to_close()
    shop.until(lambda: shop.start.window.veil.sheet is not None)
    shop.scan("HXDOIT")
    assert uses(shop) == 0
    assert isinstance(shop.view, Offer)


def record(shop: Shop, text: str) -> None:
    """With evidence, worth ¥290."""
    offered(shop, text)
    for noted in ("290", "A-1001", "4321"):
        shop.type(noted)
        shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told) or wants_manager(shop))


def wants_manager(shop: Shop) -> bool:
    return isinstance(shop.view, Offer) and shop.view.need is Need.MANAGER


def test_a_pin_typed_for_one_coupon_serves_no_other(shop: Shop) -> None:
    shop.sign_in()
    *codes, other = (shop.control.sell("douyin")[0].code for _ in range(8))
    shop.line_down()
    for code in codes:
        record(shop, code)
        if isinstance(shop.view, Told):
            counter_page(shop).counter.cancel()
    assert wants_manager(shop)
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.start.window.veil.sheet, PinSheet))
    counter_page(shop).counter.cancel()
    counter_page(shop).scanned(Scan(other, "", "serial:x", 0))
    shop.until(lambda: isinstance(shop.view, Offer) and shop.view.code_tail == other[-4:])
    shop.type("8888")
    shop.press(ENTER)
    shop.until(lambda: shop.start.window.veil.sheet is None)
    for noted in ("290", "A-1002", "4321"):
        shop.type(noted)
        shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told) or wants_manager(shop))
    assert wants_manager(shop)


def test_digits_of_one_customer_cannot_be_brought_back_for_the_next(shop: Shop) -> None:
    shop.sign_in()
    first, second = (shop.control.sell("douyin")[0].code for _ in range(2))
    shop.line_down()
    offered(shop, first)
    for noted in ("99", "A-1001"):
        shop.type(noted)
        shop.press(ENTER)
    shop.type("4321")
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: isinstance(shop.view, Idle))
    offered(shop, second)
    for field in counter_page(shop).findChildren(QLineEdit):
        field.undo()
        assert field.text() == ""


def test_a_photo_that_comes_late_is_of_nobody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.sign_in()
    first, second = (shop.control.sell("douyin")[0].code for _ in range(2))
    shop.line_down()
    offered(shop, first)
    page = counter_page(shop)
    page.take_photo()
    page.counter.cancel()
    page.scanned(Scan(second, "", "serial:x", 0))
    shop.until(lambda: isinstance(shop.view, Offer) and shop.view.code_tail == second[-4:])
    shown: list[str] = []
    monkeypatch.setattr(page.face.offer, "show_photo", shown.append)
    QTest.qWait(50)
    assert not shown


def test_the_language_waits_for_the_verdict_under_way(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    offered(shop, coupon.code)
    seen: list[str] = []
    page = counter_page(shop)
    page.counter.told.connect(lambda view: seen.append(view.word))
    shop.press(ENTER)
    if isinstance(shop.view, Working):
        shop.till.choose("language")
    shop.until(lambda: bool(seen))
    assert seen == ["已核销"]


def test_an_error_in_a_step_frees_the_counter_and_the_same_code_may_come_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    parts = shop.start.parts
    assert parts is not None
    redeeming = parts.store.redeeming

    def broken(*_: object) -> None:
        raise RuntimeError("13-digit-secret")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(redeeming, "confirm", broken)
        offered(shop, coupon.code)
        shop.press(ENTER)
        shop.until(lambda: isinstance(shop.start.window.veil.sheet, LastResort))
        shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told) and shop.view.light is Light.REFUSED)
    offered(shop, coupon.code)
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told) and shop.view.light is Light.REDEEMED)
    assert uses(shop) == 1


def test_evidence_that_was_typed_outlives_another_theme(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("douyin")[0]
    shop.line_down()
    offered(shop, coupon.code)
    for noted in ("99", "A-1001"):
        shop.type(noted)
        shop.press(ENTER)
    shop.type("43")
    before = counter_page(shop)
    shop.till.choose("theme")
    shop.until(lambda: counter_page(shop) is not before and isinstance(shop.view, Offer))
    assert [field.text() for field in counter_page(shop).face.offer.findChildren(QLineEdit)] == ["99", "A-1001", "43"]
    shop.type("21")
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    assert isinstance(shop.view, Told)
    assert (shop.view.light, shop.view.amount_fen) == (Light.RECORDED, 9_900)
