"""What Douyin's refusals mean to a store: gateway codes by number, the business bucket 3000001 only by its words."""

import re
from typing import Final

from sync.domain.reasons import Code, Reason, because
from sync.errors import Refused

WORDS_LIMIT: Final = 200
TOKEN_REJECTED: Final = frozenset({2190002, 2190008, 28001003, 28001008})
# "Network" behind the gateway: what was asked may have reached the service all the same.
MAYBE_DONE: Final = frozenset({28001006})
_NUMBERS: Final = {
    2100004: Code.BUSY,
    28001005: Code.BUSY,
    28001006: Code.BUSY,
    28003018: Code.BUSY,
    10020: Code.BUSY,
    2100005: Code.CONTRACT_BROKEN,
    28001007: Code.CONTRACT_BROKEN,
    10002: Code.CONTRACT_BROKEN,
    2100007: Code.NO_PERMISSION,
    2100009: Code.NO_PERMISSION,
    28001012: Code.NO_PERMISSION,
    28001014: Code.NO_PERMISSION,
    28001016: Code.NO_PERMISSION,
    28001018: Code.NO_PERMISSION,
    2190001: Code.QUOTA_USED_UP,
    28003017: Code.QUOTA_USED_UP,
    10003: Code.CREDENTIALS_WRONG,
    10013: Code.CREDENTIALS_WRONG,
    **dict.fromkeys(TOKEN_REJECTED, Code.CREDENTIALS_WRONG),
}
# The platform publishes no table of causes; these are the turns its texts take. The first that fits counts.
_WORDS: Final = (
    (Code.BUSY, ("繁忙", "频繁", "稍后", "服务器", "系统错误", "系统异常", "busy", "too frequent", "server error")),
    (Code.NO_PERMISSION, ("授权",)),
    (Code.QR_DEAD, ("二维码", "encrypted_data", "qr parameter", "qr code", "qr is")),
    (
        Code.WINDOW_PASSED,
        ("撤销时间", "撤销时限", "可撤销", "不可撤", "不能撤", "window", "too late", "can not be cancel"),
    ),
    (Code.ALREADY_REVERSED, ("已撤销", "已取消", "already cancel")),
    (Code.SETTLED, ("已结算", "已分账", "settled")),
    (Code.REFUND_ASKED, ("退款中", "申请退款", "refunding", "refund asked")),
    (Code.REFUNDED, ("退款", "refund")),
    (Code.UNITS_TOO_MANY, ("次数不足", "次数已用")),
    (
        Code.USED_ELSEWHERE,
        ("已核销", "已使用", "已被使用", "已验", "already used", "been used", "is used", "already verified"),
    ),
    (Code.FROZEN, ("冻结", "风控", "frozen")),
    (Code.OTHER_STORE, ("门店", "other shop", "other store", "this shop", "this store", "poi")),
    (Code.NOT_VALID_YET, ("未到", "未开始", "未生效", "not yet", "not started")),
    (Code.NOT_TODAY, ("不可用日期", "今日不可", "not available today")),
    (Code.EXPIRED, ("过期", "有效期", "expired")),
    (
        Code.NOT_FOUND,
        ("不存在", "无法查询", "未找到", "查不到", "券码错误", "cannot be queried", "not exist", "not found"),
    ),
)
_TOKEN_WORDS: Final = ("verify_token", "verifytoken", "token", "验券标识", "重新验券准备", "重新准备")
_LONG_NUMBER: Final = re.compile(r"\d{6,}")


class PreparationDead(Refused):
    """The verify token is no longer taken; nothing was done under it by this call."""


def cleaned(words: str) -> str:
    """The platform's own words for support, without numbers that could be a code or a phone."""
    return _LONG_NUMBER.sub("…", words)[:WORDS_LIMIT]


def reason_of(number: int, words: str, sub_number: int = 0) -> Reason:
    """The reason of an answer whose error_code is not 0."""
    code = _NUMBERS.get(number) or _by_words(words)
    return because(code, platform_code=number, platform_sub_code=sub_number, words=cleaned(words))


def refused(number: int, words: str, sub_number: int = 0) -> Refused:
    """The same as an error; PreparationDead when the words blame the verify token."""
    reason = reason_of(number, words, sub_number)
    if number not in _NUMBERS and any(turn in words.lower() for turn in _TOKEN_WORDS):
        return PreparationDead(because(Code.PLATFORM_REFUSED, **reason.facts))
    return Refused(reason)


def state_of(status: int | None) -> Reason | None:
    """A certificate's status as the reason why it can't be used; None when it can (1.6; a failed refund leaves it to
    the verify)."""
    match status:
        case 2:
            return because(Code.USED_ELSEWHERE)
        case 3 | 6:
            return because(Code.REFUND_ASKED)
        case 4:
            return because(Code.REFUNDED)
        case _:
            return None


def _by_words(words: str) -> Code:
    lowered = words.lower()
    return next((code for code, turns in _WORDS if any(turn in lowered for turn in turns)), Code.PLATFORM_REFUSED)
