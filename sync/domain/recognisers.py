"""Which platforms understand a text (product.md A2, platform-contracts.md 1.3), told from the text alone."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import unquote

from sync.domain.codes import (
    DIANPING,
    DOUYIN,
    LONGEST_TEXT,
    MEITUAN,
    MINIPROGRAM,
    WECHAT_SHOP,
    Basis,
    Credential,
    CredentialKind,
    Recognised,
    clean,
    digits_of,
    link_of,
    luhn_ok,
    unspaced,
)
from sync.domain.reasons import Code, Reason, because
from sync.domain.strangers import STRANGERS

Recogniser = Callable[[str], Recognised | None]

_DOUYIN_PATH = re.compile(r"/[A-Za-z0-9_-]{4,64}/?")
_DOUYIN_HOST = "v.douyin.com"
_PHONE = re.compile(r"(?:\+86)?(1[3-9][0-9]{9})")
# What the documents call 12 digits is 15 by now; whatever lies between them is the platform's to judge.
_DOUYIN_DIGITS = range(12, 16)
_DOUYIN_DIGITS_PICKED = range(10, 21)
_SHORTEST_DYNAMIC = 100
_BASE64 = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9+/]{38,254}={0,2}")
_WECHAT_PICKED = re.compile(r"[A-Za-z0-9]{4,48}")


def douyin_link(text: str) -> Recognised | None:
    """The short link of a Douyin QR: length not fixed, trailing slash not certain, never cut."""
    parts = link_of(text)
    if parts is None or (parts.hostname or "").lower() != _DOUYIN_HOST:
        return None
    plain = parts.port is None and parts.username is None and not parts.query
    if not (plain and _DOUYIN_PATH.fullmatch(parts.path)):
        return None
    link = f"https://{_DOUYIN_HOST}{parts.path}"
    return Recognised(DOUYIN, Credential(CredentialKind.SHORT_LINK, link), Basis.ADDRESS)


def dynamic_code(text: str) -> Recognised | None:
    """The digits of an own dynamic code, also where some were lost: its own reader tells what is wrong with it."""
    digits = digits_of(text)
    if len(digits) < _SHORTEST_DYNAMIC:
        return None
    return Recognised(MINIPROGRAM, Credential(CredentialKind.DYNAMIC, digits), Basis.FRAME)


def own_code(text: str) -> Recognised | None:
    """16 digits: 88, then 13, then the Luhn digit."""
    digits = digits_of(text)
    if not (len(digits) == 16 and digits.startswith("88") and luhn_ok(digits)):
        return None
    return Recognised(MINIPROGRAM, Credential(CredentialKind.CODE, digits), Basis.CHECK_DIGIT)


def douyin_code(text: str) -> Recognised | None:
    """The printed code under a Douyin QR."""
    return _code(DOUYIN, text, _DOUYIN_DIGITS)


def meituan_code(text: str) -> Recognised | None:
    """A Meituan code, typed or out of its static QR."""
    return _code(MEITUAN, text, range(12, 13))


def dianping_code(text: str) -> Recognised | None:
    """A Dianping code: any ten digits, a leading zero among them."""
    return _code(DIANPING, text, range(10, 11))


def wechat_code(text: str) -> Recognised | None:
    """A WeChat Shop code as it is printed: 19 digits on the only coupon that was seen."""
    return _code(WECHAT_SHOP, text, range(19, 20))


def wechat_picture(text: str) -> Recognised | None:
    """The picture of a WeChat Shop order: the encrypted code in base64, URL-encoded once. Nothing but its look marks
    it, and no other platform's picture looks so."""
    sealed = unquote(text)
    if len(sealed) % 4 or _BASE64.fullmatch(sealed) is None:
        return None
    return Recognised(WECHAT_SHOP, Credential(CredentialKind.SEALED, sealed), Basis.FRAME)


def wechat_picked(text: str) -> Recognised | None:
    """What its documents allow for a code: letters and digits, 48 of them where the merchant chose it."""
    bare = unspaced(text)
    if _WECHAT_PICKED.fullmatch(bare) is None:
        return None
    return Recognised(WECHAT_SHOP, Credential(CredentialKind.CODE, bare), Basis.LENGTH)


def douyin_picked(text: str) -> Recognised | None:
    """What may become of Douyin's code once more, as it grew from 12 digits to 15."""
    return _code(DOUYIN, text, _DOUYIN_DIGITS_PICKED)


def own_phone(text: str) -> Recognised | None:
    """A mobile number, by which the own platform finds a customer's coupons."""
    return _phone(MINIPROGRAM, text)


def meituan_phone(text: str) -> Recognised | None:
    """A mobile number, by which Meituan finds a customer's coupons."""
    return _phone(MEITUAN, text)


def dianping_phone(text: str) -> Recognised | None:
    """A mobile number, by which Dianping finds a customer's coupons."""
    return _phone(DIANPING, text)


# In the order in which the cashier is asked.
RECOGNISERS: tuple[Recogniser, ...] = (
    douyin_link,
    dynamic_code,
    own_code,
    douyin_code,
    meituan_code,
    dianping_code,
    wechat_code,
    wechat_picture,
    own_phone,
    meituan_phone,
    dianping_phone,
)

# What else may be a platform's once the cashier has said that it is.
PICKED: Mapping[str, Recogniser] = MappingProxyType({DOUYIN: douyin_picked, WECHAT_SHOP: wechat_picked})


def fitting(text: str) -> tuple[Recognised, ...]:
    """All that a cleaned text may be, whichever platforms are connected."""
    return tuple(found for found in (recogniser(text) for recogniser in RECOGNISERS) if found is not None)


def recognise(text: str, connected: frozenset[str], platform: str | None = None) -> Recognised | Reason:
    """What `text` is. `connected`: the platforms of this store; `platform`: the one that was picked, if any.

    Returns a Reason for everything that is not a coupon of a connected platform; WHICH_PLATFORM, with the facts
    `choices` (names with commas between) and `shape`, where several of them may have issued it.
    """
    text = clean(text[: LONGEST_TEXT * 2])
    if not text:
        return because(Code.NOTHING_READ)
    if len(text) > LONGEST_TEXT:
        return because(Code.NOT_A_COUPON, kind="too_long", length=len(text))
    fits = fitting(text)
    if platform is not None:
        return _picked(text, fits, connected, platform)
    stranger = _stranger(text)
    if stranger is not None and all(fit.basis is Basis.LENGTH for fit in fits):
        return stranger
    if not fits:
        return because(Code.NOT_A_COUPON, **_unlike(text))
    return _among(fits, connected)


def _among(fits: tuple[Recognised, ...], connected: frozenset[str]) -> Recognised | Reason:
    ours = [fit for fit in fits if fit.platform in connected]
    if not ours:
        return because(Code.NOT_CONNECTED, platform=fits[0].platform)
    sure = [fit for fit in ours if fit.basis is not Basis.LENGTH] or ours
    if len(sure) == 1:
        return sure[0]
    choices = ",".join(fit.platform for fit in sure)
    return because(Code.WHICH_PLATFORM, choices=choices, shape=sure[0].credential.shape, usual="", asked="")


def _picked(text: str, fits: tuple[Recognised, ...], connected: frozenset[str], platform: str) -> Recognised | Reason:
    if platform not in connected:
        return because(Code.NOT_CONNECTED, platform=platform[:40])
    for fit in fits:
        if fit.platform == platform:
            return fit
    loosely = PICKED[platform](text) if platform in PICKED and all(fit.basis is Basis.LENGTH for fit in fits) else None
    if loosely is not None:
        return loosely
    if fits:
        looks_like = fits[0].platform
        return because(Code.NOT_A_COUPON, kind="other_platform", platform=platform, looks_like=looks_like)
    return _stranger(text) or because(Code.NOT_A_COUPON, **_unlike(text))


def _stranger(text: str) -> Reason | None:
    return next((reason for reason in (stranger(text) for stranger in STRANGERS) if reason is not None), None)


def _unlike(text: str) -> dict[str, str | int]:
    digits = digits_of(text)
    return {"kind": "digits", "length": len(digits)} if digits else {"kind": "text", "length": len(text)}


def _code(platform: str, text: str, lengths: range) -> Recognised | None:
    digits = digits_of(text)
    if len(digits) not in lengths:
        return None
    return Recognised(platform, Credential(CredentialKind.CODE, digits), Basis.LENGTH)


def _phone(platform: str, text: str) -> Recognised | None:
    found = _PHONE.fullmatch(unspaced(text))
    if found is None:
        return None
    return Recognised(platform, Credential(CredentialKind.PHONE, found.group(1)), Basis.NUMBERING)
