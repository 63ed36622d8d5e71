"""Recording a refusal that was foreseen: it is the one that confirming would write, and nothing else comes of it."""

from typing import Any

import pytest

from sync.domain.decision import Refuse
from sync.domain.reasons import Code
from sync.errors import NotAllowed
from sync.services.looking import Found
from sync.services.request import Request
from sync.services.shifts import Count
from sync.services.verdict import Outcome
from tests.services.counter import NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def found_of(till: Counter, coupon: dict[str, Any]) -> Found:
    found = till.store.looking.look_up(coupon["code"])
    assert isinstance(found, Found)
    return found


def entries(till: Counter) -> int:
    return int(till.store.ledger.read(lambda tx: tx.run("SELECT count(*) FROM journal").fetchone()[0]))


def nothing_comes_of(till: Counter, found: Found, request: Request) -> None:
    before = entries(till), till.rows(), till.refusals(), till.booked()
    assert till.store.redeeming.refuse(found, request) is None
    assert (entries(till), till.rows(), till.refusals(), till.booked()) == before


def close_shift(till: Counter) -> None:
    till.store.shifts.count(till.who("c1"), Count(0, {}))
    till.store.shifts.close(till.who("c1"))


@PLATFORMS
def test_what_would_be_accepted_is_left_alone(till: Counter, platform: str) -> None:
    found, request = found_of(till, till.coupon(platform)), Request(till.who("c1"))
    nothing_comes_of(till, found, request)
    # Nor does it spoil the look-up for the cashier's yes.
    assert till.store.redeeming.confirm(found, request).first.outcome is Outcome.REDEEMED


@PLATFORMS
def test_what_would_be_accepted_on_trust_is_left_alone(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.line_down()
    nothing_comes_of(till, found_of(till, coupon), Request(till.who("c1"), 1, NOTED))


@pytest.mark.settings("[limits.recorded]\ncount = 1\n")
def test_what_a_manager_may_allow_is_left_alone(till: Counter) -> None:
    first, second = till.coupons("douyin", 2, order="each")
    till.line_down()
    till.redeem(first["code"], noted=NOTED)
    nothing_comes_of(till, found_of(till, second), Request(till.who("c1"), 1, NOTED))


@PLATFORMS
def test_an_unfinished_scan_is_left_alone(till: Counter, platform: str) -> None:
    coupon, request = till.coupon(platform), Request(till.who("c1"))
    early = found_of(till, coupon)
    till.store.redeeming.redeem(coupon["code"], request)
    till.store.redeeming.flush()
    for found in (early, found_of(till, coupon)):
        nothing_comes_of(till, found, request)


def test_a_count_stays_valid(till: Counter) -> None:
    found = found_of(till, till.coupon("douyin"))
    till.store.shifts.count(till.who("c1"), Count(0, {}))
    nothing_comes_of(till, found, Request(till.who("c1")))
    till.store.shifts.close(till.who("c1"))


def test_without_a_shift_it_is_refused_as_confirming_refuses_it(till: Counter) -> None:
    found, request = found_of(till, till.coupon("douyin")), Request(till.who("c1"))
    close_shift(till)
    for deed in (till.store.redeeming.refuse, till.store.redeeming.confirm):
        with pytest.raises(NotAllowed) as caught:
            deed(found, request)
        assert caught.value.reason.code is Code.SHIFT_NOT_OPEN
    till.store.shifts.open(till.who("c1"))
    nothing_comes_of(till, found, request)


@PLATFORMS
@pytest.mark.parametrize("lot", ["refunded", "frozen", "used_elsewhere"])
def test_a_refusal_is_the_one_that_confirming_writes(till: Counter, platform: str, lot: str) -> None:
    one, other = till.coupons(platform, 2, order="each")
    for coupon in (one, other):
        till.lot(coupon, lot)
    request = Request(till.who("c1"))
    seen = till.store.redeeming.foresee(found_of(till, one), request).decision
    verdict = till.store.redeeming.refuse(found_of(till, one), request)
    assert verdict is not None
    assert isinstance(seen, Refuse)
    assert verdict.first.reason == seen.reason
    told = till.redeem(other["code"]).first
    assert told.reason is not None
    assert seen.reason.code is told.reason.code
    mine, theirs = till.refusals()
    assert (mine.reason, mine.platform, mine.kind) == (theirs.reason, theirs.platform, theirs.kind)
    assert till.journal_ok()


def test_too_many_units_are_refused_as_a_whole(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=2)
    verdict = till.store.redeeming.refuse(found_of(till, card), Request(till.who("c1"), 3))
    assert verdict is not None
    assert [unit.reason.code for unit in verdict.units if unit.reason] == [Code.UNITS_TOO_MANY]
    assert (len(till.refusals()), till.rows()) == (1, [])
