"""The own platform's answers as they stand on the wire, and how they read in the store's words."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sync.domain.reasons import Code, because
from sync.domain.voucher import Coupon, Line
from sync.platforms.port import StatementLine

ANY_STORE = "00000000"
Hex = Annotated[str, Field(pattern=r"^([0-9a-f]{2})+$", max_length=256)]


class Wire(BaseModel):
    """Strict about types, tolerant to fields that came later."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Timed(Wire):
    """Every answer of 2xx carries the platform's time."""

    now_at: int


class Token(Timed):
    """POST token. `expires_in` in seconds."""

    access_token: Annotated[str, Field(min_length=1)]
    expires_in: Annotated[int, Field(gt=0)]


class Error(Wire):
    """What stands inside a failure."""

    code: str
    message: str = ""


class Failure(Wire):
    """A 4xx."""

    error: Error


class Content(Wire):
    """One line of a package."""

    name: str
    quantity: int


class Voucher(Wire):
    """A voucher as the platform tells it."""

    voucher: Hex
    code: str
    account: str
    offer: str
    order_id: str
    title: str
    price_fen: int
    kind: Literal["voucher", "times_card"]
    units_total: int
    units_left: int
    valid_from_at: int
    valid_until_at: int
    state: str
    store: Hex
    contents: tuple[Content, ...] = ()
    terms: tuple[str, ...] = ()
    script: str = ""


class Looked(Timed):
    """POST lookup."""

    order_id: str | None
    vouchers: tuple[Voucher, ...]
    selected: tuple[str, ...]


class Result(Wire):
    """One unit of a redemption. `index` is that of its use in the question."""

    index: int
    voucher: str | None
    ok: bool
    redemption_id: str | None
    serial: int | None
    amount_fen: int
    redeemed_at: int | None
    reason: str | None


class Results(Timed):
    """POST redeem and GET redemptions/{request_id}."""

    request_id: str
    results: tuple[Result, ...]


class Returned(Wire):
    """One redemption taken back, or not."""

    redemption_id: str
    ok: bool
    reversed_at: int | None
    reason: str | None


class Returns(Timed):
    """POST reverse."""

    request_id: str
    results: tuple[Returned, ...]


class Booked(Wire):
    """One redemption in the platform's book."""

    redemption_id: str
    request_id: str | None
    voucher: str
    code_tail: str
    amount_fen: int
    redeemed_at: int
    terminal: str
    reversed_at: int | None


class Book(Timed):
    """GET history."""

    records: tuple[Booked, ...]
    cursor: str
    has_more: bool


class Paid(Wire):
    """What became of the money of one redemption."""

    redemption_id: str
    voucher: str
    code_tail: str
    redeemed_at: int
    goods_fen: int
    payout_fen: int
    state: Literal["pending", "done", "failed", "void"]


class Statement(Timed):
    """GET statements."""

    lines: tuple[Paid, ...]
    cursor: str
    has_more: bool


class Signed(Timed):
    """GET keys and GET revocations: a text and the signature over it."""

    signed: str
    signature: Hex


class Vouchers(Timed):
    """GET vouchers."""

    vouchers: tuple[Voucher, ...]
    cursor: str
    has_more: bool


class Accepted(Timed):
    """POST trust-records."""

    accepted: int


class Witnessed(Timed):
    """POST journal-heads."""

    witnessed_at: int


def line_of(paid: Paid) -> StatementLine:
    """The line in the store's words."""
    return StatementLine(
        record=paid.redemption_id,
        coupon=paid.voucher,
        code_tail=paid.code_tail,
        at_ms=paid.redeemed_at,
        goods_fen=paid.goods_fen,
        payout_fen=paid.payout_fen,
        state=paid.state,
    )


STATES = {
    "used": Code.USED_ELSEWHERE,
    "refunded": Code.REFUNDED,
    "frozen": Code.FROZEN,
    "expired": Code.EXPIRED,
}


def coupon_of(voucher: Voucher, store: str, selected: bool) -> Coupon:
    """The voucher in the store's words; usable only if its state is a known yes and it is this store's."""
    state = None
    if voucher.state != "usable":
        words = voucher.state[:40]
        state = because(STATES.get(voucher.state, Code.PLATFORM_REFUSED), platform_code=words, words=words)
    elif voucher.store not in {ANY_STORE, store}:
        state = because(Code.OTHER_STORE)
    return Coupon(
        ref=voucher.voucher,
        handle=voucher.voucher,
        code=voucher.code,
        title=voucher.title,
        # The wire tells the price of the whole card.
        price_fen=voucher.price_fen // max(1, voucher.units_total),
        kind=voucher.kind,
        units_total=voucher.units_total,
        units_left=voucher.units_left,
        valid_from_ms=voucher.valid_from_at,
        valid_until_ms=voucher.valid_until_at,
        state=state,
        selected=selected,
        account=voucher.account,
        offer=voucher.offer,
        contents=tuple(Line(content.name, content.quantity) for content in voucher.contents),
        terms=voucher.terms,
        script=voucher.script,
        order=voucher.order_id,
    )
