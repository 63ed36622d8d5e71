"""The morning: the line is up, customers of both platforms come, some with coupons that must not be taken."""

from sync.domain.codes import DOUYIN, MINIPROGRAM
from sync.domain.reasons import Reason
from sync.services.request import Request
from sync.services.reversing import Reversal
from terminal.demo.day import Day
from terminal.demo.forgery import forge
from terminal.demo.step import Step

FLOAT_FEN = 50_000
ONLINE = "redeemed/online"
WIFI = "WIFI:S:riverside;T:WPA;P:not-a-coupon;;"


def open_the_shift(day: Day) -> list[Step]:
    """Float in the drawer, lists fresh, and a few coupons on sale since yesterday."""
    day.store.shifts.open(day.cashier, FLOAT_FEN)
    for name in ("cached", "refunded", "withdrawn"):
        day.kept[name] = day.sell(MINIPROGRAM)
    assert day.store.pulling is not None
    pulled = day.store.pulling.pull()
    got = "open" if pulled.stopped is None else str(pulled.stopped.code)
    return [day.event("open_the_shift", got, "open", vouchers=pulled.vouchers)]


def douyin_picture(day: Day) -> list[Step]:
    """A Douyin QR picture: a short link that dies after use."""
    coupon = day.kept["reversed_offline"] = day.sell(DOUYIN)
    return [day.shown("douyin_picture", coupon, coupon.qr_text, ONLINE)]


def douyin_typed(day: Day) -> list[Step]:
    """A Douyin code, typed."""
    coupon = day.kept["douyin_typed"] = day.sell(DOUYIN)
    return [day.typed("douyin_typed", coupon, ONLINE)]


def own_picture(day: Day) -> list[Step]:
    """The own platform's dynamic code, as a picture."""
    coupon = day.sell(MINIPROGRAM)
    return [day.shown("own_picture", coupon, day.control.dynamic(coupon), ONLINE)]


def own_typed(day: Day) -> list[Step]:
    """The own platform's printed code, typed."""
    coupon = day.kept["own_typed"] = day.sell(MINIPROGRAM)
    return [day.typed("own_typed", coupon, ONLINE)]


def used_twice(day: Day) -> list[Step]:
    """Two customers come back with coupons that this counter has redeemed."""
    return [day.typed("used_twice", day.kept[name], "refused/used_here") for name in ("own_typed", "douyin_typed")]


def basket(day: Day) -> list[Step]:
    """Three coupons of one order; between looking and confirming the money for one of them goes back."""
    coupons = day.control.sell(DOUYIN, 3)
    found = day.store.looking.look_up(coupons[0].code)
    if isinstance(found, Reason):
        return [day.step("basket", coupons, day.store.redeeming.decline("", found, Request(day.cashier)), "")]
    day.control.set_lot(coupons[2], "refunded")
    verdict = day.store.redeeming.confirm(found, Request(day.cashier, 3))
    return [day.step("basket", coupons, verdict, f"{ONLINE} ×2, refused/refunded")]


def expired(day: Day) -> list[Step]:
    """Past its date, on either platform."""
    steps = []
    for platform in (DOUYIN, MINIPROGRAM):
        coupon = day.sell(platform)
        day.control.set_lot(coupon, "expired")
        steps.append(day.typed("expired", coupon, "refused/expired"))
    return steps


def forged(day: Day) -> list[Step]:
    """Well formed in every way but the signature; the very same text is known the second time."""
    coupon = day.sell(MINIPROGRAM)
    text = forge(day.control.dynamic(coupon))
    return [
        day.shown("forged", coupon, text, "refused/forged"),
        day.shown("forged_again", coupon, text, "refused/blacklisted"),
    ]


def shown_twice(day: Day) -> list[Step]:
    """A times card has three uses; one picture of its dynamic code pays for one of them."""
    coupon = day.sell(MINIPROGRAM, kind="times_card", units=3, price_fen=9_000)
    text = day.control.dynamic(coupon)
    return [
        day.shown("times_card", coupon, text, ONLINE),
        day.shown("shown_twice", coupon, text, "refused/replayed"),
    ]


def no_coupon(day: Day) -> list[Step]:
    """Somebody holds a Wi-Fi code to the camera."""
    read, picture = day.phone.show("no_coupon", WIFI)
    verdict = day.store.redeeming.redeem(read, Request(day.cashier))
    return [day.step("no_coupon", (), verdict, "refused/not_a_coupon", picture)]


def reverse_online(day: Day) -> list[Step]:
    """Redeemed, and taken back a minute later."""
    steps = []
    for platform in (DOUYIN, MINIPROGRAM):
        coupon = day.sell(platform)
        steps.append(day.typed("before_reversal", coupon, ONLINE))
        steps.append(day.reverse("reverse_online", coupon, day.redemption_of(coupon), Reversal.REVERSED))
    return steps


SCENES = (
    open_the_shift,
    douyin_picture,
    douyin_typed,
    own_picture,
    own_typed,
    used_twice,
    basket,
    expired,
    forged,
    shown_twice,
    no_coupon,
    reverse_online,
)
