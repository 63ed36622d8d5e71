"""A text that several platforms may have issued: who is asked, when the cashier picks, and what is remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code, Reason
from sync.domain.redemption import State
from sync.services.looking import Found
from sync.services.request import Request
from sync.services.verdict import Outcome
from tests.services.booths import Booth, Till, coupon

TWELVE, OTHER = "104686126200", "204686126201"
SHAPE = "digits_12"
PHONE = "13800138000"


@pytest.fixture
def douyin() -> Booth:
    return Booth("douyin")


@pytest.fixture
def meituan() -> Booth:
    booth = Booth("meituan")
    booth.sell("M1", coupon(TWELVE, TWELVE), phone=PHONE)
    return booth


@pytest.fixture
def till(tmp_path: Path, douyin: Booth, meituan: Booth) -> Iterator[Till]:
    opened = Till(tmp_path, douyin, meituan, Booth("dianping"), Booth("miniprogram"))
    yield opened
    opened.store.close()


def question(till: Till, text: str = TWELVE) -> dict[str, object]:
    found = till.store.looking.look_up(text)
    assert isinstance(found, Reason), found
    assert found.code is Code.WHICH_PLATFORM
    return dict(found.facts)


def test_nothing_is_asked_before_the_first_pick(till: Till, douyin: Booth, meituan: Booth) -> None:
    assert question(till) == {"choices": "douyin,meituan", "shape": SHAPE, "usual": "", "asked": ""}
    assert question(till, PHONE) == {
        "choices": "miniprogram,meituan,dianping",
        "shape": "phone",
        "usual": "",
        "asked": "",
    }
    assert douyin.asked == meituan.asked == []
    assert till.look_up(TWELVE, "meituan").looked_up is not None


def test_the_pick_is_asked_at_once_from_then_on_also_after_a_restart(till: Till, douyin: Booth) -> None:
    till.store.choices.remember(SHAPE, "meituan", till.cashier)
    assert till.look_up(TWELVE).recognised.platform == "meituan"
    till.reopen()
    assert till.store.choices.usual(SHAPE) == "meituan"
    assert till.look_up(TWELVE).recognised.platform == "meituan"
    assert douyin.asked == []
    assert till.journal_ok()


def test_of_each_shape_the_last_pick_is_remembered_and_the_journal_says_whose_it_was(till: Till) -> None:
    entries = till.store.ledger.read(lambda tx: tx.run("SELECT count(*) FROM journal").fetchone()[0])
    for platform in ("meituan", "douyin", "douyin"):
        till.store.choices.remember(SHAPE, platform, till.cashier)
    assert till.store.choices.usual(SHAPE) == "douyin"
    assert till.store.choices.usual("phone") == ""
    kinds = till.store.ledger.read(
        lambda tx: tx.run("SELECT kind, payload FROM journal WHERE seq > ?", (entries,)).fetchall()
    )
    assert [kind for kind, _ in kinds] == ["platform.chosen", "platform.chosen"]
    assert all('"who":"c1"' in payload for _, payload in kinds)
    assert till.journal_ok()


@pytest.mark.parametrize(("shape", "platform"), [("", "meituan"), (SHAPE, "taobao"), (SHAPE, "")])
def test_nonsense_is_not_remembered(till: Till, shape: str, platform: str) -> None:
    till.store.choices.remember(shape, platform, till.cashier)
    assert till.store.choices.usual(shape) == ""


def test_only_a_pick_that_was_needed_is_remembered(till: Till) -> None:
    for text, platform in (("104686126200130", "douyin"), (TWELVE, "miniprogram"), ("x", "douyin"), ("", "meituan")):
        till.store.choices.picked(text, platform, till.cashier)
    assert till.store.choices.usual(SHAPE) == till.store.choices.usual("digits_15") == ""
    till.store.choices.picked("1046 8612 6200", "meituan", till.cashier)
    assert till.store.choices.usual(SHAPE) == "meituan"


def test_what_the_usual_one_does_not_know_is_asked_once_more_without_it(till: Till, douyin: Booth) -> None:
    till.store.choices.remember(SHAPE, "douyin", till.cashier)
    assert question(till) == {"choices": "meituan", "shape": SHAPE, "usual": "", "asked": "douyin"}
    assert douyin.asked == [TWELVE]


def test_a_coupon_that_the_usual_one_knows_as_used_is_not_sought_elsewhere(
    till: Till, douyin: Booth, meituan: Booth
) -> None:
    douyin.sell("D1", coupon("9001", TWELVE, units=1, units_left=0))
    till.store.choices.remember(SHAPE, "douyin", till.cashier)
    assert till.look_up(TWELVE).recognised.platform == "douyin"
    assert meituan.asked == []


def test_without_the_line_the_usual_one_is_proposed_and_has_to_be_picked(till: Till, meituan: Booth) -> None:
    till.store.choices.remember(SHAPE, "meituan", till.cashier)
    till.offline(meituan)
    assert question(till) == {"choices": "douyin,meituan", "shape": SHAPE, "usual": "meituan", "asked": ""}
    picked = till.look_up(TWELVE, "meituan")
    assert (picked.recognised.platform, picked.looked_up) == ("meituan", None)


def test_a_line_that_fails_while_asking_is_no_answer_either(till: Till, meituan: Booth) -> None:
    till.store.choices.remember(SHAPE, "meituan", till.cashier)
    meituan.silent = True
    assert question(till)["usual"] == "meituan"


def test_what_is_in_use_here_is_of_that_platform_with_or_without_a_line(
    till: Till, douyin: Booth, meituan: Booth
) -> None:
    assert till.redeem(till.look_up(TWELVE, "meituan")).first.outcome is Outcome.REDEEMED
    till.store.choices.remember(SHAPE, "douyin", till.cashier)
    assert till.look_up(TWELVE).recognised.platform == "meituan"
    till.offline(douyin, meituan)
    found = till.look_up(TWELVE)
    assert found.recognised.platform == "meituan"
    refused = till.redeem(found).first
    assert refused.reason is not None
    assert refused.reason.code is Code.USED_HERE


def test_a_pick_that_the_platform_refused_binds_nobody(till: Till, douyin: Booth, meituan: Booth) -> None:
    """Taken for Douyin's while the line was down; Douyin knows nothing of it."""
    till.offline(douyin)
    found = till.look_up(TWELVE, "douyin")
    noted = Witnesses(amount_fen=9900, order_no="A-1", phone_last4="4321")
    verdict = till.store.redeeming.confirm(found, Request(till.cashier, witnesses=noted))
    till.store.redeeming.announced(verdict)
    assert verdict.first.outcome is Outcome.RECORDED
    assert till.look_up(TWELVE).recognised.platform == "douyin"
    douyin.silent = False
    till.clock.advance_ms(60_000)
    till.store.delivering.drain(everything=True)
    assert [row.state for row in till.rows()] == [State.REFUSED]
    assert question(till)["choices"] == "douyin,meituan"


def test_a_remembered_platform_that_is_not_connected_any_more_is_no_choice(tmp_path: Path, meituan: Booth) -> None:
    till = Till(tmp_path, Booth("douyin"), meituan, Booth("dianping"))
    till.store.choices.remember("phone", "miniprogram", till.cashier)
    assert question(till, PHONE) == {"choices": "meituan,dianping", "shape": "phone", "usual": "", "asked": ""}
    till.store.close()


def test_an_open_question_is_no_coupon_and_is_recorded_without_its_text(till: Till) -> None:
    verdict = till.store.redeeming.redeem(TWELVE, till.request())
    assert verdict.first.outcome is Outcome.REFUSED
    assert verdict.first.reason is not None
    assert verdict.first.reason.code is Code.WHICH_PLATFORM
    (recorded,) = till.refusals()
    assert (recorded.reason, recorded.text_sealed, recorded.code_tail) == ("which_platform", None, "")


def test_ten_digits_are_dianpings(till: Till) -> None:
    found = till.store.looking.look_up("0332808512")
    assert isinstance(found, Found)
    assert found.recognised.platform == "dianping"
    assert found.refusal is not None
    assert found.refusal.code is Code.NOT_FOUND
