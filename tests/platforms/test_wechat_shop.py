"""Answers of WeChat Shop that the sandbox does not give: odd shapes, common codes, words nobody has listed."""

import json
from typing import Any

import pytest

from sync.clock import FalseClock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.http import Question
from sync.platforms.port import (
    Binding,
    Denied,
    RedeemCall,
    Redeemed,
    Use,
    keep_nothing,
)
from sync.platforms.wechat_shop.adapter import WechatShop
from sync.platforms.wechat_shop.faults import reason_of
from tests.platforms.lossy import DEADLINE_MS, Json, Lossy
from tests.platforms.wechat_model import SECRETS, SETTINGS, TOKEN, Answers, Shop, Sold, called, no, playing, yes

CODE = "1779535501485181467"
TYPED = Credential(CredentialKind.CODE, CODE)
VOUCHER: Json = {"code": CODE, "sku_id": "S1", "status": 1, "order_id": "O1", "voucher_buy_amount": 9900}


def look_up(answers: Answers, credential: Credential = TYPED, token: Json | None = None) -> Any:
    return playing(answers, lambda shop: shop.look_up(credential, DEADLINE_MS), token)


def redeem(answers: Answers, *codes: str) -> Any:
    uses = tuple(Use(f"r{place}", code, f"{code}@S1", code, 9900) for place, code in enumerate(codes or (CODE,)))
    call = RedeemCall("a" * 32, TYPED, uses, "online", 1)
    return playing(answers, lambda shop: shop.redeem(call, keep_nothing, DEADLINE_MS))


def test_the_token_stands_in_the_address_and_the_secret_nowhere_else() -> None:
    asked: list[Question] = []
    playing({"voucher/get": yes(voucher=VOUCHER)}, lambda shop: shop.look_up(TYPED, DEADLINE_MS), asked=asked)
    token, get = asked
    assert json.loads(token.body or b"") == {"grant_type": "client_credential", "appid": "wx1", "secret": "hush-hush"}
    assert get.url.endswith("/channels/ec/voucher/get?access_token=token-1")
    assert not any(secret in repr(asked) for secret in ("hush-hush", "token-1", CODE))


@pytest.mark.parametrize(
    "spoilt",
    [
        {"errmsg": "ok", "voucher": VOUCHER},
        {"errcode": "0", "voucher": VOUCHER},
        yes(),
        yes(voucher=None),
        yes(voucher={**VOUCHER, "code": ""}),
        yes(voucher={**VOUCHER, "code": "another"}),
        yes(voucher=[VOUCHER]),
    ],
)
def test_an_answer_of_another_shape_is_no_answer(spoilt: Json) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        look_up({"voucher/get": spoilt})
    assert caught.value.reason.code is Code.NO_ANSWER


def test_numbers_for_ids_and_null_for_nothing_are_taken() -> None:
    odd = {**VOUCHER, "sku_id": 123, "order_id": None, "status": None, "time_card": None, "voucher_buy_amount": None}
    looked = look_up({"voucher/get": yes(voucher=odd)})
    (coupon,) = looked.coupons
    assert (coupon.offer, coupon.units_left, coupon.state, coupon.price_fen) == ("123", 1, None, 0)
    assert looked.order_ref is None


@pytest.mark.parametrize(
    ("card", "units", "price"),
    [
        ({"total_count": 5, "available_count": 3, "consumed_count": 2}, (5, 3), 2000),
        ({"total_count": 5, "consumed_count": 1}, (5, 4), 2000),
        ({"total_count": 1, "available_count": 1}, (1, 1), 10_000),
        ({"total_count": 0}, (1, 1), 10_000),
    ],
)
def test_a_times_card_is_told_from_a_voucher(card: Json, units: tuple[int, int], price: int) -> None:
    (coupon,) = look_up(
        {"voucher/get": yes(voucher={**VOUCHER, "voucher_buy_amount": 10_000, "time_card": card})}
    ).coupons
    assert (coupon.units_total, coupon.units_left) == units
    assert coupon.kind == ("times_card" if units[0] > 1 else "voucher")
    assert coupon.price_fen == price


@pytest.mark.parametrize("kind", [CredentialKind.CODE, CredentialKind.SEALED])
def test_a_cipher_is_asked_for_as_it_was_before_it_stood_in_an_address(kind: CredentialKind) -> None:
    seen: list[Json] = []

    def answers(_call: str, body: Json) -> Json:
        seen.append(body)
        return yes(voucher=VOUCHER)

    look_up(answers, Credential(kind, "V8FHxXID" * 8 + "k%2B%2F0eQ%3D%3D"))
    assert seen == [{"encrypted_code": "V8FHxXID" * 8 + "k+/0eQ=="}]


@pytest.mark.parametrize("kind", [CredentialKind.PHONE, CredentialKind.SHORT_LINK, CredentialKind.DYNAMIC])
def test_what_is_no_voucher_is_not_asked(kind: CredentialKind) -> None:
    with pytest.raises(Refused) as caught:
        look_up({}, Credential(kind, "13800138000"))
    assert "13800138000" not in f"{caught.value} {caught.value.reason}"


def test_a_typed_code_is_tried_with_the_skus_that_are_known() -> None:
    shop = Shop({CODE: Sold("S3")})
    seen: list[Json] = []

    def strict(call: str, body: Json) -> Json:
        seen.append(body)
        known = "sku_id" in body or "encrypted_code" in body
        return shop.answer(call, body) if known else no(40097, "invalid args: sku_id")

    line = Lossy(lambda question: TOKEN if called(question)[0] == "token" else strict(*called(question)))
    till = WechatShop(Binding("wechat_shop", {**SETTINGS, "sku_ids": "S1, S2 ,"}, SECRETS), line, FalseClock())
    with pytest.raises(Refused) as caught:
        till.look_up(TYPED, DEADLINE_MS)
    assert caught.value.reason.code is Code.NOT_FOUND
    assert [body.get("sku_id") for body in seen] == [None, "S1", "S2"]
    # Whatever was shown once is known from then on, and the bare code is not tried again.
    till.look_up(Credential(CredentialKind.SEALED, f"cipher of {CODE}"), DEADLINE_MS)
    assert till.look_up(TYPED, DEADLINE_MS).coupons
    assert [body.get("sku_id") for body in seen[4:]] == ["S1", "S2", "S3"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (-1, Code.BUSY),
        (40001, Code.CREDENTIALS_WRONG),
        (40013, Code.CREDENTIALS_WRONG),
        (40125, Code.CREDENTIALS_WRONG),
        (40164, Code.NO_PERMISSION),
        (45035, Code.NO_PERMISSION),
        (61004, Code.NO_PERMISSION),
        (48001, Code.NO_PERMISSION),
        (10020150, Code.NO_PERMISSION),
        (45009, Code.QUOTA_USED_UP),
        (45011, Code.BUSY),
        (47001, Code.CONTRACT_BROKEN),
    ],
)
def test_common_codes_say_what_is_wrong_with_us(number: int, code: Code) -> None:
    with pytest.raises(Refused) as caught:
        look_up({"voucher/get": no(number, "words")})
    assert caught.value.reason.code is code
    assert caught.value.reason.about_us
    assert (caught.value.reason.facts["platform_code"], caught.value.reason.facts["words"]) == (number, "words")


@pytest.mark.parametrize(("number", "code"), [(40125, Code.CREDENTIALS_WRONG), (40164, Code.NO_PERMISSION)])
def test_a_token_that_is_refused_is_about_us_and_nothing_was_sent(number: int, code: Code) -> None:
    with pytest.raises(Refused) as caught:
        look_up({}, token=no(number, "words"))
    assert caught.value.reason.code is code


def test_a_token_refused_for_no_known_reason_is_wrong_credentials() -> None:
    with pytest.raises(Refused) as caught:
        look_up({}, token=no(99, "券不存在"))
    assert caught.value.reason.code is Code.CREDENTIALS_WRONG


@pytest.mark.parametrize("token", [{}, {"access_token": "", "expires_in": 7200}, {"access_token": "a"}])
def test_a_token_without_a_token_is_none(token: Json) -> None:
    with pytest.raises(NeverSent):
        look_up({}, token=token)


def test_an_expired_token_is_renewed_once() -> None:
    asked: list[Question] = []
    with pytest.raises(Refused) as caught:
        playing({"voucher/get": no(42001)}, lambda shop: shop.look_up(TYPED, DEADLINE_MS), asked=asked)
    assert caught.value.reason.code is Code.CREDENTIALS_WRONG
    assert [question.what for question in asked] == ["token", "prepare", "token", "prepare"]


def test_a_busy_platform_may_have_done_what_it_was_asked() -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        redeem({"voucher/get": yes(voucher=VOUCHER), "voucher/consume": no(-1, "system error")})
    assert caught.value.reason.code is Code.NO_ANSWER


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("券已退", Code.REFUNDED),
        ("券正在退款中", Code.REFUND_ASKED),
        ("券已过期", Code.EXPIRED),
        ("券不存在", Code.NOT_FOUND),
        ("券不适用该门店", Code.OTHER_STORE),
        ("月亮不圆", Code.PLATFORM_REFUSED),
    ],
)
def test_a_refused_voucher_tells_why_in_the_platforms_words(words: str, code: Code) -> None:
    failed = [{"code": CODE, "sku_id": "S1", "ret_code": 10023109, "ret_msg": words}]
    answers = {
        "voucher/get": yes(voucher=VOUCHER),
        "voucher/consume": no(10023001, "存在券无法执行此操作", fail_voucher_list=failed),
    }
    (result,) = redeem(answers)
    assert isinstance(result, Denied)
    assert (result.reason.code, result.reason.facts["words"]) == (code, words)
    assert result.reason.facts["platform_code"] == "10023109"


def test_words_are_kept_without_numbers_that_could_be_a_code() -> None:
    assert CODE not in str(reason_of(1, f"券 {CODE} 不行").facts)


def test_a_failed_voucher_that_nobody_asked_about_is_another_question() -> None:
    failed = [{"code": "another", "ret_code": 1, "ret_msg": "券已退"}]
    with pytest.raises(OutcomeUnknown):
        redeem({"voucher/get": yes(voucher=VOUCHER), "voucher/consume": no(1, fail_voucher_list=failed)})


def test_one_that_failed_because_the_platform_is_busy_fails_nobody() -> None:
    failed = [{"code": CODE, "ret_code": 1, "ret_msg": "系统繁忙"}]
    with pytest.raises(Refused) as caught:
        redeem({"voucher/get": yes(voucher=VOUCHER), "voucher/consume": no(1, fail_voucher_list=failed)})
    assert caught.value.reason.code is Code.BUSY


def test_a_no_without_a_name_denies_all_where_the_vouchers_tell_nothing() -> None:
    answers: Answers = lambda call, body: (  # noqa: E731
        yes(voucher={**VOUCHER, "code": body["code"]}) if call == "voucher/get" else no(10020000, "门店不可用")
    )
    results = redeem(answers, "A", "B")
    assert [result.reason.code for result in results if isinstance(result, Denied)] == [Code.OTHER_STORE] * 2


def test_a_probe_is_content_with_any_no_that_is_not_about_us() -> None:
    playing({"voucher/get": no(10023002, "券不存在")}, lambda shop: shop.probe(DEADLINE_MS))
    with pytest.raises(Refused):
        playing({"voucher/get": no(48001, "api unauthorized")}, lambda shop: shop.probe(DEADLINE_MS))


def test_the_time_and_worth_of_a_use_are_the_platforms_where_it_tells_them() -> None:
    done = {**VOUCHER, "status": 2, "consume_time": 1_795_000_050}
    (result,) = redeem({"voucher/get": yes(voucher=VOUCHER), "voucher/consume": yes(voucher_list=[done])})
    assert isinstance(result, Redeemed)
    assert (result.at_ms, result.amount_fen) == (1_795_000_050_000, 9900)
    (result,) = redeem({"voucher/get": yes(voucher=VOUCHER), "voucher/consume": yes()})
    assert isinstance(result, Redeemed)
    assert result.at_ms == FalseClock().wall_ms()
