"""A statement as it is shown: sums by state, one row for each thing to look at, and the same for scripts."""

import pytest

from sync.domain.reasons import Code, because
from sync.platforms.port import StatementLine
from sync.services.statements import Off, Statement, Sum
from terminal.presenters.statement import statement_columns, statement_json, statement_lines, statement_rows
from tests.terminal.ledger_rows import NOON_MS, ZONE, redemption

DAY = "2026-11-22"
SUMS = {"done": Sum(2, 20_000, 19_880), "pending": Sum(1, 9900, None)}
WRONG = Statement(
    "douyin",
    DAY,
    SUMS,
    matched=3,
    missing=(redemption(),),
    unexpected=(StatementLine("v7", "", "7777", NOON_MS, 500, None, "done"),),
    off=(Off(redemption(id="r2", number="T1-000002"), 12_800, 0),),
    awaited=2,
    unnamed=4,
)


def test_what_agrees_needs_no_row() -> None:
    found = Statement("douyin", DAY, SUMS, matched=3)
    assert statement_rows(found, "en", ZONE) == []
    assert statement_lines(found, "en", ZONE) == [
        "Statement of Douyin for 2026-11-22",
        "Paid: 2, goods ¥200.00, payout ¥198.80",
        "To be paid: 1, goods ¥99.00, payout not told",
        "3 agree with this store's records",
        "Everything agrees",
    ]


def test_each_thing_that_does_not_agree_has_a_row_with_both_amounts() -> None:
    rows = statement_rows(WRONG, "en", ZONE)
    assert [row[:5] for row in rows] == [
        ("Not in the statement", "T1-000001", "1234", "¥128.00", "—"),
        ("Another amount", "T1-000002", "1234", "¥128.00", "¥0.00"),
        ("Not in this store's records", "v7", "7777", "—", "¥5.00"),
    ]
    assert all("11:32" in row[5] for row in rows)
    assert {len(row) for row in rows} == {len(statement_columns("en"))}
    lines = statement_lines(WRONG, "en", ZONE)
    assert "2 have no result here yet, compare again once they were entered" in lines
    assert "4 lines name no redemption and were not compared" in lines
    assert "Everything agrees" not in lines


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_that_cannot_be_read_says_why_and_nothing_else(language: str) -> None:
    found = Statement("douyin", DAY, {}, unreadable=because(Code.BUSY, retry_after_s=3))
    assert statement_rows(found, language, ZONE) == []
    assert len(statement_lines(found, language, ZONE)) == 2


def test_scripts_get_all_of_it_in_fen() -> None:
    body = statement_json(WRONG)
    assert (body["well"], body["matched"], body["awaited"], body["unnamed"]) == (False, 3, 2, 4)
    assert body["sums"]["pending"] == {"lines": 1, "goods_fen": 9900, "payout_fen": None}
    assert body["missing"] == [{"redemption_id": "r1", "number": "T1-000001", "code_tail": "1234", "ours_fen": 12_800}]
    assert body["off"][0] | {"redemption_id": "r2", "ours_fen": 12_800, "theirs_fen": 0} == body["off"][0]
    assert body["unexpected"] == [{"record": "v7", "code_tail": "7777", "theirs_fen": 500, "at": NOON_MS}]
    assert statement_json(Statement("douyin", DAY, {}, unreadable=because(Code.BUSY)))["unreadable"] == "busy"
