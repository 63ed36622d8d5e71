"""How Meituan wraps every answer: HTTP 200 with a code, words, data and a trace id."""

from dataclasses import dataclass
from typing import Any

from sync.sandbox import rows
from sync.sandbox.receipts import Why
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, json_answer

SUCCESS = "OP_SUCCESS"

# Of all codes and their words only OP_SUCCESS is in a source; the rest of this file's are guesses.
PARAMETER = "OP_PARAM_ERROR"
DEVELOPER = "OP_DEVELOPER_ERROR"
STALE = "OP_TIMESTAMP_ERROR"
SIGN = "OP_SIGN_ERROR"
TOKEN_UNKNOWN = "OP_TOKEN_INVALID"
TOKEN_EXPIRED = "OP_TOKEN_EXPIRED"
TOKEN_OF_ANOTHER = "OP_TOKEN_BUSINESS_MISMATCH"
NO_PERMISSION = "OP_NO_PERMISSION"
AUTHORISATION = "OP_AUTH_CODE_INVALID"
REFRESH = "OP_REFRESH_TOKEN_INVALID"

_GATEWAY = {
    PARAMETER: "参数错误",
    DEVELOPER: "developerId 不存在",
    STALE: "timestamp 超出有效时间范围,请校准系统时间",
    SIGN: "签名验证失败",
    TOKEN_UNKNOWN: "appAuthToken 无效",
    TOKEN_EXPIRED: "appAuthToken 已过期",
    TOKEN_OF_ANOTHER: "appAuthToken 与 businessId 不匹配",
    NO_PERMISSION: "没有该接口的调用权限",
    AUTHORISATION: "授权码无效或已过期",
    REFRESH: "refreshToken 无效或已过期",
}


@dataclass(frozen=True, slots=True)
class Words:
    """One refusal: the code of businessId 58, the `result` of dining, and what both say."""

    code: str
    result: int
    message: str


WORDS: dict[Why, Words] = {
    "not_found": Words("TG_RECEIPT_NOT_FOUND", 1001, "券码不存在"),
    "used": Words("TG_RECEIPT_USED", 1002, "该券已被使用"),
    "no_units_left": Words("TG_RECEIPT_NO_TIMES_LEFT", 1003, "次卡可用次数不足"),
    "too_few": Words("TG_RECEIPT_TOO_FEW", 1004, "可用券数量不足"),
    "refunded": Words("TG_RECEIPT_REFUNDED", 1005, "该券已退款"),
    "frozen": Words("TG_RECEIPT_FROZEN", 1006, "该券已冻结"),
    "expired": Words("TG_RECEIPT_EXPIRED", 1007, "该券已过期"),
    "not_yet_valid": Words("TG_RECEIPT_NOT_YET_VALID", 1008, "该券未到可用时间"),
    "other_store": Words("TG_RECEIPT_OTHER_SHOP", 1009, "该券不适用于本门店"),
    "not_consumed": Words("TG_RECEIPT_NOT_CONSUMED", 1010, "该券未验证,无法撤销或查询验券记录"),
    "window_passed": Words("TG_REVERSE_WINDOW_PASSED", 1011, "验券超过10分钟,不可撤销"),
    "settled": Words("TG_REVERSE_SETTLED", 1012, "该券已结算,不可撤销"),
    "wrong_deal": Words("TG_DEAL_MISMATCH", 1013, "dealId 与券码不一致"),
    "request_reused": Words("TG_REQUEST_ID_REUSED", 1014, "requestId 已被其他请求使用"),
    "no_such_product": Words("TG_PRODUCT_NOT_FOUND", 1015, "商品不存在"),
}


@dataclass(eq=False, slots=True)
class Failure(Exception):
    """The gateway says no; `more` is what it adds to the code's words."""

    code: str
    more: str = ""


def answered(truth: Truth, data: Any, code: str = SUCCESS, message: str = "success") -> Answer:
    """One answer in the envelope."""
    return json_answer(200, {"code": code, "msg": message, "data": data, "traceId": truth.hex(16)})


def failed(truth: Truth, failure: Failure) -> Answer:
    """The gateway did not let the call through."""
    words = _GATEWAY[failure.code]
    return answered(truth, None, failure.code, f"{words}:{failure.more}" if failure.more else words)


def refused(truth: Truth, why: Why) -> Answer:
    """The call reached its line, and the rules refused it."""
    words = WORDS[why]
    return answered(truth, None, words.code, words.message)


def refused_as_told(truth: Truth, told: rows.Refusal) -> Answer:
    """The refusal that a control call asked for: a result of dining, or (0) a code of the envelope and its words."""
    if told.code:
        return answered(truth, {"result": told.code, "message": told.words})
    code, _, message = told.words.partition(" ")
    return answered(truth, None, code, message)
