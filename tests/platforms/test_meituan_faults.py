"""Each refusal of Meituan's becomes one reason; what nobody has listed keeps the platform's words, without numbers."""

import json
from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused
from tests.platforms.meituan_script import CODE, ITEM, Script, bad, call, good

GATEWAY = [
    ("OP_UNIAUTH_FAILED", {"code": 3}, "签名错误", Code.CREDENTIALS_WRONG),
    ("OP_UNIAUTH_FAILED", {"code": "3"}, "", Code.CREDENTIALS_WRONG),
    ("OP_UNIAUTH_FAILED", {"code": 19}, "没有api权限", Code.NO_PERMISSION),
    ("OP_UNIAUTH_FAILED", {"code": 22}, "授权过期", Code.AUTHORISATION_ENDED),
    ("OP_UNIAUTH_FAILED", None, "IP不在白名单", Code.NO_PERMISSION),
    ("OP_UNIAUTH_FAILED", None, "时间戳已过期", Code.CLOCK_OFF),
    ("OP_UNIAUTH_FAILED", None, "", Code.CREDENTIALS_WRONG),
    ("OP_API_GRANT_FAILED", None, "没有Api权限", Code.NO_PERMISSION),
    ("OP_API_NOT_EXIST", None, "接口不存在", Code.NO_PERMISSION),
    ("OP_SYSTEM_PARAM_ERROR", None, "缺少系统参数", Code.CONTRACT_BROKEN),
    ("OP_LIMITATION_REJECT", None, "限流拒绝", Code.BUSY),
    ("OP_CIRCUITBREAK", None, "触发熔断", Code.BUSY),
    ("OP_SYSTEM_ERROR", None, "网关错误", Code.BUSY),
    ("OP_SIGN_ERROR", None, "", Code.CREDENTIALS_WRONG),
    ("OP_TIMESTAMP_EXPIRED", None, "", Code.CLOCK_OFF),
    ("OP_IP_NOT_IN_WHITELIST", None, "", Code.NO_PERMISSION),
    ("OP_QUOTA_EXCEEDED", None, "", Code.QUOTA_USED_UP),
    ("OP_BIZ_ERROR", None, "签名校验失败", Code.CREDENTIALS_WRONG),
    ("OP_BIZ_ERROR", None, "签名无效", Code.CREDENTIALS_WRONG),
    ("OP_BIZ_ERROR", None, "appAuthToken无效", Code.AUTHORISATION_ENDED),
    ("OP_BIZ_ERROR", None, "门店授权已过期", Code.AUTHORISATION_ENDED),
    ("OP_BIZ_ERROR", None, "门店未开通该业务", Code.NO_PERMISSION),
    ("OP_BIZ_ERROR", None, "没有权限", Code.NO_PERMISSION),
]
BUSINESS = [
    ("该券已使用", Code.USED_ELSEWHERE),
    ("券码已消费", Code.USED_ELSEWHERE),
    ("该券已退款", Code.REFUNDED),
    ("该券退款中", Code.REFUND_ASKED),
    ("该券已过期", Code.EXPIRED),
    ("该券已冻结", Code.FROZEN),
    ("该券不适用于本门店", Code.OTHER_STORE),
    ("券码不存在", Code.NOT_FOUND),
    ("未到可用时间", Code.NOT_VALID_YET),
    ("今日不可用", Code.NOT_TODAY),
    ("系统繁忙,请稍后再试", Code.BUSY),
    ("可用次数不足", Code.UNITS_TOO_MANY),
    ("其他门店的券,无权限核销", Code.OTHER_STORE),
]


@pytest.mark.parametrize("business", ["58", "1"])
@pytest.mark.parametrize(("code", "data", "words", "meant"), GATEWAY)
def test_the_gateways_no_is_about_us(business: str, code: str, data: Any, words: str, meant: Code) -> None:
    # An authorisation that ended can't be renewed here; the dining line tries its newer call where it may.
    script = Script([bad(code, words, data)] * 2, business)
    with pytest.raises(Refused) as caught:
        script.look_up()
    assert caught.value.reason.code is meant
    assert caught.value.reason.about_us
    assert caught.value.reason.facts.get("platform_code", code) == code


@pytest.mark.parametrize("business", ["58", "1"])
@pytest.mark.parametrize(("words", "meant"), BUSINESS)
def test_the_businesss_no_is_read_from_its_words(business: str, words: str, meant: Code) -> None:
    script = Script([bad("OP_BIZ_ERROR", words)] * 2, business)
    with pytest.raises(Refused) as caught:
        script.look_up()
    assert caught.value.reason.code is meant
    assert caught.value.reason.facts["words"] == words


@pytest.mark.parametrize(("words", "meant"), BUSINESS)
def test_dining_says_no_inside_a_yes_too(words: str, meant: Code) -> None:
    script = Script([good({"result": 1, "message": words})] * 2, "1")
    with pytest.raises(Refused) as caught:
        script.look_up()
    assert caught.value.reason.code is meant
    assert caught.value.reason.facts["words"] == words


@pytest.mark.parametrize("business", ["58", "1"])
@pytest.mark.parametrize("code", ["OP_BIZ_ERROR", "ZZ_NEW_CODE", "10086", "OP_UNHEARD_OF"])
def test_an_unknown_no_keeps_the_platforms_words_without_the_customers_numbers(business: str, code: str) -> None:
    words = f"券{CODE}状态异常(13800138000),原因ZX-42"
    with pytest.raises(Refused) as caught:
        Script([bad(code, words)] * 2, business).look_up()
    reason = caught.value.reason
    assert reason.code is Code.PLATFORM_REFUSED
    assert reason.facts["words"] == "券…状态异常(…),原因ZX-42"
    assert reason.facts["platform_code"] == code
    assert CODE not in json.dumps(dict(reason.facts))


def test_a_code_that_is_echoed_beside_a_no_is_not_kept() -> None:
    with pytest.raises(Refused) as caught:
        Script([bad("OP_BIZ_ERROR", "券码 1838 2622 2601 异常", {"code": CODE})]).look_up()
    facts = json.dumps(dict(caught.value.reason.facts))
    assert CODE not in facts
    assert "2622" not in facts


@pytest.mark.parametrize("business", ["58", "1"])
@pytest.mark.parametrize("code", ["OP_SYSTEM_ERROR", "OP_REMOTE_ERROR", "OP_RPC_INVOKE_ERROR", "OP_TIMEOUT"])
def test_a_redemption_that_broke_behind_the_gateway_may_have_been_done(business: str, code: str) -> None:
    looked = Script([good(ITEM)], business).look_up()
    with pytest.raises(OutcomeUnknown) as caught:
        Script([bad(code, "服务异常")], business).redeem(call(looked.prepared, CODE))
    assert caught.value.reason.facts["wrong"] == f"code_{code}"


@pytest.mark.parametrize("business", ["58", "1"])
@pytest.mark.parametrize("code", ["OP_LIMITATION_REJECT", "OP_UNIAUTH_REMOTE_ERROR"])
def test_a_redemption_that_the_gateway_held_back_was_not_done(business: str, code: str) -> None:
    looked = Script([good(ITEM)], business).look_up()
    with pytest.raises(Refused) as caught:
        Script([bad(code)], business).redeem(call(looked.prepared, CODE))
    assert caught.value.reason.code is Code.BUSY


def test_a_token_rejected_once_is_renewed_and_the_request_repeated() -> None:
    granted = good({"accessToken": "t2", "refreshToken": "r2", "expireIn": 2_592_000})
    script = Script([bad("OP_UNIAUTH_FAILED", "令牌已过期", {"code": 4}), granted, good(ITEM)])
    script.secrets["refresh_token"] = "r1"
    assert script.look_up().coupons[0].ref == CODE
    assert [path for path, _ in script.asked] == [
        "/ddzh/tuangou/receipt/prepare",
        "/oauth/refresh",
        "/ddzh/tuangou/receipt/prepare",
    ]
    renewal = script.asked[1][1]
    assert (renewal["refreshToken"], renewal["grantType"], renewal["scope"]) == ("r1", "refresh_token", "all")


@pytest.mark.parametrize("told", [{}, {"expireIn": None}, {"expireIn": 0}, {"expireIn": "a month"}])
def test_tokens_whose_life_is_not_told_are_kept_all_the_same(told: dict[str, Any]) -> None:
    granted = good({"accessToken": "t2", "refreshToken": "r2", **told})
    script = Script([bad("OP_UNIAUTH_FAILED", "", {"code": 4}), granted, good(ITEM)])
    script.secrets["refresh_token"] = "r1"
    assert script.look_up().coupons[0].ref == CODE


@pytest.mark.parametrize(
    "answer",
    [good(None), good({}), good({"accessToken": ""}), good([]), b"{}", b""],
)
def test_a_renewal_that_brings_no_token_sends_nothing(answer: Any) -> None:
    script = Script([bad("OP_UNIAUTH_FAILED", "", {"code": 4}), answer])
    script.secrets["refresh_token"] = "r1"
    with pytest.raises(PlatformError) as caught:
        script.redeem(call(None, None))
    assert isinstance(caught.value, Refused | NeverSent)
    assert caught.value.reason.about_us
    assert [path for path, _ in script.asked if "consume" in path] == []
