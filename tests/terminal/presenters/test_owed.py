"""What is owed, in words: grouped, with its reason and its next try, whatever the ledger holds."""

from typing import Any

import pytest

from sync.services.delivering import Debt, Owed
from terminal.i18n import Words
from terminal.presenters import owed as views
from terminal.presenters.owed import Setting
from tests.terminal.ledger_rows import MINUTE_MS, NOON_MS, ZONE, entry, on_trust

ZH = Words("owed", "zh")


def setting(*offline: str, language: str = "zh") -> Setting:
    return Setting(Words("owed", language), ZONE, NOON_MS + MINUTE_MS, frozenset(offline))


def owed(*rows: Any, **changes: Any) -> Owed:
    return Owed(entry(**changes), tuple(rows) or (on_trust(),))


def cells(item: Owed, *offline: str) -> list[str]:
    (row,) = views.view(setting(*offline), [item], Debt(1)).rows[-1:]
    return [cell.said for cell in row.cells]


def test_nothing_owed_is_one_green_line() -> None:
    found = views.view(setting(), [], Debt())
    assert (found.rows, found.held, found.note) == ((), False, "")
    assert (views.empty(ZH).said, views.empty(ZH).tone) == ("都补录了", "redeemed")


def test_an_entry_without_rows_is_shown_all_the_same() -> None:
    found = cells(Owed(entry(), ()))
    assert (found[1], found[3]) == ("—", "¥0.00")


def test_an_error_that_no_code_names_is_told() -> None:
    assert cells(owed(last_error="InvalidToken"))[5] == "这一笔读不出来（InvalidToken）"


def test_one_call_is_one_row_with_everything_it_covers() -> None:
    found = cells(owed(on_trust(), on_trust(id="r2", number="T1-000002"), last_error="no_answer"))
    assert found[:6] == ["核销", "T1-000001 等 2 笔", "抖音", "¥256.00", "今天 11:32", "平台没有答复"]


def test_held_comes_first_and_only_two_groups_have_names() -> None:
    due, held = owed(), owed(id="o2", state="held")
    both = views.view(setting(), [due, held], Debt(2, held=1))
    assert [row.id for row in both.rows] == ["group-held", "o2", "group-due", "o1"]
    assert [row.heading for row in both.rows] == [True, False, True, False]
    assert [row.id for row in views.view(setting(), [due], Debt(1)).rows] == ["o1"]
    assert [row.id for row in views.view(setting(), [held], Debt(1, held=1)).rows] == ["group-held", "o2"]


@pytest.mark.parametrize(
    ("changes", "offline", "said"),
    [
        ({"state": "held"}, (), "等人处理"),
        ({"state": "held"}, ("douyin",), "等人处理"),
        ({}, ("douyin",), "等网络恢复"),
        ({"state": "sending"}, (), "正在发送"),
        ({"state": "sending"}, ("douyin",), "等网络恢复"),
        ({}, ("miniprogram",), "{time} 后"),
    ],
)
def test_what_comes_next(changes: dict[str, Any], offline: tuple[str, ...], said: str) -> None:
    assert cells(owed(**changes), *offline)[-1] == said


def test_the_next_try_counts_down_to_now() -> None:
    row = views.view(setting(), [owed(next_attempt_at_ms=NOON_MS + 2 * MINUTE_MS)], Debt(1)).rows[0]
    assert (row.cells[-1].until_ms, row.cells[-1].then) == (NOON_MS + 2 * MINUTE_MS, "马上")


@pytest.mark.parametrize(
    ("debt", "title", "note"),
    [
        (Debt(), "补录", ""),
        (Debt(3, 1_234_50), "待补录 3 笔 · ¥1,234.50", ""),
        (Debt(0, 0, None, 2), "待撤销 2 笔", ""),
        (Debt(1, 100, None, 1, 1), "待补录 1 笔 · ¥1.00 · 待撤销 1 笔", "其中 1 笔要人处理"),
    ],
)
def test_the_sums(debt: Debt, title: str, note: str) -> None:
    assert views.summary(ZH, debt) == (title, note)


def test_a_detail_says_what_happens_next() -> None:
    due, off = views.detail(setting(), owed()), views.detail(setting("douyin"), owed(attempts=2))
    held = views.detail(setting(), owed(state="held", last_error="busy"))
    assert len({due.hint, off.hint, held.hint}) == 3
    assert "抖音" in off.hint
    assert "平台答复过 2 次" in off.facts
    assert (held.held, held.error, due.error) == (True, "平台繁忙，平台让我们稍后再试", "")


def test_both_languages_say_it() -> None:
    for language in ("zh", "en"):
        found = views.view(setting(language=language), [owed(), owed(id="o2", kind="reverse")], Debt(1, 1, 1, 1))
        assert len(views.columns(Words("owed", language))) == len(found.rows[0].cells)
        assert found.rows[0].cells[0].said != found.rows[1].cells[0].said
