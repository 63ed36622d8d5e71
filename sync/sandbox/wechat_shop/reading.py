"""Reading what a call about vouchers names: its body, and the coupons in it."""

from dataclasses import dataclass

from sync.sandbox.catalogue import product_of
from sync.sandbox.fields import Fields
from sync.sandbox.rows import Coupon
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wechat_shop.envelope import BAD_DATA, EMPTY_BODY, Failure
from sync.sandbox.wire import BadInput, Request, parse_object

PLATFORM = "wechat_shop"
LONGEST_BYTES = 128


@dataclass(frozen=True, slots=True)
class Named:
    """A coupon as a call names it, and what the platform found under that name."""

    code: str
    sku_id: str
    encrypted_code: str
    coupon: Coupon | None


def body_of(request: Request) -> Fields:
    """The JSON object that was posted; a failure in WeChat's words if there is none."""
    if not request.body:
        raise Failure(EMPTY_BODY)
    try:
        return Fields(parse_object(request.body))
    except BadInput as problem:
        raise Failure(BAD_DATA) from problem


def number_of(body: Fields, name: str) -> str:
    """A request number: at most 128 bytes."""
    return _short(body.text(name), name)


def short_text(body: Fields, name: str) -> str:
    """A text of at most 128 bytes that need not be there."""
    return _short(_told(body, name), name)


def _told(body: Fields, name: str) -> str:
    """A text, or "" where it is absent or empty: some clients send every field they have."""
    return "" if body.raw().get(name) == "" else body.optional_text(name) or ""


def _short(text: str, name: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_BYTES:
        raise BadInput(f"{name} is longer than {LONGEST_BYTES} bytes")
    return text


def sku_of(coupon: Coupon) -> str:
    """The sku that a coupon was bought as."""
    return product_of(coupon.kind, coupon.product).sku_id


def one_named(truth: Truth, wish: Fields) -> Named:
    """By encrypted code, or by code and sku; a code alone is not enough."""
    sealed, code = _told(wish, "encrypted_code"), _told(wish, "code")
    if bool(sealed) == bool(code):
        raise BadInput("encrypted_code and code: exactly one of them is required")
    return by_sealed(truth, sealed) if sealed else by_code(truth, code, sku_named(wish))


def sku_named(wish: Fields) -> str:
    """The sku beside a code; some clients send the number that the text spells."""
    value = wish.raw().get("sku_id")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else wish.text("sku_id")


def by_sealed(truth: Truth, sealed: str) -> Named:
    """The coupon of an encrypted code, which has to come decoded, not as the picture's text."""
    found = [one for one in truth.coupons_by_sealed(sealed) if one.platform == PLATFORM]
    if not found:
        return Named("", "", sealed, None)
    return Named(found[0].code, sku_of(found[0]), "", found[0])


def by_code(truth: Truth, code: str, sku_id: str) -> Named:
    """The coupon of a code; under another sku the code is unknown."""
    coupon = truth.coupons.get(coupon_key(PLATFORM, code))
    return Named(code, sku_id, "", coupon if coupon and sku_of(coupon) == sku_id else None)
