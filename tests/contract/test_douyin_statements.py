"""Douyin's ledger as a statement: an hour late, in pages, at its pace, and by the day of the verify."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sync.domain.reasons import Code
from sync.errors import Refused
from sync.platforms.port import Redeemed, StatementLine, StatementSource
from sync.platforms.registry import statement_source
from tests.contract.shop import Shop

HOUR_S = 3600
CHINA = timezone(timedelta(hours=8))


def source_of(douyin: Shop) -> StatementSource:
    source = statement_source(douyin.platform)
    assert source is not None
    return source


def read(douyin: Shop, day: str) -> tuple[list[StatementLine], int]:
    lines: list[StatementLine] = []
    cursor, pages = None, 0
    while True:
        page = source_of(douyin).statement(day, cursor, douyin.soon(10_000))
        lines, cursor, pages = [*lines, *page.lines], page.cursor, pages + 1
        if cursor is None:
            return lines, pages


def sold(douyin: Shop, count: int, ago_s: int, **wish: int | str) -> list[Redeemed]:
    """Redeemed so long ago, by the platform's clock, which goes right again afterwards."""
    douyin.later(-ago_s)
    results: list[Redeemed] = []
    for coupon in douyin.coupons(count, order="each", **wish):
        credential = douyin.typed(coupon)
        results += [
            each
            for each in douyin.redeem(douyin.call(credential, douyin.look_up(credential)))
            if isinstance(each, Redeemed)
        ]
    douyin.later(0)
    assert len(results) == count
    return results


def day_of(douyin: Shop, ago_s: int) -> str:
    now = datetime.fromtimestamp(douyin.clock.wall_ms() / 1000, UTC)
    return (now - timedelta(seconds=ago_s)).astimezone(CHINA).date().isoformat()


def test_what_was_redeemed_is_told_an_hour_later_with_what_is_paid(douyin: Shop) -> None:
    (fresh,) = sold(douyin, 1, 60)
    (old,) = sold(douyin, 1, 2 * HOUR_S, price_fen=12_800)
    lines, _ = read(douyin, day_of(douyin, 2 * HOUR_S))
    by_record = {line.record: line for line in lines}
    assert fresh.refs["record"] not in by_record
    line = by_record[old.refs["record"]]
    assert (line.coupon, line.goods_fen, line.payout_fen) == (old.refs["coupon"], old.amount_fen, 11_776)
    assert len(line.code_tail) == 4
    assert line.state in {"pending", "done"}


def test_a_day_is_read_whole_in_pages_of_fifty(douyin: Shop) -> None:
    ago_s = 3 * HOUR_S
    results = sold(douyin, 60, ago_s)
    days = {day_of(douyin, ago_s), day_of(douyin, ago_s - 60)}
    told = [read(douyin, day) for day in sorted(days)]
    records = [line.record for lines, _ in told for line in lines]
    assert {each.refs["record"] for each in results} <= set(records)
    assert len(records) == len(set(records))
    assert sum(pages for _, pages in told) > 1


def test_each_use_of_a_card_has_a_line_of_its_own(douyin: Shop) -> None:
    douyin.later(-2 * HOUR_S)
    (card,) = douyin.coupons(kind="times_card", units=3, price_fen=10_000)
    call = douyin.call(douyin.typed(card), douyin.look_up(douyin.typed(card)), units=3)
    results = [each for each in douyin.redeem(call) if isinstance(each, Redeemed)]
    douyin.later(0)
    lines = {line.record: line for line in read(douyin, day_of(douyin, 2 * HOUR_S))[0]}
    assert [lines[each.refs["record"]].goods_fen for each in results] == [each.amount_fen for each in results]


def test_the_last_hour_of_a_day_is_in_the_ledger_of_the_next(douyin: Shop) -> None:
    now = datetime.fromtimestamp(douyin.clock.wall_ms() / 1000, CHINA)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    ago_s = int((now - midnight).total_seconds()) + HOUR_S // 2
    if now < midnight + timedelta(hours=1):
        # Its row stands in a ledger that is not an hour old: a day earlier it does.
        ago_s += 24 * HOUR_S
    (late,) = sold(douyin, 1, ago_s)
    day = day_of(douyin, ago_s)
    assert late.refs["record"] in {line.record for line in read(douyin, day)[0]}
    following = day_of(douyin, ago_s - HOUR_S)
    assert following != day
    assert late.refs["record"] not in {line.record for line in read(douyin, following)[0]}


@pytest.mark.parametrize(("code", "reason"), [(28001012, Code.NO_PERMISSION), (2190001, Code.QUOTA_USED_UP)])
def test_a_statement_that_is_refused_is_told_with_its_cause(douyin: Shop, code: int, reason: Code) -> None:
    douyin.platform.probe(douyin.soon())
    douyin.post("douyin/refuse", {"code": code})
    with pytest.raises(Refused) as caught:
        source_of(douyin).statement("2026-11-18", None, douyin.soon())
    assert caught.value.reason.code is reason


def test_another_shop_of_the_account_is_left_out(douyin: Shop) -> None:
    sold(douyin, 2, 2 * HOUR_S)
    elsewhere = statement_source(douyin.connected(poi_id="1"))
    assert elsewhere is not None
    assert elsewhere.statement(day_of(douyin, 2 * HOUR_S), None, douyin.soon()).lines == ()


def test_what_is_no_date_is_not_asked(douyin: Shop) -> None:
    with pytest.raises(ValueError, match="yesterday"):
        source_of(douyin).statement("yesterday", None, douyin.soon())
