"""A permit with our own nonce: the platform has booked it, and no list, clock or mark of ours unmakes that."""

import pytest

from sync.clock import FalseClock
from sync.domain.difference import Cause
from sync.domain.moment import ClockSource
from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.ledger import outages
from sync.services.reversing import Reversal
from sync.services.verdict import Outcome
from tests.services.counter import Counter

LINES = pytest.mark.parametrize("line", ["up", "down"])


def cut(till: Counter, line: str) -> None:
    if line == "down":
        till.line_down()


@LINES
def test_it_is_accepted_although_a_pull_says_that_the_coupon_is_used(till: Counter, line: str) -> None:
    coupon = till.coupon("miniprogram")
    till.pull()
    asked = till.store.permits.request()
    text = till.permit(coupon, asked)
    till.clock.advance_ms(1000)
    till.pull()
    cut(till, line)
    verdict = till.redeem(text)
    assert (verdict.first.outcome, verdict.first.tier) == (Outcome.REDEEMED, "permit")
    assert verdict.first.request_id == asked.request_id
    till.line_up()
    till.deliver()
    assert len(till.booked(coupon)) == 1
    assert till.differences() == []
    till.agree()


@LINES
def test_two_of_one_card_in_one_second_are_two(till: Counter, line: str) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3)
    till.pull()
    texts = [till.permit(card, till.store.permits.request()) for _ in range(2)]
    cut(till, line)
    assert [till.redeem(text).first.outcome for text in texts] == [Outcome.REDEEMED] * 2
    till.line_up()
    till.deliver()
    assert len(till.booked(card)) == 2
    till.agree()


@LINES
def test_one_that_comes_too_late_is_a_difference_once(till: Counter, line: str) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3)
    asked = till.store.permits.request()
    text = till.permit(card, asked, 2)
    till.clock.advance_ms(120_001)
    cut(till, line)
    for _ in range(2):
        refused = till.redeem(text).first
        assert refused.reason is not None
        assert (refused.outcome, refused.reason.code) == (Outcome.REFUSED, Code.NONCE_SPENT)
    (difference,) = till.differences()
    assert (difference.cause, difference.owner, difference.platform) == (Cause.BOOKED_UNUSED, "m1", "miniprogram")
    assert (difference.amount_fen, asked.request_id in difference.facts) == (6_600, True)
    assert till.rows() == []
    assert till.journal_ok()


def test_a_doubtful_clock_makes_no_record_of_it_that_could_be_withdrawn(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    till.line_down()
    till.reopen(FalseClock(wall=till.clock.wall - 60_000, boot="boot-2", seed=2))
    assert till.store.ledger.read(till.store.keeper.now).source is ClockSource.UNTRUSTED
    asked = till.store.permits.request()
    till.control.delete(f"{till.sandbox.control}/faults", timeout=60)
    text = till.permit(coupon, asked)
    till.line_down()
    assert till.store.ledger.read(till.store.keeper.now).source is ClockSource.UNTRUSTED
    verdict = till.redeem(text)
    assert (verdict.first.outcome, verdict.first.tier) == (Outcome.REDEEMED, "permit")
    assert till.store.reversing.reverse(till.rows()[0].id, till.who("m1")).outcome is Reversal.QUEUED
    till.line_up()
    till.deliver()
    assert [row.state for row in till.rows()] == [State.REVERSED]
    assert till.booked(coupon) == []


def test_it_costs_an_outage_nothing(till: Counter) -> None:
    coupon = till.coupon("miniprogram", price_fen=200_000)
    text = till.permit(coupon, till.store.permits.request())
    till.line_down()
    assert till.redeem(text).first.outcome is Outcome.REDEEMED
    (row,) = till.rows()
    assert row.outage is None
    assert till.store.ledger.read(lambda tx: outages.current(tx, "miniprogram")) is None
