"""When an owed call is tried again: five times at 5 s, then every 40 s, fourteen answers in all, then a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.outbox import lasting_retry_s, next_try_s, unanswered_retry_s, unsent_retry_s


def test_the_whole_row_of_waits() -> None:
    waits = [next_try_s(tries, 0.0) for tries in range(1, 16)]
    assert waits == [5] * 5 + [40] * 8 + [None, None]


@given(st.integers(1, 13), st.floats(0, 1, exclude_max=True))
def test_jitter_only_adds_and_at_most_a_fifth(tries: int, jitter: float) -> None:
    wait, least = next_try_s(tries, jitter), next_try_s(tries, 0.0)
    assert wait is not None
    assert least is not None
    assert least <= wait <= least * 1.2


@given(st.floats(0, 1, exclude_max=True))
def test_fourteen_is_fourteen_whatever_the_jitter(jitter: float) -> None:
    assert next_try_s(14, jitter) is None
    assert next_try_s(13, jitter) is not None


@pytest.mark.parametrize(("jitter", "wait"), [(0.0, 5.0), (0.5, 5.5)])
def test_what_was_never_sent_waits_without_counting(jitter: float, wait: float) -> None:
    assert unsent_retry_s(jitter) == pytest.approx(wait)


@pytest.mark.parametrize(("age_s", "wait"), [(0, 5.0), (50, 5.0), (100, 10.0), (400, 40.0), (86_400, 40.0)])
def test_what_is_not_answered_is_asked_about_the_less_often_the_older_it_is(age_s: float, wait: float) -> None:
    assert unanswered_retry_s(age_s, 0.0) == pytest.approx(wait)
    assert unanswered_retry_s(age_s, 0.5) == pytest.approx(wait * 1.1)


def test_a_refusal_because_of_us_is_tried_every_five_minutes() -> None:
    assert lasting_retry_s(0.0) == 300
