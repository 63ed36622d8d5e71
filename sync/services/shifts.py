"""Opening, counting and closing a shift, with or without a line (product.md A6)."""

import json
from dataclasses import dataclass
from typing import Any

from sync.domain.difference import Difference
from sync.domain.reasons import Code, because
from sync.domain.redemption import Redemption, State
from sync.domain.shift import PlatformLine, Shift, ShiftState, Tally, Tolerance, platform_lines
from sync.domain.staff import Deed, Staff
from sync.errors import NotAllowed
from sync.ledger import redemptions
from sync.ledger.journal import canonical
from sync.ledger.ledger import Ledger
from sync.ledger.tables import ADJUSTMENTS, DIFFERENCES, SHIFTS, Adjustment
from sync.ledger.transaction import Transaction
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper


@dataclass(frozen=True, slots=True)
class Count:
    """What the cashier counted without seeing what is expected: the drawer, and slips by platform."""

    cash_fen: int
    slips: dict[str, int]


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """A shift as it stands. `lines` and `owed`: at the close for a closed shift, now for an open one; `adjustments`:
    what late answers changed since; `expected_slips` and `count` side by side once it was counted; `received_by`: who
    took over, `approved_by`: the manager who let a count that was off pass."""

    shift: Shift
    lines: tuple[PlatformLine, ...]
    owed: tuple[Redemption, ...]
    refusals: int
    differences: tuple[Difference, ...]
    adjustments: tuple[Adjustment, ...]
    count: Count | None
    expected_slips: dict[str, int]
    earlier_counts: int = 0
    received_by: str | None = None
    approved_by: str | None = None

    @property
    def cash_off_fen(self) -> int:
        """The drawer counted less the float it was opened with: coupons bring no cash."""
        return self.count.cash_fen - self.shift.float_fen if self.count else 0

    @property
    def off(self) -> dict[str, int]:
        """Slips counted less slips expected, by platform, where they differ."""
        counted = self.count.slips if self.count else {}
        platforms = sorted({*counted, *self.expected_slips})
        found = {name: counted.get(name, 0) - self.expected_slips.get(name, 0) for name in platforms}
        return {name: value for name, value in found.items() if value}

    @property
    def slips_off(self) -> int:
        """Over all platforms, too many and too few alike."""
        return sum(abs(value) for value in self.off.values())


class Shifts:
    """The shifts of this terminal; at most one is not closed."""

    def __init__(self, ledger: Ledger, keeper: Timekeeper, profile: Profile) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._profile = profile

    def current(self) -> Shift | None:
        """The shift that is not closed."""
        return self._ledger.read(_current)

    def open(self, staff: Staff, float_fen: int = 0) -> Shift:
        """Open a shift. Raises NotAllowed while another one is not closed."""

        def job(tx: Transaction) -> Shift:
            if _current(tx) is not None:
                raise NotAllowed(because(Code.SHIFT_ALREADY_OPEN))
            now = self._keeper.now(tx)
            shift = Shift(
                tx.next_id(SHIFTS),
                ShiftState.OPEN,
                staff.id,
                now.ms,
                now.source.value,
                self._profile.day_of(now),
                float_fen,
            )
            tx.add(SHIFTS, shift)
            tx.seal_entry("shift.opened", self._keeper.stamp(tx, staff.id))
            return shift

        return self._ledger.write(job)

    def count(self, staff: Staff, count: Count) -> Shift:
        """Keep a blind count; counting again replaces it until the shift is closed."""

        def job(tx: Transaction) -> Shift:
            shift = _needed(tx)
            stamp = self._keeper.stamp(tx, staff.id)
            # A count that is taken again leaves a trace: the figures may have been seen meanwhile.
            earlier = json.loads(shift.counts) if shift.counts else None
            before = [*earlier["earlier"], {k: earlier[k] for k in ("cash_fen", "slips")}] if earlier else []
            counts = canonical({"cash_fen": count.cash_fen, "slips": count.slips, "earlier": before})
            tx.change(
                SHIFTS,
                shift.id,
                state=ShiftState.COUNTED,
                counted_by=staff.id,
                counted_at_ms=stamp.at_ms,
                counts=counts,
            )
            tx.seal_entry("shift.counted", stamp)
            return _needed(tx)

        return self._ledger.write(job)

    def close(self, staff: Staff, received_by: Staff | None = None, approved_by: Staff | None = None) -> ShiftReport:
        """Close the counted shift for good; what is still owed is carried over by name. `received_by`: who takes over
        (None: nobody, as at night); `approved_by`: a manager, needed where the count is off by more than the closer's
        role tolerates. All of them have signed with their PIN (product.md A6). Raises NotAllowed."""
        _check_people(staff, received_by, approved_by)

        def job(tx: Transaction) -> int:
            shift = _needed(tx)
            if shift.state is not ShiftState.COUNTED:
                raise NotAllowed(because(Code.SHIFT_NOT_COUNTED))
            found = _report(tx, shift.id)
            if approved_by is None or approved_by.id == staff.id:
                self._check_count(found, staff)
            stamp = self._keeper.stamp(tx, staff.id)
            frozen = {
                "lines": [_line_json(line) for line in found.lines],
                "owed": [row.id for row in found.owed],
                "differences": [difference.id for difference in found.differences],
                "received_by": received_by.id if received_by else None,
                "approved_by": approved_by.id if approved_by else None,
            }
            tx.change(
                SHIFTS,
                shift.id,
                state=ShiftState.CLOSED,
                closed_by=staff.id,
                closed_at_ms=stamp.at_ms,
                report=canonical(frozen),
            )
            tx.seal_entry("shift.closed", stamp)
            return shift.id

        return self.report(self._ledger.write(job))

    def _check_count(self, found: ShiftReport, staff: Staff) -> None:
        tolerance = self._profile.tolerance.get(staff.role, Tolerance(0, 0))
        if not tolerance.bears(found.cash_off_fen, found.slips_off):
            raise NotAllowed(because(Code.OFF_TOO_MUCH, cash_off_fen=found.cash_off_fen, slips_off=found.slips_off))

    def report(self, shift_id: int | None = None) -> ShiftReport:
        """The report of a shift; without a number, of the one that is open or was closed last."""
        return self._ledger.read(lambda tx: _report(tx, shift_id))

    def recent(self, limit: int) -> list[Shift]:
        """The closed shifts, newest first, at most `limit`."""
        return self._ledger.read(lambda tx: tx.all(SHIFTS, "state = 'closed' ORDER BY id DESC LIMIT ?", (limit,)))


def _check_people(staff: Staff, received_by: Staff | None, approved_by: Staff | None) -> None:
    deeds = ((staff, Deed.CLOSE_SHIFT), (received_by, Deed.REDEEM), (approved_by, Deed.APPROVE_CLOSE))
    for person, deed in deeds:
        if person is not None and not person.may(deed):
            raise NotAllowed(because(Code.NOT_PERMITTED, staff=person.name))
    if received_by is not None and received_by.id == staff.id:
        raise NotAllowed(because(Code.RECEIVER_IS_CLOSER, staff=staff.name))


def _current(tx: Transaction) -> Shift | None:
    return tx.one(SHIFTS, "state <> 'closed'", ())


def _needed(tx: Transaction) -> Shift:
    shift = _current(tx)
    if shift is None:
        raise NotAllowed(because(Code.SHIFT_NOT_OPEN))
    return shift


def _differences_since(tx: Transaction, shift: Shift) -> list[Difference]:
    return tx.all(DIFFERENCES, "opened_at_ms >= ? ORDER BY id", (shift.opened_at_ms,))


def _report(tx: Transaction, shift_id: int | None) -> ShiftReport:
    where, values = ("id = ?", (shift_id,)) if shift_id else ("1 ORDER BY id DESC", ())
    shift = tx.one(SHIFTS, where, values)
    if shift is None:
        raise NotAllowed(because(Code.NO_SUCH_RECORD, name=str(shift_id)) if shift_id else because(Code.SHIFT_NOT_OPEN))
    rows = redemptions.of_shift(tx, shift.id)
    lines = platform_lines(rows)
    owed = tuple(row for row in rows if row.owed)
    differences = tuple(_differences_since(tx, shift))
    frozen: dict[str, Any] = {}
    if shift.report is None:
        differences = tuple(row for row in differences if row.resolved_at_ms is None)
    else:
        frozen = json.loads(shift.report)
        lines = tuple(_line_of(line) for line in frozen["lines"])
        owed = tuple(row for row in rows if row.id in set(frozen["owed"]))
        differences = tuple(row for row in differences if row.id in set(frozen["differences"]))
    counts = json.loads(shift.counts) if shift.counts and shift.state is not ShiftState.OPEN else None
    refusals = tx.run("SELECT count(*) FROM refusals WHERE shift = ?", (shift.id,)).fetchone()[0]
    # What the platform refused while the customer stood there; later refusals are "denied", each with a difference.
    refusals += sum(row.state is State.REFUSED and not row.promised for row in rows)
    return ShiftReport(
        shift,
        lines,
        owed,
        refusals,
        differences,
        tuple(tx.all(ADJUSTMENTS, "shift = ? ORDER BY id", (shift.id,))),
        Count(counts["cash_fen"], counts["slips"]) if counts else None,
        {line.platform: line.redeemed.count + line.owed.count + line.denied.count for line in lines},
        len(counts.get("earlier", [])) if counts else 0,
        frozen.get("received_by"),
        frozen.get("approved_by"),
    )


_TALLIES = ("redeemed", "reversed", "on_trust", "owed", "denied")


def _line_json(line: PlatformLine) -> dict[str, Any]:
    tallies = {name: [getattr(line, name).count, getattr(line, name).amount_fen] for name in _TALLIES}
    return {"platform": line.platform, "oldest_owed_at_ms": line.oldest_owed_at_ms, **tallies}


def _line_of(found: dict[str, Any]) -> PlatformLine:
    tallies = {name: Tally(*found[name]) for name in _TALLIES}
    return PlatformLine(found["platform"], oldest_owed_at_ms=found["oldest_owed_at_ms"], **tallies)
