"""A platform's statement beside the ledger: what agrees, what is wanting, what is too much, what is worth otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.domain.redemption import State
from sync.platforms.port import StatementLine, StatementPage, StatementSource
from sync.platforms.registry import statement_source
from sync.services.reversing import Reversal
from sync.services.statements import Statement, Statements, Sum
from sync.services.verdict import Outcome
from tests.services.counter import NOTED, Counter

# The clock of these tests stands still at 19:06:40 in China.
DAY, NEXT_DAY = "2026-11-18", "2026-11-19"
TO_MIDNIGHT_MS = (4 * 3600 + 53 * 60 + 20) * 1000
MINIPROGRAM = "miniprogram"


@dataclass
class Retold:
    """The platform's own statement, told otherwise; `asked` counts the pages."""

    source: StatementSource
    told: "Told"
    asked: int = 0

    def statement(self, day: str, cursor: str | None, deadline_ms: int) -> StatementPage:
        self.asked += 1
        page = self.source.statement(day, cursor, deadline_ms)
        return StatementPage(self.told(page.lines), page.cursor)


Told = Callable[[tuple[StatementLine, ...]], tuple[StatementLine, ...]]


def retold(till: Counter, told: Told = lambda lines: lines, platform: str = MINIPROGRAM) -> tuple[Statements, Retold]:
    store = till.store
    found = statement_source(store.asking.platforms[platform])
    assert found is not None
    source = Retold(found, told)
    return Statements(store.ledger, store.asking, {platform: source}, store.keeper, store.profile, till.clock), source


def compare(till: Counter, day: str = DAY) -> Statement:
    return till.store.statements.compare(MINIPROGRAM, day)


def redeemed(till: Counter, **wish: Any) -> dict[str, Any]:
    coupon = till.coupon(MINIPROGRAM, **wish)
    assert till.redeem(coupon["code"]).first.outcome is Outcome.REDEEMED
    return coupon


def later(till: Counter, ms: int) -> None:
    """Time passes, and the platform's time is learnt again."""
    till.clock.advance_ms(ms)
    till.pull()


def test_a_day_that_agrees(till: Counter) -> None:
    redeemed(till)
    card = till.coupon(MINIPROGRAM, kind="times_card", units=3, price_fen=10_000)
    till.redeem(card["code"], 2)
    redeemed(till)
    till.redeem(till.coupon("douyin")["code"])
    undone = till.rows()[-2]
    assert till.store.reversing.reverse(undone.id, till.who("m1")).outcome is Reversal.REVERSED
    later(till, 600_000)
    found = compare(till)
    assert found.well
    assert (found.matched, found.awaited, found.unnamed) == (4, 0, 0)
    assert found.sums == {"pending": Sum(3, 16_566, 16_467), "void": Sum(1, 9900, 0)}


def test_a_day_without_anything(till: Counter) -> None:
    found = compare(till)
    assert found.well
    assert (found.matched, dict(found.sums)) == (0, {})


def test_what_the_platform_forgot_is_missing_and_what_it_made_up_is_not_expected(till: Counter) -> None:
    for _ in range(3):
        redeemed(till)
    elsewhere = till.coupon(MINIPROGRAM, price_fen=500)
    till.lot(elsewhere, "used_elsewhere")
    later(till, 600_000)
    service, _ = retold(till, lambda lines: lines[1:])
    found = service.compare(MINIPROGRAM, DAY)
    assert not found.well
    assert found.matched == 2
    assert [row.id for row in found.missing] == [till.rows()[0].id]
    assert [(line.code_tail, line.goods_fen) for line in found.unexpected] == [(elsewhere["code"][-4:], 500)]
    assert found.off == ()


def test_another_worth_is_told_with_both(till: Counter) -> None:
    for _ in range(3):
        redeemed(till)
    later(till, 600_000)

    def told(lines: tuple[StatementLine, ...]) -> tuple[StatementLine, ...]:
        return replace(lines[0], goods_fen=9899), replace(lines[1], state="void", payout_fen=0), lines[2]

    found = retold(till, told)[0].compare(MINIPROGRAM, DAY)
    assert not found.well
    assert [(off.redemption.id, off.ours_fen, off.theirs_fen) for off in found.off] == [
        (till.rows()[0].id, 9900, 9899),
        (till.rows()[1].id, 9900, 0),
    ]
    assert (found.matched, found.missing, found.unexpected) == (1, (), ())


def test_what_was_taken_back_here_and_is_paid_there_is_off(till: Counter) -> None:
    redeemed(till)
    till.store.reversing.reverse(till.rows()[0].id, till.who("m1"))
    service, _ = retold(till, lambda lines: tuple(replace(line, state="pending") for line in lines))
    (off,) = service.compare(MINIPROGRAM, DAY).off
    assert (off.ours_fen, off.theirs_fen) == (0, 9900)


def test_a_void_line_of_somebody_else_costs_nothing(till: Counter) -> None:
    till.lot(till.coupon(MINIPROGRAM), "used_elsewhere")
    service, _ = retold(till, lambda lines: tuple(replace(line, state="void") for line in lines))
    assert service.compare(MINIPROGRAM, DAY).well


def test_lines_that_name_nothing_are_counted_and_not_compared(till: Counter) -> None:
    redeemed(till)
    later(till, 600_000)
    month = StatementLine("", "", "", till.clock.wall, 1000, None, "done")
    found = retold(till, lambda lines: (*lines, month))[0].compare(MINIPROGRAM, DAY)
    assert found.well
    assert (found.matched, found.unnamed, found.sums["done"]) == (1, 1, Sum(1, 1000, None))


@pytest.mark.parametrize("noted", [False, True])
def test_what_is_still_owed_and_was_done_there_is_awaited(till: Counter, noted: bool) -> None:
    coupon = till.coupon(MINIPROGRAM)
    if noted:
        till.line_down()
        till.redeem(coupon["code"], noted=NOTED)
        till.line_up()
        till.fault("drop_after", "verify", MINIPROGRAM)
        till.deliver()
    else:
        till.fault("drop_after", "verify", MINIPROGRAM)
        till.redeem(coupon["code"])
    assert [row.state for row in till.rows()] == [State.UNKNOWN]
    till.line_up()
    found = compare(till)
    assert (found.awaited, found.matched, found.well) == (1, 0, True)
    till.deliver()
    found = compare(till)
    assert (found.awaited, found.matched, found.well) == (0, 1, True)


def test_what_lies_across_midnight_is_missing_in_neither_day(till: Counter) -> None:
    coupon = till.coupon(MINIPROGRAM)
    till.pull()
    later(till, TO_MIDNIGHT_MS - 60_000)
    till.line_down()
    till.redeem(coupon["code"])
    till.line_up()
    till.clock.advance_ms(3_600_000)
    till.deliver()
    later(till, 3_600_000)
    before, after = compare(till, DAY), compare(till, NEXT_DAY)
    assert (before.well, before.matched) == (True, 0)
    assert (after.well, after.matched) == (True, 1)
    service, _ = retold(till, lambda _lines: ())
    assert service.compare(MINIPROGRAM, NEXT_DAY).missing == ()


def test_what_was_redeemed_at_night_belongs_to_the_calendar_and_not_to_the_shops_day(till: Counter) -> None:
    till.clock.advance_ms(TO_MIDNIGHT_MS + 3_600_000)
    till.pull()
    redeemed(till)
    later(till, 600_000)
    assert till.rows()[0].business_day == DAY
    assert compare(till, DAY).matched == 0
    assert compare(till, NEXT_DAY).matched == 1
    service, _ = retold(till, lambda _lines: ())
    assert len(service.compare(MINIPROGRAM, NEXT_DAY).missing) == 1
    assert service.compare(MINIPROGRAM, DAY).well


def test_what_was_redeemed_while_it_was_read_is_not_missing(till: Counter) -> None:
    def meanwhile(lines: tuple[StatementLine, ...]) -> tuple[StatementLine, ...]:
        redeemed(till)
        return lines

    assert retold(till, meanwhile)[0].compare(MINIPROGRAM, DAY).well


def test_what_was_taken_back_while_it_was_read_is_awaited(till: Counter) -> None:
    redeemed(till)
    later(till, 600_000)

    def meanwhile(lines: tuple[StatementLine, ...]) -> tuple[StatementLine, ...]:
        till.store.reversing.reverse(till.rows()[0].id, till.who("m1"))
        return lines

    found = retold(till, meanwhile)[0].compare(MINIPROGRAM, DAY)
    assert (found.well, found.awaited) == (True, 1)


def test_it_is_read_page_by_page(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.platforms.miniprogram.adapter.PAGE_SIZE", 2)
    for _ in range(5):
        redeemed(till)
    service, source = retold(till)
    seen: list[int] = []
    found = service.compare(MINIPROGRAM, DAY, seen.append)
    assert (found.matched, source.asked, seen) == (5, 3, [2, 4, 5])


def test_a_busy_platform_is_waited_for(till: Counter) -> None:
    redeemed(till)
    till.fault("http_429", "history", MINIPROGRAM, count=3)
    found = compare(till)
    assert (found.matched, found.well) == (1, True)
    assert till.struck() == 3
    assert sum(till.clock.slept_s) >= 3


def test_one_that_stays_busy_says_so_and_nothing_is_missing(till: Counter) -> None:
    redeemed(till)
    later(till, 600_000)
    till.fault("http_429", "history", MINIPROGRAM)
    found = compare(till)
    assert found.unreadable is not None
    assert found.unreadable.code is Code.BUSY
    assert not found.well
    assert (found.matched, found.missing) == (0, ())
    assert 200 < sum(till.clock.slept_s) <= 400


@pytest.mark.parametrize("kind", ["refuse", "cut_body", "http_500"])
def test_half_a_statement_is_none(till: Counter, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("sync.platforms.miniprogram.adapter.PAGE_SIZE", 2)
    for _ in range(3):
        redeemed(till)
    later(till, 600_000)

    def cut(lines: tuple[StatementLine, ...]) -> tuple[StatementLine, ...]:
        till.fault(kind, "history", MINIPROGRAM)
        return lines

    found = retold(till, cut)[0].compare(MINIPROGRAM, DAY)
    assert found.unreadable is not None
    assert (found.matched, found.missing, dict(found.sums)) == (0, (), {})


@pytest.mark.parametrize("day", ["today", "2026-02-30", "20261118", "2026-11-18T00:00", "0001-01-01", "9999-12-31", ""])
def test_what_is_no_day_is_told_before_anything_is_asked(till: Counter, day: str) -> None:
    service, source = retold(till)
    with pytest.raises(ValueError):
        service.compare(MINIPROGRAM, day)
    assert source.asked == 0


def test_what_a_platform_publishes_late_is_not_missing_before(till: Counter) -> None:
    for _ in range(2):
        till.redeem(till.coupon("douyin")["code"])
    service, _ = retold(till, lambda lines: lines[1:], "douyin")
    later(till, 3_000_000)
    assert service.compare("douyin", DAY).well
    later(till, 1_200_000)
    found = service.compare("douyin", DAY)
    assert (found.matched, len(found.missing)) == (1, 1)


def test_a_day_at_douyin_agrees_too(till: Counter) -> None:
    till.redeem(till.coupon("douyin", kind="times_card", units=3, price_fen=10_000)["code"], 2)
    till.redeem(till.coupon("douyin")["code"])
    later(till, 7_200_000)
    found = till.store.statements.compare("douyin", DAY)
    assert (found.well, found.matched, sum(told.goods_fen for told in found.sums.values())) == (True, 3, 16_566)


def test_which_platforms_tell_one(till: Counter) -> None:
    assert MINIPROGRAM in till.store.statements.platforms
    with pytest.raises(KeyError):
        till.store.statements.compare("wechat_shop", DAY)
