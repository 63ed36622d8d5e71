"""Calls of Meituan's that were decided and never sent, and lost a use since: it was withdrawn at the counter."""

from dataclasses import replace
from typing import Any

import pytest

from sync.errors import OutcomeUnknown, Refused
from sync.platforms.meituan.preparation import preparation_of
from sync.platforms.port import Prepared, Redeemed
from tests.platforms.meituan_script import CODE, ITEM, Script, bad, call, good

OTHERS = ["183826222602", "183826222603"]
CARD = {**ITEM, "bizType": 205, "tgTimesCardFlag": True, "purchaseToConsumeRatio": "5", "timesCardUnitPrice": "19.8"}
HELD_BACK = bad("OP_LIMITATION_REJECT")
ID = call(None).request_id


def decided(answers: list[dict[str, Any]], *refs: str | None, business: str = "58") -> Prepared:
    """What a first try kept, of which nothing was done."""
    script = Script([*answers, HELD_BACK], business)
    with pytest.raises(Refused):
        script.redeem(call(None, *refs))
    (kept,) = script.kept
    return kept


def rest(kept: Prepared, *places: int, of: int) -> Any:
    whole = call(kept, *([None] * of))
    return replace(whole, uses=tuple(whole.uses[place] for place in places))


def test_a_card_is_used_as_often_as_is_still_wanted() -> None:
    kept = decided([good({**CARD, "count": 5}), good([])], None, None, None)
    one = [{"single_consume_code": 200, "consume_detail_list": [{**CARD, "flowId": "f1"}]}]
    script = Script([good(one)])
    (result,) = script.redeem(rest(kept, 1, of=3))
    assert isinstance(result, Redeemed)
    assert script.asked[0][1]["receipt_code_infos"] == [{"receipt_code": CODE, "num": 1}]


def test_of_an_order_as_many_are_redeemed_as_are_still_wanted() -> None:
    kept = decided([good({"result": 0, "couponCode": CODE, "count": 3, "dealId": 7})], None, None, None, business="1")
    script = Script([good({"result": 0, "couponCodes": [CODE, OTHERS[0]]})], "1")
    results = script.redeem(rest(kept, 0, 2, of=3))
    assert [result.code for result in results] == [CODE, OTHERS[0]]
    assert script.asked[0][1]["count"] == 2


@pytest.mark.parametrize("places", [(0, 1), (2,)])
def test_what_is_left_is_kept_before_it_is_sent_and_settled_as_it_was_sent(places: tuple[int, ...]) -> None:
    listed = [good({**ITEM, "count": 3}), good({"result": OTHERS})]
    kept = decided(listed, None, None, None)
    script = Script([b""])
    left = rest(kept, *places, of=3)
    with pytest.raises(OutcomeUnknown):
        script.redeem(left)
    (again,) = script.kept
    sent = preparation_of(again)
    assert sent is not None
    assert sorted(each for piece in sent.pieces for each in piece.redemption_ids) == [f"r{place}" for place in places]
    numbers = [f"{ID}-{number}" for number in range(1, len(places) + 1)] if len(places) > 1 else [ID]
    assert [piece.request_id for piece in sent.pieces] == numbers
    done = [good({"result": [{**ITEM, "receiptCode": piece.code, "flowId": "f"}]}) for piece in sent.pieces]
    told = [each for one in done for each in (bad("OP_BIZ_ERROR", "券码未验证"), one)]
    settled = Script(told)
    results = settled.settle(replace(left, prepared=again))
    assert len(results) == len(places)
    assert all(isinstance(result, Redeemed) for result in results)
    assert [biz["requestId"] for path, biz in settled.asked if path.endswith("/consume")] == numbers


def test_nothing_is_decided_anew_where_nothing_was_withdrawn() -> None:
    kept = decided([good({**CARD, "count": 5}), good([])], None, None)
    details = [{**CARD, "flowId": f"f{number}"} for number in range(2)]
    script = Script([good([{"single_consume_code": 200, "consume_detail_list": details}])])
    assert len(script.redeem(rest(kept, 0, 1, of=2))) == 2
    assert script.kept == []
