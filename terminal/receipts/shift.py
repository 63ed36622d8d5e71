"""The report of a closed shift as a document: what was taken, counted, left over, and who answers for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.domain.money import yuan
from sync.domain.redemption import Redemption
from sync.domain.shift import ShiftState, Tally
from sync.services.shifts import ShiftReport
from terminal.presenters.shift_lines import TALLIES, Telling, difference_about, signed_yuan, tally_words, title_of
from terminal.presenters.shift_report import count_lines, earlier_counts, off_words
from terminal.receipts.document import (
    Block,
    Column,
    Document,
    Facts,
    Note,
    Row,
    Section,
    Side,
    Signatures,
    Table,
    Tone,
)
from terminal.wording import moment_of

FINGERPRINT_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a report comes from: names of store and terminal, and the journal's signed head at the time of printing
    (`seq`, `head` as raw bytes) by which the ledger can be held to it later."""

    store: str
    terminal: str
    seq: int
    head: bytes


def shift_document(report: ShiftReport, tell: Telling, origin: Origin) -> Document:
    """The report of a shift that was counted. Times are written out with their dates: paper has no today. Raises
    ValueError before the count, which is blind (product.md A6)."""
    if report.count is None:
        raise ValueError("a shift that was not counted has no report")
    words = tell.words
    number = words("paper", "number", number=report.shift.id)
    blocks: list[Block] = [Facts(tuple(_facts(report, tell))), *_summary(report, tell)]
    blocks += [Section(words("paper", "platforms")), _platforms(report, tell)]
    blocks += [Section(words("paper", "count")), _counts(report, tell)]
    blocks += [Note(said) for said in earlier_counts(tell, report)]
    blocks += _differences(report, tell)
    blocks += _owed(report, tell)
    blocks += _adjustments(report, tell)
    blocks += [Section(words("paper", "signatures")), _signatures(report, tell)]
    fingerprint = _grouped(origin.head.hex()[-FINGERPRINT_DIGITS:])
    foot = "    ".join(
        (
            number,
            words("paper", "fingerprint", fingerprint=fingerprint, seq=origin.seq),
            words("paper", "printed", when=moment_of(tell.now_ms, tell.zone)),
        )
    )
    place = words("paper", "place", store=origin.store, terminal=origin.terminal)
    return Document(words("paper", "title"), f"{place}    {number}", tuple(blocks), foot, words("paper", "page_number"))


def _grouped(digits: str) -> str:
    """In fours, as people compare them."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def _facts(report: ShiftReport, tell: Telling) -> Iterator[tuple[str, str]]:
    words, shift = tell.words, report.shift
    yield words("paper", "day"), shift.business_day
    yield words("paper", "float"), yuan(shift.float_fen)
    moments = (
        ("opened", shift.opened_by, shift.opened_at_ms),
        ("counted", shift.counted_by, shift.counted_at_ms),
        ("closed", shift.closed_by, shift.closed_at_ms),
    )
    for name, who, at_ms in moments:
        if at_ms is not None:
            said = words("paper", "who", who=tell.who(who), when=moment_of(at_ms, tell.zone))
            yield words("paper", name), said
    if shift.state is ShiftState.CLOSED:
        yield words("paper", "received"), tell.who(report.received_by) or words("paper", "nobody")
    if report.approved_by is not None:
        yield words("paper", "approved"), tell.who(report.approved_by)
    yield words("paper", "refusals"), words("paper", "times", count=report.refusals)


def _summary(report: ShiftReport, tell: Telling) -> Iterator[Note]:
    """What a person reads first: that all is right, or what is not."""
    words, off = tell.words, off_words(tell, report)
    if off:
        yield Note(words("report", "off_banner", what=" · ".join(off)), Tone.ALARM)
    if report.differences:
        worth = yuan(sum(one.amount_fen for one in report.differences))
        yield Note(words("report", "differences", count=len(report.differences), amount=worth), Tone.ALARM)
    if not off and not report.differences:
        yield Note(words("paper", "all_right"), Tone.GOOD)
    if report.owed:
        worth = yuan(sum(row.amount_fen for row in report.owed))
        yield Note(words("report", "owed_then", count=len(report.owed), amount=worth), Tone.NOTE)


def _platforms(report: ShiftReport, tell: Telling) -> Block:
    words = tell.words
    if not report.lines:
        return Note(words("card", "none"))
    shares = zip(TALLIES, (21, 16, 21, 21, 16), strict=True)
    columns = (
        Column(words("paper", "platform"), 15),
        *(Column(words("card", name), share, Side.RIGHT) for name, share in shares),
    )
    rows = [
        Row((tell.platform(line.platform), *(_tally(tell, getattr(line, name)) for name in TALLIES)))
        for line in report.lines
    ]
    sums = []
    for name in TALLIES:
        found: list[Tally] = [getattr(line, name) for line in report.lines]
        sums.append(Tally(sum(one.count for one in found), sum(one.amount_fen for one in found)))
    if len(rows) > 1:
        rows.append(Row((words("paper", "total"), *(_tally(tell, one) for one in sums)), strong=True))
    return Table(columns, tuple(rows))


def _tally(tell: Telling, tally: Tally) -> str:
    return tally_words(tell.words, tally) if tally.count else "–"


def _counts(report: ShiftReport, tell: Telling) -> Table:
    words = tell.words
    columns = (
        Column(words("paper", "what"), 34),
        Column(words("paper", "counted_column"), 22, Side.RIGHT),
        Column(words("paper", "expected"), 22, Side.RIGHT),
        Column(words("paper", "off"), 22, Side.RIGHT),
    )
    lines = count_lines(tell, report)
    rows = tuple(Row((line.name, line.counted, line.expected, line.off), strong=not line.right) for line in lines)
    return Table(columns, rows)


def _differences(report: ShiftReport, tell: Telling) -> Iterator[Block]:
    words = tell.words
    if not report.differences:
        return
    yield Section(words("paper", "differences"))
    columns = (
        Column(words("difference", "what"), 28),
        Column(words("difference", "about"), 26),
        Column(words("difference", "owner"), 12),
        Column(words("paper", "until"), 20),
        Column(words("difference", "amount"), 14, Side.RIGHT),
    )
    rows = tuple(
        Row(
            (
                words("causes", one.cause.value),
                difference_about(tell, one),
                tell.who(one.owner),
                moment_of(one.deadline_at_ms, tell.zone),
                yuan(one.amount_fen),
            )
        )
        for one in report.differences
    )
    yield Table(columns, rows)


def _owed(report: ShiftReport, tell: Telling) -> Iterator[Block]:
    words = tell.words
    if not report.owed:
        return
    yield Section(words("paper", "owed"))
    answered = any(not row.owed for row in report.owed)
    columns = (
        Column(words("owed", "number"), 17),
        Column(words("owed", "title"), 36),
        Column(words("owed", "platform"), 15),
        Column(words("paper", "accepted"), 20),
        *((Column(words("paper", "since"), 15),) if answered else ()),
        Column(words("owed", "amount"), 13, Side.RIGHT),
    )
    yield Table(columns, tuple(_owed_row(row, tell, answered) for row in report.owed))


def _owed_row(row: Redemption, tell: Telling, answered: bool) -> Row:
    since = "" if row.owed else tell.words("settled", row.state.value)
    accepted = moment_of(row.accepted_at_ms, tell.zone)
    then = (since,) if answered else ()
    return Row((row.number, title_of(tell, row), tell.platform(row.platform), accepted, *then, yuan(row.amount_fen)))


def _adjustments(report: ShiftReport, tell: Telling) -> Iterator[Block]:
    words = tell.words
    if not report.adjustments:
        return
    yield Section(words("paper", "adjustments"))
    columns = (
        Column(words("adjustment", "at"), 20),
        Column(words("adjustment", "what"), 24),
        Column(words("adjustment", "about"), 38),
        Column(words("adjustment", "amount"), 18, Side.RIGHT),
    )
    known = {row.id: f"{row.number}  {title_of(tell, row)}" for row in report.owed}
    rows = tuple(
        Row(
            (
                moment_of(one.at_ms, tell.zone),
                words("adjustment", one.what),
                known.get(one.redemption_id, one.redemption_id[:8]),
                signed_yuan(one.amount_fen) if one.amount_fen else words("adjustment", "unchanged"),
            )
        )
        for one in report.adjustments
    )
    yield Table(columns, rows)


def _signatures(report: ShiftReport, tell: Telling) -> Signatures:
    words = tell.words
    people = (
        ("sign_closer", report.shift.closed_by, True),
        ("sign_receiver", report.received_by, report.received_by is not None),
        ("sign_manager", report.approved_by, report.approved_by is not None),
    )
    return Signatures(
        tuple(
            (words("paper", name), words("paper", "signed", who=tell.who(who)) if who else "")
            for name, who, asked in people
            if asked
        )
    )
