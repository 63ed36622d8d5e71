"""A shift's report as scripts parse it and as people read it (product.md A6)."""

from typing import Any

from sync.domain.money import yuan
from sync.domain.shift import Tally
from sync.services.shifts import ShiftReport
from terminal.presenters.debts import difference_json

_TALLIES = ("redeemed", "reversed", "on_trust", "owed", "denied")


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
    tallies = {name: _tally(getattr(line, name)) for name in _TALLIES}
    return {"platform": line.platform, **tallies, "oldest_owed_at": line.oldest_owed_at_ms}


def _tally(tally: Tally) -> dict[str, int]:
    return {"count": tally.count, "amount_fen": tally.amount_fen}


def report_rows(report: ShiftReport) -> list[tuple[str, ...]]:
    """One row a platform: name, then count and amount of each tally."""
    return [
        (
            line.platform,
            *(f"{getattr(line, name).count} · {yuan(getattr(line, name).amount_fen)}" for name in _TALLIES),
        )
        for line in report.lines
    ]
