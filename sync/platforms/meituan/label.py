"""Under which name a coupon was sold: one gateway redeems Meituan's codes of 12 digits and Dianping's of 10."""

import hashlib
import hmac
from dataclasses import dataclass, field

from sync.domain.codes import DIANPING, MEITUAN

DIANPING_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Label:
    """One of the two. `number`: what the gateway calls it; `secret` makes numbers for records that have none."""

    name: str
    number: int
    secret: str = field(repr=False)

    def bears(self, code: str) -> bool:
        """Whether a coupon of the gateway's belongs here."""
        return (len(code) == DIANPING_DIGITS) == (self.name == DIANPING)


def meituan(secret: str) -> Label:
    """What is not Dianping's."""
    return Label(MEITUAN, 2, secret)


def dianping(secret: str) -> Label:
    """The coupons that were bought on Dianping."""
    return Label(DIANPING, 1, secret)


def record_number(secret: str, code: str, at_ms: int) -> str:
    """A number for a record that has none of its own: the same whenever the book is read, and no code."""
    return hmac.new(secret.encode(), f"{code}/{at_ms}".encode(), hashlib.sha256).hexdigest()[:16]
