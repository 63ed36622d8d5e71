"""The customers of the demo in the window: what is on their phones, and what they may try with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sync.domain.codes import DIANPING, DOUYIN, MEITUAN, MINIPROGRAM, WECHAT_SHOP
from terminal.demo.control import Control, Sold
from terminal.demo.forgery import forge
from terminal.demo.morning import WIFI


class Kind(StrEnum):
    """What a customer comes with."""

    DOUYIN_PICTURE = "douyin_picture"
    DOUYIN_CODE = "douyin_code"
    ORDER = "order"
    MEITUAN = "meituan"
    MEITUAN_ORDER = "meituan_order"
    TELEPHONE = "telephone"
    DIANPING = "dianping"
    WECHAT_PICTURE = "wechat_picture"
    OWN_PICTURE = "own_picture"
    TIMES_CARD = "times_card"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    FORGED = "forged"
    NO_COUPON = "no_coupon"


@dataclass(frozen=True, slots=True)
class Phone:
    """What one phone shows. `picture`: the text of its QR code, empty where there is none; `code`: the code printed
    under it or the customer's telephone number, empty where there is none; `price_fen` is what was paid for one use."""

    kind: Kind
    picture: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    price_fen: int = 0
    coupon: Sold | None = None

    @property
    def platform(self) -> str:
        """Whose coupon it is; empty for what is none."""
        return self.coupon.platform if self.coupon is not None else ""


# (kind, platform, wish)
_WISHES: tuple[tuple[Kind, str, dict[str, int | str]], ...] = (
    (Kind.DOUYIN_PICTURE, DOUYIN, {"price_fen": 12_800}),
    (Kind.DOUYIN_CODE, DOUYIN, {"price_fen": 9_900}),
    (Kind.ORDER, DOUYIN, {"price_fen": 6_800, "count": 3}),
    (Kind.MEITUAN, MEITUAN, {"price_fen": 6_849}),
    (Kind.MEITUAN_ORDER, MEITUAN, {"price_fen": 1_990, "count": 3}),
    (Kind.TELEPHONE, MEITUAN, {"price_fen": 5_900, "count": 2}),
    (Kind.DIANPING, DIANPING, {"price_fen": 16_800}),
    (Kind.WECHAT_PICTURE, WECHAT_SHOP, {"price_fen": 7_900}),
    (Kind.OWN_PICTURE, MINIPROGRAM, {"price_fen": 8_800}),
    (Kind.TIMES_CARD, MINIPROGRAM, {"price_fen": 9_000, "kind": "times_card", "units": 3}),
    (Kind.EXPIRED, DOUYIN, {"price_fen": 12_800}),
    (Kind.REFUNDED, MINIPROGRAM, {"price_fen": 8_800}),
    (Kind.FORGED, MINIPROGRAM, {"price_fen": 8_800}),
)
# Nobody is ever called: one for each batch, so that its owner has the coupons of this one.
_FIRST_TELEPHONE = 13_800_138_000
_LOTS = {Kind.EXPIRED: "expired", Kind.REFUNDED: "refunded"}


class Customers:
    """Raises requests' errors: a sandbox in this process always answers."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._telephone = _FIRST_TELEPHONE

    def come(self) -> tuple[Phone, ...]:
        """New customers, one of each kind."""
        self._telephone += 1
        return (*(self._served(*wish) for wish in _WISHES), Phone(Kind.NO_COUPON, WIFI))

    def look_again(self, phones: Iterable[Phone]) -> tuple[Phone, ...]:
        """The same phones a moment later: what is dynamic on them has moved on."""
        return tuple(replace(one, picture=self._picture(one)) if one.picture else one for one in phones)

    def _served(self, kind: Kind, platform: str, wish: dict[str, int | str]) -> Phone:
        given = dict(wish)
        count = int(given.pop("count", 1))
        if kind is Kind.TELEPHONE:
            self._control.sell(platform, count, phone=str(self._telephone), **given)
            return Phone(kind, code=str(self._telephone))
        coupon = self._control.sell(platform, count, **given)[0]
        if kind in _LOTS:
            self._control.set_lot(coupon, _LOTS[kind])
        units = int(given.get("units", 1))
        # A forged picture is an old acquaintance's screenshot: there is no code under it to type.
        phone = Phone(kind, "", "" if kind is Kind.FORGED else coupon.code, coupon.price_fen // units, coupon)
        return phone if kind is Kind.DOUYIN_CODE else replace(phone, picture=self._picture(phone))

    def _picture(self, phone: Phone) -> str:
        if phone.coupon is None:
            return phone.picture
        shown = self._control.dynamic(phone.coupon)
        return forge(shown) if phone.kind is Kind.FORGED else shown
