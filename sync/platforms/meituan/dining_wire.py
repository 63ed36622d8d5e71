"""Answers of businessId 1 as they stand on the wire, and how they read in the store's words."""

import json
import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from sync.domain.reasons import Code, Reason, because
from sync.domain.voucher import Coupon, Line
from sync.platforms.meituan.wire import MomentIfReadable, Wire
from sync.platforms.moments import MomentIfTold
from sync.platforms.yuan import YuanIfTold

_QUANTITY: Final = re.compile(r"\d{1,4}")
# The states that a coupon is told to be in are words (platform-contracts.md 2.4). The first that fits counts.
_STATES: Final = (
    (("未使用", "未消费", "未验", "未核销", "unused", "not used"), None),
    (("退款中", "申请退款", "refunding"), Code.REFUND_ASKED),
    (("退款", "退券", "已退", "refund"), Code.REFUNDED),
    (("冻结", "frozen", "freeze"), Code.FROZEN),
    (("过期", "expired"), Code.EXPIRED),
    (("已使用", "已消费", "已验", "已核销", "used", "consumed"), Code.USED_ELSEWHERE),
)


def _menu(value: object) -> object:
    """The newer calls tell the menu as JSON inside a text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value or "[]")
    except ValueError:
        return []


class Dining(Wire):
    """What prepare, consume and cancel say in the data of an answer that succeeded: `result` 0 is a yes."""

    result: int | None = 0
    message: str | None = ""


class Prepared(Dining):
    """POST prepare and msprepare. `count`: how many coupons of the order may be redeemed with this one."""

    coupon_code: str | None = Field("", repr=False)
    count: int | None = 1
    deal_id: str | None = ""
    deal_title: str | None = ""
    raw_title: str | None = ""
    deal_price: YuanIfTold = None
    coupon_buy_price: YuanIfTold = None
    coupon_end_time: MomentIfReadable = None
    deal_menu: Annotated[Any, BeforeValidator(_menu)] = None


class Consumed(Dining):
    """POST consume and msconsume: the codes that were redeemed."""

    coupon_codes: list[str] | None = Field(None, repr=False)
    deal_id: str | None = ""


class Standing(Wire):
    """GET queryById, and an item of the book."""

    coupon_code: str | None = Field("", repr=False)
    coupon_status_desc: str | None = ""
    coupon_use_time: MomentIfTold = None
    coupon_cancel_status: int | None = None
    coupon_buy_price: YuanIfTold = None
    deal_id: str | None = ""
    deal_title: str | None = ""
    verify_acct: str | None = ""

    @property
    def state(self) -> Reason | None:
        """Why it can't be used; None when it can. PLATFORM_REFUSED for a state that nobody has listed."""
        words = (self.coupon_status_desc or "").lower()
        for texts, code in _STATES:
            if any(text in words for text in texts):
                return because(code) if code else None
        return because(Code.PLATFORM_REFUSED, words=words[:40])

    @property
    def is_used(self) -> bool:
        """Redeemed, by whomever, and not taken back. Of a state that nobody has listed, the time of a use tells."""
        state = self.state
        if state is not None and state.code is Code.PLATFORM_REFUSED:
            return self.coupon_use_time is not None
        return state is not None and state.code is Code.USED_ELSEWHERE

    @property
    def is_told(self) -> bool:
        """Whether the coupon's state is understood."""
        return self.is_used or self.state is None or self.state.code is not Code.PLATFORM_REFUSED

    @property
    def worth_fen(self) -> int | None:
        """What it was bought for; None where that is not told."""
        return told(self.coupon_buy_price)


class Book(Wire):
    """A page of the book."""

    total: int = 0
    coupon_codes: list[Standing] | None = None


def told(fen: int | None) -> int | None:
    """A price; -1 yuan stands for one that the platform does not know."""
    return fen if fen is not None and fen >= 0 else None


def coupon_of(code: str, answer: Prepared) -> Coupon:
    """The shown coupon in the store's words. The others of its order are told by their number alone, so that they are
    units of this one; their codes come when they are redeemed."""
    count = max(1, answer.count or 1)
    return Coupon(
        ref=code,
        handle=code,
        code=code,
        title=answer.deal_title or answer.raw_title or "",
        price_fen=worth_fen(answer) or 0,
        kind="voucher",
        units_total=count,
        units_left=count,
        valid_from_ms=None,
        valid_until_ms=answer.coupon_end_time,
        offer=answer.deal_id or None,
        contents=tuple(_contents(answer.deal_menu)),
    )


def worth_fen(answer: Prepared) -> int | None:
    """What one coupon was bought for, else what it is sold for."""
    bought_fen = told(answer.coupon_buy_price)
    return bought_fen if bought_fen is not None else told(answer.deal_price)


def _contents(menu: Any) -> list[Line]:
    """The dishes of a menu: groups of items, each with its name and a quantity in words ("2份")."""
    groups = menu if isinstance(menu, list) else []
    items = [item for group in groups if isinstance(group, list) for item in group if isinstance(item, dict)]
    lines = []
    for item in items:
        name, words = str(item.get("content") or "").strip(), str(item.get("specification") or "")
        # Headings and remarks have no price.
        if name and item.get("price"):
            number = _QUANTITY.search(words)
            lines.append(Line(name, int(number.group()) if number else 1))
    return lines
