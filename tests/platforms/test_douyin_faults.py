"""Douyin's numbers and words as reasons."""

import pytest

from sync.domain.reasons import Code
from sync.platforms.douyin.faults import PreparationDead, reason_of, refused, state_of


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("该券已被使用", Code.USED_ELSEWHERE),
        ("该券已退款", Code.REFUNDED),
        ("券退款中", Code.REFUND_ASKED),
        ("券已过期", Code.EXPIRED),
        ("当前门店不可核销", Code.OTHER_STORE),
        ("券码无法查询", Code.NOT_FOUND),
        ("二维码参数错误", Code.QR_DEAD),
        ("QR parameter invalid", Code.QR_DEAD),
        ("coupon cannot be queried by typed code", Code.NOT_FOUND),
        ("系统繁忙,请稍后再试", Code.BUSY),
        ("已超过撤销时间", Code.WINDOW_PASSED),
        ("", Code.PLATFORM_REFUSED),
    ],
)
def test_the_business_bucket_is_told_by_its_words(words: str, code: Code) -> None:
    assert reason_of(3000001, words).code is code


def test_words_about_the_token_are_not_about_the_coupon() -> None:
    assert isinstance(refused(3000001, "verify_token 已过期"), PreparationDead)
    assert not isinstance(refused(3000001, "券已过期"), PreparationDead)
    assert not isinstance(refused(28001008, "token expired"), PreparationDead)


def test_a_busy_platform_that_advises_a_fresh_token_may_have_verified() -> None:
    no = refused(3000001, "系统繁忙,请稍后重新准备")
    assert not isinstance(no, PreparationDead)
    assert no.reason.code is Code.BUSY


@pytest.mark.parametrize(
    ("status", "code"), [(2, "used_elsewhere"), (3, "refund_asked"), (6, "refund_asked"), (4, "refunded")]
)
def test_a_status_that_stands_in_the_way(status: int, code: str) -> None:
    state = state_of(status)
    assert state is not None
    assert state.code == code
    assert [state_of(usable) for usable in (None, 0, 1, 5)] == [None] * 4


def test_words_are_kept_for_support_without_numbers_that_could_be_secret() -> None:
    reason = reason_of(3000001, "券 104686126200130 属于 13800138000, 错误 42", 2034000910)
    assert reason.facts["words"] == "券 … 属于 …, 错误 42"
    assert (reason.facts["platform_code"], reason.facts["platform_sub_code"]) == (3000001, 2034000910)
    assert len(str(reason_of(3000001, "字" * 500).facts["words"])) == 200
