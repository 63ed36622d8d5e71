"""What the shift's page says, from the opening to the report."""

import json

import pytest

from sync.domain.difference import Cause
from sync.domain.redemption import State
from sync.domain.shift import ShiftState, Tolerance
from sync.domain.staff import Role, Staff
from terminal.diagnostics.doctor import Finding
from terminal.i18n import catalogue
from terminal.presenters import shift as views
from terminal.presenters.shift_lines import lasting
from terminal.presenters.shift_report import report_view
from tests.terminal.shifts import MINUTE_MS, OPENED_MS, adjustment, difference, report, row, telling

WORDS = telling().words


@pytest.mark.parametrize("said", ["", " ", "a", "1.234", "-5", "１２", "1e3", "12345678", ".5", "1.2.3", "¥5", "1 000"])
def test_what_is_no_amount_is_none(said: str) -> None:
    assert views.fen_of(said) is None


@pytest.mark.parametrize(
    ("said", "fen"), [("0", 0), ("500", 50_000), ("500.", 50_000), ("0.1", 10), ("1,234.56", 123_456), (" 7.05 ", 705)]
)
def test_an_amount_is_exact_to_the_fen(said: str, fen: int) -> None:
    assert views.fen_of(said) == fen


def test_a_check_under_way_is_neither_well_nor_not() -> None:
    assert views.checking(WORDS).well is None


def test_one_check_that_is_not_well_comes_first_with_its_next_step() -> None:
    found = [Finding("disk", True, "12 GB", "磁盘"), Finding("douyin", False, "连不上", "抖音", "请检查网络")]
    view = views.readiness(WORDS, found)
    assert view.well is False
    assert [line.title for line in view.checks] == ["抖音", "磁盘"]
    assert view.checks[0].next == "请检查网络"
    assert "1" in view.said


def test_all_well_is_one_line() -> None:
    view = views.readiness(WORDS, [Finding("disk", True, "12 GB", "磁盘")])
    assert (view.well, view.said) == (True, "一切就绪")


def test_a_cashier_sees_no_figure_that_the_count_will_be_held_against() -> None:
    found = report(*(row(n) for n in range(1, 8)), state=ShiftState.OPEN, cash_fen=None)
    view = views.running(telling(), found, Role.CASHIER)
    assert view.cards == ()
    shown = repr(view)
    assert "500.00" not in shown
    assert "693.00" not in shown
    assert views.running(telling(), found, Role.MANAGER).cards[0].figures[0].said == "7 笔 ¥693.00"


def test_what_is_owed_is_named_while_the_shift_is_open() -> None:
    owed = [row(n, State.CLAIMED) for n in (3, 5)]
    view = views.running(
        telling(now_ms=OPENED_MS + 44 * MINUTE_MS), report(*owed, state=ShiftState.OPEN, cash_fen=None), Role.CASHIER
    )
    assert view.owed_total == "2 笔 ¥198.00 · 最久 41 分"
    assert [line.number for line in view.owed] == ["T1-000003", "T1-000005"]
    assert view.owed[0].age == "41 分"
    assert view.since == "已开 44 分"


def test_a_recount_says_which_one_it_is() -> None:
    assert views.counting(telling(), ["miniprogram", "douyin"], 0).again == ""
    view = views.counting(telling(), ["douyin", "miniprogram"], 1)
    assert "2" in view.again
    assert [name for name, _ in view.platforms] == ["douyin", "miniprogram"]


def test_nobody_takes_over_from_themselves_and_only_who_may_redeem() -> None:
    people = [
        Staff("c1", "王芳", Role.CASHIER, None),
        Staff("c2", "李雷", Role.CASHIER, None),
        Staff("c3", "离职", Role.CASHIER, None, active=False),
        Staff("t1", "技术员", Role.TECHNICIAN, None),
    ]
    assert views.hand_over(people[0], people).receivers == (("c2", "李雷"),)


def test_zero_problems_is_one_green_line() -> None:
    view = report_view(telling(), report(row(1), row(2, platform="miniprogram")))
    assert [(one.tone, one.said) for one in view.banners] == [("redeemed", "账实相符，没有差异")]
    assert all(line.right for line in view.counts)
    assert (view.differences, view.owed, view.notes) == ((), (), ())


def test_a_count_that_is_off_names_what_and_which_way() -> None:
    found = report(row(1), row(2), row(3, platform="miniprogram"), cash_fen=48_950, slips={"douyin": 1, "meituan": 2})
    view = report_view(telling(), found)
    assert view.banners[0].tone == "refused"
    assert view.banners[0].said == "清点不符：现金少 ¥10.50 · 抖音小票少 1 张 · 美团小票多 2 张 · 小程序小票少 1 张"
    assert [(line.off, line.right) for line in view.counts] == [
        ("-¥10.50", False),
        ("-1 张", False),
        ("+2 张", False),
        ("-1 张", False),
    ]


def test_off_by_more_than_the_role_bears_announces_the_manager() -> None:
    found = report(row(1), cash_fen=40_000, state=ShiftState.COUNTED)
    assert report_view(telling(), found, Tolerance(1_000, 1)).approval
    assert not report_view(telling(), found, Tolerance(None, None)).approval
    closed = report(row(1), cash_fen=40_000)
    assert not report_view(telling(), closed, Tolerance(1_000, 1)).approval


def test_what_is_owed_is_amber_and_never_hides_a_difference() -> None:
    view = report_view(telling(), report(row(1, State.CLAIMED), differences=(difference(),)))
    assert [one.tone for one in view.banners] == ["refused", "recorded"]


def test_a_card_leaves_out_what_is_nothing() -> None:
    view = report_view(telling(), report(row(1), row(2, State.CLAIMED)))
    assert [figure.name for figure in view.cards[0].figures] == ["核销", "登记", "待补录"]
    assert view.cards[0].figures[2].note.startswith("最久")


def test_a_deadline_counts_down_and_then_says_by_how_much_it_is_over() -> None:
    one = difference()
    early = report_view(telling(now_ms=one.deadline_at_ms - 90 * MINUTE_MS), report(row(1), differences=(one,)))
    late = report_view(telling(now_ms=one.deadline_at_ms + 26 * 60 * MINUTE_MS), report(row(1), differences=(one,)))
    assert (early.differences[0].deadline, early.differences[0].overdue) == ("还剩 1 时 30 分", False)
    assert (late.differences[0].deadline, late.differences[0].overdue) == ("已超期 1 天 2 时", True)
    assert early.differences[0].owner == "陈店长"
    assert early.differences[0].about == "抖音  T1-000007"


def test_a_difference_that_has_ended_since_is_overdue_no_more() -> None:
    one = difference(resolved_at_ms=OPENED_MS)
    line = report_view(telling(now_ms=one.deadline_at_ms + MINUTE_MS), report(differences=(one,))).differences[0]
    assert (line.deadline, line.overdue) == ("已了结", False)


def test_a_late_answer_names_the_redemption_it_is_about() -> None:
    owed = row(4, State.CLAIMED)
    found = report(owed, adjustments=(adjustment(owed.id), adjustment("0123456789", "reversed", -9_900)))
    first, second = report_view(telling(), found).adjustments
    assert (first.what, first.about, first.amount) == ("补录成功", "T1-000004  双人烤鱼套餐", "不变")
    assert (second.what, second.about, second.amount) == ("已撤销", "01234567", "-¥99.00")


def test_earlier_counts_are_all_told() -> None:
    before = {"cash_fen": 47_000, "slips": {"douyin": 3}}
    view = report_view(telling(), report(row(1), earlier=(before,)))
    assert view.notes == ("之前清点过 1 次，都已留存", "第 1 次：现金 ¥470.00，抖音小票 3 张")


def test_who_is_no_longer_known_is_called_by_the_id() -> None:
    view = report_view(telling(), report(row(1), received_by="gone"))
    assert ("接班", "gone") in view.facts


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 分"), (59, "59 分"), (60, "1 时 0 分"), (1441, "1 天 0 时")])
def test_a_stretch_of_time(minutes: int, said: str) -> None:
    assert lasting(WORDS, minutes * MINUTE_MS) == said


def test_a_clock_that_was_set_back_makes_no_negative_age() -> None:
    assert lasting(WORDS, -5 * MINUTE_MS) == "0 分"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_cause_state_and_change_has_its_words(language: str) -> None:
    texts = catalogue(f"shift.{language}")
    assert set(texts["causes"]) == {cause.value for cause in Cause}
    assert {"confirmed", "refused", "reversed"} <= set(texts["adjustment"])
    assert {"confirmed", "refused", "reversed", "withdrawn"} == set(texts["settled"])


def test_both_languages_have_the_same_keys() -> None:
    chinese, english = catalogue("shift.zh"), catalogue("shift.en")
    assert {name: sorted(chinese[name]) for name in chinese} == {name: sorted(english[name]) for name in english}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_view_can_be_told_in_both_languages(language: str) -> None:
    rows = [row(1), row(2, State.CLAIMED), row(3, State.REFUSED, promised=True), row(4, State.REVERSED)]
    held = difference(2, cause=Cause.HELD, facts=json.dumps({"numbers": ["a", "b"]}), redemption_id=None)
    found = report(*rows, cash_fen=1, differences=(held,), refusals=2, approved_by="m1", received_by="c2")
    assert "{" not in repr(report_view(telling(language), found)).replace("{}", "")
    assert "{" not in repr(views.running(telling(language), found, Role.MANAGER))
    assert "{" not in repr(views.past(telling(language), [found.shift]))
