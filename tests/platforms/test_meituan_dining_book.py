"""The book of Meituan's dining line where the sandbox tells less: new words, lost times, rows that move meanwhile."""

from typing import Any

import pytest

from sync.errors import OutcomeUnknown
from tests.platforms.meituan_script import CODE, Script, good

USED_AT = "2026-11-22 10:00:00"
OTHERS = ["183826222602", "183826222603"]


def booked(*items: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    return good({"total": len(items) if total is None else total, "couponCodes": list(items)})


def row(code: str, state: str = "已使用", at: str = USED_AT) -> dict[str, Any]:
    return {"couponCode": code, "couponStatusDesc": state, "couponUseTime": at}


def book(*answers: dict[str, Any], cursor: str | None = None) -> tuple[Any, Script]:
    script = Script(answers, "1")
    day_ms = 1_795_312_800_000
    return script.play(lambda platform, soon: platform.history(day_ms, day_ms + 1000, cursor, soon)), script


def test_what_was_taken_back_and_has_lost_its_time_does_not_hide_the_rest_of_the_book() -> None:
    page, _ = book(booked(row(CODE), row(OTHERS[0], "未使用", ""), row(OTHERS[1], "已退款", "")))
    assert [record.code for record in page.records] == [CODE]
    for state in ("已使用", "薛定谔", ""):
        with pytest.raises(OutcomeUnknown):
            book(booked(row(CODE), row(OTHERS[0], state, "")))


def test_a_book_in_new_words_is_not_taken_for_reversals() -> None:
    page, _ = book(booked(row(CODE, "交易完成"), row(OTHERS[0], "未使用")))
    assert [record.reversed_at_ms is None for record in page.records] == [True, False]


ROWS = [row(f"1838262{number:05d}") for number in range(140)]


def codes_of(page: Any) -> list[str]:
    return [record.code for record in page.records]


def test_pages_overlap_and_bring_each_row_once() -> None:
    first, script = book(booked(*ROWS[:100], total=140))
    assert script.asked[0][1]["offset"] == 0
    assert first.cursor is not None
    assert first.cursor.startswith("2026-11-22/90/")
    assert CODE not in first.cursor
    second, script = book(booked(*ROWS[90:], total=140), cursor=first.cursor)
    assert script.asked[0][1]["offset"] == 90
    assert second.cursor is None
    assert [*codes_of(first), *codes_of(second)] == [item["couponCode"] for item in ROWS]


@pytest.mark.parametrize("gone", [ROWS[:5], [*ROWS[:4], ROWS[99]]])
def test_what_moves_up_between_two_pages_is_not_missed(gone: list[dict[str, Any]]) -> None:
    first, _ = book(booked(*ROWS[:100], total=140))
    left = [item for item in ROWS if item not in gone]
    second, _ = book(booked(*left[90:], total=135), cursor=first.cursor)
    assert {item["couponCode"] for item in left} <= {*codes_of(first), *codes_of(second)}
