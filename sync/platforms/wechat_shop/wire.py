"""WeChat Shop's answers as they stand on the wire, and how they read in the store's words."""

from pydantic import BaseModel, ConfigDict, Field

from sync.domain.voucher import Coupon
from sync.platforms.wechat_shop.faults import state_of

_USED = 2


class Wire(BaseModel):
    """Tolerant: ids come as strings or numbers, lists as null, and fields are added without notice. What a decision
    rests on is checked where it is used."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class Told(Wire):
    """What every answer of a call has."""

    errcode: int = Field(strict=True)
    errmsg: str | None = ""


class TokenAnswer(Wire):
    """POST cgi-bin/stable_token. `expires_in` in seconds; a yes has no errcode."""

    errcode: int = Field(0, strict=True)
    errmsg: str | None = ""
    access_token: str | None = ""
    expires_in: int | None = 0


class TimeCard(Wire):
    """How often a times card may be used, and was."""

    total_count: int | None = 0
    available_count: int | None = None
    consumed_count: int | None = 0


class Voucher(Wire):
    """One voucher. Amounts in fen, times in seconds; `last_consume_no` is the number of the last consume that was
    done, ours or another's."""

    code: str = Field(min_length=1, repr=False)
    status: int | None = None
    start_time: int | None = None
    end_time: int | None = None
    update_time: int | None = None
    consume_time: int | None = None
    refund_time: int | None = None
    product_id: str | None = None
    product_name: str | None = ""
    voucher_name: str | None = ""
    sku_id: str | None = ""
    order_id: str | None = ""
    voucher_buy_amount: int | None = None
    last_consume_no: str | None = ""
    last_withdraw_consume_no: str | None = ""
    time_card: TimeCard | None = None

    @property
    def is_times_card(self) -> bool:
        """Several uses under one code."""
        return bool(self.time_card and (self.time_card.total_count or 0) > 1)

    @property
    def is_used(self) -> bool:
        """Nothing is left of it."""
        return self.status == _USED

    @property
    def used_by_nobody_told(self) -> bool:
        """Used, under a number that is not told."""
        return self.is_used and not self.last_consume_no

    @property
    def units_total(self) -> int:
        """Uses bought."""
        return (self.time_card.total_count or 1) if self.time_card else 1

    @property
    def units_used(self) -> int:
        """Uses that stand."""
        if self.time_card and self.is_times_card:
            return self.time_card.consumed_count or 0
        return 1 if self.is_used else 0

    @property
    def units_left(self) -> int:
        """Uses that may still be made."""
        if self.status not in {None, 1}:
            return 0
        told = self.time_card.available_count if self.time_card else None
        return told if told is not None else max(0, self.units_total - self.units_used)

    @property
    def unit_fen(self) -> int | None:
        """What one use is worth; None where the platform tells only the whole and it can't be shared out evenly."""
        whole = self.voucher_buy_amount
        return None if whole is None or whole % self.units_total else whole // self.units_total


class VoucherAnswer(Told):
    """POST voucher/get."""

    voucher: Voucher | None = None


class Failed(Wire):
    """One voucher that stood in the way of all."""

    code: str | None = Field("", repr=False)
    ret_code: str | None = ""
    ret_msg: str | None = ""


class Done(Told):
    """POST voucher/consume and voucher/revoke: all of them or none."""

    voucher_list: list[Voucher] | None = None
    fail_voucher_list: list[Failed] | None = None


def coupon_of(voucher: Voucher) -> Coupon:
    """A voucher in the store's words; `price_fen` is the worth of its next use."""
    return Coupon(
        ref=voucher.code,
        # A handle is a name of one coupon, and the SKU is that of many.
        handle=f"{voucher.code}@{voucher.sku_id or ''}",
        code=voucher.code,
        title=voucher.voucher_name or voucher.product_name or "",
        price_fen=(voucher.voucher_buy_amount or 0) // voucher.units_total,
        kind="times_card" if voucher.is_times_card else "voucher",
        units_total=voucher.units_total,
        units_left=voucher.units_left,
        valid_from_ms=voucher.start_time * 1000 if voucher.start_time else None,
        valid_until_ms=voucher.end_time * 1000 if voucher.end_time else None,
        state=state_of(voucher.status),
        offer=voucher.sku_id or None,
    )
