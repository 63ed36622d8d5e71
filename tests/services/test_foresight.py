"""What confirming would come to is told beforehand, by the same rules and without a trace in the ledger."""

from dataclasses import replace

import pytest

from sync.domain.decision import Accept, AcceptOnTrust, AskManager, Refuse
from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code
from sync.domain.trust import Tier
from sync.services.looking import Found
from sync.services.redeeming import Foresight
from sync.services.request import Request
from sync.services.shifts import Count
from sync.services.verdict import Outcome
from sync.services.weighing import LookAgain, Resume
from tests.services.counter import NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
NOTHING = Witnesses()


def found_of(till: Counter, text: str) -> Found:
    found = till.store.looking.look_up(text)
    assert isinstance(found, Found)
    return found


def entries(till: Counter) -> int:
    return int(till.store.ledger.read(lambda tx: tx.run("SELECT count(*) FROM journal").fetchone()[0]))


def foresee(till: Counter, text: str, units: int = 1, noted: Witnesses = NOTHING, boss: str | None = None) -> Foresight:
    """Look ahead; nothing may stay behind."""
    before = entries(till), till.rows(), till.refusals()
    request = Request(till.who("c1"), units, noted, till.who(boss) if boss else None)
    foresight = till.store.redeeming.foresee(found_of(till, text), request)
    assert (entries(till), till.rows(), till.refusals()) == before
    return foresight


def refusal(foresight: Foresight) -> Code:
    assert isinstance(foresight.decision, Refuse), foresight
    return foresight.decision.reason.code


@PLATFORMS
def test_online_an_acceptance_with_what_is_left(till: Counter, platform: str) -> None:
    card = till.coupon(platform, kind="times_card", units=5)
    seen = foresee(till, card["code"])
    assert (seen.decision, seen.units_left) == (Accept(Tier.ONLINE), 5)
    assert seen.coupon is not None
    till.redeem(card["code"], 2)
    assert foresee(till, card["code"]).units_left == 3
    assert refusal(foresee(till, card["code"], 4)) is Code.UNITS_TOO_MANY


@PLATFORMS
def test_offline_evidence_is_asked_for_before_anything_is_refused(till: Counter, platform: str) -> None:
    code = till.coupon(platform)["code"]
    till.line_down()
    assert refusal(foresee(till, code)) is Code.EVIDENCE_NEEDED
    assert refusal(foresee(till, code, noted=replace(NOTED, amount_fen=None))) is Code.AMOUNT_NEEDED
    seen = foresee(till, code, noted=NOTED)
    assert (seen.decision, seen.coupon, seen.units_left) == (AcceptOnTrust(Tier.RECORDED), None, None)
    assert till.redeem(code, noted=NOTED).first.outcome is Outcome.RECORDED


def test_why_evidence_is_needed_is_told_as_confirming_tells_it(till: Counter) -> None:
    code = till.coupon("douyin")["code"]
    till.line_down()
    seen = foresee(till, code).decision
    assert isinstance(seen, Refuse)
    assert till.redeem(code).first.reason == seen.reason
    assert "line" in seen.reason.facts


@pytest.mark.settings("[limits.recorded]\ncount = 1\n")
def test_the_manager_is_asked_for_and_opens_it(till: Counter) -> None:
    first, second = till.coupons("douyin", 2, order="each")
    till.line_down()
    till.redeem(first["code"], noted=NOTED)
    asked = foresee(till, second["code"], noted=NOTED).decision
    assert isinstance(asked, AskManager)
    assert isinstance(foresee(till, second["code"], noted=NOTED, boss="m1").decision, AcceptOnTrust)
    # Looking ahead with a manager has not opened the outage.
    assert till.outage("douyin").opened_by is None


def test_the_cache_is_told_as_such(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3)
    till.pull()
    till.clock.advance_ms(1000)
    till.line_down()
    till.redeem(card["code"])
    seen = foresee(till, card["code"])
    assert (seen.decision, seen.units_left) == (AcceptOnTrust(Tier.CACHED), 2)
    assert seen.coupon is not None
    assert seen.coupon.title


@PLATFORMS
def test_what_is_used_or_not_there_is_refused(till: Counter, platform: str) -> None:
    coupon, other = till.coupons(platform, 2, order="each")
    till.redeem(coupon["code"])
    assert refusal(foresee(till, coupon["code"])) is Code.USED_HERE
    till.lot(other, "refunded")
    assert refusal(foresee(till, other["code"])) is Code.REFUNDED
    found = till.store.looking.look_up("13800138000", "miniprogram")
    assert isinstance(found, Found)
    assert refusal(till.store.redeeming.foresee(found, Request(till.who("c1")))) is Code.PHONE_UNKNOWN


def test_without_a_shift_nothing_would_be_accepted(till: Counter) -> None:
    till.store.shifts.count(till.who("c1"), Count(0, {}))
    till.store.shifts.close(till.who("c1"))
    assert refusal(foresee(till, till.coupon("douyin")["code"])) is Code.SHIFT_NOT_OPEN


@PLATFORMS
def test_an_unfinished_scan_would_be_resumed(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.fault("drop_after", "verify", platform)
    first = till.redeem(coupon["code"]).first
    till.line_up()
    seen = foresee(till, coupon["code"])
    assert seen.decision == Resume(till.rows()[0].outbox_id)
    assert till.redeem(coupon["code"]).first.redemption_id == first.redemption_id
    till.agree()


def test_a_look_up_that_was_confirmed_already_is_resumed_or_looked_up_again(till: Counter) -> None:
    found, request = found_of(till, till.coupon("miniprogram")["code"]), Request(till.who("c1"))
    till.store.redeeming.announced(till.store.redeeming.confirm(found, request))
    till.store.redeeming.flush()
    assert isinstance(till.store.redeeming.foresee(found, request).decision, Resume)
    till.store.reversing.reverse(till.rows()[0].id, till.who("c1"))
    assert till.store.redeeming.foresee(found, request).decision == LookAgain()


@PLATFORMS
@pytest.mark.parametrize("down", [False, True])
def test_what_was_foreseen_is_what_happens(till: Counter, platform: str, down: bool) -> None:
    coupons = till.coupons(platform, 3, order="each")
    till.redeem(coupons[0]["code"])
    till.lot(coupons[1], "refunded")
    till.pull()
    till.clock.advance_ms(1000)
    if down:
        till.line_down()
    for coupon in coupons:
        seen = foresee(till, coupon["code"], noted=NOTED).decision
        told = till.redeem(coupon["code"], noted=NOTED).first
        match seen:
            case Refuse(reason):
                assert (told.outcome, told.reason) == (Outcome.REFUSED, reason)
            case AcceptOnTrust(tier):
                assert (told.outcome, told.tier) == (Outcome.RECORDED, tier)
            case _:
                assert (told.outcome, seen) == (Outcome.REDEEMED, Accept(Tier.ONLINE))
