"""The report of a shift as a document."""

import pytest

from sync.domain.difference import Cause
from sync.domain.redemption import State
from sync.domain.shift import ShiftState
from terminal.receipts.document import Document, Facts, Note, Section, Signatures, Table, Tone
from terminal.receipts.shift import Origin, shift_document
from tests.terminal.shifts import adjustment, difference, report, row, telling

ORIGIN = Origin("江边烤鱼", "H3", 1234, bytes(range(32)))


def made(*rows: object, language: str = "zh", **changes: object) -> Document:
    found = report(*rows, **changes)  # type: ignore[arg-type]
    return shift_document(found, telling(language), ORIGIN)


def tables(document: Document) -> dict[str, Table]:
    """The tables by the title of their section."""
    found, title = {}, ""
    for block in document.blocks:
        match block:
            case Section(said):
                title = said
            case Table():
                found[title] = block
    return found


def facts(document: Document) -> dict[str, str]:
    return {name: value for block in document.blocks if isinstance(block, Facts) for name, value in block.pairs}


def test_a_shift_that_was_not_counted_has_no_report() -> None:
    with pytest.raises(ValueError, match="not counted"):
        made(row(1), state=ShiftState.OPEN, cash_fen=None)


def test_it_says_whose_shift_it_was_and_where() -> None:
    document = made(row(1), received_by="c2", approved_by="m1", refusals=7)
    assert document.subtitle == "江边烤鱼 · H3    1 号班次"
    assert facts(document) == {
        "营业日": "2026-11-21",
        "备用金": "¥500.00",
        "开班": "王芳  2026-11-21 08:30",
        "清点": "王芳  2026-11-21 21:00",
        "交班": "王芳  2026-11-21 21:05",
        "接班": "李雷",
        "批准": "陈店长",
        "柜台拒绝": "7 次",
    }


def test_the_foot_carries_the_end_of_the_journals_head() -> None:
    foot = made(row(1)).foot
    assert "1a1b 1c1d 1e1f" in foot
    assert "1234" in foot


def test_all_right_is_one_green_line_and_no_empty_table() -> None:
    document = made(row(1))
    assert [block.tone for block in document.blocks if isinstance(block, Note)] == [Tone.GOOD]
    assert list(tables(document)) == ["各平台", "清点与应有"]


def test_the_platforms_add_up() -> None:
    document = made(
        row(1), row(2), row(3, State.REVERSED, promised=False), row(4, State.CLAIMED, platform="miniprogram")
    )
    rows = tables(document)["各平台"].rows
    assert [found.cells for found in rows] == [
        ("抖音", "2 笔 ¥198.00", "1 笔 ¥99.00", "–", "–", "–"),
        ("小程序", "–", "–", "1 笔 ¥99.00", "1 笔 ¥99.00", "–"),
        ("合计", "2 笔 ¥198.00", "1 笔 ¥99.00", "1 笔 ¥99.00", "1 笔 ¥99.00", "–"),
    ]
    assert [found.strong for found in rows] == [False, False, True]


def test_a_shift_without_a_customer_says_so() -> None:
    document = made()
    assert "各平台" not in tables(document)
    assert [found.cells[0] for found in tables(document)["清点与应有"].rows] == ["现金"]


def test_a_count_that_is_off_stands_out_with_the_counts_before_it() -> None:
    before = {"cash_fen": 47_000, "slips": {"douyin": 3}}
    document = made(row(1), cash_fen=48_950, earlier=(before,))
    cash, slips = tables(document)["清点与应有"].rows
    assert (cash.cells, cash.strong) == (("现金", "¥489.50", "¥500.00", "-¥10.50"), True)
    assert slips.strong is False
    notes = [block for block in document.blocks if isinstance(block, Note)]
    assert notes[0].tone is Tone.ALARM
    assert notes[-1].said == "第 1 次：现金 ¥470.00，抖音小票 3 张"


def test_every_owed_redemption_is_named_and_what_became_of_it() -> None:
    settled = row(3, title="")
    document = made(row(2, State.CLAIMED), owed=(row(2, State.CLAIMED), settled))
    table = tables(document)["待补录，交给下一班"]
    assert [found.cells for found in table.rows] == [
        ("T1-000002", "双人烤鱼套餐", "抖音", "2026-11-21 08:32", "", "¥99.00"),
        ("T1-000003", "抖音券 …4321", "抖音", "2026-11-21 08:33", "已补录", "¥99.00"),
    ]
    assert len(tables(made(row(2, State.CLAIMED)))["待补录，交给下一班"].columns) == 5


def test_a_difference_has_its_owner_and_the_day_it_has_to_end() -> None:
    (found,) = tables(made(row(1), differences=(difference(),)))["差异"].rows
    assert found.cells == ("登记后平台没有同意", "抖音  T1-000007", "陈店长", "2026-11-23 09:30", "¥99.00")


def test_late_answers_stand_on_the_shift_they_belong_to() -> None:
    owed = row(2, State.CLAIMED)
    document = made(owed, adjustments=(adjustment(owed.id), adjustment("0123456789", "reversed", -9_900)))
    rows = tables(document)["交班后的补记"].rows
    assert [found.cells[1:] for found in rows] == [
        ("补录成功", "T1-000002  双人烤鱼套餐", "不变"),
        ("已撤销", "01234567", "-¥99.00"),
    ]


def test_only_those_who_signed_have_a_line() -> None:
    def signed(document: Document) -> list[tuple[str, str]]:
        return [line for block in document.blocks if isinstance(block, Signatures) for line in block.lines]

    assert [name for name, _ in signed(made(row(1)))] == ["交班人"]
    three = signed(made(row(1), received_by="c2", approved_by="m1"))
    assert three == [
        ("交班人", "王芳 已用 PIN 确认"),
        ("接班人", "李雷 已用 PIN 确认"),
        ("店长", "陈店长 已用 PIN 确认"),
    ]


def test_each_row_has_a_cell_for_each_column() -> None:
    rows = [row(1), row(2, State.CLAIMED), row(3, State.REFUSED, promised=True)]
    for language in ("zh", "en"):
        document = made(
            *rows,
            language=language,
            differences=(difference(cause=Cause.AMOUNT, facts="{}"),),
            adjustments=(adjustment("x"),),
        )
        for table in tables(document).values():
            assert {len(found.cells) for found in table.rows} == {len(table.columns)}
        assert "{" not in repr(document).replace("{page}/{pages}", "")
