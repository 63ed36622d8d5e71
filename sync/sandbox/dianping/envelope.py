"""How Dianping's old gateway wraps every answer: HTTP 200 with a number, words and data."""

from dataclasses import dataclass
from typing import Any

from sync.sandbox import rows
from sync.sandbox.meituan.envelope import WORDS
from sync.sandbox.receipts import Why
from sync.sandbox.wire import Answer, json_answer

SUCCESS = 200

# Of all codes only 200 is in a source; the others and their words are guesses.
PARAMETER = 601
APP_KEY = 602
APP_SECRET = 603
STALE = 604
SIGN = 605
SESSION_UNKNOWN = 606
SESSION_EXPIRED = 607
SHOP = 608
AUTHORISATION = 609
REFRESH = 610

_GATEWAY = {
    PARAMETER: "参数错误",
    APP_KEY: "app_key 不存在",
    APP_SECRET: "app_secret 错误",
    STALE: "timestamp 超出有效时间范围,请校准系统时间",
    SIGN: "签名验证失败",
    SESSION_UNKNOWN: "session 无效",
    SESSION_EXPIRED: "session 已过期",
    SHOP: "session 没有该门店的权限",
    AUTHORISATION: "auth_code 无效或已过期",
    REFRESH: "refresh_token 无效或已过期",
}


@dataclass(eq=False, slots=True)
class Failure(Exception):
    """The gateway says no; `more` is what it adds to the code's words."""

    code: int
    more: str = ""


def answered(data: Any, code: int = SUCCESS, message: str = "success") -> Answer:
    """One answer in the envelope."""
    return json_answer(200, {"code": code, "msg": message, "data": data})


def failed(failure: Failure) -> Answer:
    """The gateway did not let the call through."""
    words = _GATEWAY[failure.code]
    return answered(None, failure.code, f"{words}:{failure.more}" if failure.more else words)


def refused(why: Why) -> Answer:
    """The rules refused it, in the words of today's platform."""
    return answered(None, WORDS[why].result, WORDS[why].message)


def refused_as_told(told: rows.Refusal) -> Answer:
    """The refusal that a control call asked for."""
    return answered(None, told.code, told.words)
