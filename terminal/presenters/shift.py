"""A shift from its opening to its report, as the window shows it and as scripts parse it (product.md A6)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sync.domain.money import yuan
from sync.domain.shift import Shift, Tally
from sync.domain.staff import Deed, Role, Staff
from sync.services.shifts import ShiftReport
from terminal.diagnostics.doctor import Finding
from terminal.i18n import Words
from terminal.presenters.debts import difference_json
from terminal.presenters.shift_lines import (
    TALLIES,
    Card,
    DifferenceLine,
    OwedLine,
    Telling,
    cards,
    difference_line,
    owed_line,
)
from terminal.presenters.shift_report import ReportView
from terminal.wording import clock_of

AREA = "shift"
_AMOUNT = re.compile(r"[0-9]{1,7}([.][0-9]{0,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of the readiness: `next` is empty where it is well."""

    title: str
    well: bool
    what: str
    next: str


@dataclass(frozen=True, slots=True)
class ReadyView:
    """No shift is open. `well` None: the check is still under way."""

    said: str
    well: bool | None
    checks: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class RunningView:
    """An open shift that was not counted: `cards` only for who may see them before the count (product.md A6)."""

    title: str
    opened: str
    since: str
    day: str
    cards: tuple[Card, ...]
    owed_total: str
    owed: tuple[OwedLine, ...]
    differences: tuple[DifferenceLine, ...]


@dataclass(frozen=True, slots=True)
class CountingView:
    """What has to be counted: each platform's id and the name of its field; `again`: which count this is."""

    platforms: tuple[tuple[str, str], ...]
    again: str


@dataclass(frozen=True, slots=True)
class HandOverView:
    """Who may sign: the name of who hands over, and id and name of everybody who may take over."""

    closer: str
    receivers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PastLine:
    """One closed shift as the list shows it."""

    number: int
    day: str
    from_to: str
    who: str


ShiftView = ReadyView | RunningView | CountingView | ReportView | tuple[PastLine, ...]


def checking(words: Words) -> ReadyView:
    """Before the check has ended: nobody has to wait for it."""
    return ReadyView(words("ready", "checking"), None, ())


def unchecked(words: Words, why: str) -> ReadyView:
    """The check could not be made."""
    return ReadyView(words("ready", "failed", why=why), False, ())


def readiness(words: Words, findings: Iterable[Finding]) -> ReadyView:
    """The check's findings; all well is one line."""
    checks = tuple(CheckLine(one.title or one.name, one.ok, one.what, one.next) for one in findings)
    bad = sum(not check.well for check in checks)
    said = words("ready", "problems", count=bad) if bad else words("ready", "well")
    return ReadyView(said, not bad, tuple(sorted(checks, key=lambda check: check.well)))


def running(tell: Telling, report: ShiftReport, role: Role) -> RunningView:
    """An open shift. The count is blind: only a manager sees what it will be held against."""
    words, shift = tell.words, report.shift
    oldest = min((row.accepted_at_ms for row in report.owed), default=shift.opened_at_ms)
    worth = yuan(sum(row.amount_fen for row in report.owed))
    total = words("running", "owed_total", count=len(report.owed), amount=worth, oldest=tell.since(oldest))
    return RunningView(
        words("title", "running", number=shift.id),
        words("running", "opened", who=tell.who(shift.opened_by), when=tell.when(shift.opened_at_ms)),
        words("running", "since", time=tell.since(shift.opened_at_ms)),
        words("running", "day", day=shift.business_day),
        cards(tell, report.lines) if role is Role.MANAGER else (),
        total if report.owed else "",
        tuple(owed_line(tell, row) for row in report.owed),
        tuple(difference_line(tell, one) for one in report.differences),
    )


def counting(tell: Telling, platforms: Iterable[str], counts: int) -> CountingView:
    """The fields of a count. `counts`: how often this shift was counted before."""
    fields = tuple((name, tell.words("counting", "slips", platform=tell.platform(name))) for name in platforms)
    return CountingView(fields, tell.words("counting", "again", count=counts + 1) if counts else "")


def hand_over(closer: Staff, people: Iterable[Staff]) -> HandOverView:
    """Whose PINs the close asks for."""
    receivers = tuple((one.id, one.name) for one in people if one.id != closer.id and one.may(Deed.REDEEM))
    return HandOverView(closer.name, receivers)


def past(tell: Telling, shifts: Iterable[Shift]) -> tuple[PastLine, ...]:
    """The closed shifts as they are listed."""
    return tuple(
        PastLine(
            shift.id,
            shift.business_day,
            f"{clock_of(shift.opened_at_ms, tell.zone)} – {clock_of(shift.closed_at_ms or 0, tell.zone)}",
            f"{tell.who(shift.opened_by)} → {tell.who(shift.closed_by)}",
        )
        for shift in shifts
    )


def fen_of(said: str) -> int | None:
    """`1,234.5` → 123450, exact to the fen; None for what is no amount."""
    found = _AMOUNT.fullmatch(said.strip().replace(",", ""))
    if found is None:
        return None
    whole, _, part = found.group(0).partition(".")
    return int(whole) * 100 + int(f"{part:0<2}")


def report_json(report: ShiftReport) -> dict[str, Any]:
    """The document of `hexiao shift … --json`. The expected figures are left out until the shift is counted."""
    shift, counted = report.shift, report.count is not None
    body: dict[str, Any] = {
        "shift": shift.id,
        "state": shift.state.value,
        "opened_by": shift.opened_by,
        "opened_at": shift.opened_at_ms,
        "business_day": shift.business_day,
        "float_fen": shift.float_fen,
        "counted_by": shift.counted_by,
        "closed_by": shift.closed_by,
        "closed_at": shift.closed_at_ms,
        "received_by": report.received_by,
        "approved_by": report.approved_by,
    }
    if not counted:
        return body
    assert report.count is not None
    return body | {
        "platforms": [_line(report, number) for number in range(len(report.lines))],
        "owed": [
            {"redemption_id": row.id, "number": row.number, "platform": row.platform, "amount_fen": row.amount_fen}
            for row in report.owed
        ],
        "refusals": report.refusals,
        "differences": [difference_json(found) for found in report.differences],
        "adjustments": [
            {"redemption_id": a.redemption_id, "what": a.what, "amount_fen": a.amount_fen, "at": a.at_ms}
            for a in report.adjustments
        ],
        "cash_fen": report.count.cash_fen,
        "cash_expected_fen": shift.float_fen,
        "cash_off_fen": report.cash_off_fen,
        "earlier_counts": report.earlier_counts,
        "slips": report.count.slips,
        "expected_slips": report.expected_slips,
        "off": report.off,
    }


def _line(report: ShiftReport, number: int) -> dict[str, Any]:
    line = report.lines[number]
    tallies = {name: _tally(getattr(line, name)) for name in TALLIES}
    return {"platform": line.platform, **tallies, "oldest_owed_at": line.oldest_owed_at_ms}


def _tally(tally: Tally) -> dict[str, int]:
    return {"count": tally.count, "amount_fen": tally.amount_fen}


def report_rows(report: ShiftReport) -> list[tuple[str, ...]]:
    """One row a platform: name, then count and amount of each tally."""
    return [
        (
            line.platform,
            *(f"{getattr(line, name).count} · {yuan(getattr(line, name).amount_fen)}" for name in TALLIES),
        )
        for line in report.lines
    ]
