"""Noon: customers of Meituan, Dianping and WeChat Shop, whose codes are digits alike and whose orders hold several."""

from sync.domain.codes import DIANPING, MEITUAN, WECHAT_SHOP
from sync.services.reversing import Reversal
from terminal.demo.control import Sold
from terminal.demo.day import Day
from terminal.demo.morning import ONLINE
from terminal.demo.step import Step
from terminal.wording import clock_of

# A number that nobody has, and prices that are no whole yuan: a float would lose a fen of them.
PHONE = "13800138000"
ODD_FEN, _ORDER_FEN = 6_849, 1_990
_TWELVE, _BY_PHONE = "douyin,meituan", "meituan,dianping"


def meituan_code(day: Day) -> list[Step]:
    """Twelve digits may be Douyin's or Meituan's: the cashier is asked once, and the answer serves the next one too."""
    first = day.kept["meituan"] = day.sell(MEITUAN, price_fen=ODD_FEN)
    second = day.kept["meituan_again"] = day.sell(MEITUAN, price_fen=ODD_FEN)
    return [
        day.asked("which_platform", first, first.code, _TWELVE, MEITUAN),
        day.typed("meituan_typed", first, ONLINE, platform=MEITUAN),
        day.shown("meituan_picture", second, second.qr_text, ONLINE),
        day.typed("used_twice", second, "refused/used_here"),
    ]


def dianping_code(day: Day) -> list[Step]:
    """Ten digits, a zero in front: a text, and never a number."""
    coupon = day.kept["dianping"] = _zero_in_front(day)
    return [day.typed("dianping_zero", coupon, ONLINE)]


def wechat_picture(day: Day) -> list[Step]:
    """A picture that only WeChat Shop can open, and the digits printed under another one."""
    shown, typed = day.sell(WECHAT_SHOP), day.sell(WECHAT_SHOP, price_fen=ODD_FEN)
    return [
        day.shown("wechat_picture", shown, shown.qr_text, ONLINE),
        day.typed("wechat_typed", typed, ONLINE),
        day.typed("used_twice", typed, "refused/used_here"),
    ]


def two_of_three(day: Day) -> list[Step]:
    """An order of three, of which the customer wants the first and the last."""
    order = day.control.sell(MEITUAN, 3, price_fen=_ORDER_FEN)
    picks = (order[0], order[2])
    return [day.picked("two_of_three", order, order[0].code, picks, f"{ONLINE} ×2")]


def by_phone(day: Day) -> list[Step]:
    """A telephone number brings all that its owner has; what is redeemed is what was pointed at."""
    mine = [day.sell(MEITUAN, phone=PHONE, price_fen=price_fen) for price_fen in (_ORDER_FEN, ODD_FEN)]
    return [
        day.asked("whose_phone", mine[0], PHONE, f"miniprogram,{_BY_PHONE}", MEITUAN),
        day.picked("by_phone", mine, PHONE, mine[1:], ONLINE),
    ]


def reverse_in_time(day: Day) -> list[Step]:
    """Meituan takes back what is not ten minutes old; the counter says until when. WeChat Shop says nothing of it."""
    coupon, other = day.sell(MEITUAN), day.sell(WECHAT_SHOP)
    accepted = day.typed("before_reversal", coupon, ONLINE)
    name = day.redemption_of(coupon)
    until_ms = day.store.reversing.until_of(name) or 0
    open_yet = until_ms > day.clock.wall_ms()
    until = clock_of(until_ms, day.store.profile.zone)
    return [
        accepted,
        day.event("window_open", "open" if open_yet else "passed", "open", (coupon,), until=until),
        day.reverse("reverse_in_time", coupon, name, Reversal.REVERSED),
        day.typed("before_reversal", other, ONLINE),
        day.reverse("reverse_online", other, day.redemption_of(other), Reversal.REVERSED),
    ]


def _zero_in_front(day: Day) -> Sold:
    """Every third of Dianping's codes begins with a zero here."""
    return next(one for one in day.control.sell(DIANPING, 3, order="each") if one.code.startswith("0"))


SCENES = (meituan_code, dianping_code, wechat_picture, two_of_three, by_phone, reverse_in_time)
