"""What a Meituan coupon is known by: its digits, which its static QR code holds too."""

from dataclasses import replace

from sync.sandbox.rows import Coupon
from sync.sandbox.truth import Truth, coupon_key


def new_code(truth: Truth) -> str:
    """12 digits."""
    while True:
        code = truth.digits(12)
        if truth.coupons.get(coupon_key("meituan", code)) is None:
            return code


def identified(truth: Truth, coupon: Coupon) -> Coupon:
    """The coupon with its code; Meituan knows it by nothing else."""
    return replace(coupon, code=new_code(truth))


def new_order_id(truth: Truth) -> str:
    """16 digits."""
    return truth.digits(16)


def qr_text(_truth: Truth, coupon: Coupon) -> str:
    """The code, as it stands [a guess: no source shows a static picture's text]."""
    return coupon.code
