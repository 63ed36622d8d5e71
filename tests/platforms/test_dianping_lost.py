"""Whatever answer is lost at whatever step, each coupon is used once at most, and what is told is what stands."""

from dataclasses import replace

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, PlatformError
from sync.platforms.port import (
    Denied,
    Prepared,
    RedeemCall,
    Redeemed,
    ReverseCall,
    Reversed,
    Use,
    UseResult,
    keep_nothing,
)
from tests.platforms.dianping_model import Line, Shop, Sold, bad, connected
from tests.platforms.lossy import DEADLINE_MS, Json

HOW = ["before", "after", "never"]
A, B, C, D, T = "0000000001", "0000000002", "0000000003", "0000000004", "0000000009"
MARK = "T1-" + "a" * 12


def call(*codes: str, prepared: Prepared | None = None) -> RedeemCall:
    uses = tuple(Use(f"r{place}", code, None, code, 9900) for place, code in enumerate(codes))
    credential = Credential(CredentialKind.CODE, codes[0])
    return RedeemCall("a" * 32, credential, uses, "online", 1, prepared)


def shops() -> dict[str, tuple[Shop, tuple[str, ...], int]]:
    """By name: a shop, what is to be redeemed, and how many units should stand in the end."""
    return {
        "one": (Shop({A: Sold()}), (A,), 1),
        "three of a deal under one code": (Shop({A: Sold(), B: Sold(), C: Sold()}), (A, A, A), 3),
        "one of them refunded": (Shop({A: Sold(), B: Sold(lot="该券已退款"), C: Sold()}), (A, A, A), 2),
        "all but one refunded": (Shop({A: Sold(), B: Sold(lot="该券已退款"), C: Sold(lot="该券已过期")}), (A, A, A), 1),
        "of two deals, one used": (Shop({A: Sold("G1"), B: Sold("G2", uses=["x"]), D: Sold("G3")}), (A, B, D), 2),
        "a times card": (Shop({T: Sold(units=5)}), (T, T, T), 3),
        "a times card with too few": (Shop({T: Sold(units=5, uses=["x"] * 3)}), (T, T, T), 2),
        "the account is not told": (Shop({A: Sold(), B: Sold()}, echo=False), (A, A), 2),
    }


def standing(shop: Shop) -> list[str]:
    """The codes of our uses that stand, each as often as it was used."""
    return sorted(code for code, sold in shop.sold.items() for account in sold.uses if account == MARK)


def assert_told(shop: Shop, results: tuple[UseResult, ...], expected: int) -> None:
    redeemed = [result for result in results if isinstance(result, Redeemed)]
    assert len(redeemed) == expected
    assert sorted(result.code or "" for result in redeemed) == standing(shop)
    assert not any(code in str(dict(result.refs)) for result in redeemed for code in shop.sold)
    assert all("record" not in result.refs and "coupon" not in result.refs for result in redeemed)
    assert all(not result.reason.about_us for result in results if isinstance(result, Denied))


@pytest.mark.parametrize("name", shops())
def test_a_redemption_without_trouble(name: str) -> None:
    shop, codes, expected = shops()[name]
    kept: list[Prepared] = []
    results = connected(Line(shop)).redeem(call(*codes), kept.append, DEADLINE_MS)
    assert [result.redemption_id for result in results] == [f"r{place}" for place in range(len(codes))]
    assert_told(shop, results, expected)
    assert kept


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", shops())
def test_one_answer_lost_at_each_step_and_then_settled(name: str, how: str) -> None:
    step = lost = 0
    while True:
        shop, codes, expected = shops()[name]
        kept: list[Prepared] = []
        line = Line(shop, step, how)
        asked = call(*codes)
        try:
            results = connected(line).redeem(asked, kept.append, DEADLINE_MS)
        except PlatformError as error:
            lost += 1
            if isinstance(error, NeverSent):
                assert standing(shop) == []
            asked = replace(asked, prepared=kept[-1] if kept else None)
            till = connected(Line(shop))
            act = till.redeem if isinstance(error, NeverSent) else till.settle
            results = act(asked, kept.append, DEADLINE_MS)
        assert_told(shop, results, expected)
        # Settling once more, with what was kept last, changes nothing.
        asked = replace(asked, prepared=kept[-1])
        assert_told(shop, connected(Line(shop)).settle(asked, kept.append, DEADLINE_MS), expected)
        if len(line.asked) <= step:
            break
        step += 1
    assert lost >= 2


def done(shop: Shop, *codes: str) -> RedeemCall:
    """A call that was done, and whose answer never came: as the ledger brings it back."""
    kept: list[Prepared] = []
    connected(Line(shop)).redeem(call(*codes), kept.append, DEADLINE_MS)
    return call(*codes, prepared=kept[-1])


def test_a_request_that_the_platform_has_forgotten_is_known_by_its_account() -> None:
    shop = Shop({A: Sold(), B: Sold(), C: Sold(), T: Sold("G9", units=5)})
    asked = done(shop, A, A, A)
    shop.given.clear()
    assert_told(shop, connected(Line(shop)).settle(asked, keep_nothing, DEADLINE_MS), 3)


def test_what_another_till_used_meanwhile_is_not_ours() -> None:
    shop = Shop({A: Sold()})
    kept: list[Prepared] = []
    with pytest.raises(OutcomeUnknown):
        connected(Line(shop, 1, "before")).redeem(call(A), kept.append, DEADLINE_MS)
    shop.sold[A].uses.append("T2-" + "b" * 12)
    asked = call(A, prepared=kept[-1])
    (result,) = connected(Line(shop)).settle(asked, keep_nothing, DEADLINE_MS)
    assert isinstance(result, Denied)
    assert result.reason.code is Code.USED_ELSEWHERE
    assert len(shop.requests) == 0


def test_the_refused_request_is_never_sent_again_with_fewer() -> None:
    shop = Shop({A: Sold(), B: Sold(), C: Sold()})
    kept = connected(Line(shop)).look_up(Credential(CredentialKind.CODE, A), DEADLINE_MS).prepared
    shop.sold[B].lot = "该券已退款"
    connected(Line(shop)).redeem(call(A, A, A, prepared=kept), keep_nothing, DEADLINE_MS)
    assert shop.requests == ["a" * 32, "a" * 32 + "_2"]


def test_a_use_withdrawn_after_a_call_that_was_never_sent_is_not_redeemed() -> None:
    shop = Shop({A: Sold(), B: Sold()})
    kept: list[Prepared] = []
    with pytest.raises(NeverSent):
        connected(Line(shop, 1, "never")).redeem(call(A, A), kept.append, DEADLINE_MS)
    whole = call(A, A, prepared=kept[-1])
    results = connected(Line(shop)).redeem(replace(whole, uses=whole.uses[1:]), kept.append, DEADLINE_MS)
    assert_told(shop, results, 1)


def test_what_is_ours_and_only_its_book_is_refused_is_not_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop({A: Sold(), B: Sold()})
    asked = done(shop, A, A)
    shop.given.clear()
    answer = shop.answer

    def without_a_book(name: str, form: Json) -> Json:
        return bad(999, "月亮不圆") if name == "querylistbydate" else answer(name, form)

    monkeypatch.setattr(shop, "answer", without_a_book)
    with pytest.raises(OutcomeUnknown):
        connected(Line(shop)).settle(asked, keep_nothing, DEADLINE_MS)


def reversal(results: tuple[UseResult, ...]) -> ReverseCall:
    found = [result for result in results if isinstance(result, Redeemed)]
    refs = {result.redemption_id: result.refs for result in found}
    return ReverseCall("b" * 32, "a" * 32, refs, {result.redemption_id: result.code or "" for result in found})


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("card", [False, True])
def test_a_reversal_whose_answer_is_lost_takes_back_no_more_than_it_should(how: str, card: bool) -> None:
    step = 0
    while True:
        shop = Shop({T: Sold(units=5, uses=["x"])} if card else {A: Sold(), B: Sold(), C: Sold("G2", uses=["x"])})
        codes = (T, T, T) if card else (A, A)
        results = connected(Line(shop)).redeem(call(*codes), keep_nothing, DEADLINE_MS)
        taking = reversal(results[1:])
        line = Line(shop, step, how)
        try:
            answers = connected(line).reverse(taking, DEADLINE_MS)
        except PlatformError:
            answers = connected(Line(shop)).reverse(taking, DEADLINE_MS)
        assert [answer.redemption_id for answer in answers] == list(taking.refs)
        assert all(isinstance(answer, Reversed) for answer in answers)
        assert len(standing(shop)) == 1
        assert [account for sold in shop.sold.values() for account in sold.uses].count("x") == 1
        if len(line.asked) <= step:
            break
        step += 1


def test_a_use_that_is_not_the_latest_of_its_card_stays() -> None:
    shop = Shop({T: Sold(units=5)})
    first = connected(Line(shop)).redeem(call(T), keep_nothing, DEADLINE_MS)
    shop.sold[T].uses.append("x")
    (answer,) = connected(Line(shop)).reverse(reversal(first), DEADLINE_MS)
    assert isinstance(answer, Denied)
    assert answer.reason.code is Code.NOT_LATEST
    assert shop.sold[T].uses == [MARK, "x"]


def test_a_coupon_that_another_till_used_after_ours_was_taken_back_is_left_alone() -> None:
    shop = Shop({A: Sold()})
    first = connected(Line(shop)).redeem(call(A), keep_nothing, DEADLINE_MS)
    shop.sold[A].uses[:] = ["T2-" + "b" * 12]
    (answer,) = connected(Line(shop)).reverse(reversal(first), DEADLINE_MS)
    assert isinstance(answer, Denied)
    assert answer.reason.code is Code.USED_ELSEWHERE
    assert len(shop.sold[A].uses) == 1


def test_where_no_account_is_told_a_reversal_is_sent_all_the_same() -> None:
    shop = Shop({A: Sold()}, echo=False)
    first = connected(Line(shop)).redeem(call(A), keep_nothing, DEADLINE_MS)
    (answer,) = connected(Line(shop)).reverse(reversal(first), DEADLINE_MS)
    assert isinstance(answer, Reversed)
    assert shop.sold[A].uses == []
