"""Differences in words: deadlines that count down, evidence in full, endings that fit; and the books of a day."""

import json
from typing import Any

import pytest

from sync.domain.difference import Cause, Ending, resolution_of
from sync.domain.matching import Bucket, Match, Ours, Theirs
from sync.domain.reasons import Code, because, to_json
from sync.domain.redemption import State
from sync.services.reconciliation import Comparison
from sync.services.stories import Brief, Case
from terminal.i18n import Words, catalogue
from terminal.presenters import books
from terminal.presenters import difference as views
from terminal.presenters.difference import HOUR_MS
from tests.terminal.ledger_rows import (
    MINUTE_MS,
    NOON_MS,
    PEOPLE,
    ZONE,
    difference,
    on_trust,
    redemption,
    story,
    telling,
)

ZH = Words("differences", "zh")


def case(**changes: Any) -> views.CaseView:
    found = difference(redemption_id=None, **changes)
    return views.case(ZH, telling(), Case(found, None, (), PEOPLE))


def evidence(**changes: Any) -> dict[str, str]:
    return dict(case(**changes).evidence)


@pytest.mark.parametrize(
    ("left_ms", "said", "tone"),
    [
        (47 * HOUR_MS, "还剩 1 天 23 时", "quiet"),
        (8 * HOUR_MS, "还剩 8 时 0 分", "quiet"),
        (8 * HOUR_MS - 1, "还剩 7 时 59 分", "recorded"),
        (30_000, "还剩 0 分", "recorded"),
        (0, "逾期 0 分", "refused"),
        (-50 * HOUR_MS, "逾期 2 天 2 时", "refused"),
    ],
)
def test_a_deadline_counts_down_and_then_up(left_ms: int, said: str, tone: str) -> None:
    found = views.deadline(ZH, difference(deadline_at_ms=NOON_MS + left_ms), NOON_MS)
    assert (found.said, found.tone) == (said, tone)


def test_what_is_ended_has_no_deadline_and_no_buttons() -> None:
    ended = {"resolved_at_ms": NOON_MS, "resolved_by": "m1", "resolution": "claim"}
    found = case(**ended)
    assert (found.deadline.said, found.choices) == ("已结束", ())
    assert found.beats[-1].said == "Wang 结束差异：向平台追回"


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_its_words_and_two_or_three_ways_to_end(cause: Cause) -> None:
    for language in ("zh", "en"):
        assert catalogue(f"differences.{language}")["why"][cause.value]
    found = case(cause=cause)
    assert len(found.choices) in (2, 3)
    assert Ending.ACCEPT_LOSS in [choice.ending for choice in found.choices]
    assert all(choice.name and choice.says for choice in found.choices)


def test_where_nothing_is_lost_nobody_accepts_a_loss() -> None:
    names = [choice.name for choice in case(cause=Cause.JOURNAL_REWRITTEN, amount_fen=0).choices]
    assert names[-1] == "认可，没有损失"
    assert [choice.name for choice in case().choices][-1] == "认损 ¥128.00"


@pytest.mark.parametrize("facts", ["{}", "[]", '{"record": ""}', '{"numbers": []}'])
def test_facts_that_say_nothing_show_nothing(facts: str) -> None:
    assert evidence(facts=facts) == {}


def test_facts_are_told_in_words() -> None:
    facts = {"ours_fen": 12_800, "theirs_fen": 12_500, "record": "R-1", "vouchers": [3, 4], "units": 2}
    assert evidence(facts=json.dumps(facts)) == {
        "本店金额": "¥128.00",
        "平台金额": "¥125.00",
        "平台单号": "R-1",
        "本机券号": "3、4",
        "次数": "2",
    }
    assert evidence(facts='{"reason": "refunded"}') == {"平台的答复": "这张券已退款，平台显示钱已退给顾客"}
    assert evidence(facts='{"last_error": "KeyError"}') == {"为什么停下": "这一笔读不出来（KeyError）"}


def test_the_platforms_own_words_and_what_was_noted_are_evidence() -> None:
    noted = json.dumps({"photo": "evidence/a.png", "order_no": "A-1", "phone_last4": "4321"})
    reason = to_json(because(Code.PLATFORM_REFUSED, words="券已锁定"))
    row = on_trust(state=State.REFUSED, reason=reason, witnesses=noted, settled_at_ms=NOON_MS + MINUTE_MS)
    one = difference(facts='{"reason": "platform_refused", "tier": "recorded", "number": "T1-000001"}')
    view = views.case(ZH, telling(), Case(one, story(row, differences=(one,)), ("T1-000001",), PEOPLE))
    found = dict(view.evidence)
    assert found["平台的原话"] == "券已锁定"
    assert found["平台的答复"] == "平台不同意核销"
    assert (found["订单号"], found["手机尾号"], found["店内编号"]) == ("A-1", "4321", "T1-000001")
    assert view.photo == "evidence/a.png"
    assert len(view.beats) == 3


def test_a_call_for_several_names_them_all() -> None:
    one = difference(cause=Cause.HELD, redemption_id=None)
    view = views.case(ZH, telling(), Case(one, None, ("T1-000001", "T1-000002"), PEOPLE))
    assert dict(view.evidence)["店内编号"] == "T1-000001、T1-000002"


def test_the_list_keeps_the_order_of_deadlines_and_names_what_it_can() -> None:
    late, early = difference(id=2), difference(id=1, redemption_id=None, facts='{"record": "R-1"}')
    nameless = difference(id=3, redemption_id=None)
    briefs = [Brief(early, None), Brief(late, redemption(title="")), Brief(nameless, None)]
    rows = views.rows(ZH, telling(), briefs)
    assert [row.id for row in rows] == [1, 2, 3]
    assert [row.cells[2].said for row in rows] == ["平台单号 R-1", "T1-000001 抖音券", "差异 3"]
    assert len(rows[0].cells) == len(views.columns(ZH))


def compared(*lines: Match, owed: int = 0, platform: str = "douyin") -> Comparison:
    return Comparison(platform, "2026-11-22", lines, owed)


OURS = Match(Bucket.OURS_ONLY, Ours("r1", "R-1", "c", 12_800, False, True), None)
THEIRS = Match(Bucket.THEIRS_ONLY, None, Theirs("R-2", "c", None, 12_800, NOON_MS, False))
SAME = Match(Bucket.MATCHED, OURS.ours, THEIRS.theirs)


def test_a_book_that_could_not_be_read_has_no_figures() -> None:
    unread = Comparison("douyin", "2026-11-22", unreadable=because(Code.UNREACHABLE))
    found = books.card(ZH, ZONE, unread)
    assert (found.figures, found.note) == ((), "")
    assert "连不上平台" in found.trouble
    assert books.empty(ZH, "2026-11-22", [unread]).tone != "redeemed"


def test_four_numbers_and_what_is_still_owed() -> None:
    found = books.card(ZH, ZONE, compared(SAME, SAME, OURS, owed=3))
    assert [(one.name, one.count) for one in found.figures] == [
        ("对上了", 2),
        ("只有本店", 1),
        ("只有平台", 0),
        ("不一致", 0),
    ]
    assert [one.tone for one in found.figures] == ["redeemed", "refused", "", ""]
    assert "3 笔" in found.note


def test_only_what_needs_a_person_of_that_day_opens() -> None:
    of_row = Brief(difference(id=1, redemption_id="r1"), redemption())
    of_record = Brief(difference(id=2, redemption_id=None, facts='{"record": "R-2"}'), None)
    other_platform = Brief(difference(id=3, redemption_id=None, platform="x", facts='{"record": "R-2"}'), None)
    another = Brief(difference(id=4, redemption_id="r9"), None)
    briefs = (of_row, of_record, other_platform, another)
    assert books.of_day(briefs, [compared(OURS, THEIRS)]) == (of_row, of_record)
    assert books.of_day(briefs, [compared(SAME)]) == ()
    assert books.of_day((), [compared(OURS)]) == ()


def test_an_empty_day_means_what_it_says() -> None:
    before, well = books.empty(ZH, "", ()), books.empty(ZH, "2026-11-22", [compared(SAME)])
    assert before.tone != "redeemed"
    assert (well.said, well.tone) == ("2026-11-22 都对上了", "redeemed")
    assert books.headline(ZH, "2026-11-22", ()) == ""


def test_a_resolution_is_kept_the_same_in_every_language() -> None:
    assert resolution_of(Ending.ACCEPT_LOSS, " ") == "accept_loss"
    assert resolution_of(Ending.CLAIM, "单号 1") == "claim：单号 1"
