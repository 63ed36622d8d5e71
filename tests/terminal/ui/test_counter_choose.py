"""The question which platform a text is from: one key answers, the answer is remembered, a wrong one is asked again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from terminal.demo.control import Sold
from terminal.presenters.counter import Choose, Idle, Light, Offer, Told, Working
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.screens.redeem import reading
from tests.terminal.ui.shop import Shop

ENTER = Qt.Key.Key_Return


def asked(shop: Shop) -> Choose:
    shop.until(lambda: isinstance(shop.view, Choose))
    assert isinstance(shop.view, Choose)
    return shop.view


def offered(shop: Shop) -> Offer:
    shop.until(lambda: isinstance(shop.view, Offer))
    assert isinstance(shop.view, Offer)
    return shop.view


def question(shop: Shop) -> Sold:
    """Signed in, and a code of twelve digits is in hand."""
    shop.sign_in()
    coupon = shop.control.sell("meituan")[0]
    shop.scan(coupon.code)
    asked(shop)
    return coupon


def uses(shop: Shop) -> int:
    return len(shop.control.book().uses)


def test_a_key_answers_and_the_coupon_is_redeemed_there(shop: Shop) -> None:
    coupon = question(shop)
    assert asked(shop).platforms == ("douyin", "meituan")
    assert coupon.code not in str(asked(shop))
    shop.press(Qt.Key.Key_2, "2")
    assert offered(shop).platform == "美团"
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    assert [use.platform for use in shop.control.book().uses] == ["meituan"]


def test_the_answer_is_remembered_and_nobody_is_asked_again(shop: Shop) -> None:
    question(shop)
    shop.press(Qt.Key.Key_2, "2")
    offered(shop)
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: isinstance(shop.view, Idle))
    seen: list[object] = []
    counter(shop).counter.view_changed.connect(seen.append)
    shop.scan(shop.control.sell("meituan")[0].code)
    offered(shop)
    assert not any(isinstance(view, Choose) for view in seen)


def test_arrows_and_enter_answer_too(shop: Shop) -> None:
    question(shop)
    shop.press(Qt.Key.Key_Down)
    shop.press(ENTER)
    assert offered(shop).platform == "美团"


def test_the_command_card_answers_with_what_is_proposed(shop: Shop) -> None:
    question(shop)
    shop.press(Qt.Key.Key_Down)
    shop.scan("HXDOIT")
    assert offered(shop).platform == "美团"


def test_who_does_not_know_it_is_named_and_the_others_are_asked_for(shop: Shop) -> None:
    question(shop)
    shop.press(Qt.Key.Key_1, "1")
    shop.until(lambda: isinstance(shop.view, Choose) and bool(shop.view.said))
    assert asked(shop).platforms == ("meituan",)
    assert "抖音" in asked(shop).said
    shop.press(ENTER)
    assert offered(shop).platform == "美团"


def test_a_wrong_answer_is_not_remembered(shop: Shop) -> None:
    question(shop)
    shop.press(Qt.Key.Key_1, "1")
    shop.until(lambda: isinstance(shop.view, Choose) and bool(shop.view.said))
    shop.press(Qt.Key.Key_Escape)
    shop.scan(shop.control.sell("meituan")[0].code)
    assert asked(shop).platforms == ("douyin", "meituan")


def test_where_the_remembered_one_does_not_know_it_the_question_comes_back(shop: Shop) -> None:
    question(shop)
    shop.press(Qt.Key.Key_2, "2")
    offered(shop)
    shop.press(Qt.Key.Key_Escape)
    shop.scan("123456789012")
    assert asked(shop).platforms == ("douyin",)
    assert "美团" in asked(shop).said
    shop.press(ENTER)
    shop.until(lambda: isinstance(shop.view, Told))
    assert isinstance(shop.view, Told)
    assert shop.view.light is Light.REFUSED


@pytest.mark.parametrize(("key", "text"), [(Qt.Key.Key_9, "9"), (Qt.Key.Key_0, "0"), (Qt.Key.Key_3, "3"), (0x41, "a")])
def test_another_key_is_no_answer(shop: Shop, key: int, text: str) -> None:
    question(shop)
    shop.press(Qt.Key(key), text)
    QTest.qWait(30)
    assert isinstance(shop.view, Choose)


def test_a_scan_while_it_is_asked_is_no_answer_but_waits(shop: Shop) -> None:
    coupon = question(shop)
    other = shop.control.sell("miniprogram")[0].code
    for code in (other, "221122112211221"):
        shop.scan(code)
    QTest.qWait(50)
    assert isinstance(shop.view, Choose)
    assert counter(shop).counter.unfinished() == (coupon.code, other, "221122112211221")


def test_what_was_pressed_before_it_could_be_read_is_no_answer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READABLE_MS", 60_000)
    question(shop)
    for key, text in ((Qt.Key.Key_1, "1"), (ENTER, "\r")):
        shop.press(key, text)
    assert isinstance(shop.view, Choose)


def test_escape_leaves_it_and_nothing_is_redeemed_or_refused(shop: Shop) -> None:
    question(shop)
    shop.press(Qt.Key.Key_Escape)
    shop.until(lambda: isinstance(shop.view, Idle))
    assert uses(shop) == 0
    assert isinstance(shop.view, Idle)
    assert shop.view.recent == ()


def test_the_question_outlives_another_language(shop: Shop) -> None:
    question(shop)
    shop.till.choose("language")
    shop.until(lambda: isinstance(shop.view, Choose) and "Meituan" in shop.view.names)
    shop.press(Qt.Key.Key_2, "2")
    assert offered(shop).platform == "Meituan"


def counter(shop: Shop) -> RedeemPage:
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    return page


def test_a_pressed_answer_shows_that_it_is_looked_up(shop: Shop) -> None:
    question(shop)
    seen: list[type[object]] = []
    counter(shop).counter.view_changed.connect(lambda view: seen.append(type(view)))
    shop.press(Qt.Key.Key_2, "2")
    offered(shop)
    assert seen[0] is Working
