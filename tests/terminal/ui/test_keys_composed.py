"""Letters that no key types by itself: dead keys, widened letters, and Chinese, which no scanner types."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.terminal.ui.keyboard import PRESS, RELEASE, Keyboard, keyboard


@pytest.fixture
def board(qapp: QApplication) -> Iterator[Keyboard]:
    with keyboard() as found:
        yield found


def test_a_letter_made_of_two_keys_belongs_to_the_scan(board: Keyboard) -> None:
    """A German keyboard makes "=a" one letter, and hands it over as an input method would."""
    board.scan("http", "")
    board.now_ms -= 1_000
    board.event(PRESS, Qt.Key.Key_Dead_Acute)
    board.commit("á")
    board.scan("123456")
    board.decided()
    assert board.scans == ["httpá123456"]
    assert board.field.text() == ""


def test_a_dead_key_alone_does_not_tear_a_scan(board: Keyboard) -> None:
    board.scan("https?id", "")
    board.now_ms -= 1_000
    board.event(PRESS, Qt.Key.Key_Dead_Circumflex)
    board.event(RELEASE, Qt.Key.Key_Dead_Circumflex)
    board.scan("123456")
    assert board.scans == ["https?id123456"]


def test_a_widened_scan_is_a_scan_and_leaks_nothing(board: Keyboard) -> None:
    for letter in "０１２３４５６７８９":
        board.commit(letter)
    board.until(lambda: bool(board.scans))
    assert (board.scans, board.field.text()) == (["０１２３４５６７８９"], "")


def test_chinese_is_written_without_delay(board: Keyboard) -> None:
    board.commit("", "zhang san")
    board.commit("张三")
    board.commit("李")
    assert not board.keys.holding
    assert board.field.text() == "张三李"


def test_a_composed_letter_of_a_person_arrives(board: Keyboard) -> None:
    board.commit("é")
    board.decided()
    assert (board.field.text(), board.scans) == ("é", [])


def test_what_is_held_goes_before_what_is_composed_next(board: Keyboard) -> None:
    board.stroke("a", 0)
    board.commit("", "ni")
    assert (board.field.text(), board.keys.holding) == ("a", False)
