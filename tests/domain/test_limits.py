"""Every default limit of product.md A5 at its edge: exactly at it is allowed, one more is not."""

from dataclasses import replace
from typing import Any

import pytest

from sync.domain.decision import Accept, AcceptOnTrust, AskManager, Refuse, decide
from sync.domain.evidence import Evidence, Known
from sync.domain.reasons import Code
from sync.domain.trust import Budget, Limits, Purse, Tier
from tests.domain.scan import NOW_MS, bound, cached, chain, coupon, online, outage, permit, recorded, scan

LIMITS = Limits()
TINY = 1 / 3_600_000  # one ms, in hours


def _chain(fen: int, units: int = 1, **changes: Any) -> Evidence:
    return chain(made={"max_fen": fen, "units": 255}, units=units, **changes)


def _permit(fen: int, units: int = 1, **changes: Any) -> Evidence:
    return permit(made={"max_fen": fen, "units": 255}, units=units, **changes)


def _cached(fen: int, units: int = 1, **changes: Any) -> Evidence:
    known = Known(coupon(price_fen=fen, units_left=255), NOW_MS)
    return scan(known=known, units=units, **changes)


WITHIN: dict[str, Evidence] = {
    "chain: 300 yuan": _chain(30_000),
    "chain: 300 yuan in units": _chain(10_000, 3),
    "cached: 300 yuan": _cached(30_000),
    "permit: 1,000 yuan": _permit(100_000),
    "recorded: 300 yuan": recorded(30_000),
    "chain: 5,000 yuan an outage": _chain(30_000, outage=outage(Purse.SHARED, 1, 470_000)),
    "chain: 200 vouchers": _chain(100, outage=outage(Purse.SHARED, 199)),
    "chain: 12 hours": _chain(100, outage=outage(Purse.SHARED, hours=12)),
    "cached shares chain's purse": _cached(30_000, outage=outage(Purse.SHARED, 199, 470_000)),
    "permit: 10,000 yuan an outage": _permit(100_000, outage=outage(Purse.PERMIT, 900, 900_000)),
    "permit: 24 hours": _permit(100, outage=outage(Purse.PERMIT, hours=24)),
    "permit does not draw on chain's purse": _permit(100, outage=outage(Purse.SHARED, 200, 500_000)),
    "chain does not draw on permit's purse": _chain(100, outage=outage(Purse.PERMIT, 999, 10**6)),
    "recorded: 20 vouchers": recorded(100, outage=outage(Purse.RECORDED, 19)),
    "recorded: 2,000 yuan": recorded(30_000, outage=outage(Purse.RECORDED, 9, 170_000)),
    "recorded has no hours": recorded(100, outage=outage(Purse.RECORDED, hours=999)),
    "manager: 200 vouchers": recorded(100, manager="m", outage=outage(Purse.RECORDED, 199)),
    "manager: 5,000 yuan": recorded(30_000, manager="m", outage=outage(Purse.RECORDED, 99, 470_000)),
    "opened once": recorded(100, outage=outage(Purse.RECORDED, 199, 0, 0, "m")),
    "account: 5 a day": _chain(100, account_uses_today=4),
    "account: 5 at once": _chain(100, 5),
    "cached account: 5 a day": _cached(100, account_uses_today=4),
    "permit has no account limit": _permit(100, account_uses_today=99),
    "isolated chain: 100 yuan": _chain(10_000, isolated=True),
    "isolated chain: 20 vouchers": _chain(100, isolated=True, outage=outage(Purse.SHARED, 19)),
    "isolated chain: 4 hours": _chain(100, isolated=True, outage=outage(Purse.SHARED, hours=4)),
    "isolated permit: 100 yuan": _permit(10_000, isolated=True),
    "isolated permit: 20 vouchers": _permit(100, isolated=True, outage=outage(Purse.PERMIT, 19)),
    "isolated permit: 4 hours": _permit(100, isolated=True, outage=outage(Purse.PERMIT, hours=4)),
    "isolated permit: account": _permit(100, isolated=True, account_uses_today=4),
}

BEYOND: dict[str, tuple[Evidence, Code]] = {
    "chain: 300.01 yuan": (_chain(30_001), Code.OVER_VOUCHER_LIMIT),
    "chain: 3 units over 300 yuan": (_chain(10_001, 3), Code.OVER_VOUCHER_LIMIT),
    "cached: 300.01 yuan": (_cached(30_001), Code.OVER_VOUCHER_LIMIT),
    "permit: 1,000.01 yuan": (_permit(100_001), Code.OVER_VOUCHER_LIMIT),
    "recorded: 300.01 yuan": (recorded(30_001, manager="m"), Code.OVER_VOUCHER_LIMIT),
    "chain: an outage's yuan": (
        _chain(30_000, outage=outage(Purse.SHARED, 1, 470_001)),
        Code.OVER_OUTAGE_AMOUNT,
    ),
    "chain: 201 vouchers": (_chain(100, outage=outage(Purse.SHARED, 200)), Code.OVER_OUTAGE_COUNT),
    "chain: 201 units": (_chain(100, 2, outage=outage(Purse.SHARED, 199)), Code.OVER_OUTAGE_COUNT),
    "chain: over 12 hours": (_chain(100, outage=outage(Purse.SHARED, hours=12 + TINY)), Code.OUTAGE_TOO_LONG),
    "cached: over 12 hours": (_cached(100, outage=outage(Purse.SHARED, hours=12 + TINY)), Code.OUTAGE_TOO_LONG),
    "cached shares chain's purse": (_cached(100, outage=outage(Purse.SHARED, 200)), Code.OVER_OUTAGE_COUNT),
    "permit: an outage's yuan": (
        _permit(100_000, outage=outage(Purse.PERMIT, 1, 900_001)),
        Code.OVER_OUTAGE_AMOUNT,
    ),
    "permit: over 24 hours": (_permit(100, outage=outage(Purse.PERMIT, hours=24 + TINY)), Code.OUTAGE_TOO_LONG),
    "manager: 201 vouchers": (
        recorded(100, manager="m", outage=outage(Purse.RECORDED, 200)),
        Code.OVER_OUTAGE_COUNT,
    ),
    "manager: over 5,000 yuan": (
        recorded(30_000, manager="m", outage=outage(Purse.RECORDED, 99, 470_001)),
        Code.OVER_OUTAGE_AMOUNT,
    ),
    "no manager helps beyond the manager's": (
        recorded(100, outage=outage(Purse.RECORDED, 200)),
        Code.OVER_OUTAGE_COUNT,
    ),
    "account: the 6th": (_chain(100, account_uses_today=5), Code.OVER_ACCOUNT_LIMIT),
    "account: 6 at once": (_chain(100, 6), Code.OVER_ACCOUNT_LIMIT),
    "cached account: the 6th": (_cached(100, account_uses_today=5), Code.OVER_ACCOUNT_LIMIT),
    "isolated chain: 100.01 yuan": (_chain(10_001, isolated=True), Code.OVER_VOUCHER_LIMIT),
    "isolated chain: 21 vouchers": (
        _chain(100, isolated=True, outage=outage(Purse.SHARED, 20)),
        Code.OVER_OUTAGE_COUNT,
    ),
    "isolated chain: over 4 hours": (
        _chain(100, isolated=True, outage=outage(Purse.SHARED, hours=4 + TINY)),
        Code.OUTAGE_TOO_LONG,
    ),
    "isolated permit: 100.01 yuan": (_permit(10_001, isolated=True), Code.OVER_VOUCHER_LIMIT),
    "isolated permit: 21 permits": (
        _permit(100, isolated=True, outage=outage(Purse.PERMIT, 20)),
        Code.OVER_OUTAGE_COUNT,
    ),
    "isolated permit after 20 chains": (
        _permit(100, isolated=True, outage=outage(Purse.SHARED, 20)),
        Code.OVER_OUTAGE_COUNT,
    ),
    "isolated chain after 20 permits": (
        _chain(100, isolated=True, outage=outage(Purse.PERMIT, 20)),
        Code.OVER_OUTAGE_COUNT,
    ),
    "isolated permit: over 4 hours": (
        _permit(100, isolated=True, outage=outage(Purse.PERMIT, hours=4 + TINY)),
        Code.OUTAGE_TOO_LONG,
    ),
    "isolated permit: account": (_permit(100, isolated=True, account_uses_today=5), Code.OVER_ACCOUNT_LIMIT),
}


@pytest.mark.parametrize("evidence", WITHIN.values(), ids=WITHIN.keys())
def test_exactly_at_the_limit(evidence: Evidence) -> None:
    assert isinstance(decide(evidence, LIMITS), AcceptOnTrust)


@pytest.mark.parametrize(("evidence", "code"), BEYOND.values(), ids=BEYOND.keys())
def test_one_beyond_the_limit(evidence: Evidence, code: Code) -> None:
    decision = decide(evidence, LIMITS)
    assert isinstance(decision, Refuse)
    assert decision.reason.code is code


@pytest.mark.parametrize(
    ("count", "fen", "asked"), [(20, 0, 100), (199, 0, 100), (0, 200_000, 1), (9, 170_001, 30_000)]
)
def test_beyond_the_cashiers_limit_a_manager_is_asked(count: int, fen: int, asked: int) -> None:
    decision = decide(recorded(asked, outage=outage(Purse.RECORDED, count, fen)), LIMITS)
    assert isinstance(decision, AskManager)
    assert decision.reason.code is Code.MANAGER_NEEDED
    assert decision.tier is Tier.RECORDED


@pytest.mark.parametrize("evidence", [_chain(30_001, manager="m"), _cached(30_001, manager="m")])
def test_a_manager_opens_only_what_is_recorded(evidence: Evidence) -> None:
    assert isinstance(decide(evidence, LIMITS), Refuse)


def test_what_the_platform_has_booked_knows_no_limit_of_ours() -> None:
    spent = outage(Purse.PERMIT, 999, 10**7, 99)
    made = {"max_fen": 10**6, "units": 9}
    assert decide(bound(made, units=9, outage=spent, account_uses_today=99), LIMITS) == Accept(Tier.PERMIT)
    assert decide(online(outage=spent), LIMITS) == Accept(Tier.ONLINE)


def test_the_owner_may_raise_and_lower_a_limit() -> None:
    assert isinstance(decide(_chain(30_001), Limits(chain=Budget(40_000))), AcceptOnTrust)
    assert isinstance(decide(_chain(30_000), Limits(chain=Budget(29_999))), Refuse)
    assert isinstance(decide(cached(account_uses_today=1), Limits(account_a_day=1)), Refuse)


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (_chain(100, 201), Code.OVER_OUTAGE_COUNT),
        (_chain(2_501, 2), Code.OVER_OUTAGE_AMOUNT),
        (_chain(100, 21, isolated=True), Code.OVER_OUTAGE_COUNT),
    ],
)
def test_the_first_basket_of_an_outage_is_within_its_limits_too(evidence: Evidence, code: Code) -> None:
    limits = replace(LIMITS, chain=Budget(30_000, 5_000, 200, 12), account_a_day=999)
    decision = decide(evidence, limits)
    assert isinstance(decision, Refuse)
    assert decision.reason.code is code


def test_a_cashier_alone_stays_within_his_own_limit_of_one_voucher() -> None:
    limits = replace(LIMITS, recorded_by_manager=Budget(100_000, 500_000, 200))
    assert isinstance(decide(recorded(30_000), limits), AcceptOnTrust)
    assert isinstance(decide(recorded(30_001), limits), AskManager)
    assert isinstance(decide(recorded(90_000, manager="m"), limits), AcceptOnTrust)
    assert isinstance(decide(recorded(100_001, manager="m"), limits), Refuse)


def test_isolation_only_tightens() -> None:
    strict = Limits(chain=Budget(5_000, 1_000, 3, 1))
    assert strict.budget(Tier.CHAIN, True) == Budget(5_000, 1_000, 3, 1)
    assert LIMITS.budget(Tier.CHAIN, True) == Budget(10_000, 500_000, 20, 4)
    assert LIMITS.budget(Tier.PERMIT, True) == Budget(10_000, 500_000, 20, 4)
    assert LIMITS.budget(Tier.RECORDED, True) == LIMITS.recorded_by_manager
