"""What the counter shows: nothing on trust looks done, and every light has its words."""

import pytest

from sync.domain.codes import Credential, CredentialKind, Recognised
from sync.domain.reasons import Code, because
from sync.domain.voucher import Coupon, Line
from sync.platforms.port import LookedUp
from sync.services.looking import Found
from sync.services.verdict import Outcome, UnitVerdict, Verdict, refused
from terminal.i18n import Words
from terminal.presenters import counter
from terminal.presenters.counter import Light, Mark, Need

ZH, EN = Words("redeem", "zh"), Words("redeem", "en")
ZONE = "Asia/Shanghai"
NOW_MS = 1_795_000_000_000
SHOWN = Recognised("douyin", Credential(CredentialKind.CODE, "123456789012"))


def coupon(title: str = "双人烤鱼套餐", price_fen: int = 12_800, left: int = 1, *, selected: bool = True) -> Coupon:
    return Coupon(
        ref=title,
        handle=title,
        code=None,
        title=title,
        price_fen=price_fen,
        kind="voucher",
        units_total=max(left, 1),
        units_left=left,
        valid_from_ms=None,
        valid_until_ms=NOW_MS,
        selected=selected,
        contents=(Line("清江鱼", 1),),
        terms=("周五至周日需提前预约",),
        script="请确认是 2 人套餐",
    )


def found(*coupons: Coupon) -> Found:
    return Found(SHOWN, "r", LookedUp("o", coupons) if coupons else None)


def offer(coupons: tuple[Coupon, ...], units: int = 1) -> counter.Offer:
    return counter.offer(ZH, ZONE, found(*coupons), coupons, units)


def unit(outcome: Outcome, amount_fen: int | None = 9_900, tier: str = "online") -> UnitVerdict:
    return UnitVerdict(outcome, tier, None, "douyin", "套餐", "9012", amount_fen, f"id{outcome}", "T1-000001", "r")


def told(*units: UnitVerdict) -> counter.Told:
    return counter.told(ZH, ZONE, Verdict(units), None, NOW_MS)


def test_an_offer_tells_contents_terms_validity_and_worth() -> None:
    view = offer((coupon(),))
    assert view.contents == ("清江鱼 × 1",)
    assert view.terms == ("周五至周日需提前预约",)
    # Valid until the moment before the first at which it no longer is.
    assert view.until == "有效至 2026-11-18"
    assert (view.amount_fen, view.units_most, view.trust, view.need) == (12_800, 1, "", Need.NOTHING)


def test_two_of_an_order_are_worth_what_both_cost_and_both_are_named() -> None:
    view = offer((coupon("代金券", 5_000, selected=False), coupon("双人套餐", 12_800)), units=2)
    assert view.title == "双人套餐"
    assert view.amount_fen == 17_800
    assert "代金券" in view.others
    assert view.units_most == 2


def test_a_used_coupon_of_the_order_is_neither_counted_nor_sold() -> None:
    used = coupon("用过的", left=0, selected=False)
    assert offer((coupon(), used)).units_most == 1


def test_more_units_than_there_are_become_those_there_are() -> None:
    assert offer((coupon(left=3),), units=9).units == 3


def test_of_an_unknown_coupon_the_amount_is_asked_for() -> None:
    why = because(Code.EVIDENCE_NEEDED, line="unreachable")
    view = counter.offer(ZH, ZONE, found(), (), 1, why, Need.EVIDENCE)
    assert (view.amount_fen, view.asks_amount, view.need) == (None, True, Need.EVIDENCE)
    assert view.why is not None
    assert "连不上平台" in view.why.why


def test_a_known_coupon_needs_no_amount() -> None:
    why = because(Code.EVIDENCE_NEEDED, line="unreachable")
    assert not counter.offer(ZH, ZONE, found(), (coupon(),), 1, why, Need.EVIDENCE).asks_amount


def test_what_rests_on_trust_says_on_what() -> None:
    view = counter.offer(ZH, ZONE, found(), (coupon(),), 1, tier="chain")
    assert "凭签名验证" in view.trust


@pytest.mark.parametrize("first", [Outcome.REDEEMED, Outcome.RECORDED])
def test_one_unit_on_trust_turns_the_whole_light_amber(first: Outcome) -> None:
    second = Outcome.RECORDED if first is Outcome.REDEEMED else Outcome.REDEEMED
    view = told(unit(first), unit(second))
    assert view.light is Light.RECORDED
    assert view.amount_fen == 19_800
    assert len(view.undo) == 2


def test_of_a_basket_with_one_refused_the_yes_is_told_with_its_count() -> None:
    view = told(unit(Outcome.REDEEMED), refused(because(Code.REFUNDED), "douyin"))
    assert view.light is Light.REDEEMED
    assert "1" in view.word
    assert "2" in view.word
    assert [line.light for line in view.units] == [Light.REDEEMED, Light.REFUSED]
    assert view.amount_fen == 9_900


def test_a_refusal_has_its_three_parts_and_nothing_to_undo() -> None:
    used = because(Code.USED_HERE, at_ms=NOW_MS - 3_600_000, terminal="T2")
    view = told(refused(used, "douyin"))
    assert (view.light, view.word) == (Light.REFUSED, "这张券用过了")
    assert "今天" in view.why
    assert "T2" in view.why
    assert view.next
    assert not view.undo


@pytest.mark.parametrize("words", [ZH, EN])
@pytest.mark.parametrize("done", range(4))
def test_the_steps_run_one_after_another(words: Words, done: int) -> None:
    steps = counter.working(words, done).steps
    assert [step.mark for step in steps] == [
        Mark.DONE if place < done else Mark.RUNNING if place == done else Mark.WAITING for place in range(4)
    ]
    assert len({step.name for step in steps}) == 4


def test_when_all_steps_are_done_none_runs() -> None:
    assert {step.mark for step in counter.working(ZH, 4).steps} == {Mark.DONE}
