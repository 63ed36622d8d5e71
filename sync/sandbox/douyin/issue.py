"""What a Douyin coupon is known by, and the short links that its pictures hold."""

import base64
from dataclasses import replace

from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.rows import Coupon, Link
from sync.sandbox.truth import Truth, coupon_key

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
_LINK_LENGTH = 7


def opaque(truth: Truth, prefix: str, count: int) -> str:
    """A base64 text that holds + and / and ends in =, so that a client which forgets to encode it is found."""
    raw = truth.clock.random_bytes(count - count % 3 + 1)
    return f"{prefix}+/{base64.b64encode(raw).decode('ascii')}"


def new_code(truth: Truth) -> str:
    """15 digits, as seen on coupons of 2025."""
    while True:
        code = "10" + truth.digits(13)
        if truth.coupons.get(coupon_key("douyin", code)) is None:
            return code


def identified(truth: Truth, coupon: Coupon) -> Coupon:
    """The coupon with Douyin's names for it."""
    return replace(
        coupon,
        code=new_code(truth),
        serial=truth.digits(19),
        sealed=opaque(truth, "CgYIASAHKAES", 36),
        store=douyin_credentials(truth).poi_id,
    )


def new_order_id(truth: Truth) -> str:
    """19 digits."""
    return truth.digits(19)


def new_link(truth: Truth, coupon: Coupon) -> str:
    """A fresh picture of the coupon, as the customer's app shows it: the text of its QR code."""
    while True:
        raw = truth.clock.random_bytes(_LINK_LENGTH)
        token = "".join(_LETTERS[byte % len(_LETTERS)] for byte in raw)
        if truth.links.get(token) is None:
            break
    truth.links.put(Link(token, opaque(truth, "EAEY", 45), coupon.code))
    return f"https://v.douyin.com/{token}/"


def qr_text(truth: Truth, coupon: Coupon) -> str:
    """The text of the coupon's QR code: a short link; a code that the merchant issued stands there itself."""
    return coupon.code if coupon.third_sku_id else new_link(truth, coupon)


def kill_links(truth: Truth, code: str, object_id: str = "") -> None:
    """A verify succeeded: the pictures of this coupon, and the one that was scanned, are spent."""
    for link in [*truth.links_by_code(code), *(truth.links_by_object(object_id) if object_id else ())]:
        if not link.dead:
            truth.links.put(replace(link, dead=True))
