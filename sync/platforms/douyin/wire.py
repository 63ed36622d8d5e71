"""Douyin's answers as they stand on the wire, and how they read in the store's words."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from sync.domain.voucher import Coupon
from sync.platforms.douyin.faults import state_of

TIMES_CARD = 3
_SECONDS_LIMIT = 100_000_000_000


class Wire(BaseModel):
    """Tolerant: ids come as strings or numbers, lists as null, and fields are added without notice. What a decision
    rests on is checked where it is used."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class Extra(Wire):
    """The second half of the envelope."""

    error_code: int = Field(strict=True)
    description: str | None = ""
    sub_error_code: int | None = 0
    sub_description: str | None = ""


class Data(Wire):
    """The first half, whatever was asked."""

    error_code: int = Field(0, strict=True)
    description: str | None = ""


Half = TypeVar("Half", bound=Data)


class Envelope(Wire, Generic[Half]):
    """Every answer but the token's."""

    data: Half | None = None
    extra: Extra


class TokenData(Data):
    """POST stable_client_token. `expires_in` in seconds."""

    error_code: int = Field(strict=True)
    access_token: str | None = ""
    expires_in: int | None = 0


class TokenAnswer(Wire):
    """The token call has no extra block."""

    data: TokenData


class Amount(Wire):
    """Fen. What `original_amount` stands for differs between samples (price of sale or struck-out price), so the worth
    is summed from what was paid."""

    pay_amount: int | None = 0
    payment_discount_amount: int | None = 0
    platform_discount_amount: int | None = 0

    @property
    def worth_fen(self) -> int:
        """What the store is owed before commission: what the customer paid and what the platform or a payment partner
        added for them; not what the store itself gave away."""
        return (self.pay_amount or 0) + (self.payment_discount_amount or 0) + (self.platform_discount_amount or 0)


class SerialAmount(Wire):
    """The worth of one use of a times card."""

    serial_numb: int | None = 0
    amount: Amount | None = None


class TimeCard(Wire):
    """How often a times card may be used, and was."""

    times_count: int | None = 0
    times_used: int | None = 0
    serial_amount_list: list[SerialAmount] | None = None


class Sku(Wire):
    """What was sold."""

    sku_id: str | None = None
    title: str | None = ""
    groupon_type: int | None = 0
    third_sku_id: str | None = ""


class Verification(Wire):
    """One use as a certificate tells it. `verify_time` in seconds."""

    verify_id: str | None = ""
    verify_time: int | None = 0
    can_cancel: bool | None = None
    verify_type: int | None = 0
    poi_id: str | None = ""
    times_card_serial_num: int | None = 0


class Certificate(Wire):
    """One coupon: an item of prepare, get and query. Times in seconds."""

    encrypted_code: str = ""
    certificate_id: str = Field(min_length=1)
    code: str | None = ""
    status: int | None = None
    start_time: int | None = None
    expire_time: int | None = None
    sku: Sku | None = None
    amount: Amount | None = None
    time_card: TimeCard | None = None
    verify: Verification | None = None
    verify_records: list[Verification] | None = None

    @property
    def is_times_card(self) -> bool:
        """Several uses under one code."""
        kind = self.sku.groupon_type if self.sku else 0
        return kind == TIMES_CARD or bool(self.time_card and self.time_card.times_count)

    @property
    def units_total(self) -> int:
        """Uses bought."""
        return (self.time_card.times_count or 1) if self.time_card and self.is_times_card else 1

    @property
    def units_used(self) -> int:
        """Uses spent, as the platform counts them."""
        if self.is_times_card:
            return (self.time_card.times_used or 0) if self.time_card else 0
        return 1 if self.status == 2 else 0

    @property
    def of_third_party(self) -> bool:
        """Its code may have been issued by a third party, and would then be what a verify takes (1.4). Merchants number
        products with Douyin's own codes as well."""
        return bool(self.sku and self.sku.third_sku_id)

    @property
    def verifications(self) -> list[Verification]:
        """Its uses that stand, each once."""
        told = [*(self.verify_records or ()), *((self.verify,) if self.verify else ())]
        return list({each.verify_id: each for each in told if each.verify_id and each.verify_id != "0"}.values())


class PreparedData(Data):
    """GET certificate/prepare. Older and newer answers carry the same items under two names."""

    verify_token: str | None = ""
    order_id: str | None = ""
    certificates: list[Certificate] | None = None
    certificates_v2: list[Certificate] | None = None

    @property
    def items(self) -> list[Certificate]:
        """The usable coupons of the order."""
        return self.certificates_v2 or self.certificates or []


class VerifyAmount(Wire):
    """What one use was worth."""

    times_card_serial_amount: SerialAmount | None = None


class VerifyResult(Wire):
    """One code of a verify. `code` repeats what was sent."""

    result: int = Field(strict=True)
    msg: str | None = ""
    code: str | None = ""
    verify_id: str | None = ""
    certificate_id: str | None = ""
    origin_code: str | None = Field(default="", repr=False)
    order_id: str | None = ""
    verify_amount_info: VerifyAmount | None = None

    @property
    def named(self) -> str:
        """The id of the use; empty where none is told."""
        return self.verify_id if self.verify_id and self.verify_id != "0" else ""

    @property
    def worth_fen(self) -> int | None:
        """The worth of this use of a times card; None where it is not told."""
        serial = self.verify_amount_info.times_card_serial_amount if self.verify_amount_info else None
        return serial.amount.worth_fen if serial and serial.amount else None


class VerifyData(Data):
    """POST certificate/verify."""

    verify_results: list[VerifyResult] | None = None


class GetData(Data):
    """GET certificate/get: three spellings are about."""

    certificate: Certificate | None = None
    certificate_v2: Certificate | None = None
    certificate_v_2: Certificate | None = None

    @property
    def item(self) -> Certificate | None:
        """The certificate, whichever name it came under."""
        return self.certificate_v2 or self.certificate_v_2 or self.certificate


class QueryData(Data):
    """GET certificate/query."""

    certificates: list[Certificate] | None = None
    certificates_v2: list[Certificate] | None = None
    certificates_v_2: list[Certificate] | None = None

    @property
    def items(self) -> list[Certificate]:
        """All coupons of the order."""
        return self.certificates_v2 or self.certificates_v_2 or self.certificates or []


class Cancelled(Wire):
    """One use of a cancel of several."""

    verify_id: str | None = ""
    result_code: int | None = 0


class CancelData(Data):
    """POST certificate/cancel."""

    cancel_results: list[Cancelled] | None = None


def coupon_of(item: Certificate, selected: bool) -> Coupon:
    """A certificate in the store's words; `price_fen` is the worth of its next use."""
    return Coupon(
        ref=item.certificate_id or item.code or "",
        handle=item.encrypted_code or item.code or "",
        code=item.code or None,
        title=(item.sku.title if item.sku else "") or "",
        price_fen=unit_worth_fen(item),
        kind="times_card" if item.is_times_card else "voucher",
        units_total=item.units_total,
        units_left=max(0, item.units_total - item.units_used),
        valid_from_ms=item.start_time * 1000 if item.start_time else None,
        valid_until_ms=item.expire_time * 1000 if item.expire_time else None,
        state=state_of(item.status),
        selected=selected,
        offer=item.sku.sku_id if item.sku else None,
    )


def seconds_of(told: int) -> int:
    """A time that comes in seconds in most answers and in ms in some, in seconds."""
    return told // 1000 if told > _SECONDS_LIMIT else told


def unit_worth_fen(item: Certificate, number: int | None = None) -> int:
    """The worth of one use of a coupon, by its `number` on a times card; of the next one where none is given."""
    card = item.time_card
    if item.is_times_card and card:
        wanted = number or (card.times_used or 0) + 1
        for serial in card.serial_amount_list or ():
            if serial.serial_numb == wanted and serial.amount:
                return serial.amount.worth_fen
    whole = item.amount.worth_fen if item.amount else 0
    return whole // item.units_total
