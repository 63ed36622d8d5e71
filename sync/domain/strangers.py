"""What else is scanned at a counter and is no coupon: payment codes, goods, cards, links of others."""

import re
from collections.abc import Callable
from datetime import date

from sync.domain.codes import digits_of, is_link, link_of, luhn_ok, unspaced
from sync.domain.reasons import Code, Reason, because

Stranger = Callable[[str], Reason | None]

_SCHEMES = ("wifi:", "weixin:", "wxp:", "alipay", "tel:", "sms", "mailto:", "begin:vcard", "mecard:", "geo:")
_ID_CARD = re.compile(r"[1-9][0-9]{5}((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9Xx]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_BANK_CARD = re.compile(r"(?:62|4|5[1-5]|3[57])[0-9]+")


def id_card(text: str) -> Reason | None:
    """An identity card's number: 17 digits with a day of birth among them, and a check (GB 11643)."""
    bare = unspaced(text)
    found = _ID_CARD.fullmatch(bare) if bare.isascii() else None
    if found is None:
        return None
    try:
        date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
    total = sum(int(char) * weight for char, weight in zip(bare[:17], _ID_WEIGHTS, strict=True))
    return _no_coupon("id_card") if _ID_CHECKS[total % 11] == bare[17].upper() else None


def payment_code(text: str) -> Reason | None:
    """What pays: WeChat's 18 digits from 10… to 15…, Alipay's 16 to 24 from 25… to 30…."""
    digits = digits_of(text)
    wechat = len(digits) == 18 and "10" <= digits[:2] <= "15"
    alipay = 16 <= len(digits) <= 24 and "25" <= digits[:2] <= "30"
    return because(Code.PAYMENT_CODE) if wechat or alipay else None


def bank_card(text: str) -> Reason | None:
    """A bank card's number: 16 to 19 digits behind an issuer's prefix, with the Luhn digit."""
    digits = digits_of(text)
    fits = 16 <= len(digits) <= 19 and _BANK_CARD.fullmatch(digits) is not None
    return _no_coupon("bank_card") if fits and luhn_ok(digits) else None


def goods(text: str) -> Reason | None:
    """The bar code (EAN-13) of goods on the counter. Numbers with a 1 in front are left out: hardly any goods bear
    them, and Douyin's codes begin so. No coupon of 13 digits has been seen anywhere yet."""
    digits = digits_of(text)
    if len(digits) != 13 or digits.startswith("1"):
        return None
    total = sum(int(char) * (3 if place % 2 else 1) for place, char in enumerate(digits))
    return _no_coupon("goods") if total % 10 == 0 else None


def mistyped_own(text: str) -> Reason | None:
    """An own code with a digit wrong."""
    digits = digits_of(text)
    wrong = len(digits) == 16 and digits.startswith("88") and not luhn_ok(digits)
    return _no_coupon("check_digit") if wrong else None


def other_link(text: str) -> Reason | None:
    """A web address; those of coupons are recognised before."""
    if not is_link(text):
        return None
    parts = link_of(text)
    if parts is None:
        return _no_coupon("link")
    host = (parts.hostname or "").lower()
    if host == "developer.toutiao.com":
        return because(Code.NOT_CONNECTED, platform="douyin_miniprogram")
    return because(Code.FOREIGN_LINK, host=host[:80])


def other_scheme(text: str) -> Reason | None:
    """A Wi-Fi password, a visiting card, a telephone number to dial."""
    lowered = text.lower()
    for prefix in _SCHEMES:
        if lowered.startswith(prefix):
            return _no_coupon(prefix.rstrip(":").replace("begin:", ""))
    return None


# An identity card of the north may look like a payment code, never the other way round.
STRANGERS: tuple[Stranger, ...] = (
    id_card,
    payment_code,
    bank_card,
    goods,
    mistyped_own,
    other_link,
    other_scheme,
)


def _no_coupon(kind: str) -> Reason:
    return because(Code.NOT_A_COUPON, kind=kind)
