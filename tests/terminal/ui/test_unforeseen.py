"""Errors that nobody foresaw inside an operation: what was waited for can be asked again."""

import threading

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from sync.domain.reasons import Code, Reason
from sync.domain.staff import Deed, Staff
from sync.errors import KnownError
from terminal.i18n import catalogue
from terminal.ui.bridges import shift_paper
from terminal.ui.bridges.differences import DifferencesPage
from terminal.ui.bridges.lines import LinesPage
from terminal.ui.bridges.owed import OwedPage
from terminal.ui.bridges.shift import ShiftPage
from terminal.ui.shell.authority import LANE
from terminal.ui.shell.last_resort import LastResort
from terminal.ui.shell.pin_sheet import PinSheet
from tests.terminal.ui.shop import Shop
from tests.terminal.ui.work import store_of

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


class Broken:
    """Stands for a function of the store and falls."""

    def __init__(self) -> None:
        self.called = 0

    def __call__(self, *_: object, **__: object) -> object:
        self.called += 1
        raise RuntimeError("iRNBho5p")


def said(shop: Shop) -> str:
    return " ".join(part.text() for part in shop.start.window.findChildren(QLabel) if part.isVisible())


def go_on(shop: Shop) -> None:
    """Read the sheet and close it."""
    shop.until(lambda: isinstance(shop.start.window.veil.sheet, LastResort))
    shop.press(ENTER)
    shop.until(lambda: shop.start.window.veil.sheet is None)


def test_the_top_line_asks_again_after_an_error(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.sign_in()
    broken = Broken()
    with monkeypatch.context() as patch:
        patch.setattr(store_of(shop).delivering, "debt", broken)
        shop.until(lambda: broken.called >= 2)
    status = shop.till._status
    assert status is not None
    seen: list[object] = []
    status.seen.connect(seen.append)
    shop.until(lambda: bool(seen))


def test_every_page_asks_again_after_an_error(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.sign_in("m1")
    store = store_of(shop)
    broken = Broken()
    with monkeypatch.context() as patch:
        patch.setattr(store.delivering, "owed", broken)
        patch.setattr(store.outages, "basis", broken)
        patch.setattr(store.stories, "open", broken)
        patch.setattr(store.shifts, "report", broken)
        patch.setattr(store.reconciliation, "reconcile", broken)
        for name in ("owed", "lines", "differences", "shift"):
            shop.till.go(name)
            shop.till.pages[name].changed()
        books = shop.till.pages["differences"]
        assert isinstance(books, DifferencesPage)
        books._compare("2026-11-21")
        shop.until(lambda: broken.called >= 5)
        owed, lines, shift = (shop.till.pages[name] for name in ("owed", "lines", "shift"))
        assert isinstance(owed, OwedPage)
        assert isinstance(lines, LinesPage)
        assert isinstance(shift, ShiftPage)
        shop.until(lambda: not (owed._reading or lines._reading or books._reading or books._comparing))
        shop.until(lambda: not shift._asking)


def test_a_pin_can_be_typed_again_after_an_error(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.until(lambda: bool(shop.people()))
    broken = Broken()
    with monkeypatch.context() as patch:
        patch.setattr(store_of(shop).people, "sign_in", broken)
        shop.type("1111")
        shop.press(ENTER)
        go_on(shop)
    shop.sign_in()
    found: list[Staff] = []
    shop.till.authorise("why", Deed.OPEN_OUTAGE, found.append)
    shop.until(lambda: isinstance(shop.start.window.veil.sheet, PinSheet))
    with monkeypatch.context() as patch:
        patch.setattr(store_of(shop).people, "authorise", broken)
        shop.type("8888")
        shop.press(ENTER)
        shop.until(lambda: broken.called == 2)
        sheet = shop.start.window.veil.sheet
        assert isinstance(sheet, PinSheet)
        shop.until(sheet._pin.isEnabled)
    shop.type("8888")
    shop.press(ENTER)
    shop.until(lambda: bool(found))
    go_on(shop)


def test_a_refusal_in_the_background_is_said_in_words(shop: Shop) -> None:
    shop.sign_in()
    shop.start.operations.crashed.emit(KnownError(Reason(Code.DISK_FULL)))
    what = catalogue("zh")["reasons"]["disk_full"]["what"]
    shop.until(lambda: what in shop.start.window.notice.accessibleName())
    assert shop.start.window.veil.sheet is None


def test_nobody_is_asked_for_a_pin_once_the_asker_has_left(shop: Shop) -> None:
    shop.sign_in()
    found: list[Staff] = []
    shop.till.authorise("why", Deed.OPEN_OUTAGE, found.append)
    shop.till.sign_out()
    through: list[None] = []
    shop.start.operations.start(shop.till, lambda: None, through.append, lane=LANE)
    shop.until(lambda: bool(through))
    assert shop.start.window.veil.sheet is None
    shop.sign_in()
    asker = QObject()
    shop.till._authority.ask(shop.till._words, "why", Deed.OPEN_OUTAGE, found.append, asker)
    shop.until(lambda: isinstance(shop.start.window.veil.sheet, PinSheet))
    asker.deleteLater()
    shop.type("8888")
    shop.press(ENTER)
    shop.until(lambda: shop.start.window.veil.sheet is None)
    assert found == []


def test_nothing_leads_out_of_a_kiosk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    monkeypatch.setattr(shift_paper, "ask_printer", lambda *_: opened.append("printer"))
    monkeypatch.setattr(shift_paper, "printers", lambda: ("Office",))
    shop.till._kiosk = True
    shop.sign_in()
    shop.till.go("shift")
    page = shop.till.pages["shift"]
    assert isinstance(page, ShiftPage)
    report = page.face.report
    report.show_saved("there")
    assert report._folder.isHidden()
    page._paper.open_folder()
    page._paper.print_out(1)
    assert not page._paper._printing
    assert opened == []


def test_printers_are_looked_up_by_a_thread_of_their_own(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def slow() -> tuple[str, ...]:
        looked.append(threading.current_thread().name)
        return ()

    monkeypatch.setattr(shift_paper, "printers", slow)
    shop.sign_in()
    shop.till.go("shift")
    page = shop.till.pages["shift"]
    assert isinstance(page, ShiftPage)
    page._paper.print_out(1)
    page._paper.print_out(1)
    shop.until(lambda: "打印机" in said(shop))
    assert looked == ["window-paper_0"]
