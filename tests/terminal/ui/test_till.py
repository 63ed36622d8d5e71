"""Who stands at the till, where a scan goes, and what happens when something goes wrong."""

from functools import partial
from pathlib import Path

from filelock import FileLock
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from sync.clock import SystemClock
from sync.sandbox.sandbox import Sandbox
from terminal.presenters.counter import Idle, Light, Need, Offer, Told
from terminal.ui.app import Start
from terminal.ui.shell.last_resort import LastResort, details_of
from terminal.ui.shell.opening import OpeningFace
from terminal.ui.shell.pin_sheet import PinSheet
from tests.terminal.ui.shop import Shop

ENTER = Qt.Key.Key_Return


def in_view(shop: Shop, tail: str) -> bool:
    return isinstance(shop.view, Offer) and shop.view.code_tail == tail


def needs_manager(shop: Shop) -> bool:
    return isinstance(shop.view, Offer) and shop.view.need is Need.MANAGER


def said(shop: Shop) -> str:
    return " ".join(part.text() for part in shop.start.window.findChildren(QLabel) if part.isVisible())


def test_a_wrong_pin_is_told_and_can_be_typed_again(shop: Shop) -> None:
    shop.until(lambda: "收银员一" in str(shop.people()))
    shop.type("9999")
    shop.press(ENTER)
    shop.until(lambda: "PIN 不对" in said(shop))
    shop.sign_in()
    assert shop.till.front == "redeem"


def test_a_scan_amid_the_pin_leaves_the_pin_alone_and_says_what_to_do(shop: Shop) -> None:
    shop.until(lambda: bool(shop.people()))
    code = shop.control.sell("miniprogram")[0].code
    shop.type("11")
    shop.scan(code)
    shop.until(lambda: "请先登录" in said(shop))
    field = shop.start.window.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "11"
    shop.type("11")
    shop.press(ENTER)
    shop.until(lambda: shop.till.front == "redeem")
    assert isinstance(shop.view, Idle)


def test_without_a_shift_the_first_page_is_the_shift(qapp: QApplication, tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        shop = Shop(qapp, tmp_path, sandbox, shift=False)
        try:
            shop.sign_in()
            assert shop.till.front == "shift"
        finally:
            shop.close()


def test_a_technician_sees_no_counter(shop: Shop) -> None:
    shop.sign_in("t1")
    assert "redeem" not in shop.till.pages
    shop.scan("8812345678901234")
    assert "redeem" not in shop.till.pages


def test_a_scan_while_the_managers_pin_is_asked_waits_and_the_pin_stays(shop: Shop) -> None:
    shop.sign_in()
    codes = [shop.control.sell("douyin", price_fen=100)[0].code for _ in range(22)]
    shop.line_down()
    for code in codes:
        shop.scan(code)
        shop.until(partial(in_view, shop, code[-4:]))
        for noted in ("1", "A-1001", "4321"):
            shop.type(noted)
            shop.press(ENTER)
        shop.until(lambda: isinstance(shop.view, Told) or needs_manager(shop))
        if needs_manager(shop):
            break
        shop.press(ENTER)
        shop.until(lambda: isinstance(shop.view, Idle))
    shop.press(ENTER)
    shop.until(lambda: bool(shop.start.window.findChildren(PinSheet)))
    shop.type("88")
    shop.scan(shop.control.sell("miniprogram")[0].code)
    shop.until(lambda: "收到 1 个码" in said(shop))
    shop.type("88")
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told) and shop.view.light is Light.RECORDED)


def test_an_unforeseen_error_says_what_is_safe_and_the_work_goes_on(shop: Shop) -> None:
    shop.sign_in()

    def broken() -> None:
        raise RuntimeError("13-digit-secret")

    shop.start.operations.start(shop.till, broken, lambda _: None)
    shop.until(lambda: bool(shop.start.window.findChildren(LastResort)))
    assert "账本里的每一笔都在" in said(shop)
    shop.press(ENTER)
    shop.until(lambda: not shop.start.window.findChildren(LastResort))
    coupon = shop.control.sell("miniprogram")[0]
    shop.scan(coupon.code)
    shop.until(lambda: isinstance(shop.view, Offer))
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told) and shop.view.light is Light.REDEEMED)


def test_the_details_for_support_hold_no_value_and_name_the_same_error_alike() -> None:
    found = []
    for secret in ("first", "second"):
        try:
            raise ValueError(secret)
        except ValueError as error:
            found.append(details_of(error))
    assert found[0] == found[1]
    assert "first" not in found[0][1]


def test_a_ledger_in_use_is_told_and_tried_again(qapp: QApplication, tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        shop = Shop(qapp, tmp_path, sandbox)
        shop.close()
        with FileLock(next(shop.data.glob("*.lock"))):
            start = Start(qapp, shop.data, SystemClock())
            face = start.window.findChildren(OpeningFace)[0]
            shop.until(lambda: any("账本正在使用" in part.text() for part in face.findChildren(QLabel)))
        opened: list[object] = []
        start.opened.connect(opened.append)
        next(part for part in face.findChildren(QPushButton) if "再试" in part.text()).click()
        shop.until(lambda: bool(opened))
        start.close()
        start.window.deleteLater()


def test_a_folder_without_settings_is_told_with_what_to_do(qapp: QApplication, tmp_path: Path) -> None:
    start = Start(qapp, tmp_path / "nowhere", SystemClock())
    try:
        face = start.window.findChildren(OpeningFace)[0]
        waited = 0
        while not any("hexiao init" in part.text() for part in face.findChildren(QLabel)):
            qapp.processEvents()
            waited += 1
            assert waited < 1_000_000
    finally:
        start.close()
        start.window.deleteLater()


def test_closing_says_what_stays_owed_and_needs_a_yes(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("miniprogram")[0]
    shop.line_down()
    shop.scan(shop.control.dynamic(coupon))
    shop.until(lambda: isinstance(shop.view, Offer))
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    left: list[bool] = []
    shop.till.left.connect(lambda: left.append(True))
    shop.start.window.close()
    shop.until(lambda: "还有 1 笔没有补录" in said(shop))
    shop.press(ENTER)
    shop.until(lambda: "还有 1 笔" not in said(shop))
    assert not left
