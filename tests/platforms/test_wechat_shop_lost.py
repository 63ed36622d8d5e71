"""Whatever answer is lost at whatever step, each voucher is used once at most, and what is told is what stands."""

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
from tests.platforms.lossy import DEADLINE_MS
from tests.platforms.wechat_model import Line, Shop, Sold, connected

HOW = ["before", "after", "never"]


class Died(Exception):
    """The machine went out."""


def uses(*codes: str) -> tuple[Use, ...]:
    return tuple(Use(f"r{place}", code, None, code, 9900) for place, code in enumerate(codes))


def call(*codes: str, prepared: Prepared | None = None) -> RedeemCall:
    credential = Credential(CredentialKind.CODE, codes[0])
    return RedeemCall("a" * 32, credential, uses(*codes), "online", 1, prepared)


def shops() -> dict[str, tuple[Shop, tuple[str, ...], int]]:
    """By name: a shop, what is to be redeemed, and how many units should stand in the end."""
    good = {f"A{n}": Sold("S1") for n in range(3)}
    eleven = {f"B{n}": Sold("S1") for n in range(11)}
    return {
        "one": (Shop({"A": Sold("S1")}), ("A",), 1),
        "a basket": (Shop(dict(good)), tuple(good), 3),
        "a refunded one among three": (Shop({**good, "A1": Sold("S1", lot=3, late=True)}), tuple(good), 2),
        "two bad ones, unnamed": (
            Shop({**good, "A1": Sold("S1", lot=3, late=True), "A2": Sold("S1", lot=4, late=True)}, names_failed=False),
            tuple(good),
            1,
        ),
        "two SKUs, a used one in each": (
            Shop(
                {
                    "A": Sold("S1"),
                    "B": Sold("S1", uses=["x"], last="x", late=True),
                    "C": Sold("S2", lot=4, late=True),
                    "D": Sold("S2"),
                }
            ),
            ("A", "B", "C", "D"),
            2,
        ),
        "one that was known to be refunded": (
            Shop({"A": Sold("S1"), "B": Sold("S1", lot=3), "C": Sold("S1")}),
            ("A", "B", "C"),
            2,
        ),
        "one that nobody sold": (Shop({"A": Sold("S1"), "C": Sold("S1")}), ("A", "B", "C"), 2),
        "more than a call takes": (Shop({**eleven, "B4": Sold("S1", lot=3, late=True)}), tuple(eleven), 10),
        "a times card": (Shop({"T": Sold("S1", units=5)}), ("T", "T", "T"), 3),
        "a times card in two calls": (Shop({"T": Sold("S1", units=15)}), ("T",) * 12, 12),
        "a times card that has not enough": (Shop({"T": Sold("S1", units=5, uses=["x"] * 3, last="x")}), ("T",) * 3, 2),
    }


def standing(shop: Shop) -> list[tuple[str, str]]:
    """Our uses that stand."""
    return [(code, number) for code, sold in shop.sold.items() for number in sold.uses if number != "x"]


def assert_told(shop: Shop, results: tuple[UseResult, ...], expected: int) -> None:
    redeemed = [result for result in results if isinstance(result, Redeemed)]
    told = sorted((result.code or "", result.refs["consume_request_no"]) for result in redeemed)
    assert told == sorted(standing(shop))
    assert len(redeemed) == expected
    assert len({result.refs["record"] for result in redeemed}) == expected
    assert not any(code in str(dict(result.refs)) for result in redeemed for code in shop.sold if len(code) > 1)
    assert all(not result.reason.about_us for result in results if isinstance(result, Denied))


@pytest.mark.parametrize("name", shops())
def test_a_redemption_without_trouble(name: str) -> None:
    shop, codes, expected = shops()[name]
    kept: list[Prepared] = []
    results = connected(Line(shop)).redeem(call(*codes), kept.append, DEADLINE_MS)
    assert [result.redemption_id for result in results] == [use.redemption_id for use in uses(*codes)]
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


@pytest.mark.parametrize("name", shops())
def test_the_machine_dies_at_each_thing_kept_and_each_step_of_the_settling_is_lost(name: str) -> None:
    for death in range(4):
        for step in range(30):
            shop, codes, expected = shops()[name]
            kept: list[Prepared] = []

            def keep(prepared: Prepared, kept: list[Prepared] = kept, death: int = death) -> None:
                kept.append(prepared)
                if len(kept) == death:
                    raise Died

            asked = call(*codes)
            try:
                connected(Line(shop)).redeem(asked, keep, DEADLINE_MS)
            except Died:
                asked = replace(asked, prepared=kept[-1])
            else:
                # It died after the answer and before it was written down.
                asked = replace(asked, prepared=kept[-1])
            line = Line(shop, step, "after")
            try:
                results = connected(line).settle(asked, kept.append, DEADLINE_MS)
            except PlatformError:
                asked = replace(asked, prepared=kept[-1])
                results = connected(Line(shop)).settle(asked, kept.append, DEADLINE_MS)
            assert_told(shop, results, expected)
            if len(line.asked) <= step:
                break


def test_a_voucher_used_by_another_till_meanwhile_is_not_ours() -> None:
    shop = Shop({"A": Sold("S1"), "B": Sold("S1")})
    kept: list[Prepared] = []
    with pytest.raises(OutcomeUnknown):
        connected(Line(shop, 2, "before")).redeem(call("A", "B"), kept.append, DEADLINE_MS)
    shop.sold["B"] = Sold("S1", uses=["x"], last="x")
    results = connected(Line(shop)).settle(call("A", "B", prepared=kept[-1]), kept.append, DEADLINE_MS)
    assert_told(shop, results, 1)
    (denied,) = (result for result in results if isinstance(result, Denied))
    assert denied.reason.code is Code.USED_ELSEWHERE


@pytest.mark.parametrize("code", ["A", "T"])
def test_a_use_withdrawn_after_a_call_that_was_never_sent_is_not_redeemed(code: str) -> None:
    shop = Shop({"A": Sold("S1"), "B": Sold("S1"), "T": Sold("S1", units=5)})
    codes = ("T", "T") if code == "T" else ("A", "B")
    kept: list[Prepared] = []
    with pytest.raises(NeverSent):
        connected(Line(shop, len(set(codes)), "never")).redeem(call(*codes), kept.append, DEADLINE_MS)
    asked = replace(call(*codes, prepared=kept[-1]), uses=uses(*codes)[:1])
    for act in (connected(Line(shop)).redeem, connected(Line(shop)).settle):
        assert_told(shop, act(replace(asked, prepared=kept[-1]), kept.append, DEADLINE_MS), 1)
        assert [each for each, _ in standing(shop)] == [code]


def lost(shop: Shop, *codes: str) -> RedeemCall:
    """A call that was done, and whose answer never came: as the ledger brings it back."""
    kept: list[Prepared] = []
    line = Line(shop)
    connected(line).redeem(call(*codes), kept.append, DEADLINE_MS)
    return call(*codes, prepared=kept[-1])


def test_a_number_that_the_platform_has_forgotten_is_not_done_twice() -> None:
    shop = Shop({"A": Sold("S1"), "T": Sold("S1", units=5)})
    asked = lost(shop, "T", "T", "A")
    shop.given.clear()
    results = connected(Line(shop)).settle(asked, keep_nothing, DEADLINE_MS)
    assert_told(shop, results, 3)


def test_a_used_voucher_that_does_not_tell_by_whom_is_not_denied_before_the_repeat() -> None:
    shop = Shop({"A": Sold("S1")})
    asked = lost(shop, "A")
    shop.sold["A"].last = ""
    results = connected(Line(shop)).settle(asked, keep_nothing, DEADLINE_MS)
    assert_told(shop, results, 1)


def test_a_times_card_that_others_used_up_afterwards_was_still_used_by_us() -> None:
    shop = Shop({"T": Sold("S1", units=5)})
    asked = lost(shop, "T", "T")
    shop.sold["T"].uses += ["x"] * 3
    shop.sold["T"].last = "x"
    results = connected(Line(shop)).settle(asked, keep_nothing, DEADLINE_MS)
    assert_told(shop, results, 2)


def test_what_was_done_and_taken_back_elsewhere_before_it_was_settled_is_not_done_again() -> None:
    shop = Shop({"A": Sold("S1")})
    asked = lost(shop, "A")
    shop.sold["A"].uses.clear()
    shop.given.clear()
    (result,) = connected(Line(shop)).settle(asked, keep_nothing, DEADLINE_MS)
    assert isinstance(result, Redeemed)
    assert standing(shop) == []


def test_the_refused_number_is_never_sent_again_with_fewer() -> None:
    shop = Shop({"A": Sold("S1"), "B": Sold("S1", lot=3, late=True)})
    line = Line(shop)
    connected(line).redeem(call("A", "B"), keep_nothing, DEADLINE_MS)
    sent = [(body["consume_request_no"], tuple(body["codes"])) for body in line.calls("voucher/consume")]
    assert sent == [("a" * 32, ("A", "B")), ("a" * 32 + "_2", ("A",))]


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_reversal_whose_answer_is_lost_is_done_once(how: str) -> None:
    for card in (1, 5):
        step = 0
        while True:
            shop = Shop({"A": Sold("S1", units=card), "B": Sold("S1")})
            codes = ("A", "A", "B") if card > 1 else ("A", "B")
            results = connected(Line(shop)).redeem(call(*codes), keep_nothing, DEADLINE_MS)
            done = [result for result in results if isinstance(result, Redeemed)][1:]
            reversal = ReverseCall(
                "b" * 32,
                "a" * 32,
                {result.redemption_id: result.refs for result in done},
                {result.redemption_id: result.code or "" for result in done},
            )
            line = Line(shop, step, how)
            try:
                answers = connected(line).reverse(reversal, DEADLINE_MS)
            except OutcomeUnknown:
                answers = connected(Line(shop)).reverse(reversal, DEADLINE_MS)
            assert all(isinstance(answer, Reversed) for answer in answers)
            assert [code for code, _ in standing(shop)] == ["A"]
            if len(line.asked) <= step:
                break
            step += 1


def test_what_was_taken_back_elsewhere_counts_as_reversed() -> None:
    shop = Shop({"A": Sold("S1")})
    (done,) = connected(Line(shop)).redeem(call("A"), keep_nothing, DEADLINE_MS)
    assert isinstance(done, Redeemed)
    shop.sold["A"].uses.clear()
    reversal = ReverseCall("b" * 32, "a" * 32, {"r0": done.refs}, {"r0": "A"})
    (answer,) = connected(Line(shop)).reverse(reversal, DEADLINE_MS)
    assert isinstance(answer, Reversed)
