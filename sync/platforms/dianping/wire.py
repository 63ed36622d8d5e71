"""Dianping's answers as they stand on the wire, and how they read in the store's words."""

from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.alias_generators import to_camel

from sync.domain.voucher import Coupon
from sync.platforms.http import unanswered
from sync.platforms.moments import MomentIfTold
from sync.platforms.yuan import YuanIfTold

TIMES_CARD: Final = 205


class Wire(BaseModel):
    """Tolerant: names in snake_case, though some come in camelCase; ids as numbers or text; fields are added without
    notice. What a decision rests on is checked where it is used."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, coerce_numbers_to_str=True, alias_generator=to_camel, populate_by_name=True
    )


class Head(Wire):
    """Every answer. `data` is read once the code is known; the tokens of some answers stand beside it."""

    model_config = ConfigDict(extra="allow")

    code: int
    msg: str | None = ""
    data: Any = Field(None, repr=False)


class Granted(Wire):
    """POST oauth/token. `expires_in` in seconds, 0 where it is not told: the tokens are kept all the same, as those
    before them have ended."""

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str | None = Field("", repr=False)
    expires_in: int | None = 0

    @field_validator("expires_in", mode="before")
    @classmethod
    def _seconds(cls, value: Any) -> int:
        return int(value) if str(value).isdecimal() else 0


class Receipt(Wire):
    """One coupon or one use of it: the data of prepare and getconsumed, an item of the other lists."""

    receipt_code: str = Field(min_length=1, repr=False)
    order_id: str | None = ""
    deal_id: str | None = ""
    deal_title: str | None = ""
    deal_price: YuanIfTold = None
    biz_type: int | None = 0
    count: int | None = 1
    receipt_end_date: MomentIfTold = None
    tg_times_card_flag: bool | None = False
    times_card_unit_price: YuanIfTold = None
    verify_account: str | None = ""
    verify_channel: str | None = ""
    verify_time: MomentIfTold = None

    @property
    def is_card(self) -> bool:
        """Several uses under one code. Of anything else, `count` counts the coupons of the deal."""
        return bool(self.tg_times_card_flag) or self.biz_type == TIMES_CARD

    @property
    def units_left(self) -> int:
        """Uses that may still be made under this code."""
        return max(0, self.count if self.count is not None else 1)

    def unit_fen(self) -> int | None:
        """What one use is worth; of a card only where that is told, since the price is that of the whole."""
        return self.times_card_unit_price if self.is_card else self.deal_price


class Records(Wire):
    """GET querylistbydate."""

    total_count: int | None = 0
    records: list[Receipt] | None = None


Model = TypeVar("Model", bound=Wire)


def read(model: type[Model], data: Any, what: str) -> Model:
    """The data of an answer as its model; OutcomeUnknown when it is anything else."""
    try:
        return model.model_validate(data)
    except ValidationError:
        pass
    raise unanswered(what, "wrong_shape")


def read_all(data: Any, what: str) -> list[Receipt]:
    """The same where a list is due; some versions give the one item without it."""
    return [read(Receipt, each, what) for each in (data if isinstance(data, list) else [data])]


def coupon_of(receipt: Receipt, units: int, *, selected: bool = True) -> Coupon:
    """A usable coupon in the store's words: known by its code, under which others of its deal may be redeemed too."""
    return Coupon(
        ref=receipt.receipt_code,
        handle=receipt.receipt_code,
        code=receipt.receipt_code,
        title=receipt.deal_title or "",
        price_fen=price_fen(receipt, units),
        kind="times_card" if receipt.is_card else "voucher",
        units_total=units,
        units_left=units,
        valid_from_ms=None,
        valid_until_ms=receipt.receipt_end_date,
        selected=selected,
        offer=receipt.deal_id or None,
    )


def price_fen(receipt: Receipt, units: int) -> int:
    """The worth of one use, for the offer: of a card that does not tell it, the price shared among what is left."""
    told = receipt.unit_fen()
    if told is not None or not receipt.is_card:
        return told or 0
    return (receipt.deal_price or 0) // max(1, units)
