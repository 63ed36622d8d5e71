"""When a code in a camera's view is a new scan."""

from hardware.decoding.symbol import Reading
from hardware.scanning.view import AWAY_MS, View

COUPON = Reading("coupon", "QR Code", b"coupon")
OTHER = Reading("other", "QR Code", b"other")
BARS = Reading("coupon", "EAN-13", b"coupon")


def test_it_is_new_once_and_again_after_it_was_away() -> None:
    view = View()
    assert view.new([COUPON], 0) == [COUPON]
    for at_ms in range(100, 9000, 100):
        assert view.new([COUPON], at_ms) == []
    assert view.new([], 9000) == []
    assert view.new([COUPON], 8900 + AWAY_MS - 1) == []
    assert view.new([COUPON], 8900 + 2 * AWAY_MS - 1) == [COUPON]


def test_each_code_has_its_own_time() -> None:
    view = View()
    assert view.new([COUPON, OTHER, COUPON], 0) == [COUPON, OTHER]
    assert view.new([OTHER], AWAY_MS) == [OTHER]
    assert view.new([COUPON, OTHER], AWAY_MS + 1) == [COUPON]


def test_qr_codes_come_first() -> None:
    assert View().new([BARS, COUPON, OTHER], 0) == [COUPON, OTHER, BARS]


def test_a_clock_that_begins_anew_forgets() -> None:
    view = View()
    view.new([COUPON], 50_000)
    assert view.new([COUPON], 10) == [COUPON]
    assert view.new([COUPON], 20) == []


def test_what_has_left_is_not_remembered_for_ever() -> None:
    view = View()
    for number in range(1000):
        view.new([Reading("", "QR Code", bytes([number % 256, number // 256]))], number * 100)
    assert len(view._seen) <= AWAY_MS // 100
