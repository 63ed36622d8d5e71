"""A scanner that poses as a keyboard never writes into a field, and a person never notices that anybody listens."""

from collections.abc import Iterator
from itertools import count

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hardware.scanning.layout import PROBE_TEXT
from hardware.scanning.scan import stopwatch_ms
from hardware.scanning.wedge import Rules
from terminal.ui.bridges.keys import Burst
from tests.terminal.ui.keyboard import FAST_PERSON_MS, PLAIN, PRESS, RELEASE, SCANNER_MS, Keyboard, keyboard

CODE = "https://v.douyin.com/iRNBho5p/"
GAP_MS = Rules().gap_ms


@pytest.fixture
def board(qapp: QApplication) -> Iterator[Keyboard]:
    with keyboard() as found:
        yield found


def balanced(board: Keyboard) -> bool:
    """Every key that came down in the field went up again."""
    down: list[int] = []
    for kind, key, repeat in board.reached.seen:
        if repeat:
            continue
        if kind is PRESS:
            down.append(key)
        elif key in down:
            down.remove(key)
        else:
            return False
    return not down


def test_a_scan_does_not_leak_into_the_field_that_has_the_focus(board: Keyboard) -> None:
    board.field.setText("as it was")
    board.scan(CODE)
    board.decided()
    assert board.scans == [CODE]
    assert board.field.text() == "as it was"
    assert {key for _, key, _ in board.reached.seen} <= {Qt.Key.Key_Shift}


def test_every_character_that_a_code_may_hold_arrives(board: Keyboard) -> None:
    board.scan(PROBE_TEXT)
    assert board.scans == [PROBE_TEXT]
    assert board.field.text() == ""
    assert balanced(board)


@pytest.mark.parametrize("gap_ms", [FAST_PERSON_MS, GAP_MS + 1, 150, 1200])
def test_a_person_types_at_any_speed(board: Keyboard, gap_ms: int) -> None:
    said = "The quick Brown fox 0123456789"
    board.type(said, gap_ms)
    assert board.field.text() == said
    assert board.scans == []
    assert balanced(board)


def test_a_few_keys_hit_at_once_are_a_persons(board: Keyboard) -> None:
    board.type("asdf", SCANNER_MS)
    assert (board.field.text(), board.scans) == ("asdf", [])


def test_a_scan_between_the_digits_of_a_pin_takes_none_of_them(board: Keyboard) -> None:
    board.type("12")
    board.scan(CODE)
    board.type("34")
    assert board.field.text() == "1234"
    assert board.scans == [CODE]


def test_a_digit_typed_right_before_a_scan_stays_in_the_field(board: Keyboard) -> None:
    board.stroke("7", GAP_MS + 1)
    board.scan("0123456789")
    board.decided()
    assert (board.field.text(), board.scans) == ("7", ["0123456789"])


def test_enter_typed_by_a_person_presses_the_button_once(board: Keyboard) -> None:
    board.until_focus(board.button)
    board.type("\r")
    assert board.pressed == 1
    board.type("\r")
    assert board.pressed == 2


def test_enter_right_after_a_letter_is_not_lost_and_not_doubled(board: Keyboard) -> None:
    board.type("ab", FAST_PERSON_MS)
    entered: list[str] = []
    board.field.returnPressed.connect(lambda: entered.append(board.field.text()))
    board.type("c\r", SCANNER_MS)
    assert entered == ["abc"]


def test_a_short_label_presses_nothing_and_is_said(board: Keyboard) -> None:
    board.until_focus(board.button)
    unread: list[str] = []
    board.keys.unread.connect(lambda: unread.append(board.field.text()))
    board.scan("0043")
    board.decided()
    assert (board.scans, board.pressed, unread) == ([], 0, [""])


def test_the_rest_of_a_broken_code_presses_nothing(board: Keyboard) -> None:
    board.until_focus(board.button)
    board.scan("88123456789012", "")
    board.now_ms += 40 - 1_000
    board.scan("3214")
    board.decided()
    assert (board.scans, board.pressed) == (["881234567890123214"], 0)


def test_the_enter_of_a_scanner_presses_nothing(board: Keyboard) -> None:
    board.until_focus(board.button)
    board.scan(CODE, "\r\r")
    board.decided()
    assert (board.scans, board.pressed) == ([CODE], 0)


@pytest.mark.parametrize("letter", ["7", " "])
def test_a_button_takes_a_scanned_blank_for_no_press(board: Keyboard, letter: str) -> None:
    board.until_focus(board.button)
    board.scan(f"WIFI:{letter * 3}:x")
    board.decided()
    assert board.pressed == 0


def test_a_held_key_repeats(board: Keyboard) -> None:
    board.event(PRESS, Qt.Key.Key_A, "a")
    board.now_ms += 500
    for _ in range(20):
        board.event(PRESS, Qt.Key.Key_A, "a", repeat=True)
        board.now_ms += 30
    board.event(RELEASE, Qt.Key.Key_A, "a")
    board.decided()
    assert (board.field.text(), board.scans) == ("a" * 21, [])


def test_a_held_arrow_repeats_and_goes_up_in_its_own_time(board: Keyboard) -> None:
    board.event(PRESS, Qt.Key.Key_Down)
    board.event(PRESS, Qt.Key.Key_Down, repeat=True)
    assert [repeat for _, _, repeat in board.reached.seen] == [False, True]
    board.event(RELEASE, Qt.Key.Key_Down)
    assert balanced(board)


def test_releases_are_balanced_when_keys_overlap(board: Keyboard) -> None:
    for key, letter in ((Qt.Key.Key_A, "a"), (Qt.Key.Key_B, "b")):
        board.event(PRESS, key, letter)
        board.now_ms += 20
    board.decided()
    board.event(RELEASE, Qt.Key.Key_A, "a")
    board.event(RELEASE, Qt.Key.Key_B, "b")
    assert board.field.text() == "ab"
    assert balanced(board)


def test_a_release_that_went_elsewhere_hides_no_later_one(board: Keyboard) -> None:
    board.event(PRESS, Qt.Key.Key_Return, "\r")
    board.now_ms += 500
    board.stroke("1", 1)
    board.event(PRESS, Qt.Key.Key_Return, "\r")
    board.decided()
    board.now_ms += 500
    board.reached.seen.clear()
    board.event(PRESS, Qt.Key.Key_Return, "\r")
    board.event(RELEASE, Qt.Key.Key_Return, "\r")
    assert [kind for kind, _, _ in board.reached.seen] == [PRESS, RELEASE]


def test_keys_without_a_time_are_timed_here(board: Keyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count(stopwatch_ms(), SCANNER_MS)
    monkeypatch.setattr("terminal.ui.bridges.keys.stopwatch_ms", lambda: next(ticks))
    window = QGuiApplication.focusWindow()
    assert window is not None
    for letter in "0123456789\r":
        key = Qt.Key.Key_Return if letter == "\r" else ord(letter)
        for kind in (PRESS, RELEASE):
            QCoreApplication.sendEvent(window, QKeyEvent(kind, key, PLAIN, letter))
    assert board.scans == ["0123456789"]


def test_a_window_too_busy_to_look_gets_one_clean_scan(board: Keyboard) -> None:
    window = QGuiApplication.focusWindow()
    assert window is not None
    for place, letter in enumerate(CODE + "\r"):
        key = Qt.Key.Key_Return if letter == "\r" else ord(letter.upper())
        event = QKeyEvent(PRESS, key, PLAIN, letter)
        event.setTimestamp(board.now_ms)
        board.now_ms += SCANNER_MS
        if place < 5:
            QCoreApplication.sendEvent(window, event)
        else:
            QCoreApplication.postEvent(window, event)
        if place == 5:
            # The timer of the first five is long due when the others are looked at.
            until_ms = stopwatch_ms() + 300
            while stopwatch_ms() < until_ms:
                pass
    QCoreApplication.processEvents()
    board.decided()
    assert (board.scans, board.field.text()) == ([CODE], "")


def test_keys_that_the_system_hands_over_are_told_apart_too(board: Keyboard) -> None:
    window = QGuiApplication.focusWindow()
    for letter in "0123456789":
        QTest.keyClick(window, letter)  # type: ignore[call-overload]
    QTest.keyClick(window, Qt.Key.Key_Return)
    board.decided()
    assert board.field.text() + "".join(board.scans) == "0123456789"


def test_fifty_scans_in_five_seconds_are_fifty_in_order(board: Keyboard) -> None:
    codes = [f"https://v.douyin.com/{number:03}Abc/" for number in range(50)]
    for code in codes:
        board.scan(code)
        board.now_ms -= 1_000 - 100 + (len(code) + 1) * SCANNER_MS
    assert board.scans == codes
    assert board.field.text() == ""


def test_two_scans_with_no_pause_between_are_two(board: Keyboard) -> None:
    for code in ("111222333444", "555666777888"):
        for letter in code + "\r":
            board.stroke(letter, SCANNER_MS)
    assert board.scans == ["111222333444", "555666777888"]


def test_a_key_of_alt_gr_is_a_letter_and_a_command_is_not(board: Keyboard) -> None:
    alt_gr = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    window = QGuiApplication.focusWindow()
    assert window is not None
    for letter in "ab@cd[ef\r":
        mark = letter in "@["
        key = Qt.Key.Key_Return if letter == "\r" else ord(letter.upper())
        event = QKeyEvent(PRESS, key, alt_gr if mark else PLAIN, letter)
        event.setTimestamp(board.now_ms)
        QCoreApplication.sendEvent(window, event)
        board.now_ms += SCANNER_MS
    assert board.scans == ["ab@cd[ef"]
    board.field.setText("whole")
    event = QKeyEvent(PRESS, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier, "\x01")
    event.setTimestamp(board.now_ms + 500)
    QCoreApplication.sendEvent(window, event)
    assert board.field.selectedText() == "whole"


def test_how_the_last_scan_was_typed_is_known(board: Keyboard) -> None:
    board.scan("0123456789")
    assert board.keys.burst == Burst(SCANNER_MS, "enter")
    board.scan("0123456789", "")
    board.decided()
    assert board.keys.burst == Burst(SCANNER_MS, "none")
    board.scan("0123456789", "\t")
    board.decided()
    assert board.keys.burst == Burst(SCANNER_MS, "tab")
    assert board.scans == ["0123456789"] * 3


def test_other_rules_lose_nothing_that_is_held(board: Keyboard) -> None:
    board.stroke("5", 0)
    board.keys.follow(Rules(suffix="tab", prefix="~"))
    assert board.field.text() == "5"
    board.scan("~0123456789", "\t")
    assert board.scans == ["0123456789"]
