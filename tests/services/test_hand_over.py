"""Handing a shift over: who takes it signs too, and a count that is off by too much needs a manager."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sync.domain.reasons import Code, Reason
from sync.domain.shift import ShiftState, Tolerance
from sync.domain.staff import Role, Staff
from sync.errors import NotAllowed
from sync.services.shifts import Count
from tests.services.counter import Counter


def refused(deed: Callable[[], object]) -> Reason:
    with pytest.raises(NotAllowed) as caught:
        deed()
    return caught.value.reason


def counted(till: Counter, cash_fen: int = 0, **slips: int) -> Callable[..., Any]:
    till.store.shifts.count(till.who("c1"), Count(cash_fen, slips))
    return till.store.shifts.close


def last_entry(till: Counter) -> str:
    return str(till.store.ledger.read(lambda tx: tx.run("SELECT payload FROM journal ORDER BY seq DESC").fetchone()[0]))


def test_who_takes_over_stands_in_the_report_and_in_the_journal(till: Counter) -> None:
    report = counted(till)(till.who("c1"), till.who("c2"))
    assert (report.shift.closed_by, report.received_by, report.approved_by) == ("c1", "c2", None)
    assert till.store.shifts.report(1).received_by == "c2"
    (change,) = json.loads(last_entry(till))["facts"]
    assert json.loads(change["set"]["report"])["received_by"] == "c2"
    assert till.journal_ok()


def test_at_night_nobody_takes_over(till: Counter) -> None:
    report = counted(till)(till.who("c1"))
    assert (report.shift.state, report.received_by) == (ShiftState.CLOSED, None)
    # A shift that is open was taken over by nobody yet.
    till.store.shifts.open(till.who("c1"))
    assert till.store.shifts.report().received_by is None


def test_a_report_from_before_hand_over_was_kept_can_still_be_read(till: Counter) -> None:
    counted(till)(till.who("c1"), till.who("c2"))
    frozen = json.loads(till.store.shifts.report(1).shift.report or "")
    for name in ("received_by", "approved_by"):
        del frozen[name]
    till.store.ledger.write(lambda tx: tx.run("UPDATE shifts SET report = ?", (json.dumps(frozen),)).rowcount)
    assert till.store.shifts.report(1).received_by is None


def test_nobody_hands_over_to_themselves_or_to_one_who_may_not_redeem(till: Counter) -> None:
    close = counted(till)
    till.store.people.add("t1", "技术员", Role.TECHNICIAN, None)
    assert refused(lambda: close(till.who("c1"), till.who("c1"))).code is Code.RECEIVER_IS_CLOSER
    assert refused(lambda: close(till.who("c1"), till.who("t1"))).code is Code.NOT_PERMITTED
    assert refused(lambda: close(till.who("t1"), till.who("c1"))).code is Code.NOT_PERMITTED
    gone = Staff("c9", "离职", Role.CASHIER, None, active=False)
    assert refused(lambda: close(till.who("c1"), gone)).code is Code.NOT_PERMITTED
    assert till.store.shifts.report().shift.state is ShiftState.COUNTED


@pytest.mark.parametrize(("cash_fen", "slips"), [(1_001, 0), (0, 2), (1_000, 3)])
def test_a_cashiers_count_that_is_off_too_much_needs_a_manager(till: Counter, cash_fen: int, slips: int) -> None:
    close = counted(till, cash_fen, douyin=slips)
    reason = refused(lambda: close(till.who("c1")))
    assert reason.code is Code.OFF_TOO_MUCH
    assert (reason.facts["cash_off_fen"], reason.facts["slips_off"]) == (cash_fen, slips)
    # Another cashier can't approve it, and the shift stays counted.
    assert refused(lambda: close(till.who("c1"), None, till.who("c2"))).code is Code.NOT_PERMITTED
    assert till.store.shifts.report().shift.state is ShiftState.COUNTED
    report = close(till.who("c1"), till.who("c2"), till.who("m1"))
    assert (report.shift.closed_by, report.received_by, report.approved_by) == ("c1", "c2", "m1")
    assert till.journal_ok()


def test_too_little_is_off_as_much_as_too_much(till: Counter) -> None:
    counted(till)(till.who("c1"))
    till.store.shifts.open(till.who("c1"), 20_000)
    close = counted(till, 18_999)
    assert refused(lambda: close(till.who("c1"))).facts["cash_off_fen"] == -1_001
    for coupon in till.coupons("douyin", 2, order="each"):
        till.redeem(coupon["code"])
    close = counted(till, 20_000)
    assert refused(lambda: close(till.who("c1"))).facts["slips_off"] == 2


@pytest.mark.parametrize(("cash_fen", "slips"), [(0, 0), (1_000, 1), (999, 0)])
def test_what_a_cashier_tolerates_needs_nobody(till: Counter, cash_fen: int, slips: int) -> None:
    assert counted(till, cash_fen, douyin=slips)(till.who("c1")).shift.state is ShiftState.CLOSED


def test_a_manager_closes_whatever_was_counted(till: Counter) -> None:
    assert counted(till, 99_999, douyin=40)(till.who("m1")).approved_by is None


@pytest.mark.settings('[tolerance.cashier]\ncash_fen = "none"\nslips = 0\n[tolerance.manager]\ncash_fen = 0\n')
def test_the_owner_sets_what_each_role_tolerates(till: Counter) -> None:
    assert till.store.profile.tolerance[Role.CASHIER] == Tolerance(None, 0)
    assert till.store.profile.tolerance[Role.MANAGER] == Tolerance(0, None)
    close = counted(till, 99_999)
    # A manager who has to be approved does not approve it alone.
    assert refused(lambda: close(till.who("m1"), None, till.who("m1"))).code is Code.OFF_TOO_MUCH
    assert close(till.who("c1")).shift.state is ShiftState.CLOSED
    till.store.shifts.open(till.who("c1"))
    close = counted(till, 0, douyin=1)
    assert refused(lambda: close(till.who("c1"))).code is Code.OFF_TOO_MUCH
    assert close(till.who("m1")).shift.state is ShiftState.CLOSED
