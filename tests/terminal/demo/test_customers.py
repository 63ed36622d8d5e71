"""What customers bring, and how both books are summed up, without a window."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sync.clock import SystemClock
from sync.domain.codes import MEITUAN, CredentialKind, Recognised
from sync.domain.recognisers import recognise
from sync.platforms.registry import PLATFORMS
from sync.sandbox.sandbox import Sandbox
from sync.services.request import Request
from sync.services.store import Store
from terminal.bootstrap import initialise
from terminal.demo.control import Control
from terminal.demo.customers import Customers, Kind
from terminal.demo.figures import Standing, figures
from terminal.demo.forgery import forge


@pytest.fixture
def control() -> Iterator[Control]:
    with Sandbox() as sandbox, closing(Control(sandbox.control)) as found:
        yield found


def test_one_customer_of_each_kind_comes(control: Control) -> None:
    phones = Customers(control).come()
    assert [phone.kind for phone in phones] == list(Kind)
    assert {phone.platform for phone in phones if phone.coupon} == set(PLATFORMS)
    states = control.book().states
    lots = {phone.kind: states[phone.platform, phone.code] for phone in phones if phone.coupon and phone.code}
    assert lots.pop(Kind.EXPIRED) == "expired"
    assert lots.pop(Kind.REFUNDED) == "refunded"
    assert set(lots.values()) == {"usable"}


def test_what_a_phone_shows_fits_its_kind(control: Control) -> None:
    phones = {phone.kind: phone for phone in Customers(control).come()}
    assert phones[Kind.DOUYIN_PICTURE].picture.startswith("https://v.douyin.com/")
    assert phones[Kind.DOUYIN_CODE].picture == ""
    assert phones[Kind.TIMES_CARD].price_fen == 3_000
    assert phones[Kind.OWN_PICTURE].picture.isdecimal()
    assert phones[Kind.FORGED].code == phones[Kind.NO_COUPON].code == ""
    assert phones[Kind.MEITUAN].picture == phones[Kind.MEITUAN].code
    assert len(phones[Kind.MEITUAN].code) == 12
    assert len(phones[Kind.DIANPING].code) == 10
    assert phones[Kind.WECHAT_PICTURE].picture != phones[Kind.WECHAT_PICTURE].code
    assert phones[Kind.TELEPHONE].picture == ""
    read = recognise(phones[Kind.TELEPHONE].code, frozenset({MEITUAN}))
    assert isinstance(read, Recognised)
    assert read.credential.kind is CredentialKind.PHONE
    assert phones[Kind.NO_COUPON].picture.startswith("WIFI:")


def test_the_next_customers_have_a_telephone_of_their_own(control: Control) -> None:
    customers = Customers(control)
    numbers = {phone.code for _ in range(3) for phone in customers.come() if phone.kind is Kind.TELEPHONE}
    assert len(numbers) == 3


def test_phones_move_on_and_keep_their_coupons(control: Control) -> None:
    customers = Customers(control)
    before = customers.come()
    after = customers.look_again(before)
    assert [phone.coupon for phone in after] == [phone.coupon for phone in before]
    changed = {new.kind for new, old in zip(after, before, strict=True) if new.picture != old.picture}
    assert Kind.DOUYIN_PICTURE in changed
    assert not changed & {Kind.DOUYIN_CODE, Kind.MEITUAN, Kind.TELEPHONE, Kind.WECHAT_PICTURE, Kind.NO_COUPON}


def test_no_code_is_shown_by_accident(control: Control) -> None:
    phones = Customers(control).come()
    assert [phone.kind for phone in phones if phone.code and phone.code in repr(phone)] == []


def test_a_forgery_differs_in_one_bit() -> None:
    genuine = "1234567890" * 32 + "1"
    assert forge(genuine) != genuine
    assert len(forge(genuine)) == len(genuine)
    assert forge(forge(genuine)) == genuine
    assert (int(forge(genuine)) ^ int(genuine)).bit_count() == 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[Store, Control]]:
    with Sandbox() as sandbox, closing(Control(sandbox.control)) as control:
        found = initialise(tmp_path / "till", sandbox.profile, SystemClock())
        found.shifts.open(found.people.find("c1"), 0)
        yield found, control
        found.close()


def test_both_books_are_summed_up(store: tuple[Store, Control]) -> None:
    shop, control = store
    cashier = shop.people.find("c1")
    assert figures(control.book(), shop).standing is Standing.AGREE
    first, second = control.sell("douyin")[0], control.sell("douyin")[0]
    shop.redeeming.redeem(first.code, Request(cashier))
    control.lose_answers("verify")
    shop.redeeming.redeem(second.code, Request(cashier))
    shop.redeeming.flush()
    owing = figures(control.book(), shop)
    assert (owing.at_platforms, owing.confirmed, owing.owed, owing.standing) == (2, 1, 1, Standing.OWING)
    control.mend_the_line()
    shop.delivering.drain(everything=True)
    settled = figures(control.book(), shop)
    assert (settled.at_platforms, settled.confirmed, settled.owed, settled.standing) == (2, 2, 0, Standing.AGREE)
    assert settled.states["douyin", first.code] == "used"


def test_what_nobody_here_redeemed_is_a_difference(store: tuple[Store, Control]) -> None:
    shop, control = store
    control.set_lot(control.sell("miniprogram")[0], "used_elsewhere")
    found = figures(control.book(), shop)
    assert (found.at_platforms, found.confirmed, found.standing) == (1, 0, Standing.DIFFER)
