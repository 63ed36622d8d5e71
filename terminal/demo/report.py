"""What a demo's day came to: for people as a table, for scripts as one document."""

import io
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from sync.domain.money import yuan
from sync.domain.redemption import State
from sync.services.shifts import ShiftReport
from sync.services.store import Store
from terminal.demo.books import Books, Problem
from terminal.demo.sides import Side
from terminal.demo.step import Step, tails, words
from terminal.i18n import text
from terminal.presenters.shift import report_rows
from terminal.wording import moment_of

_WIDTH = 150


@dataclass(frozen=True, slots=True)
class Line:
    """One step with what both books say of it at the end of the day."""

    step: Step
    ledger_now: str
    book_now: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The whole day. `sides`: both books at its end; `entries`: how long the journal is; `ms`: how long the day took to
    play."""

    lines: tuple[Line, ...]
    books: Books
    sides: tuple[Side, ...]
    problems: tuple[Problem, ...]
    entries: int
    ms: int
    language: str

    @property
    def ok(self) -> bool:
        """Nothing lost, nothing doubled, every step as it had to be."""
        return bool(self.lines) and not self.problems and all(line.ok for line in self.lines)

    def totals(self) -> dict[str, int]:
        """The day in numbers."""
        told = {one.redemption_id for one in self.books.told}
        rows = [row for row in self.books.rows if row.redemption_id in told]
        states = Counter(row.state for row in rows)
        return {
            "steps": len(self.lines),
            "accepted": len(told),
            "confirmed": states[State.CONFIRMED],
            "reversed": states[State.REVERSED],
            "withdrawn": states[State.WITHDRAWN],
            "refused_later": states[State.REFUSED],
            "differences": len(self.books.differences),
            "owed": sum(row.state in (State.CLAIMED, State.SENT, State.UNKNOWN) for row in rows),
            "live_at_platforms": sum(not use.reversed for use in self.books.uses),
            "amount_fen": sum(row.amount_fen for row in rows if row.state is State.CONFIRMED),
            "amount_at_platforms_fen": sum(use.amount_fen for use in self.books.uses if not use.reversed),
            "second_attempts": self.books.second_attempts,
            "journal_entries": self.entries,
        }

    def document(self) -> dict[str, Any]:
        """For scripts. Amounts in fen, times in ms; coupons by their last four only."""
        return {
            "ok": self.ok,
            "ms": self.ms,
            "totals": self.totals(),
            "platforms": [asdict(side) | {"agrees": side.agrees} for side in self.sides],
            "problems": [
                {
                    "kind": one.kind.value,
                    "redemption_id": one.redemption_id,
                    "platform": one.platform,
                    "code_tail": one.code[-4:] if one.code else None,
                }
                for one in self.problems
            ],
            "journal_ok": self.books.journal_ok,
            "steps": [_line_json(line, self.language) for line in self.lines],
        }

    def tables(self) -> list[RenderableType]:
        """For people: the day, then both books platform by platform, then its totals, then the last word."""
        return [_day_table(self), Text(), _sides(self), Text(), _totals(self), Text(), _last_word(self)]

    def plain(self) -> str:
        """The same as text without colours."""
        console = _paper()
        for one in self.tables():
            console.print(one)
        return _written(console)


def _paper() -> Console:
    return Console(file=io.StringIO(), width=_WIDTH, color_system=None, force_terminal=False)


def _written(paper: Console) -> str:
    assert isinstance(paper.file, io.StringIO)
    return "\n".join(line.rstrip() for line in paper.file.getvalue().splitlines()) + "\n"


def _line_json(line: Line, language: str) -> dict[str, Any]:
    step = line.step
    return {
        "step": step.name,
        "title": words(language, "steps", step.name),
        "platform": step.coupons[0].platform if step.coupons else None,
        "code_tails": [coupon.code[-4:] for coupon in step.coupons],
        "picture": step.picture or None,
        "wanted": step.wanted,
        "got": step.got,
        "said": list(step.units) or [step.said],
        "redemption_ids": list(step.redemption_ids),
        "ledger_then": step.ledger or None,
        "ledger_now": line.ledger_now,
        "book_then": step.book or None,
        "book_now": line.book_now,
        "ok": line.ok,
    }


def _day_table(report: Report) -> Table:
    table = Table(show_edge=False, pad_edge=False, expand=False)
    for name in ("step", "coupon", "said", "ledger", "book", "ok"):
        table.add_column(words(report.language, "columns", name), overflow="fold")
    for line in report.lines:
        step = line.step
        table.add_row(
            words(report.language, "steps", step.name),
            tails(step.coupons, report.language),
            step.said,
            _then_now(step.ledger, line.ledger_now),
            _then_now(step.book, line.book_now),
            Text("✓", style="green") if line.ok else Text("✕", style="bold red"),
        )
    return table


def _then_now(then: str, now: str) -> str:
    return now if then in ("", now) else f"{then} → {now}"


def _sides(report: Report) -> Table:
    table = Table(show_edge=False, pad_edge=False, expand=False)
    table.add_column(words(report.language, "shift", "platform"))
    for name in ("ours", "ours_fen", "theirs", "theirs_fen", "agrees"):
        table.add_column(words(report.language, "sides", name), justify="right")
    for side in report.sides:
        table.add_row(
            text(report.language, "platforms", side.platform),
            str(side.ours),
            yuan(side.ours_fen),
            str(side.theirs),
            yuan(side.theirs_fen),
            Text("✓", style="green") if side.agrees else Text("✕", style="bold red"),
        )
    return table


def _totals(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in report.totals().items():
        table.add_row(words(report.language, "totals", name), yuan(value) if name.endswith("_fen") else str(value))
    return table


def _last_word(report: Report) -> Text:
    language = report.language
    if report.ok:
        return Text(words(language, "words", "agree", seconds=f"{report.ms / 1000:.1f}"), style="bold green")
    said = [words(language, "words", "disagree")]
    for one in report.problems:
        what = words(language, "problems", one.kind.value)
        named = " ".join(filter(None, (one.platform, f"…{one.code[-4:]}" if one.code else "", one.redemption_id)))
        said.append(f"  {what} {named}")
    said += [
        f"  {words(language, 'steps', line.step.name)}: {line.step.got} ≠ {line.step.wanted}"
        for line in report.lines
        if not line.step.met
    ]
    return Text("\n".join(said), style="bold red")


def shift_text(store: Store, language: str) -> str:
    """The shift's report as plain text (product.md A6)."""
    found: ShiftReport = store.shifts.report()
    zone, shift = store.profile.zone, found.shift
    console = _paper()
    until = moment_of(shift.closed_at_ms, zone) if shift.closed_at_ms is not None else "…"
    facts = {"number": shift.id, "day": shift.business_day, "terminal": store.profile.terminal}
    console.print(words(language, "shift", "title", **facts))
    names = {person.id: person.name for person in store.people.all()}
    opened_by, closed_by = names.get(shift.opened_by, "—"), names.get(shift.closed_by or "", "—")
    console.print(f"{opened_by} · {moment_of(shift.opened_at_ms, zone)} – {until} · {closed_by}\n")
    columns = ("platform", "redeemed", "reversed", "on_trust", "owed", "denied")
    table = Table(*(words(language, "shift", name) for name in columns), show_edge=False, pad_edge=False)
    for name, *tallies in report_rows(found):
        table.add_row(text(language, "platforms", name), *tallies)
    console.print(table)
    cash_fen = found.count.cash_fen if found.count else 0
    slips = ", ".join(f"{text(language, 'platforms', name)} {count}" for name, count in found.expected_slips.items())
    console.print("\n" + words(language, "shift", "count", cash=yuan(cash_fen), slips=slips, off=found.off or 0))
    console.print(words(language, "shift", "refusals", count=found.refusals))
    for one in found.differences:
        facts = {
            "cause": words(language, "causes", one.cause.value),
            "amount": yuan(one.amount_fen),
            "owner": names.get(one.owner, one.owner),
            "deadline": moment_of(one.deadline_at_ms, zone),
        }
        console.print(words(language, "shift", "difference", **facts))
    return _written(console)
