"""Ledgers of Douyin that the sandbox does not keep: rows without a verify, two for one, cursors that stand still."""

from typing import Any

import pytest

from sync.errors import OutcomeUnknown
from sync.platforms.port import StatementPage
from tests.platforms.test_douyin import bad, good, playing

# 2023-11-15 06:13:20 in China.
AT = 1_700_000_000
DAY, NEXT = "2023-11-15", "2023-11-16"
DAY_S = 86_400


def row(ledger_id: str, certificate_id: str = "C1", at: int = AT + 3600, **more: Any) -> dict[str, Any]:
    amount = {"original": 16_000, "pay": 9000, "coupon_pay": 9900, "goods": 9108}
    coupon = {"certificate_id": certificate_id, "code": "104686126200130"}
    told = {"ledger_id": ledger_id, "ledger_time": at, "status": 1, "poi_id": "6000"}
    return {**told, "amount": amount, "certificate": coupon, **more}


def verify(ledger_id: str, verify_id: str, at: int = AT) -> dict[str, Any]:
    return {"ledger_id": ledger_id, "verify_id": verify_id, "verify_time": at, "certificate_id": "C1"}


def page(script: list[Any], day: str = DAY, cursor: str | None = None) -> StatementPage:
    return playing(script, lambda platform, deadline_ms: platform.statement(day, cursor, deadline_ms))


def ledger(*rows: dict[str, Any], cursor: str = "0", has_more: bool = False) -> dict[str, Any]:
    return good(ledger_records=list(rows), cursor=cursor, has_more=has_more)


@pytest.mark.parametrize(
    ("status", "state"), [(0, "pending"), (1, "pending"), (2, "done"), (3, "failed"), (4, "void"), (9, "pending")]
)
def test_how_far_a_row_has_come(status: int, state: str) -> None:
    told = page([ledger(row("L1", status=status)), good(records=[verify("L1", "V1")])])
    (line,) = told.lines
    assert (line.record, line.coupon, line.code_tail, line.at_ms) == ("V1", "C1", "0130", AT * 1000)
    assert (line.goods_fen, line.payout_fen, line.state) == (9900, 9108, state)
    assert "104686126200130" not in repr(told)


def test_several_rows_of_one_verify_are_one_line() -> None:
    records = [verify("L1", "V1"), verify("L2", "V1"), verify("L3", "V2")]
    listed = ledger(row("L1", status=2), row("L2"), row("L3", status=2))
    lines = page([listed, good(records=records)]).lines
    assert [(line.record, line.goods_fen, line.payout_fen, line.state) for line in lines] == [
        ("V1", 19_800, 18_216, "pending"),
        ("V2", 9900, 9108, "done"),
    ]


@pytest.mark.parametrize("told", [bad(3000001, "天书"), good(records=None), good(records=[verify("L9", "V9")])])
def test_a_row_whose_verify_is_not_told_names_none(told: dict[str, Any]) -> None:
    (line,) = page([ledger(row("L1", ledger_time=(AT + 3600) * 1000)), told]).lines
    assert (line.record, line.at_ms) == ("", (AT + 3600) * 1000)


def test_rows_of_another_day_or_shop_are_not_of_this_statement() -> None:
    listed = ledger(row("L1"), row("L2", poi_id="7"), row("L3", poi_id=""))
    told = page([listed, good(records=[verify("L1", "V1", AT - DAY_S), verify("L3", "V3")])])
    assert [line.record for line in told.lines] == ["V3"]
    assert told.cursor == f"{NEXT}:0"


def test_the_next_days_ledger_is_read_as_far_as_it_holds_any_of_this() -> None:
    late = AT + 15_000
    first = [ledger(row("L1"), cursor="7", has_more=True), good(records=[verify("L1", "V1", late)])]
    assert page(first, cursor=f"{NEXT}:0").cursor == f"{NEXT}:7"
    done = [ledger(row("L2"), cursor="8", has_more=True), good(records=[verify("L2", "V2", AT + DAY_S)])]
    told = page(done, cursor=f"{NEXT}:7")
    assert (told.lines, told.cursor) == ((), None)
    (unnamed,) = (page([ledger(row("L3")), good(records=[])], cursor=f"{NEXT}:0"),)
    assert unnamed.lines == ()


@pytest.mark.parametrize("cursor", ["0", "", None])
def test_a_cursor_that_stands_still_is_no_answer(cursor: str | None) -> None:
    with pytest.raises(OutcomeUnknown):
        page([good(ledger_records=[], cursor=cursor, has_more=True)])


@pytest.mark.parametrize("spoilt", [{"ledger_id": ""}, {"amount": None}, {"ledger_time": "soon"}, {"status": None}])
def test_a_row_that_lacks_what_counts_is_no_answer(spoilt: dict[str, Any]) -> None:
    with pytest.raises(OutcomeUnknown):
        page([ledger({**row("L1"), **spoilt})])


def test_a_day_that_has_only_begun_has_no_next() -> None:
    assert page([ledger()], "2999-12-31").cursor is None
