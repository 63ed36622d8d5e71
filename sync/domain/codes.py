"""Which platform and kind a text is (product.md A2, platform-contracts.md 1.3): told from the text alone."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sync.domain.reasons import Code, Reason, because

DOUYIN = "douyin"
MEITUAN = "meituan"
DIANPING = "dianping"
MINIPROGRAM = "miniprogram"
WECHAT_SHOP = "wechat_shop"
RECOGNISED = frozenset({DOUYIN, MINIPROGRAM})
LONGEST_TEXT = 2_000
DYNAMIC_LENGTHS = frozenset({321, 268})


class CredentialKind(StrEnum):
    """What the customer shows."""

    SHORT_LINK = "short_link"
    DYNAMIC = "dynamic"
    CODE = "code"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Credential:
    """The text shown, and what it is."""

    kind: CredentialKind
    text: str

    @property
    def tail(self) -> str:
        """The last four characters, the only part that may be shown or logged; empty for links and dynamic codes."""
        return self.text[-4:] if self.kind in (CredentialKind.CODE, CredentialKind.PHONE) else ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A text that one platform understands."""

    platform: str
    credential: Credential


_ECI = re.compile(r"^(?:\\\d{6}|\][A-Za-z][0-9A-Za-z])+")
_DOUYIN_PATH = re.compile(r"/[A-Za-z0-9_-]{4,64}/?")
_NOT_COUPONS = ("wifi:", "weixin:", "wxp:", "alipay", "tel:", "sms", "mailto:", "begin:vcard", "mecard:", "geo:")


def clean(text: str) -> str:
    """The text as it was meant: without the ECI and symbology prefixes that scanners add, control characters and
    blanks at the ends, and with full-width characters made narrow."""
    if text.isascii() and text.isalnum():
        return text
    text = unicodedata.normalize("NFKC", text[: LONGEST_TEXT * 2])
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return _ECI.sub("", text.strip()).strip()


def luhn_ok(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of those before it."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def recognise(text: str, connected: frozenset[str], platform: str | None = None) -> Recognised | Reason:
    """What `text` is. `connected` are the platforms of this store; `platform` is the cashier's choice, if one was made.

    Returns a Reason for everything that is not a coupon of a connected platform.
    """
    text = clean(text[: LONGEST_TEXT * 2])
    if not text:
        return because(Code.NOTHING_READ)
    if len(text) > LONGEST_TEXT:
        return because(Code.NOT_A_COUPON, kind="too_long", length=len(text))
    found = _digits(text, platform) or _link(text) or _other(text)
    if isinstance(found, Recognised):
        if platform is not None and found.platform != platform:
            return because(Code.NOT_A_COUPON, kind="other_platform", platform=platform, looks_like=found.platform)
        if found.platform not in connected:
            return because(Code.NOT_CONNECTED, platform=found.platform)
    return found


def _digits(text: str, platform: str | None) -> Recognised | Reason | None:
    digits = re.sub(r"[\s-]", "", text)
    if not (digits.isascii() and digits.isdigit()):
        return None
    count = len(digits)
    if count >= 100:
        return Recognised(MINIPROGRAM, Credential(CredentialKind.DYNAMIC, digits))
    if count == 16 and digits.startswith("88") and platform != DOUYIN:
        if luhn_ok(digits):
            return Recognised(MINIPROGRAM, Credential(CredentialKind.CODE, digits))
        return because(Code.NOT_A_COUPON, kind="check_digit")
    if platform == DOUYIN and 10 <= count <= 20:
        return Recognised(DOUYIN, Credential(CredentialKind.CODE, digits))
    if count == 11 and "13" <= digits[:2] <= "19":
        return Recognised(MINIPROGRAM, Credential(CredentialKind.PHONE, digits))
    if (count == 18 and "10" <= digits[:2] <= "15") or (16 <= count <= 24 and "25" <= digits[:2] <= "30"):
        return because(Code.PAYMENT_CODE)
    if 12 <= count <= 15:
        return Recognised(DOUYIN, Credential(CredentialKind.CODE, digits))
    if count == 10:
        return because(Code.NOT_CONNECTED, platform="dianping")
    return because(Code.NOT_A_COUPON, kind="digits", length=count)


def _link(text: str) -> Recognised | Reason | None:
    if not re.match(r"https?://", text, re.IGNORECASE):
        return None
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return because(Code.NOT_A_COUPON, kind="link")
    plain = port is None and parts.username is None and not parts.query
    if host == "v.douyin.com" and plain and _DOUYIN_PATH.fullmatch(parts.path):
        return Recognised(DOUYIN, Credential(CredentialKind.SHORT_LINK, f"https://v.douyin.com{parts.path}"))
    if host == "developer.toutiao.com":
        return because(Code.NOT_CONNECTED, platform="douyin_miniprogram")
    return because(Code.FOREIGN_LINK, host=host[:80])


def _other(text: str) -> Reason:
    lowered = text.lower()
    for prefix in _NOT_COUPONS:
        if lowered.startswith(prefix):
            return because(Code.NOT_A_COUPON, kind=prefix.rstrip(":").replace("begin:", ""))
    return because(Code.NOT_A_COUPON, kind="text", length=len(text))
