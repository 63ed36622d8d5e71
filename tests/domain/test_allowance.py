"""What may still be accepted on trust: the limits of product.md A5, as they are used up."""

import pytest

from sync.domain.allowance import Allowance, allowance
from sync.domain.moment import ClockSource, Moment
from sync.domain.reasons import Code
from sync.domain.trust import HOUR_MS, Limits, Outage, Purse, Spent, Tier

NOW_MS = 1_800_000_000_000
LIMITS = Limits()


def ask(
    tier: Tier,
    outage: Outage | None = None,
    *,
    source: ClockSource = ClockSource.PLATFORM,
    seen_hours_ago: float | None = 1,
) -> Allowance:
    seen_ms = None if seen_hours_ago is None else NOW_MS - round(seen_hours_ago * HOUR_MS)
    return allowance(LIMITS, tier, outage, Moment(NOW_MS, source), seen_ms)


def under_way(purse: Purse, count: int, amount_fen: int, *, hours: float = 1, opened_by: str | None = None) -> Outage:
    return Outage(1, NOW_MS - round(hours * HOUR_MS), opened_by, {purse: Spent(count, amount_fen)})


@pytest.mark.parametrize("tier", [Tier.PERMIT, Tier.CHAIN, Tier.CACHED])
def test_without_a_clock_or_lists_only_recording_is_left(tier: Tier) -> None:
    no_clock, no_lists = ask(tier, source=ClockSource.UNTRUSTED).why, ask(tier, seen_hours_ago=None).why
    assert no_clock is not None
    assert no_lists is not None
    assert (no_clock.code, no_lists.code) == (Code.CLOCK_UNTRUSTED, Code.LISTS_TOO_OLD)
    assert ask(Tier.RECORDED, source=ClockSource.UNTRUSTED, seen_hours_ago=None).why is None


@pytest.mark.parametrize(("tier", "hours"), [(Tier.PERMIT, 72), (Tier.CHAIN, 24), (Tier.CACHED, 24)])
def test_lists_shut_a_tier_by_their_age(tier: Tier, hours: int) -> None:
    assert ask(tier, seen_hours_ago=hours).why is None
    shut = ask(tier, seen_hours_ago=hours + 0.001).why
    assert shut is not None
    assert shut.code is Code.LISTS_TOO_OLD


def test_before_an_outage_everything_is_left_and_no_clock_runs() -> None:
    found = ask(Tier.CHAIN)
    assert (found.why, found.voucher_fen, found.count_left, found.left_fen) == (None, 30_000, 200, 500_000)
    assert found.until_ms is None


def test_chain_and_cached_draw_on_one_purse() -> None:
    outage = under_way(Purse.SHARED, 150, 400_000)
    for tier in (Tier.CHAIN, Tier.CACHED):
        found = ask(tier, outage)
        assert (found.count_left, found.left_fen) == (50, 100_000)
        assert found.until_ms == outage.started_at_ms + 12 * HOUR_MS
    assert ask(Tier.RECORDED, outage).count_left == 20


@pytest.mark.parametrize(
    ("outage", "code"),
    [
        (under_way(Purse.SHARED, 200, 1), Code.OVER_OUTAGE_COUNT),
        (under_way(Purse.SHARED, 1, 500_000), Code.OVER_OUTAGE_AMOUNT),
        (under_way(Purse.SHARED, 1, 1, hours=12.1), Code.OUTAGE_TOO_LONG),
    ],
)
def test_a_purse_that_is_spent_shuts_its_tiers(outage: Outage, code: Code) -> None:
    found = ask(Tier.CHAIN, outage)
    assert found.why is not None
    assert found.why.code is code
    assert ask(Tier.PERMIT, outage).why is None


def test_what_was_overdrawn_is_never_less_than_nothing() -> None:
    found = ask(Tier.CACHED, under_way(Purse.SHARED, 300, 900_000))
    assert (found.count_left, found.left_fen) == (0, 0)


def test_beyond_the_cashiers_own_a_manager_opens_the_rest() -> None:
    shut = ask(Tier.RECORDED, under_way(Purse.RECORDED, 20, 100_000))
    assert shut.why is not None
    assert (shut.why.code, shut.manager) == (Code.MANAGER_NEEDED, True)
    opened = ask(Tier.RECORDED, under_way(Purse.RECORDED, 20, 100_000, opened_by="m1"))
    assert (opened.why, opened.count_left, opened.left_fen) == (None, 180, 400_000)
    full = ask(Tier.RECORDED, under_way(Purse.RECORDED, 200, 100_000, opened_by="m1")).why
    assert full is not None
    assert full.code is Code.OVER_OUTAGE_COUNT


def test_by_our_own_clock_signatures_count_as_of_a_counter_cut_off() -> None:
    outage = Outage(1, NOW_MS, None, {Purse.PERMIT: Spent(3, 100), Purse.SHARED: Spent(4, 200)})
    for tier in (Tier.PERMIT, Tier.CHAIN):
        found = ask(tier, outage, source=ClockSource.WALL)
        assert (found.voucher_fen, found.count_left) == (10_000, 13)
    assert ask(Tier.CACHED, outage, source=ClockSource.WALL).count_left == 196
