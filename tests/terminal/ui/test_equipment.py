"""The page of the devices in the real window: scans try the scanner, choices are written, the card is printed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from hardware.decoding.scan import scan_file
from hardware.scanning.camera import CameraFound
from hardware.scanning.keyboards import typed
from hardware.scanning.layout import PROBE_TEXT
from hardware.scanning.serial_port import Port
from terminal.i18n import Words
from terminal.presenters.command_card import Command
from terminal.presenters.devices import AREA
from terminal.settings import FILE_NAME, read
from terminal.ui.bridges import devices as devices_file
from terminal.ui.bridges.equipment import CARD, DevicesPage
from terminal.ui.widgets.codes import CodeView
from tests.terminal.ui.shop import Shop

WORDS = Words(AREA, "zh")
PORT = Port("/dev/nowhere", "Honeywell", "usb:0c2e:0901:17")


@pytest.fixture(autouse=True)
def _plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices_file, "ports", lambda: [PORT])
    monkeypatch.setattr(devices_file, "cameras", lambda: [CameraFound("97", "HD"), CameraFound("98", "HD")])


def page_of(shop: Shop, who: str = "t1") -> DevicesPage:
    shop.sign_in(who)
    shop.till.go("devices", "scanner" if who == "c1" else None)
    page = shop.page("devices")
    assert isinstance(page, DevicesPage)
    return page


def press(page: DevicesPage, name: str) -> None:
    buttons = [one for one in page.findChildren(QPushButton) if one.text() == name and one.isVisible()]
    assert len(buttons) == 1
    buttons[0].click()


def says(page: DevicesPage, said: str) -> bool:
    return said in page.set_up._panel.accessibleName()


def test_a_cashier_finds_the_scanners_set_up_alone(shop: Shop) -> None:
    page = page_of(shop, "c1")
    assert page.set_up.isVisible()
    assert "devices" not in shop.till._rail.pages  # type: ignore[union-attr]
    shop.scan(f"]C1{PROBE_TEXT}")
    assert says(page, WORDS("setup", "preceded", extra="]C1"))
    assert page.set_up._ask.isVisible()
    assert not page.set_up._fix.isVisible()
    shop.press(Qt.Key.Key_Escape)
    assert shop.till.front == "redeem"
    assert shop.page("redeem").isVisible()


def test_the_set_up_tells_wrong_from_right_and_keeps_what_it_is_told(shop: Shop) -> None:
    page = page_of(shop)
    press(page, WORDS("page", "setup"))
    shop.scan(typed(PROBE_TEXT, "German"))
    assert says(page, WORDS("damage", "layout"))
    shop.scan(PROBE_TEXT)
    assert says(page, WORDS("setup", "right"))
    shop.scan(f"]C1{PROBE_TEXT}")
    page.set_up._fix.click()
    shop.until(lambda: shop.page("devices") is not page)
    assert read(shop.data / FILE_NAME).scanner.prefix == "]C1"
    again = shop.page("devices")
    assert isinstance(again, DevicesPage)
    assert again.set_up.isVisible()
    shop.scan(f"]C1{PROBE_TEXT}")
    assert says(again, WORDS("setup", "right"))


def test_a_scanner_too_slow_for_a_scan_presses_nothing_and_is_helped(shop: Shop) -> None:
    page = page_of(shop)
    press(page, WORDS("page", "setup"))
    for letter in PROBE_TEXT:
        shop._at_ms += 60
        shop._key(Qt.Key.Key_unknown, letter)
    shop.press(Qt.Key.Key_Return)
    shop.until(lambda: says(page, WORDS("setup", "slow")))
    assert page.set_up._fix.text() == WORDS("setup", "fix_gap", gap=90)


def test_a_scan_on_the_page_is_a_trial_and_redeems_nothing(shop: Shop) -> None:
    page = page_of(shop, "m1")
    shop.scan(shop.control.sell("miniprogram", 1)[0].code)
    assert shop.till.front == "devices"
    assert page.overview._facts.isVisible()
    shop.scan(Command.UNDO)
    shop.until(lambda: WORDS("commands", "undo") in shop.start.window.notice.accessibleName())
    assert not shop.control.book().uses


def test_a_port_and_a_camera_are_chosen_and_written(shop: Shop) -> None:
    page = page_of(shop)
    port = page.overview._port
    shop.until(lambda: port.findData(PORT.usb) > 0)
    assert not page.overview._use_port.isEnabled()
    port.setCurrentIndex(port.findData(PORT.usb))
    page.overview._use_port.click()
    shop.until(lambda: shop.page("devices") is not page)
    scanner = read(shop.data / FILE_NAME).scanner
    assert (scanner.serial, scanner.baud) == (PORT.usb, 9600)
    again = shop.page("devices")
    assert isinstance(again, DevicesPage)
    shop.until(lambda: WORDS("serial", "missing") in again.overview._states["serial"].accessibleName())
    assert WORDS("serial_next", "missing") in again.overview._states["serial"].accessibleName()


def test_what_was_picked_outlives_a_new_search(shop: Shop) -> None:
    page = page_of(shop)
    box: QComboBox = page.overview._camera
    shop.until(lambda: box.count() == 3)
    box.setCurrentIndex(2)
    press(page, WORDS("page", "again"))
    QTest.qWait(100)
    assert box.currentData() == "98"


def test_the_card_is_printed_and_every_code_on_it_can_be_read(shop: Shop) -> None:
    page = page_of(shop)
    press(page, WORDS("page", "card"))
    press(page, WORDS("commands", "print"))
    shop.until((shop.data / CARD).exists)
    shop.until(lambda: WORDS("commands", "kept", path=shop.data / CARD) == shop.start.window.notice.accessibleName())
    assert (shop.data / CARD).read_bytes().startswith(b"%PDF")
    for view in page.card.findChildren(CodeView):
        picture = shop.data / "code.png"
        assert view.grab().save(str(picture))
        assert [symbol.text for symbol in scan_file(picture).symbols] == [view.accessibleName()]


def test_a_folder_that_takes_no_card_says_so(shop: Shop) -> None:
    (shop.data / "reports").write_text("in the way", encoding="utf-8")
    page = page_of(shop)
    press(page, WORDS("page", "card"))
    press(page, WORDS("commands", "print"))
    said = WORDS("commands", "not_kept", path=shop.data / CARD)
    shop.until(lambda: shop.start.window.notice.accessibleName() == said)
