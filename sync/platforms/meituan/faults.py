"""What Meituan's refusals mean to a store: the gateway's codes by name, the business's by its words."""

from typing import Final

from sync.domain.reasons import Code, Reason, because
from sync.platforms.words import COUPON_TURNS, Turns, cleaned, code_of

SUCCESS: Final = "OP_SUCCESS"
UNAUTHENTICATED: Final = "OP_UNIAUTH_FAILED"
# What stands in the data of UNAUTHENTICATED.
_AUTHENTICATION: Final = {
    "3": Code.CREDENTIALS_WRONG,
    "4": Code.AUTHORISATION_ENDED,
    "5": Code.AUTHORISATION_ENDED,
    "19": Code.NO_PERMISSION,
    "22": Code.AUTHORISATION_ENDED,
}
_CODES: Final = {
    "OP_API_GRANT_FAILED": Code.NO_PERMISSION,
    "OP_API_NOT_EXIST": Code.NO_PERMISSION,
    "OP_SYSTEM_PARAM_ERROR": Code.CONTRACT_BROKEN,
    "OP_RPC_INVOKE_PARAM_EMPTY": Code.CONTRACT_BROKEN,
    "OP_LIMITATION_REJECT": Code.BUSY,
    "OP_LIMITATION_ERROR": Code.BUSY,
    "OP_CIRCUITBREAK": Code.BUSY,
    "OP_UNIAUTH_REMOTE_ERROR": Code.BUSY,
    "OP_API_GRANT_REMOTE_ERROR": Code.BUSY,
}
# Behind the gateway something broke: what was asked may have reached the service all the same.
MAYBE_DONE: Final = frozenset(
    {
        "OP_SYSTEM_ERROR",
        "OP_REMOTE_ERROR",
        "OP_RPC_REMOTE_ERROR",
        "OP_RPC_INVOKE_ERROR",
        "OP_RESULT_DSL_ERROR",
        "OP_TIMEOUT",
        "OP_SOCKET_TIMEOUT_EXCEPTION",
    }
)
# The gateway's list is not complete: what a code of its kind is named after.
_NAMED_AFTER: Final = (
    ("TIMESTAMP", Code.CLOCK_OFF),
    ("SIGN", Code.CREDENTIALS_WRONG),
    ("DEVELOPER", Code.CREDENTIALS_WRONG),
    ("TOKEN", Code.AUTHORISATION_ENDED),
    ("WHITE", Code.NO_PERMISSION),
    ("GRANT", Code.NO_PERMISSION),
    ("PERMISSION", Code.NO_PERMISSION),
    ("QUOTA", Code.QUOTA_USED_UP),
    ("LIMIT", Code.BUSY),
    ("PARAM", Code.CONTRACT_BROKEN),
)
# Of these words none is about a coupon, so that they come first: an authorisation expires too, and a signature is
# invalid as a code is.
_ABOUT_US: Final[Turns] = (
    (Code.CLOCK_OFF, ("时间戳", "timestamp")),
    (Code.NO_PERMISSION, ("白名单", "未开通", "whitelist")),
    (Code.CREDENTIALS_WRONG, ("签名", "signature", "developerid", "开发者")),
    (Code.AUTHORISATION_ENDED, ("令牌", "token", "未授权", "授权已", "授权过期", "授权失效", "重新授权")),
)
# A shop is not permitted what is another's either: only where nothing else is said.
_NOT_PERMITTED: Final[Turns] = ((Code.NO_PERMISSION, ("权限", "permission")),)
_MEITUAN: Final[Turns] = (
    *_ABOUT_US,
    # Of a coupon that was asked to be taken back, or to be told of: it stands unused.
    (
        Code.ALREADY_REVERSED,
        (
            "未验",
            "未核销",
            "未消费",
            "未使用",
            "没有核销",
            "无核销",
            "没有验券",
            "无验券",
            "not consumed",
            "not been used",
        ),
    ),
    (Code.WINDOW_PASSED, ("10分钟", "十分钟", "不可撤销", "不能撤销", "无法撤销")),
    *COUPON_TURNS,
    *_NOT_PERMITTED,
)
_SAME_REQUEST: Final = ("重复请求", "重复提交", "请求重复", "已处理", "duplicate")


def reason_of(code: str, sub_code: str, words: str) -> Reason:
    """The reason of an answer whose code is not SUCCESS; `sub_code` from its data."""
    return because(
        _code_of(code, sub_code, words), platform_code=cleaned(code), words=cleaned(words), sub=cleaned(sub_code)[:20]
    )


def refused_in_words(words: str, number: int = 0) -> Reason:
    """The reason of a no inside an answer that succeeded."""
    return because(code_of(words, _MEITUAN), platform_code=number, words=cleaned(words))


def is_repeat(reason: Reason) -> bool:
    """Whether the platform says that it knows this request id already."""
    return code_of(str(reason.facts.get("words", "")), ((Code.NO_ANSWER, _SAME_REQUEST),)) is Code.NO_ANSWER


def _code_of(code: str, sub_code: str, words: str) -> Code:
    if code == UNAUTHENTICATED and sub_code in _AUTHENTICATION:
        return _AUTHENTICATION[sub_code]
    if code in _CODES:
        return _CODES[code]
    if code in MAYBE_DONE:
        return Code.BUSY
    named = next((meant for part, meant in _NAMED_AFTER if part in code.upper()), None)
    if named is not None:
        return named
    if code == UNAUTHENTICATED:
        told = code_of(words, (*_ABOUT_US, *_NOT_PERMITTED))
        return Code.CREDENTIALS_WRONG if told is Code.PLATFORM_REFUSED else told
    return code_of(words, _MEITUAN)
