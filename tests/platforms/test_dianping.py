"""Dianping's old interface beyond what the sandbox does: signatures, times, odd shapes, words of refusal."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.clock import FalseClock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown, Refused
from sync.platforms.dianping.faults import reason_of
from sync.platforms.dianping.signing import signature
from sync.platforms.dianping.wire import Granted, Receipt
from sync.platforms.port import Denied, RedeemCall, Redeemed, Use, keep_nothing
from tests.platforms.dianping_model import Answers, bad, good, playing
from tests.platforms.lossy import DEADLINE_MS, Json

CODE = "0332808512"
TYPED = Credential(CredentialKind.CODE, CODE)
ITEM: Json = {
    "receipt_code": CODE,
    "deal_id": 7,
    "deal_title": "双人套餐",
    "deal_price": 99.0,
    "count": 1,
    "order_id": 5,
}


def look_up(answers: Answers, text: str = CODE) -> Any:
    return playing(answers, lambda shop: shop.look_up(Credential(CredentialKind.CODE, text), DEADLINE_MS))


def redeem(answers: Answers, units: int = 1) -> Any:
    uses = tuple(Use(f"r{place}", CODE, None, CODE, 9900) for place in range(units))
    call = RedeemCall("a" * 32, TYPED, uses, "online", 1)
    return playing(answers, lambda shop: shop.redeem(call, keep_nothing, DEADLINE_MS))


def test_the_signature_is_the_platforms() -> None:
    assert signature("xyz", {"a": "1", "b": "2", "ab": "3"}) == "32d22b4bb85983b360ade00ffb469420"


def test_requests_bear_beijings_time_and_a_signature_over_all() -> None:
    asked: list[tuple[str, Json]] = []
    playing({"prepare": good(ITEM)}, lambda shop: shop.look_up(TYPED, DEADLINE_MS), asked=asked)
    ((call, form),) = asked
    assert call == "prepare"
    # 1,795,000,000 s is 11:06:40 UTC on 18 November 2026.
    assert (FalseClock().wall_ms(), form["timestamp"]) == (1_795_000_000_000, "2026-11-18 19:06:40")
    sign = form.pop("sign")
    assert sign == signature("hush-hush", form)
    assert {"app_key", "format", "v", "sign_method", "session", "open_shop_uuid", "receipt_code"} <= form.keys()
    assert "hush-hush" not in json.dumps(form)


@given(st.integers(0, 9_999_999))
def test_yuan_come_out_as_whole_fen(fen: int) -> None:
    for price in (fen / 100, f"{fen // 100}.{fen % 100:02d}"):
        receipt = Receipt.model_validate(json.loads(json.dumps({**ITEM, "deal_price": price})))
        assert receipt.unit_fen() == fen


@pytest.mark.parametrize(
    "odd",
    [
        {"receiptEndDate": "2026-12-22 14:54:46"},
        {"receipt_end_date": "2026-12-22 14:54:46"},
        {"receiptEndDate": 1797922486000},
        {"receiptEndDate": "1797922486"},
    ],
)
def test_the_end_of_validity_is_read_however_it_comes(odd: Json) -> None:
    (coupon,) = look_up({"prepare": good({**ITEM, **odd})}).coupons
    assert coupon.valid_until_ms == 1_797_922_486_000
    assert (coupon.ref, coupon.price_fen, coupon.code) == (CODE, 9900, CODE)


def test_null_and_missing_fields_are_nothing() -> None:
    bare = {"receipt_code": CODE, "deal_price": None, "count": None, "biz_type": None, "deal_title": None}
    looked = look_up({"prepare": good(bare)})
    (coupon,) = looked.coupons
    assert (coupon.title, coupon.price_fen, coupon.units_left, coupon.kind) == ("", 0, 1, "voucher")
    assert looked.order_ref is None


@pytest.mark.parametrize(
    "spoilt",
    [
        {"code": "yes", "data": ITEM},
        {"msg": "success", "data": ITEM},
        good({**ITEM, "receipt_code": ""}),
        good({**ITEM, "receipt_code": "9999999999"}),
        good({**ITEM, "deal_price": "cheap"}),
        good([1, 2]),
        good("ok"),
    ],
)
def test_an_answer_of_another_shape_is_no_answer(spoilt: Json) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        look_up({"prepare": spoilt})
    assert caught.value.reason.code is Code.NO_ANSWER


def test_an_empty_yes_means_that_nothing_can_be_used() -> None:
    with pytest.raises(Refused) as caught:
        look_up({"prepare": good(None)})
    assert caught.value.reason.code is Code.NOTHING_USABLE


def test_a_qr_that_is_no_code_is_scanned_and_brings_a_line_a_deal() -> None:
    other = {**ITEM, "receipt_code": "1234567890", "deal_id": 8, "count": 2}
    looked = look_up({"scanprepare": good([{**ITEM, "count": 3}, other])}, "QR-1-abcdef")
    assert [(coupon.code, coupon.units_left) for coupon in looked.coupons] == [(CODE, 3), ("1234567890", 2)]


def test_a_qr_that_brings_coupon_by_coupon_counts_each_once() -> None:
    items = [{**ITEM, "receipt_code": f"000000000{n}", "count": 3} for n in range(3)]
    looked = look_up({"scanprepare": good(items)}, "QR-1-abcdef")
    assert [coupon.units_left for coupon in looked.coupons] == [1, 1, 1]


def test_what_one_scan_found_is_redeemed_code_by_code() -> None:
    items = [{**ITEM, "receipt_code": f"000000000{n}", "count": 2} for n in range(2)]
    asked: list[tuple[str, Json]] = []

    def answers(call: str, form: Json) -> Json:
        found = [item for item in items if item["receipt_code"] == form.get("receipt_code")]
        return good(items if call == "scanprepare" else found)

    uses = tuple(Use(f"r{place}", None, None, None, 9900) for place in range(2))
    call = RedeemCall("a" * 32, Credential(CredentialKind.CODE, "QR-1-abcdef"), uses, "recorded", 1)
    results = playing(answers, lambda shop: shop.redeem(call, keep_nothing, DEADLINE_MS), asked=asked)
    assert [result.code for result in results if isinstance(result, Redeemed)] == ["0000000000", "0000000001"]
    assert [form["requestid"] for name, form in asked if name == "consume"] == ["a" * 32, "a" * 32 + "_2"]


@pytest.mark.parametrize("kind", [CredentialKind.PHONE, CredentialKind.SHORT_LINK, CredentialKind.DYNAMIC])
def test_what_is_no_coupon_of_dianping_is_not_asked(kind: CredentialKind) -> None:
    credential = Credential(kind, "13800138000")
    with pytest.raises(Refused) as caught:
        playing({}, lambda shop: shop.look_up(credential, DEADLINE_MS))
    assert "13800138000" not in f"{caught.value} {caught.value.reason}"


def test_a_redemption_tells_its_deal_and_never_the_code() -> None:
    (result,) = redeem({"prepare": good(ITEM), "consume": good([ITEM])})
    assert isinstance(result, Redeemed)
    assert dict(result.refs) == {"app_deal_id": "7"}
    assert (result.code, result.amount_fen) == (CODE, 9900)


def test_one_item_without_its_list_is_taken() -> None:
    (result,) = redeem({"prepare": good(ITEM), "consume": good(ITEM)})
    assert isinstance(result, Redeemed)


@pytest.mark.parametrize("data", [None, [], [{**ITEM, "receipt_code": "9999999999"}]])
def test_a_yes_about_nothing_or_another_is_not_believed(data: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        redeem({"prepare": good(ITEM), "consume": good(data)})


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("该券已被使用", Code.USED_ELSEWHERE),
        ("券已验证过", Code.USED_ELSEWHERE),
        ("该券已退款", Code.REFUNDED),
        ("券退款中", Code.REFUND_ASKED),
        ("该券已过期", Code.EXPIRED),
        ("该券已冻结", Code.FROZEN),
        ("该券不适用于本门店", Code.OTHER_STORE),
        ("券码不存在", Code.NOT_FOUND),
        ("可用券数量不足", Code.UNITS_TOO_MANY),
        ("次卡可用次数不足", Code.UNITS_TOO_MANY),
        ("该券未验证,无法撤销", Code.ALREADY_REVERSED),
        ("已超过10分钟", Code.WINDOW_PASSED),
        ("签名验证失败", Code.CREDENTIALS_WRONG),
        ("app_key 不存在", Code.CREDENTIALS_WRONG),
        ("app_secret 错误", Code.CREDENTIALS_WRONG),
        ("session 无效", Code.AUTHORISATION_ENDED),
        ("refresh_token 无效或已过期", Code.AUTHORISATION_ENDED),
        ("session 没有该门店的权限", Code.NO_PERMISSION),
        ("IP不在白名单", Code.NO_PERMISSION),
        ("timestamp 超出有效时间范围,请校准系统时间", Code.CLOCK_OFF),
        ("参数错误:receipt_code", Code.CONTRACT_BROKEN),
        ("系统繁忙,请稍后再试", Code.BUSY),
        ("今日调用次数已达上限", Code.QUOTA_USED_UP),
        ("月亮不圆", Code.PLATFORM_REFUSED),
    ],
)
def test_words_mean_what_they_say(words: str, code: Code) -> None:
    reason = reason_of(9999, words)
    assert reason.code is code
    assert (reason.facts["platform_code"], reason.facts["words"]) == (9999, words)


def test_words_are_kept_without_numbers_that_could_be_a_code() -> None:
    assert CODE not in str(reason_of(1, f"券 {CODE} 不行").facts)


def test_an_unknown_no_keeps_the_platforms_words() -> None:
    unused = bad(1010, "该券未验证")
    (result,) = redeem({"prepare": good(ITEM), "consume": bad(1099, "月亮不圆"), "getconsumed": unused})
    assert isinstance(result, Denied)
    assert (result.reason.code, result.reason.facts["words"]) == (Code.PLATFORM_REFUSED, "月亮不圆")


@pytest.mark.parametrize("listed", [True, False])
def test_a_yes_that_names_fewer_coupons_is_completed_from_the_book_or_not_settled(listed: bool) -> None:
    def answers(call: str, form: Json) -> Json:
        match call:
            case "prepare":
                return good({**ITEM, "count": 2})
            case "consume":
                answers.who = form["app_shop_account"]  # type: ignore[attr-defined]
                return good([ITEM])
            case _:
                who = answers.who if listed else ""  # type: ignore[attr-defined]
                used = {"verify_account": who, "verify_time": "2026-11-18 21:46:40"}
                codes = (CODE, "0332808513")
                records = [{**ITEM, **used, "receipt_code": code} for code in codes]
                return good({"total_count": 2, "records": records})

    if not listed:
        with pytest.raises(OutcomeUnknown):
            redeem(answers, 2)
        return
    results = redeem(answers, 2)
    assert [result.code for result in results] == [CODE, "0332808513"]


def test_a_session_without_its_life_is_kept_all_the_same() -> None:
    assert Granted.model_validate({"access_token": "a", "refresh_token": "b"}).expires_in == 0
    assert Granted.model_validate({"access_token": "a", "expires_in": "soon"}).expires_in == 0
