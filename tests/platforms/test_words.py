"""What a platform's words give away, and how much of them is kept."""

import pytest

from sync.domain.reasons import Code
from sync.platforms.words import WORDS_LIMIT, cleaned, code_of


@pytest.mark.parametrize("words", ["", "月亮不圆", "???", "1002"])
def test_words_that_say_nothing_are_a_refusal_and_no_more(words: str) -> None:
    assert code_of(words) is Code.PLATFORM_REFUSED


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Coupon ALREADY USED", Code.USED_ELSEWHERE),
        ("退款中的券已使用", Code.REFUND_ASKED),
        ("券已退款", Code.REFUNDED),
        ("超过可撤销时间", Code.WINDOW_PASSED),
        ("券已结算,不可撤销", Code.SETTLED),
        ("非本店的券", Code.OTHER_STORE),
        ("已撤销", Code.ALREADY_REVERSED),
        ("系统繁忙,该券已使用?", Code.BUSY),
    ],
)
def test_the_first_turn_that_fits_counts(words: str, code: Code) -> None:
    assert code_of(words) is code


def test_turns_of_ones_own_come_alone() -> None:
    turns = ((Code.CLOCK_OFF, ("clock",)),)
    assert code_of("The CLOCK is off", turns) is Code.CLOCK_OFF
    assert code_of("券已退款", turns) is Code.PLATFORM_REFUSED


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("券 104686126200130 已使用", "券 … 已使用"),
        ("手机13800138000不符", "手机…不符"),
        ("券 1046 8612 6200 130 已使用", "券 … 已使用"),
        ("券 03328-08512 已使用", "券 … 已使用"),
        ("手机 138-0013-8000、138 0013 8000 不符", "手机 …、… 不符"),
        ("已于 2026-11-22 10:00 核销", "已于 2026-11-22 10:00 核销"),
        ("超过 10 分钟 100 次", "超过 10 分钟 100 次"),
        ("错误 10023", "错误 10023"),
        ("x" * 999, "x" * WORDS_LIMIT),
    ],
)
def test_no_number_that_could_be_a_code_or_a_phone_is_kept(words: str, kept: str) -> None:
    assert cleaned(words) == kept
