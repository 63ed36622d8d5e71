"""The book of Meituan's retail services where the sandbox tells less: lost times, rows that move between pages."""

from typing import Any

import pytest

from sync.errors import OutcomeUnknown
from tests.platforms.meituan_script import CODE, Script, good

DAY_MS = 1_795_312_800_000
OTHER = "183826222602"


def row(code: str, flow: str = "", status: int = 1, at: str = "2026-11-22 10:00:00") -> dict[str, Any]:
    return {"receiptCode": code, "flowId": flow, "refundStatus": status, "verifyTime": at, "dealId": 7}


def book(*items: dict[str, Any], total: int | None = None, cursor: str | None = None) -> tuple[Any, Script]:
    script = Script([good({"totalCount": len(items) if total is None else total, "records": list(items)})])
    return script.play(lambda platform, soon: platform.history(DAY_MS, DAY_MS + 1000, cursor, soon)), script


def codes_of(page: Any) -> list[str]:
    return [record.code for record in page.records]


@pytest.mark.parametrize("status", [0, 4, 6])
def test_what_was_taken_back_and_has_lost_its_time_does_not_hide_the_rest_of_the_book(status: int) -> None:
    page, _ = book(row(CODE), row(OTHER, "f2", status, ""))
    assert codes_of(page) == [CODE]
    with pytest.raises(OutcomeUnknown):
        book(row(CODE), row(OTHER, "f2", 1, ""))


@pytest.mark.parametrize("flow", ["", "f", "a/b"])
def test_pages_overlap_and_bring_each_row_once(flow: str) -> None:
    rows = [row(f"1838262{number:05d}", flow and f"{flow}{number}") for number in range(340)]
    first, script = book(*rows[:300], total=340)
    assert script.asked[0][1]["offset"] == 0
    second, script = book(*rows[270:], total=340, cursor=first.cursor)
    assert script.asked[0][1]["offset"] == 270
    assert [*codes_of(first), *codes_of(second)] == [item["receiptCode"] for item in rows]
    # Five of the first page go, the one that was read last among them: what stood behind them has moved up.
    left = [*rows[4:299], *rows[300:]]
    second, _ = book(*left[270:], total=len(left), cursor=first.cursor)
    assert {item["receiptCode"] for item in left} <= {*codes_of(first), *codes_of(second)}
    assert second.cursor == "2026-11-22/1/0/"
