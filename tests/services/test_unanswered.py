"""A verify whose answer never came: the claim stands, a second scan resumes it, delivery settles it; never twice."""

import pytest

from sync.domain.difference import Cause
from sync.domain.redemption import State
from sync.services.verdict import Outcome
from tests.services.counter import Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
KINDS = (
    "drop_before",
    "drop_after",
    "cut_headers",
    "cut_body",
    "empty",
    "bad_json",
    "http_500",
    "http_429",
    "portal",
    "refuse",
)


@PLATFORMS
@pytest.mark.parametrize("kind", KINDS)
def test_the_claim_stands_and_delivery_settles_it(till: Counter, platform: str, kind: str) -> None:
    coupon = till.coupon(platform)
    till.fault(kind, "verify", platform)
    verdict = till.redeem(coupon["code"])
    assert (verdict.first.outcome, verdict.first.tier) == (Outcome.RECORDED, "online")
    (row,) = till.rows()
    assert row.owed
    assert row.promised
    assert row.outage is not None
    assert till.struck() > 0
    till.line_up()
    till.deliver()
    (settled,) = till.rows()
    assert (settled.id, settled.state) == (verdict.first.redemption_id, State.CONFIRMED)
    assert len(till.booked(coupon)) == 1
    assert till.store.delivering.owed() == []
    till.agree()


@PLATFORMS
@pytest.mark.parametrize("kind", KINDS)
def test_a_second_scan_resumes_the_same_redemption(till: Counter, platform: str, kind: str) -> None:
    coupon = till.coupon(platform)
    till.fault(kind, "verify", platform)
    first = till.redeem(coupon["code"])
    till.line_up()
    second = till.redeem(coupon["code"], staff="c2")
    assert second.first.outcome is Outcome.REDEEMED
    assert second.first.redemption_id == first.first.redemption_id
    assert second.first.request_id == first.first.request_id
    assert len(till.rows()) == 1
    till.agree()


@PLATFORMS
def test_scanning_again_and_again_without_a_line_makes_no_second_claim(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.fault("drop_after", "verify", platform)
    till.fault("drop_before", "read", platform)
    verdicts = [till.redeem(coupon["code"]) for _ in range(4)]
    till.line_up()
    assert len({verdict.first.redemption_id for verdict in verdicts}) == 1
    till.deliver()
    assert len(till.rows()) == 1
    till.agree()


@PLATFORMS
@pytest.mark.parametrize("shown", ["qr_text", "code"])
def test_a_whole_order_that_was_not_answered_is_settled_whole(till: Counter, platform: str, shown: str) -> None:
    coupon = till.coupon(platform, kind="times_card", units=4)
    till.fault("drop_after", "verify", platform)
    verdict = till.redeem(coupon[shown], 3)
    assert [unit.outcome for unit in verdict.units] == [Outcome.RECORDED] * 3
    till.deliver()
    till.line_up()
    till.deliver()
    assert len(till.booked(coupon)) == 3
    till.agree()


@PLATFORMS
def test_an_expired_token_is_renewed_unseen(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.fault("expired_token", "verify", platform, count=1)
    assert till.redeem(coupon["code"]).first.outcome is Outcome.REDEEMED
    till.agree()


@PLATFORMS
@pytest.mark.parametrize("hours", [1, 30])
def test_it_is_settled_a_day_later_and_after_a_restart(till: Counter, platform: str, hours: int) -> None:
    coupon = till.coupon(platform)
    till.fault("drop_after", "verify", platform)
    verdict = till.redeem(coupon["qr_text"])
    till.reopen()
    till.clock.advance_ms(hours * 3_600_000)
    till.line_up()
    till.deliver()
    (row,) = till.rows(State.CONFIRMED)
    assert row.id == verdict.first.redemption_id
    till.agree()


@PLATFORMS
def test_one_that_never_arrived_and_was_refunded_meanwhile_is_a_difference_with_an_owner(
    till: Counter, platform: str
) -> None:
    coupon = till.coupon(platform)
    till.fault("drop_before", "verify", platform)
    verdict = till.redeem(coupon["code"])
    till.line_up()
    till.lot(coupon, "refunded")
    till.deliver()
    (row,) = till.rows(State.REFUSED)
    (difference,) = till.differences()
    assert (difference.cause, difference.redemption_id, difference.owner) == (Cause.REFUSED_LATER, row.id, "m1")
    assert (difference.amount_fen, row.id) == (9900, verdict.first.redemption_id)
    assert till.booked(coupon) == []
    till.deliver()
    assert len(till.differences()) == 1
    till.agree()


@PLATFORMS
def test_limits_count_what_was_not_answered(till: Counter, platform: str) -> None:
    till.fault("drop_after", "verify", platform)
    till.redeem(till.coupon(platform)["code"])
    spent = till.outage(platform).spent
    assert [(s.count, s.amount_fen) for s in spent.values()] == [(1, 9900)]
    till.line_up()
    till.deliver()
    till.agree()
