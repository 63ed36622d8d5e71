"""Reversals at Meituan's retail services: whose use would be taken back, and which words are believed."""

from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown
from sync.platforms.meituan.identity import Till
from sync.platforms.port import Denied, ReverseCall, Reversed
from tests.platforms.meituan_script import CODE, ITEM, Script, bad, good

REDEEMED, LATER = "4f6d2a8b9c0d1e2f", "a0a1a2a3a4a5a6a7"
CARD = {**ITEM, "bizType": 205, "tgTimesCardFlag": True, "purchaseToConsumeRatio": "5"}


def used_by(account: str, channel: str = "15", at: str = "2999-01-01 10:00:00") -> dict[str, Any]:
    return good({"receiptCode": CODE, "verifyAccount": account, "verifyChannel": channel, "verifyTime": at})


OURS, ANOTHERS = used_by(Till("T1").marked(REDEEMED)), used_by(Till("T1").marked(LATER))


def reverse(*answers: Any, left: int | None = None, at: int = 0) -> tuple[Any, Script]:
    refs = {"deal": "7"} if left is None else {"deal": "7", "left": str(left), "at": str(at)}
    script = Script(answers)
    reversal = ReverseCall("v1", REDEEMED, {"r0": refs}, {"r0": CODE})
    (result,) = script.play(lambda platform, soon: platform.reverse(reversal, soon))
    return result, script


def test_what_a_reversal_sends() -> None:
    result, script = reverse(OURS, good({"result": []}))
    assert isinstance(result, Reversed)
    path, biz = script.asked[-1]
    assert path.endswith("/reverseconsume")
    mark = Till("T1").marked(REDEEMED)
    assert biz == {"receiptCode": CODE, "dealId": "7", "appShopAccount": mark, "appShopAccountName": "T1"}


@pytest.mark.parametrize("told", [ANOTHERS, used_by("T2"), used_by("T1", channel="3")])
def test_a_use_of_another_is_not_taken_back(told: Any) -> None:
    result, script = reverse(told)
    assert isinstance(result, Denied)
    assert result.reason.code is Code.USED_ELSEWHERE
    assert len(script.asked) == 1


def test_of_a_card_that_was_used_again_since_ours_was_taken_back_nothing_is() -> None:
    # The answer to the first try was lost; as many uses are left as behind ours, and the latest is not ours.
    result, script = reverse(good({**CARD, "count": 3}), ANOTHERS, left=3)
    assert isinstance(result, Denied)
    assert result.reason.code is Code.NOT_LATEST
    assert [path for path, _ in script.asked if "reverse" in path] == []


def test_where_no_account_is_told_a_cards_later_use_is_known_by_its_time() -> None:
    used_ms = 1_795_312_800_000
    at_ten = used_by("open-api", at="2026-11-22 10:00:00")
    result, _ = reverse(good({**CARD, "count": 3}), at_ten, left=3, at=used_ms - 600_000)
    assert isinstance(result, Denied)
    assert result.reason.code is Code.NOT_LATEST
    result, _ = reverse(good({**CARD, "count": 3}), at_ten, good({"result": []}), left=3, at=used_ms + 5000)
    assert isinstance(result, Reversed)


@pytest.mark.parametrize("told", [OURS, used_by("T1"), used_by(""), bad("OP_BIZ_ERROR", "ZX"), good(None)])
def test_a_cards_latest_use_is_taken_back_where_it_may_be_ours(told: Any) -> None:
    result, script = reverse(good({**CARD, "count": 3}), told, good({"result": []}), left=3)
    assert isinstance(result, Reversed)
    assert script.asked[-1][0].endswith("/reverseconsume")


@pytest.mark.parametrize(("now", "result_is"), [(4, Reversed), (2, Denied)])
def test_a_cards_count_tells_the_rest(now: int, result_is: type) -> None:
    result, script = reverse(good({**CARD, "count": now}), left=3)
    assert isinstance(result, result_is)
    assert len(script.asked) == 1


@pytest.mark.parametrize("words", ["您未验过此券", "订单已取消", "该券未核销"])
def test_words_alone_take_nothing_back(words: str) -> None:
    no = bad("OP_BIZ_ERROR", words)
    result, _ = reverse(OURS, no, OURS)
    assert isinstance(result, Denied)
    assert result.reason.code is Code.PLATFORM_REFUSED
    result, _ = reverse(OURS, no, bad("OP_BIZ_ERROR", "券码未验证"))
    assert isinstance(result, Reversed)
    for count, result_is in ((3, Denied), (4, Reversed)):
        card = [good({**CARD, "count": each}) for each in (3, count)]
        result, _ = reverse(card[0], OURS, no, card[1], left=3)
        assert isinstance(result, result_is)
    with pytest.raises(OutcomeUnknown):
        reverse(OURS, no, b"")


REVERSALS = [
    ("超过10分钟不可撤销", Code.WINDOW_PASSED),
    ("该券已结算", Code.SETTLED),
    ("ZX-42", Code.PLATFORM_REFUSED),
]


@pytest.mark.parametrize(("words", "meant"), REVERSALS)
def test_a_refused_reversal_says_why(words: str, meant: Code) -> None:
    result, _ = reverse(OURS, bad("OP_BIZ_ERROR", words))
    assert isinstance(result, Denied)
    assert result.reason.code is meant


@pytest.mark.parametrize("words", ["券码未验证", "该券未核销", "该券已撤销"])
def test_what_stands_unused_was_taken_back_before(words: str) -> None:
    for answers in (
        [bad("OP_BIZ_ERROR", words)],
        [good(None)],
        [bad("OP_BIZ_ERROR", "ZX"), bad("OP_BIZ_ERROR", words)],
    ):
        result, _ = reverse(*answers)
        assert isinstance(result, Reversed)
