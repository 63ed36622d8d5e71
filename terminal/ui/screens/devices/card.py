"""The card of commands on screen, and its page of paper."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QMarginsF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.command_card import CommandView
from terminal.ui.theme import fonts, tokens
from terminal.ui.widgets.codes import CodeView, paint_code, rows_of
from terminal.ui.widgets.parts import button, card, label, side_by_side

WIDEST = 960
_SIDE = 128
_IN_A_ROW = 3
# The printed card: A4, sizes in mm.
_DPI, _INCH_MM = 300, 25.4
_MARGIN_MM, _CODE_MM, _CELL_MM, _TITLE_MM = 15, 38, 66, 26
_NAME_MM, _DOES_MM = 6.5, 3.8


class CardScreen(QWidget):
    """Emits print_wanted and back."""

    print_wanted = Signal()
    back = Signal()

    def __init__(self, words: Words, commands: Sequence[CommandView]) -> None:
        super().__init__()
        self._print = button(words("commands", "print"), "plain", self.print_wanted.emit)
        back = button(words("page", "back"), "quiet", self.back.emit)
        top = side_by_side(label(words("commands", "title"), "title"), 1, back, self._print)
        grid = QGridLayout()
        grid.setSpacing(2 * tokens.SPACE)
        for place, command in enumerate(commands):
            grid.addWidget(_cell(command), place // _IN_A_ROW, place % _IN_A_ROW)
        inside = QWidget()
        inside.setMaximumWidth(WIDEST)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(top)
        column.addWidget(label(words("commands", "lead"), "quiet"))
        column.addLayout(grid)
        column.addStretch()
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(inside)
        self.setFocusProxy(self._print)


def _cell(command: CommandView) -> QWidget:
    code = CodeView(command.code, _SIDE)
    name, does = label(command.name, "heading"), label(command.does, "quiet", wrap=True)
    made = card(code, name, does, space=tokens.SPACE, inside=2 * tokens.SPACE)
    column = made.layout()
    for part in (code, name):
        column.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)  # type: ignore[union-attr]
    does.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return made


def pdf_of(title: str, lead: str, commands: Sequence[CommandView]) -> bytes:
    """The card as a page of PDF; some 40 ms, on any thread."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(*(_MARGIN_MM,) * 4), QPageLayout.Unit.Millimeter)
    writer.setTitle(title)
    painter = QPainter(writer)
    try:
        _print(painter, title, lead, commands)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _print(painter: QPainter, title: str, lead: str, commands: Sequence[CommandView]) -> None:
    width = painter.viewport().width() / _dots(1)
    _write(painter, title, QRectF(0, 0, width, 12), 9, bold=True)
    _write(painter, lead, QRectF(0, 13, width, 6), _DOES_MM)
    cell = width / 2
    for place, command in enumerate(commands):
        x, y = (place % 2) * cell, _TITLE_MM + (place // 2) * (_CELL_MM + 8)
        painter.setPen(QColor("#808080"))
        painter.drawRect(_scaled(QRectF(x, y, cell, _CELL_MM + 8)))
        square = QRectF(x + (cell - _CODE_MM) / 2, y + 5, _CODE_MM, _CODE_MM)
        painter.setPen(Qt.PenStyle.NoPen)
        paint_code(painter, rows_of(command.code), _scaled(square))
        below = y + 5 + _CODE_MM
        _write(painter, command.name, QRectF(x, below, cell, 11), _NAME_MM, bold=True)
        _write(painter, command.does, QRectF(x + 2, below + 12, cell - 4, 12), _DOES_MM)


def _write(painter: QPainter, said: str, box: QRectF, height_mm: float, *, bold: bool = False) -> None:
    font = QFont(fonts.font(tokens.BODY, bold=bold))
    font.setPixelSize(round(_dots(height_mm)))
    painter.setFont(font)
    painter.setPen(QColor("#000000"))
    painter.drawText(_scaled(box), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), said)


def _dots(mm: float) -> float:
    return mm / _INCH_MM * _DPI


def _scaled(box: QRectF) -> QRectF:
    return QRectF(_dots(box.x()), _dots(box.y()), _dots(box.width()), _dots(box.height()))
