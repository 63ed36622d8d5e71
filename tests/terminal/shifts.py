"""Shift reports made by hand: each test changes what it is about."""

import json
from dataclasses import replace
from typing import Any

from sync.domain.difference import DEADLINE_MS, Cause, Difference
from sync.domain.redemption import Redemption, State
from sync.domain.shift import Shift, ShiftState, platform_lines
from sync.ledger.tables import Adjustment
from sync.services.shifts import Count, ShiftReport
from terminal.i18n import Words
from terminal.presenters.shift_lines import Telling

ZONE = "Asia/Shanghai"
# 2026-11-21, 08:30 and 21:05 in Shanghai.
OPENED_MS, CLOSED_MS = 1_795_221_000_000, 1_795_266_300_000
MINUTE_MS = 60_000
NAMES = {"c1": "王芳", "c2": "李雷", "m1": "陈店长"}


def telling(language: str = "zh", now_ms: int = CLOSED_MS) -> Telling:
    """The words, and a clock that stands still."""
    return Telling(Words("shift", language), ZONE, now_ms, NAMES)


def row(number: int, state: State = State.CONFIRMED, platform: str = "douyin", **changes: Any) -> Redemption:
    """One redemption worth ¥99, accepted `number` minutes after the shift was opened."""
    found = Redemption(
        id=f"{number:08x}-row",
        number=f"T1-{number:06}",
        basket_id="b",
        request_id="r",
        outbox_id="o",
        voucher=number,
        platform=platform,
        unit=1,
        state=state,
        tier="online" if state is State.CONFIRMED else "cached",
        promised=state is not State.CONFIRMED,
        amount_fen=9_900,
        title="双人烤鱼套餐",
        code_tail="4321",
        code_sealed=b"",
        kind="code",
        staff="c1",
        manager=None,
        shift=1,
        outage=None,
        account=None,
        terminal="T1",
        accepted_at_ms=OPENED_MS + number * MINUTE_MS,
        clock="platform",
        business_day="2026-11-21",
    )
    return replace(found, **changes)


def difference(number: int = 1, **changes: Any) -> Difference:
    """One that was refused later."""
    at_ms = OPENED_MS + 60 * MINUTE_MS
    facts = json.dumps({"number": "T1-000007", "reason": "refunded"})
    found = Difference(
        number, f"k{number}", "douyin", Cause.REFUSED_LATER, "x", 9_900, "m1", at_ms, at_ms + DEADLINE_MS, facts
    )
    return replace(found, **changes)


def adjustment(redemption_id: str, what: str = "confirmed", amount_fen: int = 0) -> Adjustment:
    """A late answer."""
    return Adjustment(1, 1, redemption_id, CLOSED_MS + 5 * MINUTE_MS, what, amount_fen)


def report(
    *rows: Redemption,
    state: ShiftState = ShiftState.CLOSED,
    cash_fen: int | None = 50_000,
    slips: dict[str, int] | None = None,
    earlier: tuple[dict[str, Any], ...] = (),
    **changes: Any,
) -> ShiftReport:
    """A shift with ¥500 in its drawer; the slips are right unless they are given."""
    lines = platform_lines(rows)
    expected = {line.platform: line.redeemed.count + line.owed.count + line.denied.count for line in lines}
    counted = state is not ShiftState.OPEN and cash_fen is not None
    slips = expected if slips is None else slips
    counts = json.dumps({"cash_fen": cash_fen, "slips": slips, "earlier": list(earlier)}) if counted else None
    closed = state is ShiftState.CLOSED
    shift = Shift(
        1,
        state,
        "c1",
        OPENED_MS,
        "platform",
        "2026-11-21",
        50_000,
        "c1" if counted else None,
        CLOSED_MS - 5 * MINUTE_MS if counted else None,
        counts,
        "c1" if closed else None,
        CLOSED_MS if closed else None,
        "{}" if closed else None,
    )
    found = ShiftReport(
        shift,
        lines,
        tuple(one for one in rows if one.owed),
        0,
        (),
        (),
        Count(cash_fen or 0, slips) if counted else None,
        expected,
        len(earlier),
    )
    return replace(found, **changes)
