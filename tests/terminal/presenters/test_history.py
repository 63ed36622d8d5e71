"""The history page: rows and details for whatever the ledger holds, and no coupon code in full anywhere."""

import pytest

from sync.domain.reasons import Code, because
from sync.domain.redemption import State
from sync.services.history import HistoryLine
from sync.services.reversing import Reversal, ReversalVerdict
from terminal.i18n import Words
from terminal.presenters import history as views
from terminal.presenters.history import Sought
from tests.terminal.ledger_rows import (
    NOON_MS,
    PEOPLE,
    ZONE,
    difference,
    on_trust,
    redemption,
    refusal,
    story,
    telling,
)

ZH = Words("history", "zh")
CODE = "8812345678901236"


@pytest.mark.parametrize("text", [CODE, "8812 3456 7890 1236", "８８１２３４５６７８９０１２３６"])
def test_a_whole_code_is_never_shown_however_it_came(text: str) -> None:
    for found in (views.typed(ZH, text), views.sought(ZH, text)):
        assert found == Sought(text, "…1236 的券")


@pytest.mark.parametrize("text", ["1236", "T1-000001", "128.00", "11-22", "  烤鱼 ", "", "a" * 40])
def test_what_is_no_code_is_shown_as_typed(text: str) -> None:
    assert views.typed(ZH, text) == Sought(text.strip())


@pytest.mark.parametrize("text", ["https://v.example.com/abc", "9" * 60, "WIFI:S:x"])
def test_a_scan_that_ends_in_no_code_is_named_without_digits(text: str) -> None:
    assert views.sought(ZH, text).said == "刚扫的券"
    assert views.sought(ZH, text, "1236").said == "…1236 的券"


def test_an_empty_list_means_one_thing_or_the_other() -> None:
    assert views.empty(ZH, Sought()).said != views.empty(ZH, Sought("x")).said


def test_a_redemption_is_one_row() -> None:
    (row,) = views.rows(telling(), [HistoryLine(1, NOON_MS, redemption())])
    assert [cell.said for cell in row.cells] == [
        "今天 11:32",
        "已核销",
        "Fish for two",
        "抖音",
        "…1234",
        "¥128.00",
        "T1-000001",
        "Li",
    ]
    assert row.id == "r1"
    assert len(row.cells) == len(views.columns(ZH))


def test_a_refusal_is_a_row_without_amount_and_number() -> None:
    (row,) = views.rows(telling(), [HistoryLine(1, NOON_MS, refusal=refusal(platform=None, code_tail=""))])
    assert [cell.said for cell in row.cells] == ["今天 11:32", "已拒绝", "这张券已被核销", "", "", "", "", "Li"]
    assert row.id == "refusal-7"


def test_a_reason_that_this_version_does_not_know_is_no_error() -> None:
    (row,) = views.rows(telling(), [HistoryLine(1, NOON_MS, refusal=refusal(reason="from_tomorrow"))])
    assert row.cells[2].said == "from_tomorrow"


def test_somebody_who_left_is_still_told_by_what_is_known() -> None:
    (row,) = views.rows(telling(), [HistoryLine(1, NOON_MS, redemption(staff="c9"))])
    assert row.cells[-1].said == "c9"


def test_only_what_can_be_taken_back_offers_it() -> None:
    free = views.detail(telling(), story(redemption(), reversible_until_ms=NOON_MS))
    bound = views.detail(telling(), story(redemption(state=State.REVERSED), reversible=False, reversible_until_ms=5))
    assert (free.undo, free.undo_until_ms) == ("r1", NOON_MS)
    assert (bound.undo, bound.undo_until_ms) == ("", None)


def test_an_ended_difference_no_longer_gives_the_word() -> None:
    ended = difference(resolved_at_ms=NOON_MS, resolved_by="m1", resolution="claim")
    assert views.detail(telling(), story(redemption(), differences=(ended,))).standing.word == "已核销"
    assert views.detail(telling(), story(redemption(), differences=(difference(),))).standing.word == "差异"


def test_a_refusal_opens_with_what_to_do() -> None:
    found = views.refusal_detail(ZH, telling(), refusal())
    assert found.undo == ""
    assert found.next == "下一步：请顾客打开券详情看使用时间和门店"
    assert found.beats[0].note == "平台显示它已经用掉，不在本机"


def test_a_refused_reversal_says_for_whom_the_difference_is() -> None:
    refused = ReversalVerdict(Reversal.REFUSED, redemption(), because(Code.WINDOW_PASSED))
    found = views.answer(ZH, ZONE, refused, PEOPLE, "m1")
    assert (found.said, found.then, found.kind) == (
        "不能撤销了：平台的撤销时间已过",
        "已开差异，由 Wang 处理",
        "bad",
    )


@pytest.mark.parametrize(
    ("outcome", "kind"), [(Reversal.REVERSED, "good"), (Reversal.WITHDRAWN, "good"), (Reversal.QUEUED, "info")]
)
def test_what_went_well_needs_no_second_sentence(outcome: Reversal, kind: str) -> None:
    found = views.answer(ZH, ZONE, ReversalVerdict(outcome, on_trust()), PEOPLE, "")
    assert (found.kind, found.then) == (kind, "")
    assert found.said


def test_both_languages_fill_the_same_columns() -> None:
    for language in ("zh", "en"):
        titles = [column.title for column in views.columns(Words("history", language))]
        assert len(titles) == len(set(titles)) == 8
