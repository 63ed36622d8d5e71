"""One customer after another without waiting for a slow platform: each verdict finds its coupon, and none is lost."""

import pytest
import requests
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from terminal.demo.control import Sold
from terminal.presenters.counter import Aside, Idle, Light, Offer, Told, Working
from terminal.ui.bridges import settling as settling_file
from terminal.ui.bridges import turns as turns_file
from terminal.ui.bridges.redeem import RedeemPage
from tests.terminal.ui.shop import Shop

ENTER = Qt.Key.Key_Return
SLOW_MS = 1_500


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cashier who lets the next one come at once."""
    monkeypatch.setattr(settling_file, "GOES_ON_MS", 20)
    for name in ("GLANCE_MS", "SHORT_DWELL_MS"):
        monkeypatch.setattr(turns_file, name, 1)
    monkeypatch.setattr(turns_file, "DWELL_MS", {})


class Counted:
    """The counter's page, and what it told beside the customer in front."""

    def __init__(self, shop: Shop) -> None:
        page = shop.page("redeem")
        assert isinstance(page, RedeemPage)
        self.shop, self.page = shop, page
        self.beside: tuple[Aside, ...] = ()
        self.told: list[Told] = []
        page.counter.beside_changed.connect(self._keep)
        page.counter.told.connect(self.told.append)

    def _keep(self, beside: tuple[Aside, ...]) -> None:
        self.beside = beside

    def ended(self, coupon: Sold) -> Told | None:
        """How it ended beside."""
        return next((one.told for one in self.beside if one.code_tail == coupon.code[-4:]), None)


def slow(shop: Shop, ms: int = SLOW_MS) -> None:
    """The platform takes its time over a redemption."""
    fault = {"platform": "*", "endpoint": "verify", "kind": "latency", "ms": ms}
    requests.post(f"{shop.sandbox.control}/faults", json=fault, timeout=60).raise_for_status()


def confirmed(shop: Shop, coupon: Sold) -> None:
    """Scanned, offered, and Enter pressed."""
    shop.scan(coupon.code)
    shop.until(lambda: isinstance(shop.view, Offer) and shop.view.code_tail == coupon.code[-4:])
    shop.press(ENTER)


def sold(shop: Shop, count: int) -> list[Sold]:
    return [shop.control.sell("miniprogram", price_fen=1_000 * (place + 1))[0] for place in range(count)]


def test_the_next_one_is_offered_and_confirmed_before_the_first_has_its_answer(shop: Shop) -> None:
    shop.sign_in()
    first, second = sold(shop, 2)
    counted = Counted(shop)
    slow(shop)
    confirmed(shop, first)
    shop.scan(second.code)
    shop.until(lambda: isinstance(shop.view, Offer) and shop.view.code_tail == second.code[-4:])
    assert [(one.code_tail, one.told) for one in counted.beside] == [(first.code[-4:], None)]
    assert counted.told == []
    shop.press(ENTER)
    shop.until(lambda: len(counted.told) == 2)
    assert [(view.code_tail, view.amount_fen) for view in counted.told] == [
        (first.code[-4:], 1_000),
        (second.code[-4:], 2_000),
    ]
    assert {use.code for use in shop.control.book().uses} == {first.code, second.code}


def test_those_who_wait_already_come_by_themselves(shop: Shop) -> None:
    shop.sign_in()
    coupons = sold(shop, 3)
    counted = Counted(shop)
    slow(shop)
    for coupon in coupons:
        shop.scan(coupon.code)
    for coupon in coupons:
        shop.until(lambda tail=coupon.code[-4:]: isinstance(shop.view, Offer) and shop.view.code_tail == tail)  # type: ignore[misc]
        shop.press(ENTER)
    shop.until(lambda: len(counted.told) == 3)
    assert {view.light for view in counted.told} == {Light.REDEEMED}
    assert len(shop.control.book().uses) == 3


def test_without_a_next_one_the_verdict_comes_in_front(shop: Shop) -> None:
    shop.sign_in()
    (only,) = sold(shop, 1)
    counted = Counted(shop)
    slow(shop)
    confirmed(shop, only)
    shop.until(lambda: isinstance(shop.view, Told))
    assert counted.beside == ()


def test_a_no_beside_stays_until_somebody_has_read_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling_file, "BESIDE_MS", 1)
    shop.sign_in()
    first, second = sold(shop, 2)
    counted = Counted(shop)
    shop.scan(first.code)
    shop.until(lambda: isinstance(shop.view, Offer))
    slow(shop)
    shop.control.set_lot(first, "refunded")
    shop.press(ENTER)
    shop.scan(second.code)
    shop.until(lambda: counted.ended(first) is not None)
    told = counted.ended(first)
    assert told is not None
    assert told.light is Light.REFUSED
    assert told.why
    shop.until(lambda: isinstance(shop.view, Offer))
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: isinstance(shop.view, Idle))
    QTest.qWait(50)
    assert counted.ended(first) is told
    buttons = counted.page.face.beside.findChildren(QPushButton)
    shop.until(lambda: any(button.isVisible() for button in buttons))
    next(button for button in buttons if button.isVisible()).click()
    assert counted.beside == ()


def test_a_yes_beside_goes_by_itself_but_not_from_under_an_offer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling_file, "BESIDE_MS", 1)
    shop.sign_in()
    first, second = sold(shop, 2)
    counted = Counted(shop)
    slow(shop)
    confirmed(shop, first)
    shop.scan(second.code)
    shop.until(lambda: counted.ended(first) is not None)
    shop.until(lambda: isinstance(shop.view, Offer))
    QTest.qWait(50)
    assert counted.ended(first) is not None
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: counted.beside == ())


def test_the_same_code_while_it_is_under_way_is_no_new_scan(shop: Shop) -> None:
    shop.sign_in()
    first, second = sold(shop, 2)
    counted = Counted(shop)
    slow(shop)
    confirmed(shop, first)
    shop.scan(second.code)
    shop.until(lambda: isinstance(shop.view, Offer))
    shop.scan(first.code)
    assert counted.page.counter.unfinished() == (second.code,)
    shop.until(lambda: len(counted.told) == 1)
    shop.scan(first.code)
    assert counted.page.counter.unfinished() == (second.code,)
    assert len(shop.control.book().uses) == 1


def test_no_more_than_three_are_under_way(shop: Shop) -> None:
    shop.sign_in()
    coupons = sold(shop, 4)
    slow(shop)
    for coupon in coupons[:3]:
        confirmed(shop, coupon)
    shop.scan(coupons[3].code)
    QTest.qWait(60)
    assert isinstance(shop.view, Working)
    shop.until(lambda: isinstance(shop.view, Offer) and shop.view.code_tail == coupons[3].code[-4:])


def test_another_language_waits_until_all_have_ended(shop: Shop) -> None:
    shop.sign_in()
    first, second = sold(shop, 2)
    counted = Counted(shop)
    slow(shop)
    confirmed(shop, first)
    shop.scan(second.code)
    shop.until(lambda: isinstance(shop.view, Offer))
    shop.till.choose("language")
    shop.until(lambda: isinstance(shop.view, Offer) and shop.view.platform == "Mini-program")
    assert [view.word for view in counted.told] == ["已核销"]


def test_what_the_platform_never_answers_is_recorded_beside(shop: Shop) -> None:
    shop.sign_in()
    first, second = sold(shop, 2)
    counted = Counted(shop)
    shop.scan(first.code)
    shop.until(lambda: isinstance(shop.view, Offer))
    slow(shop, 10_000)
    shop.press(ENTER)
    shop.scan(second.code)
    shop.until(lambda: counted.ended(first) is not None)
    told = counted.ended(first)
    assert told is not None
    assert told.light is Light.RECORDED
