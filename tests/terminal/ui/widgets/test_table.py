"""The table: what is chosen stays chosen, keys are enough, and its length costs nothing."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from terminal.presenters.table import Cell, Column, Empty, Row
from terminal.ui.theme.tokens import LIGHT
from terminal.ui.widgets.rows import Rows
from terminal.ui.widgets.table import Table

COLUMNS = (Column("Time"), Column("What", stretch=1), Column("Amount", right=True))


class Board(QWidget):
    """A page around a table: hears the keys that the table leaves alone."""

    def __init__(self, *, tap_opens: bool = False) -> None:
        super().__init__()
        self.now_ms = 0
        self.table = Table(COLUMNS, LIGHT, lambda: self.now_ms, tap_opens=tap_opens)
        self.opened: list[object] = []
        self.chosen: list[object] = []
        self.wanted = 0
        self.left: list[int] = []
        column = QVBoxLayout(self)
        column.addWidget(self.table)
        self.table.opened.connect(self.opened.append)
        self.table.chosen.connect(self.chosen.append)
        self.table.more_wanted.connect(self._count)
        self.resize(640, 480)
        self.show()
        self.table.setFocus()
        QApplication.processEvents()

    def _count(self) -> None:
        self.wanted += 1

    def keyPressEvent(self, event: object) -> None:  # noqa: N802 Qt calls it
        self.left.append(event.key())  # type: ignore[attr-defined]


@pytest.fixture
def board(qapp: QApplication) -> Iterator[Board]:
    made = Board()
    yield made
    made.close()
    made.deleteLater()


def lines(*ids: int) -> list[Row]:
    return [Row(number, (Cell("11:32"), Cell(f"row {number}"), Cell("¥1.00"))) for number in ids]


def shown(table: Table, row: int, column: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> object:
    return table.model().data(table.model().index(row, column), role)


def test_nothing_is_chosen_or_opened_in_an_empty_table(board: Board) -> None:
    board.table.show_empty(Empty("Nothing here", "check", "redeemed"))
    board.table.show_rows([])
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Home):
        QTest.keyClick(board.table, key)
    assert (board.table.chosen_id, board.opened) == (None, [])
    said = [part.text() for part in board.table.findChildren(QLabel) if part.isVisible()]
    assert "Nothing here" in said


def test_what_the_empty_table_says_goes_with_the_first_row(board: Board) -> None:
    board.table.show_empty(Empty("Nothing here"))
    board.table.show_rows([])
    board.table.show_rows(lines(1))
    assert not [part for part in board.table.findChildren(QLabel) if part.isVisible()]


def test_the_chosen_row_stays_chosen_wherever_it_moves(board: Board) -> None:
    board.table.show_rows(lines(1, 2, 3))
    board.table.choose(2)
    board.chosen.clear()
    board.table.show_rows(lines(9, 8, 3, 2))
    assert (board.table.chosen_id, board.table.currentIndex().row(), board.chosen) == (2, 3, [])


def test_where_the_chosen_row_went_its_neighbour_is_chosen_and_told(board: Board) -> None:
    board.table.show_rows(lines(1, 2, 3))
    board.table.choose(2)
    board.chosen.clear()
    board.table.show_rows(lines(1, 3))
    assert board.chosen == [3]
    board.table.show_rows([])
    assert board.chosen == [3, None]


def test_a_row_without_choice_gets_none_by_a_refresh(board: Board) -> None:
    board.table.show_rows(lines(1, 2))
    board.table.show_rows(lines(1, 2, 3))
    assert board.table.chosen_id is None


def test_headings_are_passed_over(board: Board) -> None:
    heading = Row("held", (Cell("Held"),), heading=True)
    board.table.show_rows([heading, *lines(1), Row("due", (Cell("Due"),), heading=True), *lines(2)])
    board.table.choose_first()
    board.chosen.clear()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Home):
        QTest.keyClick(board.table, key)
    assert board.chosen == [2, 1]


def test_enter_opens_the_chosen_row_alone(board: Board) -> None:
    board.table.show_rows(lines(1, 2))
    QTest.keyClick(board.table, Qt.Key.Key_Return)
    assert board.opened == []
    QTest.keyClick(board.table, Qt.Key.Key_Down)
    QTest.keyClick(board.table, Qt.Key.Key_Down)
    QTest.keyClick(board.table, Qt.Key.Key_Enter)
    assert board.opened == [board.table.chosen_id]


@pytest.mark.parametrize(("tap_opens", "opened"), [(False, []), (True, [1])])
def test_a_tap_opens_only_where_it_should(qapp: QApplication, tap_opens: bool, opened: list[int]) -> None:
    board = Board(tap_opens=tap_opens)
    board.table.show_rows(lines(1, 2))
    place = board.table.visualRect(board.table.model().index(0, 1)).center()
    QTest.mouseClick(board.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (board.opened, board.table.chosen_id) == (opened, 1)
    board.close()
    board.deleteLater()


def test_keys_without_a_use_are_the_pages(board: Board) -> None:
    board.table.show_rows(lines(1, 2))
    board.table.choose(1)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Escape, Qt.Key.Key_A, Qt.Key.Key_5):
        QTest.keyClick(board.table, key)
    assert board.left == [Qt.Key.Key_Up, Qt.Key.Key_Escape, Qt.Key.Key_A, Qt.Key.Key_5]
    QTest.keyClick(board.table, Qt.Key.Key_Down)
    QTest.keyClick(board.table, Qt.Key.Key_Up)
    assert board.table.chosen_id == 1
    assert len(board.left) == 4


def test_more_is_wanted_only_near_the_end(board: Board) -> None:
    board.table.show_rows(lines(*range(100)))
    board.wanted = 0
    board.table.choose(10)
    assert board.wanted == 0
    QTest.keyClick(board.table, Qt.Key.Key_End)
    assert board.wanted > 0
    board.table.add_rows(lines(*range(100, 200)))
    assert (len(board.table.rows), board.table.chosen_id) == (200, 99)
    QTest.keyClick(board.table, Qt.Key.Key_PageDown)
    assert board.table.chosen_id != 99


def test_a_refresh_keeps_the_place_on_the_screen(board: Board) -> None:
    board.table.show_rows(lines(*range(200)))
    board.table.choose(100)
    QApplication.processEvents()
    at = board.table.verticalScrollBar().value()
    assert at > 0
    board.table.show_rows(lines(*range(201)))
    assert board.table.verticalScrollBar().value() == at


def test_five_thousand_rows_are_no_widgets_and_only_what_is_seen_is_asked_for(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[int] = set()
    answer = Rows.data

    def data(self: Rows, index: QModelIndex, role: int = 0) -> object:
        asked.add(index.row())
        return answer(self, index, role)

    monkeypatch.setattr(Rows, "data", data)
    before = len(board.table.findChildren(QWidget))
    board.table.show_rows(lines(*range(5_000)))
    board.table.grab()
    assert len(board.table.findChildren(QWidget)) == before
    assert 0 < len(asked) < 100


def test_a_countdown_runs_and_ends(board: Board) -> None:
    cell = Cell("in {time}", until_ms=61_000, then="now")
    board.table.show_rows([Row(1, (cell,))])
    assert shown(board.table, 0, 0) == "in 01:01"
    board.now_ms = 60_001
    assert shown(board.table, 0, 0) == "in 00:01"
    board.now_ms = 61_000
    assert shown(board.table, 0, 0) == "now"


def test_a_cell_has_its_tone_and_its_side(board: Board) -> None:
    board.table.show_rows([Row(1, (Cell("yes", "check", "redeemed"), Cell("quiet", tone="quiet"), Cell("¥1.00")))])
    tone, side = Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.TextAlignmentRole
    assert shown(board.table, 0, 0, tone) == QColor(LIGHT.redeemed.ink)
    assert shown(board.table, 0, 1, tone) == QColor(LIGHT.text_quiet)
    assert shown(board.table, 0, 2, side) == Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    assert shown(board.table, 0, 0, Qt.ItemDataRole.DecorationRole) is not None
    assert shown(board.table, 0, 1, Qt.ItemDataRole.DecorationRole) is None


def test_the_columns_fill_the_table_and_hold_what_they_say(board: Board) -> None:
    board.table.show_rows([Row(1, (Cell("today 11:32"), Cell("a"), Cell("¥1,234.50")))])
    header = board.table.horizontalHeader()
    assert abs(header.length() - board.table.viewport().width()) <= 1
    wide = header.sectionSize(0)
    board.table.show_rows([Row(1, (Cell("a"), Cell("a"), Cell("¥1.00")))])
    assert header.sectionSize(0) == wide
    assert board.table.fontMetrics().horizontalAdvance("today 11:32") < wide


def test_where_there_is_no_room_spare_columns_go_the_highest_first(qapp: QApplication) -> None:
    columns = (Column("a", spare=1), Column("b", stretch=1), Column("c", spare=2), Column("d"))
    table = Table(columns, LIGHT)
    table.show_rows([Row(1, tuple(Cell(said) for said in ("aaaaaaaaaa", "b", "cccccccccc", "dddddddddd")))])
    hidden = []
    for width in (900, 440, 330, 200):
        table.resize(width, 200)
        table.show()
        qapp.processEvents()
        hidden.append([place for place in range(4) if table.isColumnHidden(place)])
    table.deleteLater()
    assert hidden[0] == []
    assert [2] in hidden
    assert hidden[-1] == [0, 2]
