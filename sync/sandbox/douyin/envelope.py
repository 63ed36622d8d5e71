"""How Douyin wraps every answer: HTTP 200 with an error code in `data` and in `extra`."""

from dataclasses import dataclass, field

from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Json, json_answer

BUSINESS = 3000001
BAD_PARAMETER = 2100005
TOKEN_EXPIRED = 2190008
TOO_OFTEN = 28003018
# The one sub code seen in a real answer: the cancel window has passed.
WINDOW_PASSED = 2034000910

# What the gateway in front of all calls says, in its old and its new family of numbers.
GATEWAY_WORDS = {
    2100004: "系统繁忙,此时请开发者稍候再试",
    28001005: "系统内部错误,请重试",
    28001006: "网络调用错误,请重试",
    BAD_PARAMETER: "参数不合法",
    28001007: "参数不合法",
    2100007: "无权限操作",
    2100009: "用户被禁封使用该操作",
    2119005: "应用未获商家授权",
    2190001: "quota已用完",
    28003017: "quota已用完",
    TOKEN_EXPIRED: "access_token 无效或已过期,请重新获取",
    28001008: "access_token过期,请刷新或重新授权",
    28001012: "应用未获得该能力",
    28001014: "应用未授权任何能力",
    28001016: "当前应用已被封禁或下线",
    28001018: "应用未获得该能力,请去平台申请",
    TOO_OFTEN: "应用请求过于频繁,请稍后重试",
    BUSINESS: "服务器错误,请稍后重试",
    10002: "参数错误",
    10003: "client_key 不存在",
    10013: "client_key 或者 client_secret 报错",
    10020: "请求过于频繁",
}


@dataclass(eq=False, slots=True)
class Failure(Exception):
    """Douyin says no. `data` holds the empty fields that the call's answer carries beside the error."""

    code: int
    description: str
    sub_code: int = 0
    sub_description: str = ""
    data: Json = field(default_factory=dict)


def business(description: str, sub_code: int = 0, data: Json | None = None) -> Failure:
    """A refusal by the rules of fulfilment: only its words tell the cause."""
    return Failure(BUSINESS, description, sub_code, description if sub_code else "", data or {})


def bad_parameter(complaint: str) -> Failure:
    """A call that the gateway does not understand."""
    return Failure(BAD_PARAMETER, "参数不合法", 0, complaint)


def _extra(truth: Truth, code: int, description: str, sub_code: int, sub_description: str) -> Json:
    now_s = truth.now_s()
    return {
        "error_code": code,
        "description": description,
        "sub_error_code": sub_code,
        "sub_description": sub_description,
        "logid": f"{now_s}{truth.hex(10).upper()}",
        "now": now_s,
    }


def succeeded(truth: Truth, data: Json) -> Answer:
    """The call did what it was asked."""
    body = {"data": {"error_code": 0, "description": "success", **data}, "extra": _extra(truth, 0, "", 0, "")}
    return json_answer(200, body)


def failed(truth: Truth, failure: Failure) -> Answer:
    """The call did nothing."""
    data = {**failure.data, "error_code": failure.code, "description": failure.description}
    extra = _extra(truth, failure.code, failure.description, failure.sub_code, failure.sub_description)
    return json_answer(200, {"data": data, "extra": extra})
