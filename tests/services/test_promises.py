"""What is promised without the platform's word stays within the outage's limits, whatever it rests on."""

from typing import Any

import pytest

from sync.clock import FalseClock
from sync.domain.moment import ClockSource
from sync.domain.reasons import Code, because
from sync.domain.redemption import State
from sync.domain.trust import Purse
from sync.errors import NeverSent
from sync.services.verdict import Outcome, UnitVerdict
from tests.services.counter import HOUR_MS, NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
THREE = """
[limits.chain]
count = 3
"""
TWO_HUNDRED_YUAN = """
[limits.chain]
amount_fen = 20000
"""


def reason_of(unit: UnitVerdict) -> Code | None:
    return unit.reason.code if unit.reason else None


def unanswered(till: Counter, platform: str, count: int) -> list[tuple[str, UnitVerdict]]:
    """So many scans that were found online and whose answer never came."""
    till.fault("drop_before", "verify", platform)
    coupons = till.coupons(platform, count, order="each")
    # Each look-up is answered, so the line is not taken for down.
    return [(coupon["code"], till.redeem(coupon["code"]).first) for coupon in coupons]


@PLATFORMS
@pytest.mark.parametrize(
    ("most", "code"),
    [
        pytest.param(3, Code.OVER_OUTAGE_COUNT, marks=pytest.mark.settings(THREE)),
        pytest.param(2, Code.OVER_OUTAGE_AMOUNT, marks=pytest.mark.settings(TWO_HUNDRED_YUAN)),
    ],
)
def test_what_was_not_answered_is_promised_up_to_the_limits(
    till: Counter, platform: str, most: int, code: Code
) -> None:
    told = unanswered(till, platform, 5)
    assert {unit.tier for _, unit in told} == {"online"}
    assert [unit.outcome for _, unit in told] == [Outcome.RECORDED] * most + [Outcome.REFUSED] * (5 - most)
    assert {reason_of(unit) for _, unit in told[most:]} == {code}
    assert [row.promised for row in till.rows()] == [True] * most + [False] * (5 - most)
    assert till.outage(platform).used(Purse.SHARED).count == most
    # The claims stand: they are asked about, and a further scan tells how they ended.
    assert len(till.store.delivering.owed()) == 5
    till.line_up()
    text, unit = told[-1]
    again = till.redeem(text).first
    assert (again.outcome, again.redemption_id) == (Outcome.REDEEMED, unit.redemption_id)
    till.deliver()
    till.agree()


@PLATFORMS
@pytest.mark.settings(THREE)
def test_what_was_not_promised_and_is_refused_is_no_difference(till: Counter, platform: str) -> None:
    unanswered(till, platform, 3)
    over = till.coupon(platform)
    assert till.redeem(over["code"]).first.outcome is Outcome.REFUSED
    till.lot(over, "refunded")
    till.line_up()
    till.deliver()
    assert [row.state for row in till.rows()] == [State.CONFIRMED] * 3 + [State.REFUSED]
    assert till.differences() == []
    till.agree()


@pytest.mark.settings(THREE)
def test_the_first_basket_of_an_outage_is_within_its_limits(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=5, price_fen=5000)
    till.pull()
    text = till.dynamic(card)
    till.line_down()
    over = till.redeem(text, 4)
    assert [(unit.outcome, reason_of(unit)) for unit in over.units] == [(Outcome.REFUSED, Code.OVER_OUTAGE_COUNT)]
    assert till.rows() == []
    assert [unit.outcome for unit in till.redeem(text, 3).units] == [Outcome.RECORDED] * 3


def cut_off(*_asked: object) -> None:
    raise NeverSent(because(Code.UNREACHABLE))


def use_elsewhere(till: Counter, card: dict[str, Any], units: int) -> None:
    """Another till of the shop redeems units of a card."""
    own = till.sandbox.describe()["miniprogram"]
    grant = {
        "grant_type": "client_credentials",
        "client_id": own["client_id"],
        "client_secret": own["client_secret"],
    }
    token = till.control.post(f"{till.sandbox.url}/dq/v1/token", json=grant, timeout=60).json()["access_token"]
    body = {
        "request_id": "another-till-1",
        "store": own["store"],
        "terminal": "T2",
        "tier": "online",
        "accepted_at": till.clock.wall,
        "uses": [{"code": card["code"], "units": units}],
        "dynamic": None,
    }
    headers = {"Authorization": f"Bearer {token}"}
    answer = till.control.post(f"{till.sandbox.url}/dq/v1/redeem", json=body, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text


def test_an_old_cache_gives_no_more_units_than_the_code_itself(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=5, price_fen=5000)
    till.pull()
    use_elsewhere(till, card, 4)
    # A day later the customer's phone has fetched a new chain, and of our lists only the revocations came through.
    till.clock.advance_ms(25 * HOUR_MS)
    text = till.dynamic(card)
    assert till.store.pulling is not None
    with monkeypatch.context() as patch:
        patch.setattr(till.store.asking.platforms["miniprogram"], "vouchers", cut_off)
        assert till.store.pulling.pull().stopped is not None
    till.line_down()
    assert reason_of(till.redeem(text, 5).first) is Code.UNITS_TOO_MANY
    assert till.redeem(text).first.outcome is Outcome.RECORDED
    till.line_up()
    till.deliver()
    assert till.differences() == []
    assert [row.state for row in till.rows()] == [State.CONFIRMED]


def test_what_was_recorded_by_a_clock_two_days_ahead_is_due_once_it_was_put_right(till: Counter) -> None:
    coupon = till.coupon("douyin")
    till.line_down()
    sandbox = till.clock
    ahead = FalseClock(wall=till.clock.wall + 48 * HOUR_MS, monotonic=5, boot="boot-2", seed=2)
    till.reopen(ahead)
    assert till.redeem(coupon["code"], noted=NOTED).first.outcome is Outcome.RECORDED
    till.control.delete(f"{till.sandbox.control}/faults", timeout=60)
    for clock in (sandbox, ahead):
        clock.advance_ms(60_000)
    till.pull()
    now = till.store.ledger.read(till.store.keeper.now)
    assert now.source is ClockSource.PLATFORM
    assert till.store.delivering.owed()[0].entry.next_attempt_at_ms > now.ms + 24 * HOUR_MS
    till.store.delivering.drain()
    assert len(till.booked(coupon)) == 1
    assert till.store.delivering.owed() == []
