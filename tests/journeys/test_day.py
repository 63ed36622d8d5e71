"""A shop's day from end to end: a morning online, an outage, the line back, the books compared, the shift closed."""

import random

import pytest

from sync.domain.redemption import State
from sync.engine.loop import Loop
from sync.services.lines import PROBE_EVERY_MS
from sync.services.reversing import Reversal
from sync.services.shifts import Count
from sync.services.verdict import Outcome
from tests.services.counter import NOTED, Counter

FAULTS = ("drop_before", "drop_after", "cut_headers", "cut_body", "empty", "bad_json", "http_500", "portal", "refuse")


def turn(till: Counter, loop: Loop, times: int = 6) -> None:
    for _ in range(times):
        till.clock.advance_ms(PROBE_EVERY_MS)
        loop.tick()


def today(till: Counter) -> str:
    return till.store.ledger.read(lambda tx: till.store.profile.day_of(till.store.keeper.now(tx)))


def test_a_day_with_an_outage(till: Counter) -> None:
    loop = Loop(till.store, till.clock)
    morning = [till.coupon(platform) for platform in ("douyin", "miniprogram") for _ in range(3)]
    for coupon in morning:
        assert till.redeem(coupon["qr_text"]).first.outcome is Outcome.REDEEMED
    noon = {platform: till.coupons(platform, 4, order="each") for platform in ("douyin", "miniprogram")}
    turn(till, loop, 30)
    chain = till.coupon("miniprogram")
    text = till.dynamic(chain)
    till.line_down()
    assert till.redeem(text).first.tier == "chain"
    for coupon in noon["miniprogram"]:
        assert till.redeem(coupon["code"]).first.tier == "cached"
    for coupon in noon["douyin"]:
        assert till.redeem(coupon["code"], noted=NOTED).first.tier == "recorded"
    withdrawn = till.store.reversing.reverse(till.rows()[-1].id, till.who("c1"))
    assert withdrawn.outcome is Reversal.WITHDRAWN
    turn(till, loop)
    assert len(till.booked()) == len(morning)
    till.lot(noon["douyin"][0], "refunded")
    till.reopen()
    loop = Loop(till.store, till.clock)
    till.line_up()
    turn(till, loop, 12)
    assert till.store.delivering.owed() == []
    (difference,) = till.store.differences.open()
    assert difference.redemption_id == till.rows(State.REFUSED)[0].id
    for platform in ("douyin", "miniprogram"):
        compared = till.store.reconciliation.reconcile(platform, today(till))
        assert len(compared.matches) == len([use for use in till.booked() if use["platform"] == platform])
        assert {line.bucket.value for line in compared.matches} == {"matched"}
    till.store.shifts.count(till.who("c1"), Count(0, {"douyin": 6, "miniprogram": 8}))
    report = till.store.shifts.close(till.who("c1"))
    redeemed = {line.platform: line.redeemed.count for line in report.lines}
    assert redeemed == {"douyin": 5, "miniprogram": 8}
    assert report.off == {}
    till.agree()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_line_does_each_coupon_ends_once(till: Counter, seed: int) -> None:
    """Scans, second scans, reversals and restarts in any order while calls fail in every way."""
    chance = random.Random(seed)
    loop = Loop(till.store, till.clock)
    coupons = [till.coupon(chance.choice(["douyin", "miniprogram"]), price_fen=100) for _ in range(25)]
    till.pull()
    for _ in range(60):
        coupon = chance.choice(coupons)
        match chance.randrange(8):
            case 0:
                till.fault(chance.choice(FAULTS), probability=0.5, seed=chance.randrange(1000))
            case 1:
                till.line_up()
            case 2:
                turn(till, loop, 2)
            case 3:
                till.reopen()
                loop = Loop(till.store, till.clock)
            case 4:
                confirmed = [row for row in till.rows() if row.owed or row.state is State.CONFIRMED]
                if confirmed:
                    till.store.reversing.reverse(chance.choice(confirmed).id, till.who("c1"))
            case _:
                till.clock.advance_ms(1000)
                till.redeem(coupon[chance.choice(["code", "qr_text"])], noted=NOTED, manager="m1")
    till.line_up()
    for _ in range(3):
        till.deliver()
    assert till.store.delivering.owed() == []
    attempts = till.book()["second_attempts"]
    # A coupon recorded under a name that nobody could connect with another is tried twice, and is a difference then.
    assert attempts <= len(till.differences())
    till.agree(second_attempts=attempts)
    per_coupon = [use["code"] for use in till.booked()]
    assert len(per_coupon) == len(set(per_coupon))
