"""A platform's statement beside the ledger, as scripts parse it and as people read it."""

from typing import Any

from sync.domain.money import yuan
from sync.domain.redemption import Redemption
from sync.platforms.port import StatementLine
from sync.services.statements import Statement
from terminal.i18n import Words, text
from terminal.wording import moment_of, word

# What leads to a row of ours, and where a line stands that leads to none.
Row = tuple[str, ...]


def statement_json(found: Statement) -> dict[str, Any]:
    """The document of `hexiao statement --json`. Amounts in fen, times in ms UTC."""
    return {
        "platform": found.platform,
        "day": found.day,
        "well": found.well,
        "unreadable": found.unreadable.code.value if found.unreadable else None,
        "sums": {
            state: {"lines": told.lines, "goods_fen": told.goods_fen, "payout_fen": told.payout_fen}
            for state, told in found.sums.items()
        },
        "matched": found.matched,
        "awaited": found.awaited,
        "unnamed": found.unnamed,
        "missing": [{**_ours(row), "ours_fen": row.amount_fen} for row in found.missing],
        "unexpected": [_theirs(line) for line in found.unexpected],
        "off": [{**_ours(off.redemption), "ours_fen": off.ours_fen, "theirs_fen": off.theirs_fen} for off in found.off],
    }


def _ours(row: Redemption) -> dict[str, Any]:
    return {"redemption_id": row.id, "number": row.number, "code_tail": row.code_tail}


def _theirs(line: StatementLine) -> dict[str, Any]:
    return {"record": line.record, "code_tail": line.code_tail, "theirs_fen": line.goods_fen, "at": line.at_ms}


def statement_lines(found: Statement, language: str, zone: str) -> list[str]:
    """The sums, state by state, and how many lines agree."""
    words = Words("statement", language)
    platform = text(language, "platforms", found.platform)
    title = words("summary", "title", platform=platform, day=found.day)
    if found.unreadable is not None:
        return [title, word(found.unreadable, language, zone).line]
    lines = [title]
    for state, told in found.sums.items():
        paid = words("summary", "untold") if told.payout_fen is None else yuan(told.payout_fen)
        facts = {"count": told.lines, "goods": yuan(told.goods_fen), "paid": paid}
        lines.append(words("summary", "sum", state=words("states", state), **facts))
    lines.append(words("summary", "matched", count=found.matched))
    for kind, count in (("awaited", found.awaited), ("unnamed", found.unnamed)):
        if count:
            lines.append(words("summary", kind, count=count))
    if found.well:
        lines.append(words("summary", "well"))
    return lines


def statement_columns(language: str) -> Row:
    """The heads of `statement_rows`."""
    words = Words("statement", language)
    return tuple(words("columns", name) for name in ("what", "name", "tail", "ours", "theirs", "at"))


def statement_rows(found: Statement, language: str, zone: str) -> list[Row]:
    """One row for each thing that a person has to look at."""
    words, dash = Words("statement", language), "—"
    rows: list[Row] = []
    for row in found.missing:
        at = moment_of(row.accepted_at_ms, zone)
        rows.append((words("kinds", "missing"), row.number, row.code_tail, yuan(row.amount_fen), dash, at))
    for off in found.off:
        row, at = off.redemption, moment_of(off.redemption.accepted_at_ms, zone)
        rows.append((words("kinds", "off"), row.number, row.code_tail, yuan(off.ours_fen), yuan(off.theirs_fen), at))
    for line in found.unexpected:
        at = moment_of(line.at_ms, zone)
        rows.append((words("kinds", "unexpected"), line.record, line.code_tail, dash, yuan(line.goods_fen), at))
    return rows
