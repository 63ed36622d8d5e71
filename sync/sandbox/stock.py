"""Making coupons and changing their lot from outside: what the control calls and scenarios ask for."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sync.sandbox.catalogue import PRICE_FEN
from sync.sandbox.coupons import ELSEWHERE, change, live_uses, units_left, use_unit
from sync.sandbox.dianping import issue as dianping_issue
from sync.sandbox.douyin import issue as douyin_issue
from sync.sandbox.fields import Fields
from sync.sandbox.meituan import issue as meituan_issue
from sync.sandbox.miniprogram import issue as miniprogram_issue
from sync.sandbox.miniprogram.revocations import note_state
from sync.sandbox.rows import Coupon
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wechat_shop import issue as wechat_shop_issue
from sync.sandbox.wire import BadInput, Json

DAY_S = 86_400
LATEST_S = 4_000_000_000
OTHER_STORE = "0badc0de"
_STORE = re.compile(r"[0-9a-f]{8}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9]{5,15}", re.ASCII)
_MERCHANTS_CODE = re.compile(r"[0-9A-Za-z]{1,48}", re.ASCII)
_THIRD_SKU = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One platform's way of making a coupon, and of showing it on a phone.

    `one_deal` says that an order there is for several of one product, unless it is asked to be mixed.
    """

    identified: Callable[[Truth, Coupon], Coupon]
    new_order_id: Callable[[Truth], str]
    qr_text: Callable[[Truth, Coupon], str]
    one_deal: bool = False


def _chain_now(truth: Truth, coupon: Coupon) -> str:
    return miniprogram_issue.chain_text(truth, coupon, truth.now_s())


# One line a platform.
SHELVES = {
    "douyin": Shelf(douyin_issue.identified, douyin_issue.new_order_id, douyin_issue.qr_text),
    "meituan": Shelf(meituan_issue.identified, meituan_issue.new_order_id, meituan_issue.qr_text, one_deal=True),
    "dianping": Shelf(dianping_issue.identified, meituan_issue.new_order_id, meituan_issue.qr_text, one_deal=True),
    "miniprogram": Shelf(miniprogram_issue.identified, miniprogram_issue.new_order_id, _chain_now),
    "wechat_shop": Shelf(wechat_shop_issue.identified, wechat_shop_issue.new_order_id, wechat_shop_issue.qr_text),
}


def make_coupons(truth: Truth, wish: Fields) -> list[Json]:
    """Put coupons on sale and sell them; gives code, QR text, order and price of each."""
    platform = wish.choice("platform", SHELVES, "douyin")
    shelf = SHELVES[platform]
    count = wish.whole("count", 1, 20_000, 1)
    order = wish.choice("order", ("same", "each", "mixed"), "each")
    pattern = _wished(truth, wish, platform)
    order_id = shelf.new_order_id(truth)
    made = []
    for number in range(count):
        if number and order == "each":
            order_id = shelf.new_order_id(truth)
        product = max(0, pattern.product)
        if pattern.product < 0 and not (order == "same" and shelf.one_deal):
            product = number
        coupon = shelf.identified(truth, replace(pattern, order_id=order_id, product=product))
        coupon = change(truth, coupon)
        made.append(
            {
                "code": coupon.code,
                "qr_text": shelf.qr_text(truth, coupon),
                "platform": platform,
                "order_id": order_id,
                "price_fen": coupon.price_fen,
                "units": coupon.units,
            }
        )
    return made


def _wished(truth: Truth, wish: Fields, platform: str) -> Coupon:
    kind = wish.choice("kind", ("voucher", "times_card"), "voucher")
    units = wish.whole("units", 1, 200, 5 if kind == "times_card" else 1)
    if kind == "voucher" and units != 1:
        raise BadInput("a voucher has one unit; ask for kind times_card to have more")
    now_s = truth.now_s()
    valid_from_s = wish.whole("valid_from", 0, LATEST_S, now_s - DAY_S)
    valid_until_s = wish.whole("valid_until", 0, LATEST_S, max(now_s, valid_from_s) + 30 * DAY_S)
    if valid_until_s <= valid_from_s:
        raise BadInput("valid_until must lie after valid_from")
    store = wish.optional_text("store", _STORE)
    if store is not None and platform != "miniprogram":
        raise BadInput("store can be chosen for the platform miniprogram only")
    return Coupon(
        platform=platform,
        code=_chosen_code(truth, wish, platform),
        order_id="",
        kind=kind,
        product=wish.whole("product", 0, 100, -1),
        units=units,
        price_fen=wish.whole("price_fen", 0, 10_000_000, PRICE_FEN),
        valid_from_ms=valid_from_s * 1000,
        valid_until_ms=valid_until_s * 1000,
        phone=wish.optional_text("phone", _PHONE) or "",
        serial="",
        sealed="",
        account="",
        store=store or "",
        third_sku_id=_third_sku(wish, platform),
    )


def _chosen_code(truth: Truth, wish: Fields, platform: str) -> str:
    """A code that the merchant has chosen, where the platform lets it; else ""."""
    code = wish.optional_text("code", _MERCHANTS_CODE)
    if code is None:
        return ""
    if platform != "wechat_shop" or wish.whole("count", 1, 20_000, 1) != 1:
        raise BadInput("code can be chosen for one coupon of the platform wechat_shop only")
    if truth.coupons.get(coupon_key(platform, code)) is not None:
        raise BadInput(f"the code {code} is sold already")
    return code


def _third_sku(wish: Fields, platform: str) -> str:
    """The merchant's own id of the product, where the merchant issues the codes; else ""."""
    third_sku_id = wish.optional_text("third_sku_id", _THIRD_SKU)
    if third_sku_id is not None and platform != "douyin":
        raise BadInput("third_sku_id can be chosen for the platform douyin only")
    return third_sku_id or ""


def coupon_of(truth: Truth, code: str) -> Coupon:
    """The coupon of that code on whatever platform sold it; BadInput if none did."""
    for platform in SHELVES:
        coupon = truth.coupons.get(coupon_key(platform, code))
        if coupon is not None:
            return coupon
    raise BadInput(f"no platform has sold a coupon with the code {code}")


def _decided(state: str) -> Callable[[Truth, Coupon], None]:
    def decide(truth: Truth, coupon: Coupon) -> None:
        _announce(truth, change(truth, replace(coupon, state=state)))

    return decide


def _expire(truth: Truth, coupon: Coupon) -> None:
    end_ms = (truth.now_s() - 1) * 1000
    begin_ms = min(coupon.valid_from_ms, end_ms - DAY_S * 1000)
    change(truth, replace(coupon, valid_from_ms=begin_ms, valid_until_ms=end_ms))


def _use_elsewhere(truth: Truth, coupon: Coupon) -> None:
    """Another device redeems all that is left."""
    left = units_left(truth, coupon)
    if left == 0:
        raise BadInput("nothing is left of this coupon that could be used elsewhere")
    request_id = f"elsewhere-{truth.hex(8)}"
    for _ in range(left):
        use_unit(
            truth,
            coupon,
            request_id=request_id,
            accepted_at_ms=truth.now_ms(),
            tier="online",
            terminal=ELSEWHERE,
        )
    if coupon.platform == "douyin":
        douyin_issue.kill_links(truth, coupon.code)


def _settle(truth: Truth, coupon: Coupon) -> None:
    """The shop has been paid for it: no redemption of it can be taken back."""
    for use in live_uses(truth, coupon):
        truth.redemptions.put(replace(use, settled=True))


def _move(truth: Truth, coupon: Coupon) -> None:
    """It turns out to be good at another shop only."""
    change(truth, replace(coupon, store=OTHER_STORE))


def _bind(truth: Truth, coupon: Coupon) -> None:
    """No use of it can be taken back, however fresh."""
    if coupon.platform not in ("douyin", "wechat_shop"):
        raise BadInput("not_cancellable can be set for the platforms douyin and wechat_shop only")
    change(truth, replace(coupon, cancellable=False))


def _announce(truth: Truth, coupon: Coupon) -> None:
    if coupon.platform == "miniprogram":
        note_state(truth, coupon)


LOTS: dict[str, Callable[[Truth, Coupon], None]] = {
    "refunded": _decided("refunded"),
    "frozen": _decided("frozen"),
    "usable": _decided("usable"),
    "expired": _expire,
    "used_elsewhere": _use_elsewhere,
    "settled": _settle,
    "not_cancellable": _bind,
    "other_store": _move,
}
