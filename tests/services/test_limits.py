"""The limits of an outage: kept in the ledger, so that a restart, another cashier or midnight does not reset them."""

import pytest

from sync.domain.reasons import Code
from sync.domain.trust import Purse
from sync.services.verdict import Outcome, UnitVerdict
from tests.services.counter import HOUR_MS, NOTED, Counter

SMALL = """
[limits.chain]
voucher_fen = 30000
amount_fen = 25000
count = 3
hours = 12
[limits.recorded]
voucher_fen = 30000
amount_fen = 200000
count = 2
[limits.recorded_by_manager]
voucher_fen = 30000
amount_fen = 500000
count = 4
"""


def reason_of(unit: UnitVerdict) -> Code | None:
    return unit.reason.code if unit.reason else None


def code_of(till: Counter, platform: str = "douyin") -> str:
    return str(till.coupon(platform)["code"])


@pytest.mark.settings(SMALL)
def test_the_cashier_may_record_so_many_and_a_manager_opens_the_outage_once(till: Counter) -> None:
    till.line_down()
    for _ in range(2):
        assert till.redeem(code_of(till), noted=NOTED).first.outcome is Outcome.RECORDED
    asked = till.redeem(code_of(till), noted=NOTED).first
    assert (asked.outcome, reason_of(asked), asked.tier) == (Outcome.ASK_MANAGER, Code.MANAGER_NEEDED, "recorded")
    assert len(till.rows()) == 2
    assert till.redeem(code_of(till), noted=NOTED, manager="m1").first.outcome is Outcome.RECORDED
    assert till.outage("douyin").opened_by == "m1"
    # The manager was asked once: from now on the cashier goes on alone, up to the manager's limit.
    assert till.redeem(code_of(till), noted=NOTED).first.outcome is Outcome.RECORDED
    over = till.redeem(code_of(till), noted=NOTED, manager="m1").first
    assert (over.outcome, reason_of(over)) == (Outcome.REFUSED, Code.OVER_OUTAGE_COUNT)
    till.line_up()
    till.deliver()
    assert len(till.booked()) == 4
    till.agree()


@pytest.mark.settings(SMALL)
@pytest.mark.parametrize("way", ["restart", "other cashier", "midnight", "flapping line"])
def test_nothing_resets_the_count(till: Counter, way: str) -> None:
    till.line_down()
    for _ in range(2):
        till.redeem(code_of(till), noted=NOTED)
    staff = "c1"
    match way:
        case "restart":
            till.reopen()
        case "other cashier":
            staff = "c2"
        case "midnight":
            till.clock.advance_ms(24 * HOUR_MS)
        case _:
            till.line_up()
            till.fault("refuse", "prepare")
            till.fault("refuse", "verify")
            till.pull()
    asked = till.redeem(code_of(till), noted=NOTED, staff=staff).first
    assert (asked.outcome, reason_of(asked)) == (Outcome.ASK_MANAGER, Code.MANAGER_NEEDED)
    assert till.outage("douyin").used(Purse.RECORDED).count == 2


@pytest.mark.settings(SMALL)
def test_an_outage_ends_when_the_last_of_it_is_settled_and_not_before(till: Counter) -> None:
    till.line_down()
    texts = [code_of(till) for _ in range(3)]
    for text in texts[:2]:
        till.redeem(text, noted=NOTED)
    till.line_up()
    till.fault("drop_before", "verify", count=1)
    till.store.delivering.drain()
    assert till.outage("douyin").used(Purse.RECORDED).count == 2
    till.line_up()
    till.deliver()
    till.line_down()
    assert till.redeem(texts[2], noted=NOTED).first.outcome is Outcome.RECORDED
    assert till.outage("douyin").used(Purse.RECORDED).count == 1


@pytest.mark.settings(SMALL)
def test_chain_and_cache_share_one_purse_of_pieces_and_money(till: Counter) -> None:
    cached = till.coupon("miniprogram", price_fen=10_000)
    texts = [till.dynamic(till.coupon("miniprogram", price_fen=fen)) for fen in (10_000, 5_001, 5_000, 1)]
    till.pull()
    till.line_down()
    assert till.redeem(cached["code"]).first.tier == "cached"
    assert till.redeem(texts[0]).first.tier == "chain"
    assert reason_of(till.redeem(texts[1]).first) is Code.OVER_OUTAGE_AMOUNT
    assert till.redeem(texts[2]).first.outcome is Outcome.RECORDED
    assert reason_of(till.redeem(texts[3]).first) is Code.OVER_OUTAGE_COUNT
    till.line_up()
    till.deliver()
    till.agree()


def test_one_account_uses_five_a_day(till: Counter) -> None:
    texts = [till.dynamic(till.coupon("miniprogram", phone="13800138000", price_fen=100)) for _ in range(7)]
    till.line_down()
    for text in texts[:5]:
        assert till.redeem(text).first.outcome is Outcome.RECORDED
    assert reason_of(till.redeem(texts[5]).first) is Code.OVER_ACCOUNT_LIMIT
    till.reopen()
    assert reason_of(till.redeem(texts[6], staff="c2").first) is Code.OVER_ACCOUNT_LIMIT
    till.line_up()
    till.deliver()
    till.agree()


def test_an_outage_of_twelve_hours_takes_no_more_on_a_signature(till: Counter) -> None:
    coupons = [till.coupon("miniprogram") for _ in range(2)]
    till.line_down()
    assert till.redeem(till.dynamic(coupons[0])).first.tier == "chain"
    till.clock.advance_ms(12 * HOUR_MS + 1)
    assert reason_of(till.redeem(till.dynamic(coupons[1])).first) is Code.OUTAGE_TOO_LONG


def test_a_withdrawn_record_gives_its_share_back(till: Counter) -> None:
    till.line_down()
    first = till.redeem(code_of(till), noted=NOTED).first
    till.redeem(code_of(till), noted=NOTED)
    till.store.reversing.reverse(first.redemption_id or "", till.who("c1"))
    assert till.outage("douyin").used(Purse.RECORDED).count == 1
