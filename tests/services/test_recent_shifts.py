"""The shifts of before: closed ones only, the newest first."""

from sync.services.shifts import Count
from tests.services.counter import Counter


def close(till: Counter) -> None:
    till.store.shifts.count(till.who("c1"), Count(0, {}))
    till.store.shifts.close(till.who("c1"))


def test_a_shift_is_of_before_once_it_is_closed(till: Counter) -> None:
    assert till.store.shifts.recent(20) == []
    till.store.shifts.count(till.who("c1"), Count(0, {}))
    assert till.store.shifts.recent(20) == []
    till.store.shifts.close(till.who("c1"))
    assert [shift.id for shift in till.store.shifts.recent(20)] == [1]


def test_the_newest_come_first_and_no_more_than_were_asked_for(till: Counter) -> None:
    close(till)
    for _ in range(3):
        till.store.shifts.open(till.who("c1"))
        close(till)
    assert [shift.id for shift in till.store.shifts.recent(2)] == [4, 3]
    assert till.store.shifts.recent(0) == []
