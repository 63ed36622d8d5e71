"""Draining a queue of many orders: several in one call where the platform takes them, and none doubled by that."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from sync.domain.outbox import OutboxState
from sync.domain.redemption import State
from sync.services.bundling import LEAST_AT_ONCE
from tests.services.counter import Counter
from tests.services.test_delivering import recorded


@dataclass
class Posted:
    """The verifies that went out: how many orders each was about."""

    till: Counter
    sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        access = self.till.store.asking.platforms["douyin"]._access  # type: ignore[attr-defined]
        write = access.write

        def counting(model: Any, what: str, path: str, body: Any, deadline_ms: int) -> Any:
            if path.endswith("verify/"):
                self.sizes.append(len(body.get("certificate_batch_verify_list", [body])))
            return write(model, what, path, body, deadline_ms)

        access.write = counting


def test_a_queue_goes_out_in_few_calls(till: Counter) -> None:
    recorded(till, "douyin", 12)
    posted = Posted(till)
    till.deliver()
    assert posted.sizes == [10, 1, 1]
    assert len(till.rows(State.CONFIRMED)) == 12
    till.agree()


@pytest.mark.parametrize("count", [1, LEAST_AT_ONCE - 1])
def test_a_few_go_one_by_one(till: Counter, count: int) -> None:
    recorded(till, "douyin", count)
    posted = Posted(till)
    till.deliver()
    assert posted.sizes == [1] * count
    till.agree()


def test_a_partial_answer_is_completed_and_doubles_nothing(till: Counter) -> None:
    recorded(till, "douyin", 6)
    till.post("douyin/batch", {"partial": 3})
    till.deliver()
    till.clock.advance_ms(60_000)
    till.deliver()
    till.agree()
    assert till.store.delivering.owed() == []


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "http_500", "cut_body"])
def test_a_lost_answer_is_settled_one_by_one(till: Counter, kind: str) -> None:
    recorded(till, "douyin", 6)
    till.fault(kind, "verify", "douyin")
    posted = Posted(till)
    till.deliver()
    assert set(posted.sizes) == {6}
    assert len(till.rows(State.UNKNOWN)) == 6
    till.line_up()
    till.deliver()
    assert posted.sizes[1:] == [1] * 6
    till.agree()


def test_one_that_is_refused_leaves_the_others_alone(till: Counter) -> None:
    codes = recorded(till, "douyin", 5)
    till.post(f"coupons/{codes[2]}", {"set": "refunded"})
    till.deliver()
    assert len(till.rows(State.CONFIRMED)) == 4
    (refused,) = till.rows(State.REFUSED)
    assert refused.code_tail == codes[2][-4:]
    (difference,) = till.differences()
    assert difference.redemption_id == refused.id


def test_a_platform_that_is_busy_costs_each_entry_one_try(till: Counter) -> None:
    recorded(till, "douyin", 5)
    till.post("douyin/refuse", {"code": 2100004, "endpoint": "verify", "count": 50})
    till.store.delivering.drain()
    owed = till.store.delivering.owed()
    assert [each.entry.attempts for each in owed] == [1] * 5
    assert {each.entry.state for each in owed} == {OutboxState.DUE.value}
    assert till.booked() == []


@pytest.mark.parametrize("prepared", [1, 3, 10])
def test_stopping_waits_for_one_question_and_leaves_what_was_not_sent(till: Counter, prepared: int) -> None:
    recorded(till, "douyin", 12)
    posted, platform = Posted(till), till.store.asking.platforms["douyin"]
    asked, prepare = 0, platform._prepare  # type: ignore[attr-defined]

    def counting(*args: Any) -> Any:
        nonlocal asked
        asked += 1
        return prepare(*args)

    platform._prepare = counting  # type: ignore[attr-defined]
    till.store.delivering.drain(everything=True, stop=lambda: asked >= prepared)
    assert (asked, posted.sizes) == (prepared, [])
    assert len(till.rows(State.CLAIMED)) == 12
    till.deliver()
    till.agree()
