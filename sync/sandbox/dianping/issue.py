"""What a Dianping coupon is known by: ten digits, the first of which may be 0."""

from dataclasses import replace

from sync.sandbox.rows import Coupon
from sync.sandbox.truth import Truth, coupon_key

_LEADING_ZERO_EVERY = 3


def new_code(truth: Truth) -> str:
    """10 digits; every third code begins with 0, so that a client which takes codes for numbers is found."""
    zero = truth.next("dianping.code") % _LEADING_ZERO_EVERY == 0
    while True:
        code = "0" + truth.digits(9) if zero else truth.digits(10)
        if truth.coupons.get(coupon_key("dianping", code)) is None:
            return code


def identified(truth: Truth, coupon: Coupon) -> Coupon:
    """The coupon with its code."""
    return replace(coupon, code=new_code(truth))
