"""Several coupons of an order: exactly those that were chosen, and as many of each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.domain.codes import Credential
from sync.domain.decision import Accept, Refuse
from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.ledger import vouchers
from sync.ledger.vouchers import Alias
from sync.platforms.port import LookedUp
from sync.services.request import Want
from sync.services.verdict import Outcome, Verdict
from sync.services.weighing import Resume, share
from tests.services.booths import Booth, Till, coupon

CODE, SECOND, THIRD = "104686126200130", "104686126200131", "104686126200132"


@pytest.fixture
def douyin() -> Booth:
    booth = Booth("douyin")
    booth.sell("D1", coupon("9001", CODE), coupon("9002", SECOND, units=5), coupon("9003", THIRD))
    return booth


@pytest.fixture
def till(tmp_path: Path, douyin: Booth) -> Iterator[Till]:
    opened = Till(tmp_path, douyin)
    yield opened
    opened.store.close()


class Codeless(Booth):
    """A platform that tells no codes, as Douyin does."""

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        assert credential.text == CODE
        assert deadline_ms
        return LookedUp("D1", self.orders["D1"])


def told(verdict: Verdict) -> list[tuple[str, str]]:
    reasons = [unit.reason.code.value if unit.reason else "" for unit in verdict.units]
    return [(unit.code_tail, reason or unit.outcome.value) for unit, reason in zip(verdict.units, reasons, strict=True)]


@pytest.mark.parametrize("units", [0, -1])
def test_none_of_a_coupon_is_no_want(units: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Want("9001", units)


def test_a_want_shows_no_code() -> None:
    assert CODE not in repr(Want(CODE))


def test_exactly_what_was_chosen(till: Till, douyin: Booth) -> None:
    verdict = till.redeem(till.look_up(CODE), ("9003", 1), ("9002", 2))
    assert told(verdict) == [("0132", "redeemed"), ("0131", "redeemed"), ("0131", "redeemed")]
    assert [[use.ref for use in call.uses] for call in douyin.calls] == [["9003", "9002", "9002"]]
    assert [one.units_left for one in douyin.orders["D1"]] == [1, 3, 0]
    assert till.journal_ok()


def test_the_same_coupon_twice_is_so_many_of_it(till: Till) -> None:
    coupons = (coupon("9001", CODE), coupon("9002", SECOND, units=5))
    assert share(coupons, 1, (Want("9002", 2), Want("9001"), Want("9002"))) == [(coupons[1], 3), (coupons[0], 1)]
    assert len(till.redeem(till.look_up(CODE), ("9002", 2), ("9002", 1)).units) == 3


def test_without_choice_it_is_the_shown_one_and_then_the_others(till: Till) -> None:
    assert told(till.redeem(till.look_up(SECOND))) == [("0131", "redeemed")]


@pytest.mark.parametrize(
    ("want", "code"),
    [
        (("9001", 2), "units_too_many"),
        (("9002", 6), "units_too_many"),
        (("8888", 1), "nothing_usable"),
    ],
)
def test_what_can_not_be_had_is_refused(till: Till, douyin: Booth, want: tuple[str, int], code: str) -> None:
    found = till.look_up(CODE)
    foreseen = till.store.redeeming.foresee(found, till.request(want)).decision
    assert isinstance(foreseen, Refuse)
    assert foreseen.reason.code.value == code
    verdict = till.redeem(found, want)
    assert [unit.reason.code.value for unit in verdict.units if unit.reason] == [code]
    assert not till.rows()
    assert not douyin.calls
    assert [row.reason for row in till.refusals()] == [code]


def test_a_coupon_that_is_not_listed_any_more_spoils_the_whole(till: Till, douyin: Booth) -> None:
    verdict = till.redeem(till.look_up(CODE), ("9001", 1), ("8888", 1))
    assert [unit.outcome for unit in verdict.units] == [Outcome.REFUSED]
    assert douyin.calls == []


def test_one_that_is_used_up_keeps_no_other_out(till: Till) -> None:
    till.redeem(till.look_up(CODE), ("9003", 1))
    verdict = till.redeem(till.look_up(CODE), ("9003", 1), ("9001", 1))
    assert told(verdict) == [("0130", "redeemed"), ("0132", "used_here")]


def test_foresight_is_of_what_was_chosen(till: Till) -> None:
    till.redeem(till.look_up(CODE), ("9001", 1))
    found = till.look_up(CODE)
    assert isinstance(till.store.redeeming.foresee(found, till.request(("9003", 1))).decision, Accept)
    assert isinstance(till.store.redeeming.foresee(found, till.request(("9001", 1))).decision, Refuse)


def test_the_typed_text_stays_the_name_of_its_own_coupon(tmp_path: Path) -> None:
    """Where the platform tells no codes, choosing another coupon of the order must not rename it."""
    douyin = Codeless("douyin")
    douyin.sell("D1", coupon("9001"), coupon("9002"))
    till = Till(tmp_path, douyin)
    till.redeem(till.look_up(CODE), ("9002", 1))

    def led() -> list[int]:
        return till.store.ledger.read(lambda tx: vouchers.find(tx, "douyin", (Alias("code", CODE),)))

    assert led() == []
    till.redeem(till.look_up(CODE), ("9001", 1))
    assert led() == [till.rows()[1].voucher]
    till.store.close()


def test_an_unanswered_one_is_resumed_and_the_rest_redeemed(till: Till, douyin: Booth) -> None:
    douyin.lost = 1
    assert told(till.redeem(till.look_up(CODE), ("9002", 1))) == [("0131", "no_answer")]
    found = till.look_up(CODE)
    foreseen = till.store.redeeming.foresee(found, till.request(("9002", 1), ("9003", 1))).decision
    assert isinstance(foreseen, Accept)
    only = till.store.redeeming.foresee(found, till.request(("9002", 1))).decision
    assert isinstance(only, Resume)
    verdict = till.redeem(found, ("9002", 1), ("9003", 1))
    assert told(verdict) == [("0131", "redeemed"), ("0132", "redeemed")]
    assert [row.state for row in till.rows()] == [State.CONFIRMED, State.CONFIRMED]


def test_what_was_refused_of_the_rest_is_recorded_without_a_yes(till: Till, douyin: Booth) -> None:
    till.redeem(till.look_up(CODE), ("9003", 1))
    douyin.lost = 1
    till.redeem(till.look_up(CODE), ("9002", 1))
    found = till.look_up(CODE)
    verdict = till.store.redeeming.refuse(found, till.request(("9002", 1), ("9003", 1)))
    assert verdict is not None
    assert told(verdict) == [("0132", "used_here")]


def test_without_the_platforms_answer_nobody_knows_which_they_are(till: Till, douyin: Booth) -> None:
    till.offline(douyin)
    verdict = till.redeem(till.look_up(CODE), ("9001", 1))
    assert verdict.first.reason is not None
    assert verdict.first.reason.code is Code.UNREACHABLE
    assert till.rows() == []
