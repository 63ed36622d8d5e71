"""What Dianping's refusals mean to a store: no table of its numbers is known, so that its words alone tell."""

from typing import Final

from sync.domain.reasons import Code, Reason, because
from sync.errors import Refused
from sync.platforms.words import COUPON_TURNS, Turns, cleaned, code_of

SUCCESS: Final = 200
_TURNS: Final[Turns] = (
    (Code.CLOCK_OFF, ("timestamp", "时间戳", "系统时间")),
    (Code.CREDENTIALS_WRONG, ("签名", "sign ", "invalid sign", "app_key", "appkey", "app_secret")),
    (Code.NO_PERMISSION, ("权限", "白名单", "未开通", "permission", "whitelist")),
    (Code.CONTRACT_BROKEN, ("参数", "parameter")),
    (Code.QUOTA_USED_UP, ("调用次数", "配额", "quota")),
    (Code.AUTHORISATION_ENDED, ("session", "token", "auth_code", "授权")),
    # Of a coupon that was asked to be taken back, or to be told of: it stands unused.
    (Code.ALREADY_REVERSED, ("未验", "未核销", "未消费", "未使用", "not consumed", "not been used")),
    (Code.WINDOW_PASSED, ("10分钟", "十分钟", "不可撤销", "不能撤销", "无法撤销")),
    *COUPON_TURNS,
)


def reason_of(number: int, words: str) -> Reason:
    """The reason of an answer whose code is not 200."""
    return because(code_of(words, _TURNS), platform_code=number, words=cleaned(words))


def refused(number: int, words: str) -> Refused:
    """The same as an error."""
    return Refused(reason_of(number, words))
