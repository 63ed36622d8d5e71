"""A shift opened, counted blind and closed, with or without a line; late answers amend it and never change it."""

from collections.abc import Callable

import pytest

from sync.domain.difference import Ending
from sync.domain.reasons import Code
from sync.domain.shift import ShiftState
from sync.errors import NotAllowed
from sync.services.shifts import Count
from tests.services.counter import NOTED, Counter


def close(till: Counter, **slips: int) -> None:
    till.store.shifts.count(till.who("c1"), Count(0, slips))
    till.store.shifts.close(till.who("c1"))


def reason_of(deed: Callable[[], object]) -> Code:
    with pytest.raises(NotAllowed) as caught:
        deed()
    return caught.value.reason.code


def test_a_shift_closes_without_a_line_and_lists_by_name_what_is_owed(till: Counter) -> None:
    till.redeem(till.coupon("douyin")["code"])
    till.redeem("no coupon at all")
    owing = till.coupon("miniprogram", price_fen=5000)
    till.pull()
    till.clock.advance_ms(1000)
    till.line_down()
    verdict = till.redeem(owing["code"])
    till.store.shifts.count(till.who("c1"), Count(0, {"douyin": 1, "miniprogram": 0}))
    report = till.store.shifts.close(till.who("c1"))
    assert report.shift.state is ShiftState.CLOSED
    assert [row.id for row in report.owed] == [verdict.first.redemption_id]
    douyin, own = report.lines
    assert (douyin.platform, douyin.redeemed.count, douyin.redeemed.amount_fen) == ("douyin", 1, 9900)
    assert (own.platform, own.owed.count, own.owed.amount_fen, own.on_trust.count) == ("miniprogram", 1, 5000, 1)
    assert own.oldest_owed_at_ms == till.rows()[-1].accepted_at_ms
    assert (report.refusals, report.off) == (1, {"miniprogram": -1})


def test_a_closed_shift_stays_as_it_was_and_late_answers_stand_beside_it(till: Counter) -> None:
    good, bad = till.coupons("douyin", 2, order="each")
    till.line_down()
    till.redeem(good["code"], noted=NOTED)
    till.redeem(bad["code"], noted=NOTED)
    close(till, douyin=2)
    before = till.store.shifts.report(1)
    till.store.shifts.open(till.who("c2"))
    till.lot(bad, "refunded")
    till.line_up()
    till.deliver()
    after = till.store.shifts.report(1)
    assert (after.lines, [row.id for row in after.owed]) == (before.lines, [row.id for row in before.owed])
    assert sorted((a.what, a.amount_fen) for a in after.adjustments) == [("confirmed", 0), ("refused", -9900)]
    assert after.differences == before.differences == ()
    new = till.store.shifts.report()
    assert (new.shift.id, new.lines, new.owed, len(new.differences)) == (2, (), (), 1)
    till.agree()


def test_what_comes_after_the_count_makes_it_void(till: Counter) -> None:
    till.store.shifts.count(till.who("c1"), Count(0, {}))
    till.redeem(till.coupon("douyin")["code"])
    assert till.store.shifts.report().count is None
    assert reason_of(lambda: till.store.shifts.close(till.who("c1"))) is Code.SHIFT_NOT_COUNTED
    close(till, douyin=1)
    assert till.store.shifts.report().off == {}


def test_one_shift_at_a_time_and_in_order(till: Counter) -> None:
    shifts, cashier = till.store.shifts, till.who("c1")
    assert reason_of(lambda: shifts.open(cashier)) is Code.SHIFT_ALREADY_OPEN
    assert reason_of(lambda: shifts.close(cashier)) is Code.SHIFT_NOT_COUNTED
    close(till)
    assert reason_of(lambda: shifts.count(cashier, Count(0, {}))) is Code.SHIFT_NOT_OPEN
    assert reason_of(lambda: shifts.close(cashier)) is Code.SHIFT_NOT_OPEN
    assert reason_of(lambda: shifts.report(99)) is Code.NO_SUCH_RECORD
    assert shifts.open(till.who("c2"), 20_000).float_fen == 20_000
    assert till.journal_ok()


def test_a_shift_outlives_a_restart(till: Counter) -> None:
    till.redeem(till.coupon("douyin")["code"])
    till.store.shifts.count(till.who("c1"), Count(1, {"douyin": 1}))
    till.reopen()
    current = till.store.shifts.current()
    assert current is not None
    assert current.state is ShiftState.COUNTED
    assert till.store.shifts.close(till.who("c1")).off == {}


def test_differences_are_ended_once_by_those_who_may(till: Counter) -> None:
    coupon = till.coupon("douyin")
    till.line_down()
    till.redeem(coupon["code"], noted=NOTED)
    till.lot(coupon, "refunded")
    till.line_up()
    till.deliver()
    (difference,) = till.store.differences.open()
    resolve = till.store.differences.resolve
    assert reason_of(lambda: resolve(difference.id, till.who("c1"), Ending.CLAIM)) is Code.NOT_PERMITTED
    assert reason_of(lambda: resolve(99, till.who("m1"), Ending.CLAIM)) is Code.NO_SUCH_RECORD
    assert reason_of(lambda: resolve(difference.id, till.who("m1"), Ending.REENTER)) is Code.ENDING_UNFIT
    ended = resolve(difference.id, till.who("m1"), Ending.CONTACT, " the customer\n paid ")
    assert (ended.resolved_by, ended.resolution) == ("m1", "contact：the customer paid")
    assert reason_of(lambda: resolve(difference.id, till.who("m1"), Ending.CONTACT)) is Code.ALREADY_RESOLVED
    till.deliver()
    assert till.store.differences.open() == []
    assert till.journal_ok()
