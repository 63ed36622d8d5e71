"""A telephone number as it may be seen: never whole once it was typed."""

from collections.abc import Sequence

from sync.domain.voucher import Coupon
from sync.services.looking import Found
from terminal.i18n import Words, text
from terminal.presenters.counter import PhoneCheck
from terminal.presenters.offer import usable

_FIRST, _LAST = 3, 4


def masked(number: str) -> str:
    """`138****8000`."""
    return f"{number[:_FIRST]}{'*' * max(len(number) - _FIRST - _LAST, 0)}{number[-_LAST:]}"


def phone_check(words: Words, found: Found, coupons: Sequence[Coupon]) -> PhoneCheck:
    """The last four digits, to be heard from the customer before anything of theirs is shown."""
    number = found.recognised.credential.text
    platform = text(words.language, "platforms", found.recognised.platform)
    said = words("phone", "found", number=masked(number), count=len(usable(coupons)))
    return PhoneCheck(number[-_LAST:], said, platform)
