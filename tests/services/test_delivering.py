"""Draining the outbox: nothing dropped, nothing doubled, nothing in another's way."""

from collections.abc import Callable

import pytest

from sync.domain.outbox import FAST_TRIES, MOST_TRIES, OutboxState
from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.domain.staff import Role
from sync.errors import NotAllowed
from sync.platforms.port import Checkpoint, RedeemCall, UseResult
from sync.services.shifts import Count
from sync.services.verdict import Outcome
from tests.services.counter import HOUR_MS, NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
MANY = """
[limits.recorded]
amount_fen = "none"
count = "none"
[limits.recorded_by_manager]
amount_fen = "none"
count = "none"
"""


def recorded(till: Counter, platform: str, count: int = 1) -> list[str]:
    """So many coupons recorded without a line; their codes."""
    codes = [coupon["code"] for coupon in till.coupons(platform, count, order="each")]
    till.line_down()
    for code in codes:
        assert till.redeem(code, noted=NOTED).first.outcome is Outcome.RECORDED
    till.line_up()
    return codes


@PLATFORMS
def test_a_busy_platform_is_tried_fourteen_times_then_a_person_must_look(till: Counter, platform: str) -> None:
    recorded(till, platform)
    till.fault("http_429", "verify", platform)
    waits = []
    for attempt in range(1, MOST_TRIES + 1):
        till.store.delivering.drain()
        (owed,) = till.store.delivering.owed()
        assert (owed.entry.attempts, owed.entry.last_error) == (attempt, "busy")
        waits.append((owed.entry.next_attempt_at_ms - till.store.ledger.read(till.store.keeper.now).ms) / 1000)
        till.store.delivering.drain()
        assert till.store.delivering.owed()[0].entry.attempts == attempt, "tried again before its time"
        till.clock.advance_ms(50_000)
    assert all(5 <= wait <= 6 for wait in waits[:FAST_TRIES])
    assert all(40 <= wait <= 48 for wait in waits[FAST_TRIES:-1])
    assert till.store.delivering.owed()[0].entry.state == OutboxState.HELD
    till.line_up()
    till.deliver()
    (held,) = till.store.delivering.owed()
    assert till.booked() == []
    assert till.store.delivering.retry(held.entry.id, till.who("m1")) == held.entry.id
    till.deliver()
    assert len(till.booked()) == 1
    till.agree()


@PLATFORMS
@pytest.mark.parametrize("kind", ["refuse", "drop_before", "portal", "http_500"])
def test_an_outage_of_a_day_costs_no_try_and_holds_nothing(till: Counter, platform: str, kind: str) -> None:
    recorded(till, platform, 3)
    till.fault(kind)
    for _ in range(20):
        till.store.delivering.drain()
        till.clock.advance_ms(HOUR_MS + HOUR_MS // 4)
    assert [(o.entry.attempts, o.entry.state) for o in till.store.delivering.owed()] == [(0, "due")] * 3
    till.line_up()
    till.deliver()
    assert len(till.booked()) == 3
    till.agree()


@PLATFORMS
def test_an_entry_that_is_never_answered_stands_in_nobodys_way(till: Counter, platform: str) -> None:
    recorded(till, platform, 4)
    till.fault("bad_json", "*", platform, count=3)
    till.store.delivering.drain()
    till.line_up()
    till.store.delivering.drain()
    till.clock.advance_ms(60_000)
    till.store.delivering.drain()
    assert till.store.delivering.owed() == []
    assert len(till.booked()) == 4
    till.agree()


@PLATFORMS
def test_an_entry_that_cannot_be_read_is_held_and_stands_in_nobodys_way(till: Counter, platform: str) -> None:
    recorded(till, platform, 5)
    poisoned = till.store.delivering.owed()[1].entry.id
    sql, values = "UPDATE outbox SET call_sealed = x'00' WHERE id = ?", (poisoned,)
    till.store.ledger.write(lambda tx: tx.run(sql, values).rowcount)
    till.store.delivering.drain()
    (held,) = till.store.delivering.owed()
    assert (held.entry.id, held.entry.state, held.entry.last_error) == (poisoned, "held", "secrets_unavailable")
    assert len(till.booked()) == 4


@PLATFORMS
def test_a_defect_of_an_adapter_stops_neither_the_queue_nor_the_counter(
    till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = recorded(till, platform, 3)
    adapter = till.store.asking.platforms[platform]
    redeem, tail = adapter.redeem, codes[0]

    def failing(call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        if call.credential.text == tail:
            raise KeyError("nobody foresaw it")
        return redeem(call, checkpoint, deadline_ms)

    monkeypatch.setattr(adapter, "redeem", failing)
    till.store.delivering.drain()
    (owed,) = till.store.delivering.owed()
    assert (owed.entry.last_error, owed.entry.state, owed.entry.attempts) == ("contract_broken", "due", 0)
    monkeypatch.setattr(adapter, "look_up", None)
    assert till.redeem(till.coupon(platform)["code"], noted=NOTED).first.outcome is Outcome.RECORDED
    monkeypatch.undo()
    till.deliver()
    till.agree()


def test_a_held_entry_stays_and_the_others_go(till: Counter) -> None:
    recorded(till, "douyin", 3)
    first = till.store.delivering.owed()[0].entry.id
    assert till.store.delivering.hold(first, till.who("m1")) == first
    till.deliver()
    assert [owed.entry.id for owed in till.store.delivering.owed()] == [first]
    assert till.store.delivering.hold(first[:4], till.who("m1")) is None
    assert till.store.delivering.retry(first[:12], till.who("m1")) == first
    till.deliver()
    till.agree()


def not_permitted(deed: Callable[[], object]) -> None:
    with pytest.raises(NotAllowed) as caught:
        deed()
    assert caught.value.reason.code is Code.NOT_PERMITTED


def test_holding_and_letting_go_are_a_managers_and_what_waits_is_anybodys(till: Counter) -> None:
    recorded(till, "douyin", 2)
    delivering, cashier, manager = till.store.delivering, till.who("c1"), till.who("m1")
    first = delivering.owed()[0].entry.id
    not_permitted(lambda: delivering.hold(first, cashier))
    assert delivering.retry(first, cashier) == first
    delivering.hold(first, manager)
    not_permitted(lambda: delivering.retry(first, cashier))
    not_permitted(lambda: delivering.retry_all(cashier))
    assert [owed.entry.state for owed in delivering.owed()] == ["held", "due"]
    assert delivering.retry_all(manager) == 1
    till.store.people.add("t1", "技术员", Role.TECHNICIAN, None)
    not_permitted(lambda: delivering.retry(first, till.who("t1")))


def test_one_platforms_outage_does_not_hold_up_the_other(till: Counter) -> None:
    recorded(till, "douyin", 6)
    recorded(till, "miniprogram", 6)
    till.fault("refuse", platform="douyin")
    drained = till.store.delivering.drain(everything=True)
    assert {use["platform"] for use in till.booked()} == {"miniprogram"}
    assert (drained.sent, drained.left) == (6, 6)
    assert {row.state for row in till.rows() if row.platform == "douyin"} == {State.CLAIMED}
    till.line_up()
    till.deliver()
    till.agree()


def test_nothing_is_sent_to_a_platform_that_is_said_to_be_offline(till: Counter) -> None:
    recorded(till, "douyin", 2)
    drained = till.store.delivering.drain(offline=["douyin"])
    assert (drained.sent, drained.left) == (0, 2)
    assert till.booked() == []


@pytest.mark.settings(MANY)
def test_a_backlog_of_a_thousand_with_a_wavering_line_is_delivered_once_each(till: Counter) -> None:
    codes = recorded(till, "miniprogram", 500) + recorded(till, "douyin", 500)
    till.fault("drop_after", "verify", probability=0.02, seed=5)
    till.fault("http_500", "verify", probability=0.02, seed=6)
    for _ in range(60):
        till.store.delivering.drain()
        till.clock.advance_ms(60_000)
        if not till.store.delivering.owed():
            break
    assert till.store.delivering.owed() == []
    till.line_up()
    assert sorted(use["code"] for use in till.booked()) == sorted(codes)
    till.agree()


@PLATFORMS
def test_a_late_yes_to_a_row_of_a_closed_shift_amends_that_shift(till: Counter, platform: str) -> None:
    recorded(till, platform)
    till.store.shifts.count(till.who("c1"), Count(0, {platform: 1}))
    till.store.shifts.close(till.who("c1"))
    till.store.shifts.open(till.who("c2"))
    till.deliver()
    closed = till.store.shifts.report(1)
    assert [(a.what, a.amount_fen) for a in closed.adjustments] == [("confirmed", 0)]
    assert till.store.shifts.report().adjustments == ()


@PLATFORMS
def test_asked_to_stop_it_sends_nothing_more_and_counts_what_is_left(till: Counter, platform: str) -> None:
    recorded(till, platform, 3)
    assert till.store.delivering.drain(stop=lambda: True).left == 3
    assert till.booked() == []
    answers = iter([False, False, True, True, True, True, True])
    drained = till.store.delivering.drain(stop=lambda: next(answers))
    assert (drained.sent, len(till.booked())) == (1, 1)
    till.clock.advance_ms(60_000)
    assert till.store.delivering.drain().sent == 2
    till.agree()
