"""A verdict: nothing on trust looks done, and every light has its words."""

from dataclasses import replace

import pytest

from sync.domain.reasons import Code, because
from sync.services.verdict import Outcome, UnitVerdict, Verdict, refused
from terminal.i18n import Words
from terminal.presenters.counter import Light, Told
from terminal.presenters.told import told

ZH = Words("redeem", "zh")
ZONE = "Asia/Shanghai"
NOW_MS = 1_795_000_000_000


def unit(outcome: Outcome, amount_fen: int | None = 9_900, tier: str = "online") -> UnitVerdict:
    return UnitVerdict(outcome, tier, None, "douyin", "套餐", "9012", amount_fen, f"id{outcome}", "T1-000001", "r")


def telling(*units: UnitVerdict) -> Told:
    return told(ZH, ZONE, Verdict(units), None, NOW_MS)


@pytest.mark.parametrize("first", [Outcome.REDEEMED, Outcome.RECORDED])
def test_one_unit_on_trust_turns_the_whole_light_amber(first: Outcome) -> None:
    second = Outcome.RECORDED if first is Outcome.REDEEMED else Outcome.REDEEMED
    view = telling(unit(first), unit(second))
    assert view.light is Light.RECORDED
    assert view.amount_fen == 19_800
    assert len(view.undo) == 2


def test_of_a_basket_with_one_refused_the_yes_is_told_with_its_count() -> None:
    view = telling(unit(Outcome.REDEEMED), refused(because(Code.REFUNDED), "douyin"))
    assert view.light is Light.REDEEMED
    assert "1" in view.word
    assert "2" in view.word
    assert [line.light for line in view.units] == [Light.REDEEMED, Light.REFUSED]
    assert view.amount_fen == 9_900
    assert "1" in view.why


def test_of_a_basket_that_was_all_accepted_nothing_is_said_to_be_missing() -> None:
    view = telling(unit(Outcome.REDEEMED), unit(Outcome.REDEEMED))
    assert (view.word, view.why) == ("已核销 2 张", "")
    assert (view.number, view.code_tail) == ("", "")


def test_many_titles_are_told_by_their_number() -> None:
    units = [replace(unit(Outcome.REDEEMED), title=f"套餐{number}") for number in range(4)]
    assert "4" in telling(*units).title
    assert "套餐3" not in telling(*units).title


def test_a_refusal_has_its_three_parts_and_nothing_to_undo() -> None:
    used = because(Code.USED_HERE, at_ms=NOW_MS - 3_600_000, terminal="T2")
    view = telling(refused(used, "douyin"))
    assert (view.light, view.word) == (Light.REFUSED, "这张券用过了")
    assert "今天" in view.why
    assert "T2" in view.why
    assert view.next
    assert not view.undo
