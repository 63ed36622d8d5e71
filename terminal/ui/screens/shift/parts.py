"""Parts of the shift's faces: a card for each platform, and the cards that name what is owed, differs or came late."""

from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.shift_lines import AdjustmentLine, Card, DifferenceLine, OwedLine
from terminal.presenters.shift_report import CountLine
from terminal.presenters.table import Cell, Column
from terminal.ui.screens.shift.face import lines
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.widgets.parts import card, label, side_by_side

_BESIDE = 3


def cards_row(cards: tuple[Card, ...]) -> QWidget:
    """The platforms beside each other."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(2 * tokens.SPACE)
    for place, one in enumerate(cards):
        grid.addWidget(_card(one), place // _BESIDE, place % _BESIDE)
        grid.setColumnStretch(place % _BESIDE, 1)
    return made


def _card(found: Card) -> QFrame:
    parts: list[QWidget] = [label(found.platform, "heading")]
    for figure in found.figures:
        said = label(figure.said, "body")
        if figure.tone:
            mark(said, tone=figure.tone)
        parts.append(side_by_side(label(figure.name, "quiet"), 1, said))
        if figure.note:
            parts.append(side_by_side(1, label(figure.note, "note")))
    made = card(*parts, space=tokens.SPACE)
    made.layout().addStretch()  # type: ignore[union-attr]
    return made


def count_card(words: Words, counts: tuple[CountLine, ...]) -> QFrame:
    """Counted beside expected."""
    columns = (
        Column(words("report", "item"), 2),
        Column(words("report", "counted"), 1, right=True),
        Column(words("report", "expected"), 1, right=True),
        Column(words("report", "off"), 1, right=True),
    )
    rows = tuple(
        (
            Cell(line.name),
            Cell(line.counted),
            Cell(line.expected),
            Cell(line.off, tone="redeemed" if line.right else "refused", strong=not line.right),
        )
        for line in counts
    )
    return card(lines(columns, rows))


def owed_card(words: Words, said: str, owed: tuple[OwedLine, ...], most: int, more: str) -> QFrame:
    """What is owed by name, as many as are read at a glance."""
    columns = (
        Column(words("owed", "number")),
        Column(words("owed", "title"), 1),
        Column(words("owed", "platform")),
        Column(words("owed", "age"), right=True),
        Column(words("owed", "amount"), right=True),
    )
    rows = tuple(
        (
            Cell(line.number),
            Cell(line.title),
            Cell(line.platform),
            Cell(line.age, tone="redeemed" if line.settled else "recorded"),
            Cell(line.amount),
        )
        for line in owed[:most]
    )
    parts: list[QWidget] = [label(said, "heading", wrap=True), lines(columns, rows)]
    if len(owed) > most:
        parts.append(label(more, "quiet"))
    return card(*parts)


def differences_card(words: Words, said: str, differences: tuple[DifferenceLine, ...]) -> QFrame:
    """Differences with who answers for them, and until when."""
    columns = (
        Column(words("difference", "what"), 2),
        Column(words("difference", "about"), 2),
        Column(words("difference", "owner")),
        Column(words("difference", "deadline")),
        Column(words("difference", "amount"), right=True),
    )
    rows = tuple(
        (
            Cell(line.what),
            Cell(line.about),
            Cell(line.owner),
            Cell(line.deadline, tone="refused" if line.overdue else "", strong=line.overdue),
            Cell(line.amount),
        )
        for line in differences
    )
    return card(label(said, "heading"), lines(columns, rows))


def adjustments_card(words: Words, adjustments: tuple[AdjustmentLine, ...]) -> QFrame:
    """What came late and belongs to this shift all the same."""
    columns = (
        Column(words("adjustment", "at")),
        Column(words("adjustment", "what")),
        Column(words("adjustment", "about"), 1),
        Column(words("adjustment", "amount"), right=True),
    )
    rows = tuple((Cell(one.at), Cell(one.what), Cell(one.about), Cell(one.amount)) for one in adjustments)
    title, hint = words("report", "adjustments_title"), words("report", "adjustments_hint")
    return card(label(title, "heading"), label(hint, "note"), lines(columns, rows), space=tokens.SPACE)
