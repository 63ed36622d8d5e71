"""A permit with our own nonce: the platform has booked it, and no list, clock or mark of ours unmakes that."""

import re

import pytest

from sync.clock import FalseClock
from sync.domain.difference import Cause
from sync.domain.moment import ClockSource
from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.ledger import outages
from sync.services.permits import PermitRequest
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


def read_by_phone(text: str) -> PermitRequest:
    """What a phone makes of the till's QR, by docs/own-platform.md: only the terminal's name may hold colons."""
    tag, store, rest = text.split(":", 2)
    terminal, nonce, request_id = rest.rsplit(":", 2)
    assert tag == "DQ1P"
    return PermitRequest(request_id, nonce, store, terminal)


@LINES
def test_from_the_tills_picture_to_the_same_request_id_at_the_platform(till: Counter, line: str) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3)
    shown = till.store.permits.request()
    asked = read_by_phone(shown.text)
    assert (asked, asked.store) == (shown, till.store.profile.own_store)
    text = till.permit(card, asked, 2)
    assert len(till.booked(card)) == 2
    till.clock.advance_ms(shown.life_ms)
    cut(till, line)
    verdict = till.redeem(text, units=2)
    assert [(unit.outcome, unit.tier) for unit in verdict.units] == [(Outcome.REDEEMED, "permit")] * 2
    till.line_up()
    till.deliver()
    assert [use["request_id"] for use in till.booked(card)] == [shown.request_id] * 2
    assert {row.state for row in till.rows()} == {State.CONFIRMED}
    till.agree()


def test_no_two_requests_are_alike(till: Counter) -> None:
    made = [till.store.permits.request() for _ in range(20)]
    assert len({one.nonce for one in made}) == len({one.request_id for one in made}) == 20
    assert all(re.fullmatch(r"[0-9a-f]{16}", one.nonce) and one.nonce != "0" * 16 for one in made)


def test_a_permit_for_another_picture_of_the_same_till_is_taken_under_its_own(till: Counter) -> None:
    first, second = (till.coupon("miniprogram") for _ in range(2))
    one, other = (till.store.permits.request() for _ in range(2))
    texts = till.permit(second, other), till.permit(first, one)
    till.line_down()
    units = [till.redeem(text).first for text in texts]
    assert [unit.request_id for unit in units] == [other.request_id, one.request_id]
    till.line_up()
    till.deliver()
    assert len(till.booked(first, second)) == 2
    till.agree()


def test_the_same_permit_twice_redeems_once(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3)
    text = till.permit(card, till.store.permits.request())
    assert till.redeem(text).first.outcome is Outcome.REDEEMED
    again = till.redeem(text).first
    assert again.outcome is Outcome.REFUSED
    assert len(till.rows()) == len(till.booked(card)) == 1
    assert till.differences() == []
    till.deliver()
    till.agree()
