"""A day of ours beside the platforms' books: what does not agree is a difference with an owner, once."""

import json

import pytest

from sync.domain.difference import Cause
from sync.domain.matching import Bucket
from sync.services.reconciliation import Comparison
from sync.services.reversing import Reversal
from tests.services.counter import HOUR_MS, NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
BUCKETS = (Bucket.MATCHED, Bucket.OURS_ONLY, Bucket.THEIRS_ONLY, Bucket.DIFFERS)


def today(till: Counter) -> str:
    return till.store.ledger.read(lambda tx: till.store.profile.day_of(till.store.keeper.now(tx)))


def compare(till: Counter, platform: str, day: str | None = None) -> Comparison:
    return till.store.reconciliation.reconcile(platform, day or today(till))


def counts(compared: Comparison) -> list[int]:
    return [compared.count(bucket) for bucket in BUCKETS]


@PLATFORMS
def test_books_that_agree_open_nothing(till: Counter, platform: str) -> None:
    for _ in range(25):
        till.redeem(till.coupon(platform)["code"])
    till.redeem(till.coupon(platform, kind="times_card", units=3)["code"], 3)
    till.store.reversing.reverse(till.rows()[0].id, till.who("c1"))
    compared = compare(till, platform)
    assert counts(compared) == [28, 0, 0, 0]
    assert (compared.owed, compared.unreadable) == (0, None)
    assert till.differences() == []


@PLATFORMS
def test_what_another_device_redeemed_is_theirs_only(till: Counter, platform: str) -> None:
    till.redeem(till.coupon(platform)["code"])
    coupon = till.coupon(platform)
    till.lot(coupon, "used_elsewhere")
    for _ in range(2):
        assert counts(compare(till, platform)) == [1, 0, 1, 0]
    (difference,) = till.differences()
    assert (difference.cause, difference.owner, difference.amount_fen) == (Cause.THEIRS_ONLY, "m1", 9900)


@PLATFORMS
def test_what_they_do_not_have_is_ours_only(till: Counter, platform: str) -> None:
    till.redeem(till.coupon(platform)["code"])
    (row,) = till.rows()
    till.tamper(refs=(row.refs or "").replace('"record": "', '"record": "0'))
    delay_ms = till.store.asking.platforms[platform].book_delay_ms
    if delay_ms:
        waiting = compare(till, platform)
        assert (counts(waiting), waiting.count(Bucket.AWAITED)) == ([0, 0, 1, 0], 1)
        till.clock.advance_ms(delay_ms)
    compared = compare(till, platform)
    assert counts(compared) == [0, 1, 1, 0]
    assert {difference.cause for difference in till.differences()} == {Cause.OURS_ONLY, Cause.THEIRS_ONLY}
    assert {difference.redemption_id for difference in till.differences()} == {row.id, None}


@PLATFORMS
@pytest.mark.parametrize("what", ["amount", "reversed"])
def test_a_pair_that_differs_says_in_what(till: Counter, platform: str, what: str) -> None:
    till.redeem(till.coupon(platform)["code"])
    (row,) = till.rows()
    if what == "amount":
        till.tamper(amount_fen=8800)
    else:
        till.store.reversing.reverse(row.id, till.who("c1"))
        till.tamper(state="confirmed")
    assert counts(compare(till, platform)) == [0, 0, 0, 1]
    (difference,) = till.differences()
    assert (difference.cause.value, difference.redemption_id) == (what, row.id)
    assert difference.amount_fen == (1100 if what == "amount" else 9900)


@PLATFORMS
def test_what_is_owed_is_a_debt_and_no_difference(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.line_down()
    till.redeem(coupon["code"], noted=NOTED)
    till.line_up()
    compared = compare(till, platform)
    assert (counts(compared), compared.owed) == ([0, 0, 0, 0], 1)
    assert till.differences() == []


@PLATFORMS
@pytest.mark.parametrize("known", ["by its code alone", "by its certificate"])
@pytest.mark.parametrize("answered", [True, False])
def test_what_is_delivered_on_the_next_day_is_no_difference_on_either(
    till: Counter, platform: str, known: str, answered: bool
) -> None:
    coupon = till.coupon(platform)
    if known == "by its code alone":
        till.line_down()
        till.redeem(coupon["code"], noted=NOTED)
    else:
        till.fault("drop_before", "verify", platform)
        till.redeem(coupon["code"])
    till.line_up()
    first = today(till)
    till.clock.advance_ms(24 * HOUR_MS)
    till.pull()
    if not answered:
        till.fault("drop_after", "verify", platform)
        till.deliver()
        till.line_up()
        for day in (first, today(till)):
            assert counts(compare(till, platform, day)) == [0, 0, 0, 0]
    till.deliver()
    assert counts(compare(till, platform, first)) == [1, 0, 0, 0]
    assert counts(compare(till, platform)) == [0, 0, 0, 0]
    assert till.differences() == []
    till.agree()


@PLATFORMS
def test_the_hours_before_the_cut_off_belong_to_the_day_before(till: Counter, platform: str) -> None:
    # 03:59 and 04:01 in Shanghai.
    midnight_ms = till.clock.wall - till.clock.wall % (24 * HOUR_MS)
    till.clock.advance_ms(midnight_ms + 24 * HOUR_MS - 4 * HOUR_MS - 60_000 - till.clock.wall)
    till.pull()
    till.redeem(till.coupon(platform)["code"])
    before = today(till)
    till.clock.advance_ms(120_000)
    till.redeem(till.coupon(platform)["code"])
    after = today(till)
    assert before < after
    assert [counts(compare(till, platform, day)) for day in (before, after)] == [[1, 0, 0, 0]] * 2


@PLATFORMS
@pytest.mark.parametrize("kind", ["refuse", "cut_body", "http_500", "portal"])
def test_a_history_that_cannot_be_read_whole_compares_nothing(till: Counter, platform: str, kind: str) -> None:
    for _ in range(3):
        till.redeem(till.coupon(platform)["code"])
    till.fault(kind, "history", platform)
    compared = compare(till, platform)
    assert compared.unreadable is not None
    assert compared.matches == ()
    assert till.differences() == []


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-01", "2026-02-30"])
def test_no_date_is_no_day(till: Counter, day: str) -> None:
    with pytest.raises(ValueError):
        till.store.reconciliation.reconcile("douyin", day)


@PLATFORMS
@pytest.mark.parametrize("minutes", [9, -9, 25, -25])
def test_a_time_outside_of_ours_means_that_a_clock_is_wrong(till: Counter, platform: str, minutes: int) -> None:
    till.redeem(till.coupon(platform)["code"])
    (row,) = till.rows()
    shifted_ms = minutes * 60_000
    assert row.settled_at_ms is not None
    till.tamper(accepted_at_ms=row.accepted_at_ms + shifted_ms, settled_at_ms=row.settled_at_ms + shifted_ms)
    wrong = abs(minutes) > 10
    assert counts(compare(till, platform)) == ([0, 0, 0, 1] if wrong else [1, 0, 0, 0])
    assert [(one.cause, one.amount_fen) for one in till.differences()] == ([(Cause.CLOCK, 0)] if wrong else [])


def test_a_difference_says_what_the_platform_knows_of_it(till: Counter) -> None:
    coupon = till.coupon("douyin")
    till.lot(coupon, "used_elsewhere")
    compare(till, "douyin")
    (difference,) = till.differences()
    facts = json.loads(difference.facts)
    assert facts["code_tail"] == coupon["code"][-4:]
    assert abs(facts["theirs_at_ms"] - till.clock.wall) < 60_000
    assert coupon["code"] not in difference.facts


@pytest.mark.parametrize("taken_back", [0, 1, 2])
@pytest.mark.parametrize("platform", ["douyin", "meituan", "dianping", "miniprogram", "wechat_shop"])
def test_uses_of_a_card_hours_apart_of_which_one_was_taken_back_agree(
    till: Counter, platform: str, taken_back: int
) -> None:
    card = till.coupon(platform, kind="times_card", units=5)
    till.redeem(card["code"], 3, platform=platform)
    # Meituan takes the latest use back first.
    place = 2 if platform in ("meituan", "dianping") else taken_back
    verdict = till.store.reversing.reverse(till.rows()[place].id, till.who("c1"))
    assert verdict.outcome is Reversal.REVERSED
    till.clock.advance_ms(2 * HOUR_MS)
    till.redeem(card["code"], 1, platform=platform)
    compared = compare(till, platform)
    assert counts(compared) == [4, 0, 0, 0]
    assert till.differences() == []
