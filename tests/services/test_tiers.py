"""Without a line: what each acceptance rests on, what it may be worth, and what becomes of it afterwards."""

import pytest

from sync.domain.difference import Ending
from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.domain.trust import Purse
from sync.services.verdict import Outcome, UnitVerdict
from tests.services.counter import HOUR_MS, NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


def reason_of(unit: UnitVerdict) -> Code | None:
    return unit.reason.code if unit.reason else None


def test_a_permit_with_our_nonce_is_redeemed_for_the_units_that_the_platform_booked(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=5)
    asked = till.store.permits.request()
    text = till.permit(card, asked, 2)
    assert len(till.booked(card)) == 2
    till.line_down()
    verdict = till.redeem(text)
    assert [(unit.outcome, unit.tier) for unit in verdict.units] == [(Outcome.REDEEMED, "permit")] * 2
    assert verdict.first.request_id == asked.request_id
    again = till.redeem(text)
    assert (again.first.outcome, reason_of(again.first)) == (Outcome.REFUSED, Code.NONCE_SPENT)
    assert till.differences() == []
    till.line_up()
    till.deliver()
    assert len(till.booked(card)) == 2
    till.agree()


def test_a_nonce_is_good_for_two_minutes(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    text = till.permit(coupon, till.store.permits.request())
    till.clock.advance_ms(120_001)
    till.line_down()
    assert reason_of(till.redeem(text).first) is Code.NONCE_SPENT


def test_a_permit_for_another_till_is_not_ours(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    text = till.dynamic(coupon, "permit", store=till.store.profile.own_store, nonce="00112233445566ff")
    till.line_down()
    assert reason_of(till.redeem(text).first) is Code.OTHER_NONCE


@pytest.mark.parametrize(("mode", "tier"), [("permit", "permit"), ("chain", "chain")])
def test_a_dynamic_code_is_recorded_by_its_signature(till: Counter, mode: str, tier: str) -> None:
    coupon = till.coupon("miniprogram")
    till.line_down()
    verdict = till.redeem(till.dynamic(coupon, mode, store=till.store.profile.own_store))
    assert (verdict.first.outcome, verdict.first.tier, verdict.first.amount_fen) == (Outcome.RECORDED, tier, 9900)
    till.line_up()
    till.deliver()
    assert [use["tier"] for use in till.booked(coupon)] == [tier]
    till.agree()


@pytest.mark.parametrize(("mode", "limit_fen"), [("permit", 100_000), ("chain", 30_000)])
def test_a_dynamic_code_is_worth_no_more_than_its_tier_allows(till: Counter, mode: str, limit_fen: int) -> None:
    texts = {
        fen: till.dynamic(till.coupon("miniprogram", price_fen=fen), mode, store=till.store.profile.own_store)
        for fen in (limit_fen, limit_fen + 1)
    }
    till.line_down()
    assert till.redeem(texts[limit_fen]).first.outcome is Outcome.RECORDED
    over = till.redeem(texts[limit_fen + 1]).first
    assert (over.outcome, reason_of(over)) == (Outcome.REFUSED, Code.OVER_VOUCHER_LIMIT)
    till.line_up()
    till.deliver()
    till.agree()


def test_a_code_of_the_cache_is_known_to_us_once(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    till.pull()
    till.line_down()
    verdict = till.redeem(coupon["code"])
    assert (verdict.first.outcome, verdict.first.tier, verdict.first.code_tail) == (
        Outcome.RECORDED,
        "cached",
        coupon["code"][-4:],
    )
    assert reason_of(till.redeem(coupon["code"]).first) is Code.USED_HERE
    till.line_up()
    till.deliver()
    till.agree()


@pytest.mark.parametrize("lot", ["refunded", "frozen", "used_elsewhere", "expired"])
def test_the_cache_knows_what_may_not_be_used(till: Counter, lot: str) -> None:
    coupon = till.coupon("miniprogram")
    till.lot(coupon, lot)
    till.pull()
    till.line_down()
    assert till.redeem(coupon["code"], noted=NOTED).first.outcome is Outcome.REFUSED


def test_a_revoked_voucher_is_refused_though_its_code_is_genuine(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    text = till.dynamic(coupon)
    till.lot(coupon, "refunded")
    till.pull()
    till.line_down()
    assert reason_of(till.redeem(text).first) is Code.REVOKED


@PLATFORMS
def test_an_unknown_code_needs_evidence_and_is_recorded_with_it(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.line_down()
    assert reason_of(till.redeem(coupon["code"]).first) is Code.EVIDENCE_NEEDED
    half = Witnesses(amount_fen=9900, order_no="A-1001")
    assert reason_of(till.redeem(coupon["code"], noted=half).first) is Code.EVIDENCE_NEEDED
    unpriced = Witnesses(order_no="A-1001", phone_last4="4321")
    assert reason_of(till.redeem(coupon["code"], noted=unpriced).first) is Code.AMOUNT_NEEDED
    verdict = till.redeem(coupon["code"], noted=NOTED)
    assert (verdict.first.outcome, verdict.first.tier) == (Outcome.RECORDED, "recorded")
    (row,) = till.rows()
    assert '"phone_last4": "4321"' in (row.witnesses or "")
    assert len(till.refusals()) == 3
    till.line_up()
    till.deliver()
    till.agree()


def test_a_douyin_picture_asks_for_the_printed_code(till: Counter) -> None:
    coupon = till.coupon("douyin")
    till.line_down()
    refused = till.redeem(coupon["qr_text"]).first
    assert (refused.outcome, reason_of(refused)) == (Outcome.REFUSED, Code.QR_NEEDS_LINE)
    assert till.redeem(coupon["code"], noted=NOTED).first.outcome is Outcome.RECORDED
    till.line_up()
    till.deliver()
    till.agree()


@PLATFORMS
def test_a_record_that_the_platform_refuses_later_is_a_difference_with_an_owner(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.line_down()
    verdict = till.redeem(coupon["code"], noted=NOTED)
    till.lot(coupon, "refunded")
    till.line_up()
    till.deliver()
    (row,) = till.rows(State.REFUSED)
    (difference,) = till.store.differences.open()
    assert (difference.redemption_id, difference.owner, difference.amount_fen) == (row.id, "m1", 9900)
    assert row.id == verdict.first.redemption_id
    assert difference.deadline_at_ms - difference.opened_at_ms == 48 * HOUR_MS
    till.store.differences.resolve(difference.id, till.who("m1"), Ending.ACCEPT_LOSS)
    assert till.store.differences.open() == []
    till.agree()


def test_one_coupon_under_two_names_is_paid_once_and_a_difference_tells_of_it(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    till.line_down()
    assert till.redeem(coupon["code"], noted=NOTED).first.tier == "recorded"
    assert till.redeem(till.dynamic(coupon)).first.tier == "chain"
    till.line_up()
    till.deliver()
    assert len(till.booked(coupon)) == 1
    assert len(till.rows(State.CONFIRMED)) == len(till.rows(State.REFUSED)) == 1
    assert till.store.differences.open()
    till.agree(second_attempts=1)


def test_lists_that_are_too_old_leave_only_evidence(till: Counter) -> None:
    coupon, later = till.coupon("miniprogram"), till.coupon("miniprogram")
    till.pull()
    till.line_down()
    till.clock.advance_ms(24 * HOUR_MS + 1)
    assert reason_of(till.redeem(coupon["code"]).first) is Code.LISTS_TOO_OLD
    assert till.redeem(coupon["code"], noted=NOTED).first.tier == "recorded"
    assert reason_of(till.redeem(till.dynamic(later)).first) is Code.LISTS_TOO_OLD
    assert till.outage("miniprogram").used(Purse.RECORDED).count == 1
