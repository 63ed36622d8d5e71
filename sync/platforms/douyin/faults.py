"""What Douyin's refusals mean to a store: gateway codes by number, the business bucket 3000001 only by its words."""

from typing import Final

from sync.domain.reasons import Code, Reason, because
from sync.errors import Refused
from sync.platforms.words import COUPON_TURNS, Turns, cleaned, code_of

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
# The platform publishes no table of causes; these are the turns its texts take beside those that all platforms share.
_TURNS: Final[Turns] = (
    (Code.BUSY, ("繁忙", "频繁", "稍后", "服务器", "系统错误", "系统异常", "busy", "too frequent", "server error")),
    (Code.NO_PERMISSION, ("授权", "白名单", "whitelist")),
    (Code.QR_DEAD, ("二维码", "encrypted_data", "qr parameter", "qr code", "qr is")),
    (Code.WINDOW_PASSED, ("可撤销", "不可撤", "不能撤", "can not be cancel")),
    *COUPON_TURNS,
    (Code.OTHER_STORE, ("poi",)),
    (Code.NOT_FOUND, ("cannot be queried",)),
)
_TOKEN_WORDS: Final = ("verify_token", "verifytoken", "token", "验券标识", "重新验券准备", "重新准备")


class PreparationDead(Refused):
    """The verify token is no longer taken; nothing was done under it by this call."""


def reason_of(number: int, words: str, sub_number: int = 0) -> Reason:
    """The reason of an answer whose error_code is not 0."""
    code = _NUMBERS.get(number) or code_of(words, _TURNS)
    return because(code, platform_code=number, platform_sub_code=sub_number, words=cleaned(words))


def refused(number: int, words: str, sub_number: int = 0) -> Refused:
    """The same as an error; PreparationDead when the words blame the verify token."""
    reason = reason_of(number, words, sub_number)
    # "Busy" may have been done all the same, whatever it advises to prepare again.
    if number not in _NUMBERS and not reason.about_us and any(turn in words.lower() for turn in _TOKEN_WORDS):
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
