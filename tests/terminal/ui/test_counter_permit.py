"""Without a line the customer's phone asks the platform: the till shows a code for two minutes and takes the answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from sync.services.permits import PermitRequest
from terminal.demo.control import Sold
from terminal.demo.phone import Phone
from terminal.presenters.counter import Idle, Light, Offer, Permit, Told
from terminal.ui.bridges import counter as counter_file
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.widgets.codes import CodeView
from tests.terminal.ui.shop import Shop

ENTER = Qt.Key.Key_Return


@pytest.fixture
def phone(shop: Shop, tmp_path: Path) -> Iterator[Phone]:
    """A customer's phone, with a line of its own."""
    described = shop.sandbox.describe()
    made = Phone(described["url"], described["miniprogram"], tmp_path)
    yield made
    made.close()


def page(shop: Shop) -> RedeemPage:
    found = shop.page("redeem")
    assert isinstance(found, RedeemPage)
    return found


def button(shop: Shop) -> QPushButton | None:
    """The one that shows the code, if it is in view."""
    words = ("出示校验码",)
    found = [one for one in page(shop).findChildren(QPushButton) if one.text() in words and one.isVisible()]
    return found[0] if found else None


def offline(shop: Shop) -> None:
    """The till knows that it has no line."""
    shop.line_down()
    parts = shop.start.parts
    assert parts is not None
    shop.until(lambda: parts.store.lines.offline("miniprogram"))


def shown(shop: Shop) -> PermitRequest:
    shop.until(lambda: isinstance(shop.view, Permit))
    assert isinstance(shop.view, Permit)
    _, store, terminal, nonce, request_id = shop.view.text.split(":")
    return PermitRequest(request_id, nonce, store, terminal)


def sold(shop: Shop) -> Sold:
    return shop.control.sell("miniprogram", price_fen=12_800)[0]


def pressed(shop: Shop) -> None:
    shop.until(lambda: button(shop) is not None)
    found = button(shop)
    assert found is not None
    found.click()


def test_with_a_line_nobody_is_troubled_with_it(shop: Shop) -> None:
    shop.sign_in()
    assert button(shop) is None
    shop.scan(sold(shop).code)
    shop.until(lambda: isinstance(shop.view, Offer))
    assert button(shop) is None


def test_the_phone_asks_and_it_is_redeemed_without_the_tills_line(shop: Shop, phone: Phone) -> None:
    shop.sign_in()
    coupon = sold(shop)
    offline(shop)
    pressed(shop)
    asked = shown(shop)
    assert page(shop).findChildren(CodeView)
    text = phone.answer(asked, coupon)
    shop.scan(text)
    shop.until(lambda: isinstance(shop.view, (Offer, Told)))
    if isinstance(shop.view, Offer):
        shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    assert isinstance(shop.view, Told)
    assert (shop.view.light, shop.view.amount_fen) == (Light.REDEEMED, 12_800)
    assert [use.code for use in shop.control.book().uses] == [coupon.code]


def test_an_offer_on_trust_may_be_asked_by_phone_instead(shop: Shop) -> None:
    shop.sign_in()
    coupon = sold(shop)
    offline(shop)
    shop.scan(shop.control.dynamic(coupon))
    shop.until(lambda: isinstance(shop.view, Offer))
    assert isinstance(shop.view, Offer)
    assert shop.view.permit
    pressed(shop)
    shown(shop)
    assert not page(shop).counter.unfinished()


def test_of_another_platforms_coupon_no_phone_is_asked(shop: Shop) -> None:
    shop.sign_in()
    coupon = shop.control.sell("douyin")[0]
    offline(shop)
    shop.scan(coupon.code)
    shop.until(lambda: isinstance(shop.view, Offer))
    assert button(shop) is None


def test_it_closes_by_itself_when_its_time_is_over(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter_file, "PERMIT_MS", 40)
    shop.sign_in()
    offline(shop)
    pressed(shop)
    shop.until(lambda: isinstance(shop.view, Permit))
    shop.until(lambda: isinstance(shop.view, Idle))
    assert page(shop).findChildren(CodeView) == []


def test_escape_closes_it(shop: Shop) -> None:
    shop.sign_in()
    offline(shop)
    pressed(shop)
    shown(shop)
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: isinstance(shop.view, Idle))


def test_each_time_it_is_another_code(shop: Shop) -> None:
    shop.sign_in()
    offline(shop)
    nonces = set()
    for _ in range(2):
        pressed(shop)
        nonces.add(shown(shop).nonce)
        shop.press(Qt.Key.Key_Escape)
    assert len(nonces) == 2


def test_whoever_waits_is_served_afterwards(shop: Shop) -> None:
    shop.sign_in()
    first, second = sold(shop), sold(shop)
    offline(shop)
    for coupon in (first, second):
        shop.scan(shop.control.dynamic(coupon))
    shop.until(lambda: isinstance(shop.view, Offer))
    pressed(shop)
    shown(shop)
    assert len(page(shop).counter.unfinished()) == 1
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: isinstance(shop.view, Offer))


def test_the_code_outlives_another_language(shop: Shop) -> None:
    shop.sign_in()
    offline(shop)
    pressed(shop)
    asked = shown(shop)
    shop.till.choose("language")
    QTest.qWait(50)
    shop.until(lambda: bool(shop.till.pages))
    shop.until(lambda: isinstance(shop.view, Permit))
    assert shown(shop) == asked
