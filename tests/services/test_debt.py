"""What is owed, as the sums that stand on every screen."""

import pytest

from sync.domain.redemption import State
from sync.services.delivering import Debt
from sync.services.looking import Found
from sync.services.request import Request
from sync.services.reversing import Reversal
from sync.services.stage import Stage
from tests.services.counter import NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def debt(till: Counter) -> Debt:
    return till.store.delivering.debt()


def test_nothing_is_owed_at_first_and_after_an_answer(till: Counter) -> None:
    assert debt(till) == Debt()
    till.redeem(till.coupon("douyin")["code"])
    assert debt(till) == Debt()


@PLATFORMS
def test_count_worth_and_the_oldest(till: Counter, platform: str) -> None:
    codes = [coupon["code"] for coupon in till.coupons(platform, 3, order="each")]
    till.line_down()
    for code in codes:
        till.redeem(code, noted=NOTED)
        till.clock.advance_ms(1000)
    rows = till.rows()
    assert debt(till) == Debt(3, 3 * 9900, rows[0].accepted_at_ms)
    assert till.store.reversing.reverse(rows[0].id, till.who("c1")).outcome is Reversal.WITHDRAWN
    assert debt(till) == Debt(2, 2 * 9900, rows[1].accepted_at_ms)
    till.line_up()
    till.deliver()
    assert debt(till) == Debt()


@PLATFORMS
def test_held_calls_and_reversals_are_told_apart(till: Counter, platform: str) -> None:
    first, second = till.coupons(platform, 2, order="each")
    till.redeem(first["code"])
    till.line_down()
    till.redeem(second["code"], noted=NOTED)
    assert till.store.reversing.reverse(till.rows()[0].id, till.who("c1")).outcome is Reversal.QUEUED
    assert (debt(till).count, debt(till).reversals, debt(till).held) == (1, 1, 0)
    for owed in till.store.delivering.owed():
        till.store.delivering.hold(owed.entry.id, till.who("m1"))
    assert debt(till) == Debt(1, 9900, till.rows()[1].accepted_at_ms, 1, 2)


@PLATFORMS
def test_a_call_that_the_counter_waits_for_is_no_debt_until_it_stays_unanswered(till: Counter, platform: str) -> None:
    found = till.store.looking.look_up(till.coupon(platform)["code"])
    assert isinstance(found, Found)
    seen: list[Debt] = []
    till.fault("drop_after", "verify", platform)
    till.store.redeeming.confirm(found, Request(till.who("c1")), lambda _: seen.append(debt(till)))
    assert len(seen) == len([Stage.BOOKED, Stage.CALLING])
    assert set(seen) == {Debt()}
    assert debt(till).count == 1


@PLATFORMS
def test_what_a_crash_left_under_way_is_owed_once_it_can_not_be_under_way_any_more(
    till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = till.coupon(platform)["code"]

    def crash(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(till.store.courier, "carry", crash)
    with pytest.raises(SystemExit):
        till.redeem(code)
    till.reopen()
    assert till.rows()[0].state is State.SENT
    till.clock.advance_ms(2 * till.store.profile.counter_budget_ms + 1)
    assert debt(till).count == 1


def test_it_is_asked_of_the_open_calls_alone(till: Counter) -> None:
    """However many redemptions there are: each table is met through an index."""
    from sync.ledger.outbox import _SUMS

    plan = till.store.ledger.read(lambda tx: tx.run(f"EXPLAIN QUERY PLAN {_SUMS}", (0,)).fetchall())
    steps = [row[3] for row in plan if "SUBQUERY" not in row[3]]
    assert all("USING" in step and "INDEX" in step for step in steps), steps
