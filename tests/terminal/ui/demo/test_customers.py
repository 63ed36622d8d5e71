"""The customers beside the till: what is clicked reaches the counter, and both books are shown as they stand."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hardware.decoding.scan import scan_file
from sync.domain.codes import DOUYIN, MEITUAN, MINIPROGRAM
from terminal.demo.customers import Kind
from terminal.demo.figures import Standing
from terminal.demo.sides import Side
from terminal.presenters.counter import Basket, Choose, Idle, Light, Offer, PhoneCheck, Told, Working
from tests.terminal.ui.demo.conftest import Street


def told(street: Street) -> Told | None:
    view = street.view
    return view if isinstance(view, Told) else None


def codes(street: Street) -> set[str]:
    return {card.phone.code for card in street.cards.values() if card.phone is not None and card.phone.code}


def test_a_scan_before_anybody_signed_in_is_not_lost_in_silence(street: Street) -> None:
    street.cards[Kind.DOUYIN_PICTURE].picture.click()
    street.until(street.start.window.notice.isVisible)


def test_a_click_on_a_picture_is_a_scan_and_the_books_follow(street: Street) -> None:
    street.open_the_day()
    card = street.cards[Kind.OWN_PICTURE]
    card.picture.click()
    street.until(lambda: isinstance(street.view, Offer))
    street.confirm()
    street.until(lambda: told(street))
    view = told(street)
    assert view is not None
    assert view.light is Light.REDEEMED
    street.until(lambda: Side(MINIPROGRAM, 1, 8_800, 1, 8_800) in street.desk.window.figures.sides)
    assert street.desk.window.figures.at_platforms == 1
    street.until(lambda: card.state == "used")


def test_a_click_on_the_digits_types_them(street: Street) -> None:
    street.open_the_day()
    street.cards[Kind.DOUYIN_PICTURE].code.click()
    street.until(lambda: isinstance(street.view, Offer))
    view = street.view
    assert isinstance(view, Offer)
    phone = street.cards[Kind.DOUYIN_PICTURE].phone
    assert phone is not None
    assert view.code_tail == phone.code[-4:]


def test_of_meituans_twelve_digits_the_counter_asks_whose_they_are(street: Street) -> None:
    street.open_the_day()
    street.cards[Kind.MEITUAN].picture.click()
    assert street.show(Choose).platforms == (DOUYIN, MEITUAN)
    street.counter.choose(MEITUAN)
    assert street.show(Offer).amount_fen == 6_849
    street.confirm()
    assert street.show(Told).light is Light.REDEEMED
    street.until(lambda: Side(MEITUAN, 1, 6_849, 1, 6_849) in street.desk.window.figures.sides)


def test_an_order_of_three_is_a_basket(street: Street) -> None:
    street.open_the_day()
    street.cards[Kind.MEITUAN_ORDER].code.click()
    street.show(Choose)
    street.counter.choose(MEITUAN)
    basket = street.show(Basket)
    assert [line.price_fen for line in basket.lines] == [1_990] * 3


def test_a_telephone_number_finds_this_customers_coupons_alone(street: Street) -> None:
    before = codes(street)
    street.press("换一批顾客")
    street.until(lambda: not before & codes(street))
    street.open_the_day()
    street.cards[Kind.TELEPHONE].picture.click()
    street.show(Choose)
    street.counter.choose(MEITUAN)
    street.show(PhoneCheck)
    street.counter.check()
    assert [line.price_fen for line in street.show(Basket).lines] == [5_900] * 2


@pytest.mark.parametrize(("kind", "amount_fen"), [(Kind.DIANPING, 16_800), (Kind.WECHAT_PICTURE, 7_900)])
def test_other_platforms_pictures_are_read(street: Street, kind: Kind, amount_fen: int) -> None:
    street.open_the_day()
    street.cards[kind].picture.click()
    assert street.show(Offer).amount_fen == amount_fen
    street.confirm()
    assert street.show(Told).light is Light.REDEEMED


@pytest.mark.parametrize("kind", [Kind.EXPIRED, Kind.REFUNDED, Kind.FORGED, Kind.NO_COUPON])
def test_what_must_not_be_taken_is_refused(street: Street, kind: Kind) -> None:
    street.open_the_day()
    QTest.keyClick(street.cards[kind].picture, Qt.Key.Key_Space)
    street.until(lambda: not isinstance(street.view, (Idle, Working)))
    # What only the platform can know shows when it is asked to redeem.
    street.confirm()
    street.until(lambda: told(street))
    view = told(street)
    assert view is not None
    assert view.light is Light.REFUSED


def test_the_line_is_cut_and_mended_and_the_queue_drains(street: Street) -> None:
    street.open_the_day()
    street.press("断网")
    street.until(lambda: not street.desk.line_up)
    street.cards[Kind.OWN_PICTURE].picture.click()
    street.until(lambda: isinstance(street.view, Offer))
    street.confirm()
    street.until(lambda: told(street))
    view = told(street)
    assert view is not None
    assert view.light is Light.RECORDED
    street.until(lambda: street.desk.window.figures.standing is Standing.OWING)
    street.press("恢复网络")
    street.until(lambda: street.desk.window.figures.standing is Standing.AGREE)
    assert street.desk.window.figures.at_platforms == 1


def test_no_code_is_cut_however_long(street: Street) -> None:
    lines = {kind: card.code for kind, card in street.cards.items() if card.code.isEnabled()}
    assert {len(line.text().replace(" ", "")) for line in lines.values()} == {10, 12, 15, 16, 19}
    street.until(lambda: all(line.width() > 100 for line in lines.values()))
    cut = [kind for kind, line in lines.items() if line.fontMetrics().horizontalAdvance(line.text()) > line.width()]
    assert cut == []


def test_other_customers_bring_other_coupons(street: Street) -> None:
    before = codes(street)
    street.press("换一批顾客")
    street.until(lambda: not before & codes(street))
    after = codes(street)
    assert len(after) == len(before)


def test_the_window_follows_the_tills_language(street: Street) -> None:
    street.open_the_day()
    street.tills[0].choose("language")
    street.until(lambda: street.desk.window.windowTitle().startswith("Customers"))
    street.press("Cut the line")
    street.until(lambda: not street.desk.line_up)


def test_closing_the_customers_window_ends_the_demo(street: Street) -> None:
    street.desk.window.close()
    street.until(lambda: not street.start.window.isVisible())


@pytest.mark.parametrize("kind", [Kind.DOUYIN_PICTURE, Kind.OWN_PICTURE, Kind.DIANPING, Kind.WECHAT_PICTURE])
def test_what_is_on_a_phone_can_be_held_to_a_camera(street: Street, tmp_path: Path, kind: Kind) -> None:
    card = street.cards[kind]
    street.until(lambda: card.height() >= card.sizeHint().height())
    assert card.grab().save(str(tmp_path / "phone.png"))
    assert card.phone is not None
    assert [symbol.text for symbol in scan_file(tmp_path / "phone.png").symbols] == [card.phone.picture]
