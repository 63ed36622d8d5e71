"""The question which platform a text is from: the usual one is proposed, and no code is shown whole."""

import pytest

from sync.domain.reasons import Code, Reason, because
from terminal.i18n import Words
from terminal.presenters.choice import choose

ZH, EN = Words("redeem", "zh"), Words("redeem", "en")
CODE = "123456789012"


def question(usual: str = "", asked: str = "") -> Reason:
    return because(Code.WHICH_PLATFORM, choices="douyin,meituan", shape="digits_12", usual=usual, asked=asked)


def test_each_platform_has_its_name_in_the_order_of_the_question() -> None:
    view = choose(ZH, CODE, question())
    assert view.platforms == ("douyin", "meituan")
    assert view.names == ("抖音", "美团")
    assert (view.place, view.said) == (0, "")


@pytest.mark.parametrize(("usual", "place"), [("meituan", 1), ("douyin", 0), ("wechat_shop", 0), ("", 0)])
def test_the_usual_one_is_proposed(usual: str, place: int) -> None:
    assert choose(ZH, CODE, question(usual)).place == place


@pytest.mark.parametrize("words", [ZH, EN])
def test_who_was_asked_already_is_named(words: Words) -> None:
    assert words("choose", "unknown", platform="") != choose(words, CODE, question(asked="wechat_shop")).said != ""


@pytest.mark.parametrize("text", [CODE, "1234 5678 9012", " 123456789012\n"])
def test_of_the_text_only_its_end_is_shown(text: str) -> None:
    view = choose(ZH, text, question())
    assert "9012" in view.code
    assert "789012" not in str(view)
