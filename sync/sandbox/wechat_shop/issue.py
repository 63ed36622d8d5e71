"""What a WeChat Shop coupon is known by: its code, its encrypted code, and the text of its picture."""

import base64
from dataclasses import replace
from urllib.parse import quote

from sync.sandbox.rows import Coupon
from sync.sandbox.truth import Truth, coupon_key

_SEALED_BYTES = 46


def new_code(truth: Truth) -> str:
    """19 digits, as on the one coupon that was seen; the documents allow letters too, 32 signs in all."""
    while True:
        code = "17" + truth.digits(17)
        if truth.coupons.get(coupon_key("wechat_shop", code)) is None:
            return code


def _sealed(truth: Truth) -> str:
    """68 signs of base64 that hold + and / and end in ==, so that a client which forgets to decode is found."""
    text = base64.b64encode(truth.clock.random_bytes(_SEALED_BYTES)).decode("ascii")
    return f"{text[:8]}k+/0{text[8:]}"


def identified(truth: Truth, coupon: Coupon) -> Coupon:
    """The coupon with its names; `account` is the customer's openid. A code that the merchant chose stays."""
    openid = f"o{base64.urlsafe_b64encode(truth.clock.random_bytes(20)).decode('ascii').rstrip('=')}"
    return replace(coupon, code=coupon.code or new_code(truth), sealed=_sealed(truth), account=openid)


def new_order_id(truth: Truth) -> str:
    """19 digits."""
    return "37" + truth.digits(17)


def qr_text(_truth: Truth, coupon: Coupon) -> str:
    """The encrypted code, URL-encoded: its reader has to decode it once."""
    return quote(coupon.sealed, safe="")
