"""What is owed, in the real window: it falls live, a person can act, and its length stops nothing."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from sync.domain.outbox import OutboxState
from sync.ledger.tables import OUTBOX, REDEMPTIONS
from sync.ledger.transaction import Transaction
from terminal.presenters import owed as views
from terminal.ui.bridges.owed import OwedPage
from tests.terminal.ledger_rows import entry, on_trust
from tests.terminal.ui.shop import Shop
from tests.terminal.ui.work import NOTED, redeem, store_of, take_offline

ENTER = Qt.Key.Key_Return
MANY = 5_000


def owed(shop: Shop) -> OwedPage:
    shop.till.go("owed")
    page = shop.page("owed")
    assert isinstance(page, OwedPage)
    return page


def said(widget: QWidget) -> str:
    return " ".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def ids(page: OwedPage) -> list[object]:
    return [row.id for row in page.face.table.rows if not row.heading]


def accept_offline(shop: Shop, count: int) -> None:
    coupons = [shop.control.sell("douyin")[0] for _ in range(count)]
    take_offline(shop)
    for coupon in coupons:
        assert redeem(shop, coupon.code, NOTED)


def test_it_falls_to_one_green_line_when_the_line_is_back(shop: Shop) -> None:
    shop.sign_in()
    accept_offline(shop, 3)
    page = owed(shop)
    shop.until(lambda: len(ids(page)) == 3)
    assert [row.cells[-1].said for row in page.face.table.rows] == ["等网络恢复"] * 3
    shop.line_up()
    shop.until(lambda: not page.face.table.rows)
    assert "都补录了" in said(page)
    assert sum(not use.reversed for use in shop.control.book().uses) == 3


def test_the_manager_at_the_cashiers_till_holds_and_lets_go(shop: Shop) -> None:
    shop.sign_in()
    accept_offline(shop, 2)
    page = owed(shop)
    shop.until(lambda: len(ids(page)) == 2)
    wanted = str(page.face.table.chosen_id)
    shop.press(ENTER)
    shop.press(Qt.Key.Key_Backtab)
    shop.press(ENTER)
    shop.until(lambda: shop.start.window.veil.sheet is not None)
    shop.type("8888")
    shop.press(ENTER)
    shop.until(lambda: [row.id for row in page.face.table.rows][:1] == ["group-held"])
    states = {item.entry.id: item.entry.state for item in store_of(shop).delivering.owed()}
    assert states[wanted] == OutboxState.HELD
    assert page.face.table.chosen_id == wanted
    assert "店长 暂停了" in said(shop.start.window)


def test_a_person_can_try_now_and_hears_what_became_of_it(shop: Shop) -> None:
    shop.sign_in("m1")
    accept_offline(shop, 1)
    page = owed(shop)
    shop.until(lambda: len(ids(page)) == 1)
    before = store_of(shop).delivering.owed()[0].entry.next_attempt_at_ms
    shop.press(ENTER)
    shop.press(ENTER)
    shop.until(lambda: "正在再试" in said(shop.start.window))
    assert store_of(shop).delivering.owed()[0].entry.next_attempt_at_ms > before


def test_five_thousand_are_read_beside_the_window_and_are_no_widgets(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sign_in()
    take_offline(shop)
    fill(shop)
    threads: set[str] = set()
    view = views.view

    def watched(*args: object) -> object:
        threads.add(threading.current_thread().name)
        return view(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(views, "view", watched)
    page = owed(shop)
    before = len(page.findChildren(QWidget))
    shop.until(lambda: len(page.face.table.rows) == MANY)
    QApplication.processEvents()
    assert threads
    assert threading.main_thread().name not in threads
    assert len(page.findChildren(QWidget)) - before < 20
    shop.press(Qt.Key.Key_End)
    shop.until(lambda: "T1-105000" in said(page))


def fill(shop: Shop) -> None:
    """Five thousand calls, each with one redemption, that are not due for most of an hour."""
    store = store_of(shop)
    at_ms = store.ledger.read(store.keeper.now).ms

    def job(tx: Transaction) -> None:
        for place in range(1, MANY + 1):
            tx.add(OUTBOX, entry(id=f"many-{place}", next_attempt_at_ms=at_ms + 3_000_000, created_at_ms=at_ms))
            row = on_trust(id=f"row-{place}", number=f"T1-{100_000 + place}", voucher=100_000 + place)
            tx.add(REDEMPTIONS, replace(row, outbox_id=f"many-{place}", accepted_at_ms=at_ms))
        tx.seal_entry("test.filled", store.keeper.stamp(tx, "c1"))

    store.ledger.write(job)
