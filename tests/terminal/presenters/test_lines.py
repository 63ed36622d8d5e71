"""The lines in words: up or down and since when, what is left of each limit, and how old everything is."""

from typing import Any

import pytest

from sync.domain.allowance import Allowance
from sync.domain.moment import ClockSource, Moment
from sync.domain.reasons import Code, because
from sync.domain.trust import Limits, Outage, Purse, Spent, Tier
from sync.services.lines import LineState
from sync.services.outages import Basis, Standing
from terminal.i18n import Words
from terminal.presenters import lines as views
from terminal.presenters.lines import HOUR_MS, Probed, Reading
from tests.terminal.ledger_rows import NOON_MS, PEOPLE, ZONE

MONOTONIC_MS = 10_000_000


def reading(language: str = "zh") -> Reading:
    return Reading(Words("lines", language), ZONE, Limits(), PEOPLE, NOON_MS, MONOTONIC_MS)


def line(*, offline: bool = False, since_ms: int | None = None, answered_ms: int | None = None) -> LineState:
    return LineState("douyin", offline, since_ms, answered_ms)


def tier(outage: Outage | None = None, **changes: Any) -> tuple[str, str, str]:
    made: dict[str, Any] = {
        "tier": Tier.CACHED,
        "why": None,
        "voucher_fen": 30_000,
        "count_left": 150,
        "left_fen": 400_000,
        "until_ms": None,
    }
    one = Allowance(**made | changes)
    (found,) = views.card(reading(), line(), Standing("douyin", outage, (one,))).tiers
    return found.said, found.icon, found.tone


def test_before_anything_is_known_nothing_is_claimed() -> None:
    found = views.card(reading(), line(), None)
    assert (found.said, found.heard, found.outage, found.tiers) == ("在线", "这次打开后还没有问过", "", ())


@pytest.mark.parametrize(
    ("state", "said", "heard"),
    [
        (line(offline=True, since_ms=MONOTONIC_MS - 192_000), "离线 3 分", "这次打开后还没有问过"),
        (
            line(offline=True, since_ms=MONOTONIC_MS - 12_000, answered_ms=MONOTONIC_MS - 7_300_000),
            "离线 12 秒",
            "2 时 1 分前有答复",
        ),
        (line(since_ms=MONOTONIC_MS - 90_000_000, answered_ms=MONOTONIC_MS), "在线 · 恢复了 1 天 1 时", "0 秒前有答复"),
        (line(since_ms=MONOTONIC_MS + 5_000), "在线 · 恢复了 0 秒", "这次打开后还没有问过"),
    ],
)
def test_a_line_says_how_it_is_and_since_when(state: LineState, said: str, heard: str) -> None:
    found = views.card(reading(), state, None)
    assert (found.said, found.heard, found.offline) == (said, heard, state.offline)


def test_the_answer_to_ones_own_question_comes_first() -> None:
    silent, heard = Probed(2_000, because(Code.NO_ANSWER)), Probed(41)
    assert views.card(reading(), line(), None, silent).heard == "刚才没有答复：平台没有答复"
    assert views.card(reading(), line(), None, heard).heard == "刚才有答复，用时 41 毫秒"


def test_what_works_now_and_what_would_work_are_told_apart() -> None:
    headings = {views.card(reading(), line(offline=offline), None).heading for offline in (True, False)}
    assert len(headings) == 2


def test_a_tier_names_every_limit_it_has() -> None:
    assert tier(until_ms=NOON_MS + HOUR_MS)[0] == "单张 ¥300.00 以内 · 还可 150 张 · 还可 ¥4,000.00 · 到 今天 12:32"
    assert tier(count_left=None, left_fen=None)[0] == "单张 ¥300.00 以内"


def test_a_tier_that_is_shut_says_why() -> None:
    assert tier(why=because(Code.LISTS_TOO_OLD)) == ("本机名单太旧", "cross", "refused")
    assert tier(why=because(Code.OVER_OUTAGE_COUNT, limit=200))[2] == "refused"


def test_where_a_manager_can_go_on_it_is_said_until_it_was_done() -> None:
    shut = tier(tier=Tier.RECORDED, manager=True, why=because(Code.MANAGER_NEEDED, count=20, limit=20))
    assert shut[1:] == ("hand", "manager")
    assert "店长" in tier(tier=Tier.RECORDED, manager=True)[0]
    assert "店长" not in tier(Outage(1, NOON_MS, "m1"), tier=Tier.RECORDED, manager=True)[0]


def test_an_outage_under_way_says_what_it_has_given_out_and_who_raised_it() -> None:
    spent = {Purse.SHARED: Spent(3, 30_000), Purse.RECORDED: Spent(1, 9_900)}
    found = views.card(reading(), line(), Standing("douyin", Outage(1, NOON_MS, None, spent), ()))
    assert found.outage == "停网登记从 今天 11:32 开始，已登记 4 张，¥399.00"
    raised = views.card(reading(), line(), Standing("douyin", Outage(1, NOON_MS, "m1", spent), ())).outage
    assert raised.endswith("Wang 已输入 PIN 放宽")


def basis(source: ClockSource = ClockSource.PLATFORM, seen_ms: int | None = NOON_MS, keys: int = 2) -> Basis:
    return Basis(Moment(NOON_MS, source), seen_ms, seen_ms, keys, ())


def test_what_was_never_read_is_told_and_not_dated() -> None:
    found = views.basis_lines(reading(), basis(seen_ms=None, keys=0))
    assert [one.said for one in found[:3]] == ["还没有核对过", "还没有核对过", "没有，离线验不了动态码"]
    assert {one.tone for one in found[:3]} == {"refused"}


@pytest.mark.parametrize(("hours", "tone"), [(24, "redeemed"), (24.01, "refused")])
def test_lists_too_old_to_decide_by_are_marked(hours: float, tone: str) -> None:
    found = views.basis_lines(reading(), basis(seen_ms=NOON_MS - round(hours * HOUR_MS)))
    assert [one.tone for one in found[:2]] == [tone, tone]


def test_each_clock_has_its_words_and_tone() -> None:
    for language in ("zh", "en"):
        found = [views.basis_lines(reading(language), basis(source))[-1] for source in ClockSource]
        assert len({one.said for one in found}) == 3
        assert [one.tone for one in found] == ["redeemed", "recorded", "refused"]
