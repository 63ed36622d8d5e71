"""The story of a redemption: in order, in words, with nothing left out and nothing made up."""

import json
from typing import Any

import pytest

from sync.domain.difference import Cause, Ending
from sync.domain.difference import resolution_of as stored
from sync.domain.reasons import Code, because, to_json
from sync.domain.redemption import State
from sync.services.stories import TakenBack
from terminal.i18n import Words, catalogue
from terminal.presenters.story import (
    Beat,
    beats,
    error_of,
    resolution_of,
    standing,
    title_of,
)
from tests.terminal.ledger_rows import (
    MINUTE_MS,
    NOON_MS,
    ZONE,
    difference,
    entry,
    on_trust,
    redemption,
    story,
    telling,
)

ZH = Words("story", "zh")


def told(*args: Any, **changes: Any) -> list[tuple[str, str, str]]:
    return [(beat.at, beat.said, beat.note) for beat in beats(telling(), story(*args, **changes))]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (redemption(), "已核销"),
        (redemption(reversal_id="x"), "待撤销"),
        (redemption(state=State.REVERSED), "已撤销"),
        (redemption(state=State.WITHDRAWN), "已撤销"),
        (redemption(state=State.REFUSED), "已拒绝"),
        (on_trust(), "已登记"),
        (on_trust(state=State.UNKNOWN), "已登记"),
        (on_trust(promised=False), "未补录"),
        (on_trust(reversal_id="x"), "待撤销"),
    ],
)
def test_each_state_has_its_word_icon_and_tone(row: Any, word: str) -> None:
    found = standing(ZH, row)
    assert found.word == word
    assert found.icon
    assert found.tone


def test_an_open_difference_outweighs_what_else_is_true() -> None:
    assert standing(ZH, redemption(), difference()).word == "差异"


def test_a_coupon_that_nobody_described_is_named_by_its_platform() -> None:
    assert title_of(ZH, redemption(title="")) == "抖音券"


def test_what_no_code_names_is_told_and_raises_nothing() -> None:
    assert error_of(ZH, "KeyError", ZONE).what == "这一笔读不出来（KeyError）"
    assert error_of(ZH, "busy", ZONE).what == "平台繁忙"


def test_redeemed_at_once_is_two_beats() -> None:
    assert told(redemption()) == [
        ("今天 11:32", "Li 在 T1 核销，当场发给平台", ""),
        ("今天 11:32", "平台已核销", ""),
    ]


def test_recorded_on_evidence_names_the_evidence_and_who_agreed() -> None:
    noted = json.dumps({"photo": "evidence/a.png", "order_no": "A-1", "phone_last4": "4321"})
    row = on_trust(witnesses=noted, manager="m1", clock="untrusted")
    first = told(row)[0]
    assert first[1] == "Li 在 T1 登记：凭顾客凭据登记，尚未核销"
    assert first[2] == "Wang 输入 PIN 同意 · 订单号 A-1 · 手机尾号 4321 · 有照片 · 当时本机时间不可信"


def test_what_waits_comes_last_and_says_why() -> None:
    call = entry(attempts=3, last_error="busy")
    assert told(on_trust(), call=call)[-1] == ("", "等待补录", "平台繁忙 · 平台答复过 3 次")


def test_what_is_held_says_that_it_needs_a_person() -> None:
    beat = beats(telling(), story(on_trust(), call=entry(state="held", last_error="ValueError")))[-1]
    assert (beat.said, beat.tone, beat.note) == ("补录停下，等人处理", "refused", "这一笔读不出来（ValueError）")


def test_refused_later_and_the_difference_stand_in_order() -> None:
    late_ms = NOON_MS + 30 * MINUTE_MS
    reason = to_json(because(Code.PLATFORM_REFUSED, words="券已锁定 {x}"))
    row = on_trust(state=State.REFUSED, settled_at_ms=late_ms, reason=reason)
    found = told(row, differences=(difference(),))
    assert [said for _, said, _ in found[1:]] == ["平台不同意：平台不同意核销", "差异：登记后平台没有同意"]
    assert found[1][2] == "平台的原话：券已锁定 {x}"
    assert found[2][2] == "由 Wang 处理，期限 2026-11-24 12:02"


def test_a_difference_that_ended_says_by_whom_and_how_and_no_deadline() -> None:
    ended = difference(resolution=stored(Ending.CLAIM, "单号 {88}"), resolved_by="m1", resolved_at_ms=NOON_MS * 2)
    found = told(redemption(), differences=(ended,))
    assert found[-2][2] == ""
    assert found[-1][1] == "Wang 结束差异：向平台追回：单号 {88}"


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("accept_loss", "认损"),
        ("accept_loss：两人都在场", "认损：两人都在场"),
        ("paid from the {till}", "paid from the {till}"),
        ("", ""),
    ],
)
def test_a_resolution_is_read_in_every_form_it_was_ever_written(stored: str, said: str) -> None:
    assert resolution_of(ZH, stored) == said


def test_a_note_of_several_lines_is_kept_as_one() -> None:
    assert stored(Ending.CONTACT, " a\n b\t c ") == "contact：a b c"
    assert stored(Ending.CONTACT, " \n ") == "contact"


def test_taken_back_tells_who_asked_and_what_the_platform_said() -> None:
    asked, ended = NOON_MS + MINUTE_MS, NOON_MS + 2 * MINUTE_MS
    refused, agreed = TakenBack("c1", asked, ended), TakenBack("m1", asked + MINUTE_MS, ended + MINUTE_MS, True)
    found = told(redemption(state=State.REVERSED), taken_back=(refused, agreed))
    assert [said for _, said, _ in found[2:]] == [
        "Li 要求撤销",
        "平台不同意撤销，核销仍然有效",
        "Wang 要求撤销",
        "平台已撤销",
    ]


def test_withdrawn_is_one_beat_and_no_platform_is_named() -> None:
    row = on_trust(state=State.WITHDRAWN, settled_at_ms=NOON_MS + MINUTE_MS)
    taken = TakenBack("c1", NOON_MS + MINUTE_MS, NOON_MS + MINUTE_MS, True)
    assert [said for _, said, _ in told(row, taken_back=(taken,))[1:]] == ["Li 撤销，没有发给过平台"]


def test_a_reversal_that_waits_is_told_as_waiting() -> None:
    row = redemption(reversal_id="o2")
    taken = TakenBack("c1", NOON_MS + MINUTE_MS)
    found = told(row, taken_back=(taken,), reversal=entry(id="o2", kind="reverse", last_error="unreachable"))
    assert found[-1] == ("", "撤销等待补录", "连不上平台")


def test_every_cause_has_its_words_and_every_beat_an_icon() -> None:
    for language in ("zh", "en"):
        assert {cause.value for cause in Cause} == set(catalogue(f"story.{language}")["causes"])
    found: tuple[Beat, ...] = beats(telling("en"), story(redemption(), differences=(difference(),)))
    assert all(beat.icon and beat.said for beat in found)
