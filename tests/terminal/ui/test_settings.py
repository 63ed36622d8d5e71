"""The settings page in the real window: written, followed at once, refused beside the field."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from sync.domain.staff import Role
from terminal.i18n import Words
from terminal.presenters.settings import AREA
from terminal.settings import FILE_NAME, read
from terminal.ui.bridges.settings import SettingsPage
from terminal.ui.screens.settings.person import PersonSheet
from terminal.ui.shell.pin_sheet import PinSheet
from tests.terminal.ui.shop import Shop

WORDS = Words(AREA, "zh")
LOOK, SCANNER, PEOPLE = 0, 1, 2


def page_of(shop: Shop, who: str = "t1") -> SettingsPage:
    shop.sign_in(who)
    shop.till.go("settings")
    page = shop.page("settings")
    assert isinstance(page, SettingsPage)
    shop.until(lambda: page.face._people.model().rowCount() == 4)
    return page


def sheet_of(shop: Shop) -> PersonSheet:
    shop.until(lambda: isinstance(shop.start.window.veil.sheet, PersonSheet))
    sheet = shop.start.window.veil.sheet
    assert isinstance(sheet, PersonSheet)
    return sheet


def authorise(shop: Shop) -> None:
    shop.until(lambda: isinstance(shop.start.window.veil.sheet, PinSheet))
    shop.type("8888")
    shop.press(Qt.Key.Key_Return)


def test_a_technician_sees_devices_and_settings_and_nothing_of_the_counter(shop: Shop) -> None:
    shop.sign_in("t1")
    seen = shop.till._rail.pages  # type: ignore[union-attr]
    assert {"devices", "settings"} <= set(seen)
    assert not {"redeem", "history", "owed", "shift", "differences"} & set(seen)


def test_a_cashier_does_not_come_to_the_settings(shop: Shop) -> None:
    shop.sign_in("c1")
    shop.till.go("settings")
    assert shop.till.front != "settings"


def test_what_is_saved_is_written_and_followed_at_once(shop: Shop) -> None:
    page = page_of(shop)
    page.face._theme.setCurrentIndex(page.face._theme.findData("dark"))
    page.face._language.setCurrentIndex(page.face._language.findData("en"))
    page.face.findChildren(QCheckBox)[1].setChecked(True)
    page.face._gap.setValue(60)
    page.face.show_tab(SCANNER)
    page.face._keep()
    shop.until(lambda: shop.page("settings") is not page)
    written = read(shop.data / FILE_NAME)
    assert (written.window.theme, written.store.language, written.scanner.gap_ms) == ("dark", "en", 60)
    assert written.window.reduced_motion
    again = shop.page("settings")
    assert isinstance(again, SettingsPage)
    assert again.face.tab == SCANNER
    assert again.face._tabs.tabText(SCANNER) == Words(AREA, "en")("tabs", "scanner")


def test_a_wrong_input_is_told_beside_its_field_and_nothing_is_written(shop: Shop) -> None:
    page = page_of(shop)
    page.face.show_tab(SCANNER)
    before = (shop.data / FILE_NAME).read_bytes()
    page.face._gap.setValue(3)
    page.face._keep()
    assert page.face._gap.accessibleDescription() == WORDS("wrong", "gap_ms")
    assert shop.start.window.focusWidget() is page.face._gap
    assert (shop.data / FILE_NAME).read_bytes() == before
    page.face._gap.setValue(30)
    page.face._keep()
    shop.until(lambda: read(shop.data / FILE_NAME).scanner.gap_ms == 30)


def test_somebody_new_can_sign_in_after_a_manager_agreed(shop: Shop) -> None:
    page = page_of(shop)
    page.face.show_tab(PEOPLE)
    page.face.person_wanted.emit("")
    authorise(shop)
    sheet = sheet_of(shop)
    sheet._name.setText("新人")
    sheet._pin.setText("4321")
    sheet._again.setText("4322")
    shop.press(Qt.Key.Key_Return)
    shop.until(lambda: sheet._again.accessibleDescription() == WORDS("wrong", "again"))
    sheet._again.setText("4321")
    shop.press(Qt.Key.Key_Return)
    shop.until(lambda: page.face._people.model().rowCount() == 5)
    assert shop.start.window.veil.sheet is None
    added = shop.till._parts.store.people.sign_in("c3", "4321")
    assert (added.name, added.role) == ("新人", Role.CASHIER)


def test_the_last_manager_can_not_step_down(shop: Shop) -> None:
    page = page_of(shop, "m1")
    page.face.person_wanted.emit("m1")
    authorise(shop)
    sheet = sheet_of(shop)
    sheet._role.setCurrentIndex(sheet._role.findData(Role.CASHIER.value))
    sheet._pin.setText("8888")
    sheet._again.setText("8888")
    sheet._draft()
    shop.until(lambda: sheet._role.accessibleDescription() == WORDS("wrong", "last_manager"))
    assert shop.till._parts.store.people.find("m1").role is Role.MANAGER


def test_a_settings_file_that_can_not_be_written_is_told(shop: Shop) -> None:
    page = page_of(shop)
    (shop.data / "settings.part").mkdir()
    page.face._keep()
    shop.until(lambda: FILE_NAME in shop.start.window.notice.accessibleName())
    assert shop.page("settings") is page
