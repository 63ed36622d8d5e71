"""A counted or closed shift as people read it: by platform, counted against expected, and what is left for whom."""

import json
from dataclasses import dataclass

from sync.domain.money import yuan
from sync.domain.shift import ShiftState, Tolerance
from sync.services.shifts import ShiftReport
from terminal.presenters.shift_lines import (
    AdjustmentLine,
    Card,
    DifferenceLine,
    OwedLine,
    Telling,
    adjustment_line,
    cards,
    difference_line,
    owed_line,
    signed_yuan,
)


@dataclass(frozen=True, slots=True)
class CountLine:
    """Counted against expected; `off` says by how much, in words where nothing is off."""

    name: str
    counted: str
    expected: str
    off: str
    right: bool


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence that sums up, with the tone it is said in."""

    tone: str
    said: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """The page below its title. `approval` is not empty where the close will need a manager."""

    number: int
    title: str
    closed: bool
    state: str
    facts: tuple[tuple[str, str], ...]
    banners: tuple[Banner, ...]
    cards: tuple[Card, ...]
    counts: tuple[CountLine, ...]
    notes: tuple[str, ...]
    differences: tuple[DifferenceLine, ...]
    owed: tuple[OwedLine, ...]
    adjustments: tuple[AdjustmentLine, ...]
    approval: str = ""


def report_view(tell: Telling, report: ShiftReport, tolerance: Tolerance | None = None) -> ReportView:
    """A shift that was counted. `tolerance`: of the role of who is about to close it, if anybody is."""
    words, shift = tell.words, report.shift
    closed = shift.state is ShiftState.CLOSED
    bears = tolerance is None or closed or tolerance.bears(report.cash_off_fen, report.slips_off)
    return ReportView(
        shift.id,
        words("title", "report", number=shift.id),
        closed,
        words("report", "state_closed" if closed else "state_counted"),
        facts(tell, report),
        banners(tell, report),
        cards(tell, report.lines),
        count_lines(tell, report),
        _notes(tell, report),
        tuple(difference_line(tell, one) for one in report.differences),
        tuple(owed_line(tell, row) for row in report.owed),
        tuple(adjustment_line(tell, report, one) for one in report.adjustments),
        "" if bears else words("report", "approval"),
    )


def facts(tell: Telling, report: ShiftReport) -> tuple[tuple[str, str], ...]:
    """Who opened, counted, closed, received and approved it, and when."""
    words, shift = tell.words, report.shift
    moments = (
        ("opened", shift.opened_by, shift.opened_at_ms),
        ("counted", shift.counted_by, shift.counted_at_ms),
        ("closed", shift.closed_by, shift.closed_at_ms),
    )
    found = [
        (words("facts", name), words("facts", "who", who=tell.who(who), when=tell.when(at_ms)))
        for name, who, at_ms in moments
        if at_ms is not None
    ]
    if shift.state is ShiftState.CLOSED:
        receiver = tell.who(report.received_by) or words("facts", "nobody")
        found.append((words("facts", "received"), receiver))
    if report.approved_by is not None:
        found.append((words("facts", "approved"), tell.who(report.approved_by)))
    return tuple(found)


def banners(tell: Telling, report: ShiftReport) -> tuple[Banner, ...]:
    """What needs a person, each in one sentence; one green line where nothing does."""
    words, found = tell.words, []
    off = off_words(tell, report)
    if off:
        found.append(Banner("refused", words("report", "off_banner", what=" · ".join(off))))
    if report.differences:
        worth = yuan(sum(one.amount_fen for one in report.differences))
        found.append(Banner("refused", words("report", "differences", count=len(report.differences), amount=worth)))
    good = [words("report", "matches")] if not off else []
    good += [words("report", "no_differences")] if not report.differences else []
    if good and not found:
        found.append(Banner("redeemed", "，".join(good) if words.language == "zh" else ", ".join(good)))
    if report.owed:
        name = "owed_then" if report.shift.state is ShiftState.CLOSED else "owed"
        worth = yuan(sum(row.amount_fen for row in report.owed))
        found.append(Banner("recorded", words("report", name, count=len(report.owed), amount=worth)))
    return tuple(found)


def off_words(tell: Telling, report: ShiftReport) -> list[str]:
    """What the count is off by, each in words."""
    words, cash = tell.words, report.cash_off_fen
    found = [words("report", "cash_less" if cash < 0 else "cash_more", amount=yuan(abs(cash)))] if cash else []
    for name, off in report.off.items():
        key = "slips_less" if off < 0 else "slips_more"
        found.append(words("report", key, platform=tell.platform(name), count=abs(off)))
    return found


def count_lines(tell: Telling, report: ShiftReport) -> tuple[CountLine, ...]:
    """The drawer, then the slips of each platform; nothing before it was counted."""
    count, words = report.count, tell.words
    if count is None:
        return ()
    right, off_fen = words("report", "right"), report.cash_off_fen
    cash = CountLine(
        words("report", "cash"),
        yuan(count.cash_fen),
        yuan(report.shift.float_fen),
        signed_yuan(off_fen) if off_fen else right,
        not off_fen,
    )
    lines = [cash]
    for name in sorted({*count.slips, *report.expected_slips}):
        off = report.off.get(name, 0)
        lines.append(
            CountLine(
                words("report", "slips", platform=tell.platform(name)),
                words("report", "pieces", count=count.slips.get(name, 0)),
                words("report", "pieces", count=report.expected_slips.get(name, 0)),
                words("report", "pieces", count=f"{off:+d}") if off else right,
                not off,
            )
        )
    return tuple(lines)


def earlier_counts(tell: Telling, report: ShiftReport) -> tuple[str, ...]:
    """What was counted before the count that stands, the first one first."""
    kept = json.loads(report.shift.counts).get("earlier", []) if report.shift.counts else []
    words, found = tell.words, []
    for place, one in enumerate(kept, start=1):
        slips = " · ".join(
            f"{words('report', 'slips', platform=tell.platform(name))} {words('report', 'pieces', count=count)}"
            for name, count in sorted(one["slips"].items())
        )
        found.append(words("report", "earlier_line", place=place, cash=yuan(one["cash_fen"]), slips=slips))
    return tuple(found)


def _notes(tell: Telling, report: ShiftReport) -> tuple[str, ...]:
    found = [tell.words("report", "refusals", count=report.refusals)] if report.refusals else []
    if report.earlier_counts:
        found.append(tell.words("report", "earlier", count=report.earlier_counts))
    return (*found, *earlier_counts(tell, report))
