"""Answers of businessId 58 as they stand on the wire, and how they read in the store's words."""

from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)
from pydantic.alias_generators import to_camel

from sync.domain.voucher import Coupon
from sync.platforms.http import unanswered
from sync.platforms.moments import MomentIfTold
from sync.platforms.yuan import YuanIfTold

# What prepare and consume say of a times card, and what the book does.
TIMES_CARDS = frozenset({201, 205})
THIRD_PARTY = "15"
USED = 1


def _readable(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


MomentIfReadable = Annotated[MomentIfTold, WrapValidator(_readable)]
"""A time that nothing rests on, and whose form is documented nowhere: it must not spoil a yes."""


class Wire(BaseModel):
    """Tolerant: names come in camelCase or, where a call was taken over from Dianping, in snake_case; ids as text or
    numbers; fields are added without notice. What a decision rests on is checked where it is used."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, coerce_numbers_to_str=True, alias_generator=to_camel, populate_by_name=True
    )


class Head(Wire):
    """Every answer. `data` is read once the code is known."""

    code: str = Field(min_length=1)
    msg: str | None = ""
    data: Any = Field(None, repr=False)


class Granted(Wire):
    """POST /oauth/token and /oauth/refresh. `expire_in` in seconds, 0 where it is not told: the tokens are kept all the
    same, as those before them have ended."""

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str | None = Field("", repr=False)
    expire_in: int | None = 0

    @field_validator("expire_in", mode="before")
    @classmethod
    def _seconds(cls, value: Any) -> int:
        return int(value) if str(value).isdecimal() else 0


class Receipt(Wire):
    """One coupon or one use of it: the data of prepare and getconsumed, an item of consume and of the book."""

    receipt_code: str | None = Field("", repr=False)
    order_id: str | None = ""
    deal_id: str | None = ""
    deal_title: str | None = ""
    deal_price: YuanIfTold = None
    biz_type: int | None = 0
    count: int | None = 1
    receipt_end_date: MomentIfReadable = None
    tg_times_card_flag: bool | None = False
    purchase_to_consume_ratio: str | None = ""
    times_card_unit_price: YuanIfTold = None
    flow_id: str | None = ""
    verify_account: str | None = ""
    verify_channel: str | None = ""
    verify_time: MomentIfTold = None
    refund_status: int | None = USED

    @property
    def is_card(self) -> bool:
        """Several uses under one code."""
        return bool(self.tg_times_card_flag) or self.biz_type in TIMES_CARDS

    @property
    def units_total(self) -> int:
        """Uses bought; what is left where the card does not tell."""
        told = (self.purchase_to_consume_ratio or "").strip()
        total = int(told) if told.isdecimal() else 0
        return max(total, self.units_left) if self.is_card else 1

    @property
    def units_left(self) -> int:
        """Uses of this code that are left: of a card, `count` tells them; of anything else, it counts the coupons."""
        return max(0, self.count or 0) if self.is_card else 1

    @property
    def unit_fen(self) -> int | None:
        """The price of one use; None where it is not told."""
        if not self.is_card:
            return self.deal_price
        if self.times_card_unit_price is not None:
            return self.times_card_unit_price
        total = (self.purchase_to_consume_ratio or "").strip()
        if self.deal_price is None or not total.isdecimal() or not int(total):
            return None
        return self.deal_price // int(total)


class Single(Wire):
    """The answer to one code of a batchconsume. What its code says of a yes is not documented: the details are it."""

    receipt_code: str | None = Field("", repr=False)
    single_consume_code: int | None = 0
    single_consume_msg: str | None = ""
    consume_detail_list: list[Receipt] | None = None

    @field_validator("single_consume_code", mode="before")
    @classmethod
    def _number(cls, value: Any) -> int:
        return int(value) if str(value).lstrip("-").isdecimal() else -1


class Records(Wire):
    """A page of the book."""

    total_count: int = 0
    records: list[Receipt] | None = None


Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], data: Any, what: str) -> Model:
    """Data as their model; OutcomeUnknown when they are anything else."""
    try:
        return model.model_validate(data)
    except ValidationError:
        pass
    raise unanswered(what, "wrong_shape")


def read_all(model: type[Model], data: Any, what: str) -> list[Model]:
    """The items of a list, which comes bare or under a name; OutcomeUnknown when they are anything else."""
    return [read(model, item, what) for item in rows(data)]


def rows(data: Any) -> list[Any]:
    """The list in an answer's data."""
    if isinstance(data, dict):
        return next((value for value in data.values() if isinstance(value, list)), [])
    return data if isinstance(data, list) else []


def codes_in(data: Any) -> list[str]:
    """The coupon codes in a list of codes, or of coupons that tell theirs under one of its names."""
    found = []
    for item in rows(data):
        if isinstance(item, dict):
            named = (item.get(name) for name in ("receiptCode", "serialNumber", "receipt_code", "serial_number"))
            item = next((code for code in named if code), None)
        if isinstance(item, str | int) and not isinstance(item, bool):
            found.append(str(item))
    return list(dict.fromkeys(found))


def coupon_of(code: str, receipt: Receipt, *, selected: bool) -> Coupon:
    """A usable coupon in the store's words; it is known by its code alone."""
    return Coupon(
        ref=code,
        handle=code,
        code=code,
        title=receipt.deal_title or "",
        price_fen=receipt.unit_fen or 0,
        kind="times_card" if receipt.is_card else "voucher",
        units_total=receipt.units_total,
        units_left=receipt.units_left,
        valid_from_ms=None,
        valid_until_ms=receipt.receipt_end_date,
        selected=selected,
        offer=receipt.deal_id or None,
    )
