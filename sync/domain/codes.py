"""The words for what customers show: platforms, kinds of credential, and texts as they were meant."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

DOUYIN = "douyin"
MEITUAN = "meituan"
DIANPING = "dianping"
MINIPROGRAM = "miniprogram"
WECHAT_SHOP = "wechat_shop"
RECOGNISED = frozenset({DOUYIN, MEITUAN, DIANPING, MINIPROGRAM, WECHAT_SHOP})
LONGEST_TEXT = 2_000
DYNAMIC_LENGTHS = frozenset({321, 268})


class CredentialKind(StrEnum):
    """What the customer shows. `SEALED`: a platform's own ciphertext of one coupon's code, which only that platform can
    open and which stays good as long as the coupon (WeChat Shop's picture)."""

    SHORT_LINK = "short_link"
    DYNAMIC = "dynamic"
    CODE = "code"
    SEALED = "sealed"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Credential:
    """The text shown, and what it is."""

    kind: CredentialKind
    text: str

    @property
    def tail(self) -> str:
        """The last four characters, the only part that may be shown or logged; empty for what nobody reads out: links,
        dynamic codes and ciphertexts."""
        return self.text[-4:] if self.kind in (CredentialKind.CODE, CredentialKind.PHONE) else ""

    @property
    def shape(self) -> str:
        """Its form without its content: texts of one shape come from the same platforms."""
        return f"digits_{len(self.text)}" if self.kind is CredentialKind.CODE else self.kind.value


class Basis(StrEnum):
    """What makes a text one that a platform understands. All but `LENGTH` are more than a coincidence."""

    ADDRESS = "address"
    FRAME = "frame"
    CHECK_DIGIT = "check_digit"
    NUMBERING = "numbering"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A text that one platform understands, and what that rests on."""

    platform: str
    credential: Credential
    basis: Basis = field(default=Basis.LENGTH, compare=False)


_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_ECI = re.compile(r"^(?:\\\d{6}|\][A-Za-z][0-9A-Za-z])+")


def clean(text: str) -> str:
    """The text as it was meant: without the ECI and symbology prefixes that scanners add, control characters and
    blanks at the ends, and with full-width characters made narrow."""
    if text.isascii() and text.isalnum():
        return text
    text = unicodedata.normalize("NFKC", text[: LONGEST_TEXT * 2])
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return _ECI.sub("", text.strip()).strip()


def unspaced(text: str) -> str:
    """A number as people and apps write it, without the blanks and hyphens between its digits."""
    return _BETWEEN.sub("", text)


def digits_of(text: str) -> str:
    """The digits of a number; empty for anything else."""
    bare = unspaced(text)
    return bare if bare.isascii() and bare.isdigit() else ""


def is_link(text: str) -> bool:
    """Whether a text claims to be a web address."""
    return _WEB.match(text) is not None


def link_of(text: str) -> SplitResult | None:
    """The parts of a web address; None for what is none, or a broken one."""
    if not is_link(text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def luhn_ok(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of those before it."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
