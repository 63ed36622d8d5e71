"""Sets a document in lines on pages: what goes where, in tenths of a millimetre, before anything is painted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from terminal.receipts.document import Block, Document, Facts, Note, Row, Section, Side, Signatures, Table, Tone
from terminal.ui.theme import fonts
from terminal.ui.theme.tokens import LIGHT

# In tenths of a millimetre, fonts too: 32 is 9 pt.
TITLE, HEADING, BODY, SMALL = 70, 40, 32, 28
_GAP, _PAD, _CELL = 28, 14, 10
_SIGN_HEIGHT, _HAIRLINE = 190, 1.5
# Paper narrower than this has one pair of facts in a row.
_WIDE = 1200
_WRAP = Qt.TextFlag.TextWordWrap
_TONES = {Tone.GOOD: LIGHT.redeemed, Tone.NOTE: LIGHT.recorded, Tone.ALARM: LIGHT.refused}
_SIGNS = {Tone.GOOD: "✓", Tone.NOTE: "→", Tone.ALARM: "✕"}

Draw = Callable[[QPainter, float], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """What is never cut by the end of a page. `keeps`: stays with the next piece; `heads`: what stands above it again
    where a page begins with it."""

    height: float
    draw: Draw
    keeps: bool = False
    heads: tuple["Piece", ...] = ()


Placed = tuple[float, Piece]


def pages_of(document: Document, width: float, height: float) -> list[list[Placed]]:
    """The pieces of each page with their distance from its top."""
    pieces = list(_pieces(document, width))
    pages: list[list[Placed]] = [[]]
    top = 0.0
    for place, piece in enumerate(pieces):
        if top + _together(pieces, place) > height and pages[-1]:
            pages.append([])
            top = 0.0
            for head in piece.heads:
                pages[-1].append((top, head))
                top += head.height
        pages[-1].append((top, piece))
        top += piece.height
    return pages


def _together(pieces: list[Piece], place: int) -> float:
    """The height of a piece and of those it must not be parted from."""
    height = pieces[place].height
    while pieces[place].keeps and place + 1 < len(pieces):
        place += 1
        height += pieces[place].height
    return height


def set_font(size: int, bold: bool = False) -> QFont:
    """A font whose size is in our unit, the same on every device."""
    made = fonts.font(size, bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def _pieces(document: Document, width: float) -> Iterator[Piece]:
    yield _text(document.title, set_font(TITLE, bold=True), LIGHT.text, width)
    yield _text(document.subtitle, set_font(HEADING), LIGHT.text_quiet, width, below=_GAP)
    yield _rule(width)
    for block in document.blocks:
        yield from _block(block, width)


def _block(block: Block, width: float) -> Iterator[Piece]:
    match block:
        case Facts(pairs):
            yield from _facts(pairs, width)
            yield _space(_CELL)
        case Section(title):
            yield _space(_GAP)
            yield _text(title, set_font(HEADING, bold=True), LIGHT.text, width, below=_CELL, keeps=True)
        case Note(said, Tone.PLAIN):
            yield _space(_CELL)
            yield _text(said, set_font(SMALL), LIGHT.text_quiet, width)
        case Note(said, tone):
            yield _box(said, tone, width)
        case Table():
            yield from _table(block, width)
        case Signatures(lines):
            yield _signatures(lines, width)


def _height(said: str, font: QFont, width: float) -> float:
    room = QRectF(0, 0, width, 100_000)
    return max(QFontMetricsF(font).boundingRect(room, int(_WRAP), said).height(), QFontMetricsF(font).height())


def _space(height: float) -> Piece:
    return Piece(height, lambda _painter, _top: None, keeps=True)


def _write(painter: QPainter, where: QRectF, said: str, font: QFont, color: str, side: Side = Side.LEFT) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    flag = Qt.AlignmentFlag.AlignRight if side is Side.RIGHT else Qt.AlignmentFlag.AlignLeft
    painter.drawText(where, int(flag | Qt.AlignmentFlag.AlignTop | _WRAP), said)


def _line(painter: QPainter, left: float, right: float, y: float, color: str = LIGHT.line) -> None:
    painter.setPen(QPen(QColor(color), _HAIRLINE))
    painter.drawLine(QPointF(left, y), QPointF(right, y))


def _text(said: str, font: QFont, color: str, width: float, below: float = 0, *, keeps: bool = False) -> Piece:
    height = _height(said, font, width)

    def draw(painter: QPainter, top: float) -> None:
        _write(painter, QRectF(0, top, width, height), said, font, color)

    return Piece(height + below, draw, keeps)


def _rule(width: float) -> Piece:
    return Piece(_GAP, lambda painter, top: _line(painter, 0, width, top, LIGHT.text))


def _facts(pairs: tuple[tuple[str, str], ...], width: float) -> Iterator[Piece]:
    beside = 2 if width >= _WIDE else 1
    rows = [pairs[place : place + beside] for place in range(0, len(pairs), beside)]
    font, part = set_font(BODY), width / beside
    name_width = max((QFontMetricsF(font).horizontalAdvance(name) for name, _ in pairs), default=0) + _GAP
    for row in rows:
        height = max(_height(value, font, part - name_width - _GAP) for _, value in row)

        def draw(painter: QPainter, top: float, row: tuple[tuple[str, str], ...] = row, height: float = height) -> None:
            for number, (name, value) in enumerate(row):
                left, room = number * part, part - name_width - _GAP
                _write(painter, QRectF(left, top, name_width, height), name, font, LIGHT.text_quiet)
                _write(painter, QRectF(left + name_width, top, room, height), value, font, LIGHT.text)

        yield Piece(height + _CELL, draw)


def _box(said: str, tone: Tone, width: float) -> Piece:
    font, colors, sign = set_font(BODY, bold=True), _TONES[tone], _SIGNS[tone]
    indent = _PAD + QFontMetricsF(font).horizontalAdvance(sign) + _PAD
    height = _height(said, font, width - indent - _PAD) + 2 * _PAD

    def draw(painter: QPainter, top: float) -> None:
        top += _CELL
        painter.fillRect(QRectF(0, top, width, height), QColor(colors.soft))
        painter.fillRect(QRectF(0, top, 5, height), QColor(colors.ink))
        _write(painter, QRectF(_PAD, top + _PAD, indent, height), sign, font, colors.ink)
        _write(painter, QRectF(indent, top + _PAD, width - indent - _PAD, height), said, font, colors.ink)

    return Piece(height + _CELL, draw)


def _table(table: Table, width: float) -> Iterator[Piece]:
    shares = sum(column.share for column in table.columns)
    widths = [width * column.share / shares for column in table.columns]
    sides = [column.side for column in table.columns]
    names = tuple(column.name for column in table.columns)
    head = _row(names, widths, sides, set_font(SMALL), LIGHT.text_quiet, LIGHT.text, keeps=True)
    yield head
    for row in table.rows:
        yield _body(row, widths, sides, head)


def _body(row: Row, widths: list[float], sides: list[Side], head: Piece) -> Piece:
    made = _row(row.cells, widths, sides, set_font(BODY, row.strong), LIGHT.text, LIGHT.line)
    return Piece(made.height, made.draw, heads=(head,))


def _row(
    cells: tuple[str, ...],
    widths: list[float],
    sides: list[Side],
    font: QFont,
    color: str,
    line: str,
    *,
    keeps: bool = False,
) -> Piece:
    """Cells beside each other over a line; the space between two columns belongs to the left one."""
    rooms = [width - (_GAP if place + 1 < len(widths) else 0) for place, width in enumerate(widths)]
    height = max(_height(said, font, room) for said, room in zip(cells, rooms, strict=True)) + 2 * _CELL

    def draw(painter: QPainter, top: float) -> None:
        left = 0.0
        for said, width, room, side in zip(cells, widths, rooms, sides, strict=True):
            _write(painter, QRectF(left, top + _CELL, room, height), said, font, color, side)
            left += width
        _line(painter, 0, left, top + height, line)

    return Piece(height, draw, keeps)


def _signatures(lines: tuple[tuple[str, str], ...], width: float) -> Piece:
    font, small, part = set_font(BODY), set_font(SMALL), width / max(3, len(lines))

    def draw(painter: QPainter, top: float) -> None:
        for number, (name, said) in enumerate(lines):
            left, right, foot = number * part, (number + 1) * part - 2 * _GAP, top + _SIGN_HEIGHT - 60
            _line(painter, left, right, foot, LIGHT.text)
            _write(painter, QRectF(left, foot + 8, right - left, 50), name, small, LIGHT.text_quiet)
            _write(painter, QRectF(left, foot - 52, right - left, 50), said, font, LIGHT.text)

    return Piece(_SIGN_HEIGHT, draw)
