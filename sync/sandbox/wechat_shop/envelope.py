"""How WeChat wraps every answer: HTTP 200, and an errcode with its errmsg where something is wrong."""

from dataclasses import dataclass, field

from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Json, dump

# As api.weixin.qq.com labels it.
_TYPE = "application/json; encoding=utf-8"

BUSY = -1
INVALID_CREDENTIAL = 40001
INVALID_GRANT_TYPE = 40002
INVALID_APPID = 40013
INVALID_ARGUMENTS = 40097
INVALID_SECRET = 40125
IP_NOT_LISTED_FOR_TOKEN = 40164
TOKEN_MISSING = 41001
APPID_MISSING = 41002
SECRET_MISSING = 41004
TOKEN_EXPIRED = 42001
POST_REQUIRED = 43002
EMPTY_BODY = 44002
QUOTA_USED_UP = 45009
TOO_FAST = 45011
IP_NOT_LISTED = 45035
BAD_DATA = 47001
UNAUTHORIZED = 48001
# The numbers of the three below are guesses; the words of the first were seen in an answer.
VOUCHER_REFUSED = 10023001
NO_SUCH_VOUCHER = 10023002
NUMBER_TAKEN = 10023003

WORDS = {
    BUSY: "system error",
    INVALID_CREDENTIAL: "invalid credential, access_token is invalid or not latest, "
    "could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
    INVALID_GRANT_TYPE: "invalid grant_type",
    INVALID_APPID: "invalid appid",
    INVALID_ARGUMENTS: "invalid args",
    INVALID_SECRET: "invalid appsecret",
    IP_NOT_LISTED_FOR_TOKEN: "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
    TOKEN_MISSING: "access_token missing",
    APPID_MISSING: "appid missing",
    SECRET_MISSING: "appsecret missing",
    TOKEN_EXPIRED: "access_token expired",
    POST_REQUIRED: "require POST method",
    EMPTY_BODY: "empty post data",
    QUOTA_USED_UP: "reach max api daily quota limit",
    TOO_FAST: "api minute-quota reach limit must slower retry next minute",
    IP_NOT_LISTED: "access clientip is not registered, not in ip-white-list",
    BAD_DATA: "data format error",
    UNAUTHORIZED: "api unauthorized",
    48004: "api forbidden for irregularities",
    50002: "user limited",
    61004: "access clientip is not registered, not in ip-white-list",
    VOUCHER_REFUSED: "存在券无法执行此操作",
    NO_SUCH_VOUCHER: "券不存在",
    NUMBER_TAKEN: "请求单号已被使用",
}


@dataclass(eq=False, slots=True)
class Failure(Exception):
    """WeChat says no. Without `words` the errcode has its usual ones; `data` lies beside them."""

    errcode: int
    words: str = ""
    data: Json = field(default_factory=dict)


def succeeded(data: Json) -> Answer:
    """A call about vouchers did what it was asked."""
    return plain({"errcode": 0, "errmsg": "ok", **data})


def plain(body: Json) -> Answer:
    """Exactly this; a token comes without an errcode."""
    return Answer(200, dump(body), _TYPE)


def failed(truth: Truth, failure: Failure) -> Answer:
    """The call did nothing. The words end in the number of the request, as support asks for it."""
    words = failure.words or WORDS.get(failure.errcode, "unknown error")
    rid = f"{truth.now_s():x}-{truth.hex(4)}-{truth.hex(4)}"
    return plain({"errcode": failure.errcode, "errmsg": f"{words} rid: {rid}", **failure.data})
