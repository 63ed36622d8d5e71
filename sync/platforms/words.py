"""What a platform's own words give away where its numbers don't, and how much of them may be kept."""

import re
from collections.abc import Sequence
from typing import Final

from sync.domain.reasons import Code

WORDS_LIMIT: Final = 200
Turns = Sequence[tuple[Code, Sequence[str]]]
"""Turns of phrase by what they mean; the first that fits counts."""

COUPON_TURNS: Final[Turns] = (
    (
        Code.BUSY,
        ("繁忙", "频繁", "稍后", "稍候", "系统错误", "系统异常", "系统失败", "busy", "too frequent", "try later"),
    ),
    (Code.WINDOW_PASSED, ("撤销时间", "撤销时限", "撤销期限", "超过可撤销", "window", "too late")),
    (Code.SETTLED, ("已结算", "已分账", "settled")),
    (Code.ALREADY_REVERSED, ("已撤销", "已撤回", "已取消", "already revoked", "already reversed", "already cancel")),
    (Code.REFUND_ASKED, ("退款中", "退券中", "申请退款", "refunding", "refund asked")),
    (Code.REFUNDED, ("退款", "退券", "已退", "refund")),
    (Code.UNITS_TOO_MANY, ("次数不足", "次数已用", "数量不足", "数量超", "超过可", "not enough", "no units left")),
    (
        Code.USED_ELSEWHERE,
        (
            "已核销",
            "已使用",
            "已被使用",
            "已消费",
            "已验",
            "already used",
            "been used",
            "consumed",
            "is used",
            "verified",
        ),
    ),
    (Code.FROZEN, ("冻结", "风控", "frozen")),
    (Code.OTHER_STORE, ("门店", "本店", "other shop", "other store", "this shop", "this store")),
    (Code.NOT_VALID_YET, ("未到", "未开始", "未生效", "not yet", "not started")),
    (Code.NOT_TODAY, ("不可用日期", "今日不可", "not available today")),
    (Code.EXPIRED, ("过期", "有效期", "expired")),
    (
        Code.NOT_FOUND,
        (
            "不存在",
            "无法查询",
            "未找到",
            "查不到",
            "券码错误",
            "无效",
            "not exist",
            "not found",
            "no such",
            "invalid code",
        ),
    ),
)
# As a whole, or in the groups in which codes and telephone numbers are shown; a date is neither.
_LONG_NUMBER: Final = re.compile(r"\d{6,}|\d{3,5}(?:[ -]\d{3,5})+")


def cleaned(words: str) -> str:
    """The platform's own words for support, without numbers that could be a code or a phone."""
    return _LONG_NUMBER.sub("…", words)[:WORDS_LIMIT]


def code_of(words: str, turns: Turns = COUPON_TURNS) -> Code:
    """What words mean; PLATFORM_REFUSED where no turn fits."""
    lowered = words.lower()
    return next(
        (code for code, phrases in turns if any(phrase in lowered for phrase in phrases)), Code.PLATFORM_REFUSED
    )
