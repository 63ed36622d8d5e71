"""What a scanner leaves of a code, and labels too short for one: nothing of it is ever taken for typing."""

import pytest

from hardware.scanning.burst import Kind
from hardware.scanning.wedge import Rules, Suffix
from tests.hardware.scanning.typed import Till

CODE = "8812345678901234"
GAP = Rules().gap_ms


@pytest.mark.parametrize("kind", ["enter", "tab"])
@pytest.mark.parametrize("suffix", ["enter", "tab", "none"])
@pytest.mark.parametrize("label", ["43", "0043", "00000", "12345"])
def test_a_short_label_is_nobody_s_typing(label: str, suffix: Suffix, kind: Kind) -> None:
    till = Till(Rules(suffix=suffix))
    till.type(label, 2)
    till.enter(GAP, kind)
    till.silence()
    till.enter(200)
    assert till.events == [[label], "enter"]


def test_the_line_end_of_a_short_label_is_swallowed_whole() -> None:
    till = Till()
    till.type("0043", 2)
    for gap_ms in (2, 2, 2):
        till.enter(gap_ms)
    assert till.events == [["0043"], "enter"]


@pytest.mark.parametrize(
    ("typed", "enter_ms"),
    [([], 5), ([10], 60), ([10, 10], 60), ([17], GAP), ([10, 20], 20), ([30, 30, 30], 5), ([10, 50], 10)],
)
def test_quick_fingers_and_enter_are_typing(typed: list[int], enter_ms: int) -> None:
    till = Till()
    letters = "abcd"[: len(typed) + 1]
    for letter, gap_ms in zip(letters, [500, *typed], strict=True):
        till.key(letter, gap_ms)
    till.enter(enter_ms)
    till.silence()
    assert till.events == [*letters, "enter"]


def test_a_phrase_and_enter_at_once_are_typing() -> None:
    till = Till()
    till.key("欢迎", 500)
    till.key("。", 0)
    till.enter(5)
    assert till.events == ["欢迎", "。", "enter"]


@pytest.mark.parametrize("pause_ms", [GAP + 1, 100, 150])
@pytest.mark.parametrize("place", [4, 5, 6, 12, 15, 16])
def test_a_pause_within_a_code_does_not_part_it(place: int, pause_ms: int) -> None:
    till = Till()
    till.type(CODE[:place], 2)
    if place == len(CODE):
        till.enter(pause_ms)
    else:
        till.key(CODE[place], pause_ms)
        till.type(CODE[place + 1 :], 2)
        till.enter(2)
    assert till.events == [(CODE,)]


def test_a_pause_before_a_capital() -> None:
    till = Till()
    till.type("https", 2)
    till.key("", 60, "modifier")
    till.key("A", 2)
    till.enter(2)
    assert till.events == [("httpsA",)]


@pytest.mark.parametrize("rest", ["3", "32", "3214", "321498"])
@pytest.mark.parametrize("pause_ms", [151, 300, 500])
def test_the_rest_of_a_code_that_broke_off_goes_nowhere(pause_ms: int, rest: str) -> None:
    till = Till()
    till.type(CODE, 2)
    till.silence()
    till.key(rest[0], pause_ms)
    till.type(rest[1:], 2)
    till.enter(2)
    assert till.events == [(CODE,), [rest]]


def test_the_rest_of_a_code_that_broke_off_and_has_no_end_goes_nowhere() -> None:
    till = Till()
    till.type(CODE, 2)
    till.key("3", 300)
    till.type("21", 2)
    till.silence()
    till.key("4", 300)
    till.enter(20)
    assert till.events == [(CODE,), ["321"], ["4"]]


def test_a_scanner_without_its_end_works_a_little_later() -> None:
    till = Till()
    for code in (CODE, CODE[::-1]):
        till.key(code[0], 151)
        till.type(code[1:], 2)
        assert till.last.decide_at_ms == till.at_ms + 151
    till.silence()
    assert till.events == [(CODE,), (CODE[::-1],)]


def test_a_scanner_that_sends_no_end_is_not_waited_for_where_none_is_expected() -> None:
    till = Till(Rules(suffix="none"))
    till.type(CODE, 2)
    assert till.last.decide_at_ms == till.at_ms + GAP + 1


@pytest.mark.parametrize("then", [17, GAP, 90])
def test_a_person_who_goes_on_right_after_a_scan_without_an_end(then: int) -> None:
    till = Till()
    till.type(CODE, 2)
    till.key("a", 100)
    till.key("b", then)
    till.silence()
    till.key("c", 600)
    till.enter(90)
    assert till.events == [(CODE,), "a", "b", "c", "enter"]


def test_one_key_right_after_a_scan_without_an_end() -> None:
    till = Till()
    till.type(CODE, 2)
    till.key("a", 100)
    till.key("", 10, "other", name="F5")
    assert till.events == [(CODE,), "a", "F5"]


def test_one_late_key_in_a_code_is_a_scanner_s_all_the_same() -> None:
    till = Till()
    till.type(CODE[:8], 2)
    till.key(CODE[8], 30)
    till.key(CODE[9], 60)
    till.type(CODE[10:], 2)
    till.enter(2)
    assert till.events == [(CODE,)]
