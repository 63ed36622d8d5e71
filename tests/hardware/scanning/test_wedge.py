"""A scanner's strokes and a person's, told apart: nothing of a scan leaks, nothing typed is lost."""

import pytest

from hardware.scanning.burst import Kind
from hardware.scanning.wedge import Rules, Ruling, Suffix
from tests.hardware.scanning.typed import Event, Till

CODE = "8812345678901234"
GAP = Rules().gap_ms
WRAP = 2**32


def test_slow_typing_goes_through_after_the_gap() -> None:
    till = Till()
    for char in "1234567":
        till.key(char, 120)
        assert (till.last.holding, till.last.decide_at_ms) == (True, till.at_ms + GAP + 1)
        till.note(till.wedge.silence(till.at_ms + GAP))
        assert till.last.holding
        till.silence()
        assert not till.last.holding
    till.enter(120)
    assert till.events == [*"1234567", "enter"]


def test_slow_typing_is_replayed_by_the_next_key_where_no_timer_ran() -> None:
    till = Till()
    till.type("1234567", 40)
    assert till.events == list("123456")


def test_a_scan_and_its_end() -> None:
    till = Till()
    till.type(CODE)
    assert till.events == []
    till.enter()
    assert till.events == [(CODE,)]
    assert till.last == Ruling((), CODE)


def test_quick_keys_then_slow_ones() -> None:
    till = Till()
    till.type("12", 20)
    till.key("3", 20)
    till.type("45", 90)
    till.silence()
    till.enter(20)
    assert till.events == [*"12345", "enter"]


def test_keys_typed_before_a_burst_are_not_in_the_scan() -> None:
    till = Till()
    till.type("ab", 30)
    till.key(CODE[0], GAP + 1)
    till.type(CODE[1:], GAP)
    till.enter()
    assert till.events == ["a", "b", (CODE,)]


@pytest.mark.parametrize("repeat", [True, False])
def test_a_held_key_is_no_scan(repeat: bool) -> None:
    till = Till()
    till.key("5", 300)
    till.key("5", 500, repeat=repeat)
    for _ in range(40):
        till.key("5", 33, repeat=repeat)
    till.silence()
    till.key("Left", 33, "other", repeat)
    assert till.events == ["5"] * 42 + ["Left"]


def test_a_held_key_goes_through_without_delay() -> None:
    till = Till()
    till.key("5", 300)
    till.silence()
    for number in range(1, 10):
        till.key("5", 33, repeat=True)
        assert (till.last.replay, till.last.holding) == (("5",), False), number


def test_equal_characters_of_a_scan_that_pass_for_a_held_key() -> None:
    till = Till()
    till.type("88", 1)
    till.key("8", 1, repeat=True)
    till.type("123", 1)
    till.key("3", 1, repeat=True)
    till.enter(1)
    till.key("\r", 0, "enter", True)
    assert till.events == [("8881233",)]


@pytest.mark.parametrize("kind", ["enter", "tab"])
def test_a_person_s_enter_passes_at_once(kind: Kind) -> None:
    till = Till(Rules(suffix="tab" if kind == "tab" else "enter"))
    till.enter(500, kind)
    assert till.last == Ruling((kind,))
    till.enter(10, kind)
    assert till.last == Ruling((kind,))


def test_a_crlf_pair_is_swallowed_and_a_third_enter_is_not() -> None:
    till = Till()
    till.type(CODE)
    for gap_ms in (2, GAP, 2):
        till.enter(gap_ms)
    assert till.events == [(CODE,), "enter"]


def test_an_enter_after_the_gap_is_a_person_s() -> None:
    till = Till()
    till.type(CODE)
    till.enter()
    till.enter(GAP + 1)
    assert till.events == [(CODE,), "enter"]


@pytest.mark.parametrize("suffix", ["enter", "tab", "none"])
@pytest.mark.parametrize("sent", ["enter", "tab", None])
def test_whatever_a_scanner_ends_with_is_swallowed(suffix: Suffix, sent: Kind | None) -> None:
    till = Till(Rules(suffix=suffix))
    till.type(CODE)
    if sent is not None:
        till.enter(5, sent)
    assert till.last.holding == (suffix != sent)
    till.silence()
    till.enter(200)
    assert till.events == [(CODE,), "enter"]


@pytest.mark.parametrize("kind", ["enter", "tab"])
def test_quick_keys_and_another_end_are_replayed_in_order(kind: Kind) -> None:
    till = Till(Rules(suffix="none"))
    till.type("123", 30)
    till.enter(30, kind)
    till.type("45", 30)
    till.silence()
    assert till.events == [*"123", kind, *"45"]


def test_lines_within_a_code_stay() -> None:
    till = Till(Rules(suffix="none"))
    till.type("BEGIN")
    till.enter()
    till.type("END")
    till.enter()
    till.silence()
    assert till.events == [("BEGIN\nEND",)]


@pytest.mark.parametrize("name", ["F5", "Esc", "Ctrl+C", "Backspace"])
def test_other_keys_flush_and_keep_their_order(name: str) -> None:
    till = Till()
    till.type("123")
    till.key("", 5, "other", name=name)
    assert (till.events, till.last.holding) == ([*"123", name], False)
    till.type(CODE)
    till.key("", 5, "other", name=name)
    till.key("", 500, "other", name=name)
    assert till.events == [*"123", name, (CODE,), name, name]


@pytest.mark.parametrize("kind", ["other", "enter", "modifier"])
def test_a_key_long_after_a_scan_that_no_timer_ended(kind: Kind) -> None:
    till = Till()
    till.type(CODE)
    till.key("", 500, kind)
    assert till.last == Ruling((kind,), CODE)


def test_two_scans_back_to_back() -> None:
    till = Till()
    for code in (CODE, "https://v.douyin.com/eHHc1ft/", CODE):
        till.type(code, 1)
        till.enter(1)
    assert till.events == [(CODE,), ("https://v.douyin.com/eHHc1ft/",), (CODE,)]


@pytest.mark.parametrize("ask", [True, False])
def test_silence_parts_two_scans_without_an_end(ask: bool) -> None:
    till = Till(Rules(suffix="none"))
    till.type("111222")
    if ask:
        till.silence()
    till.key("3", GAP + 1)
    till.type("33444")
    till.silence()
    assert till.events == [("111222",), ("333444",)]


@pytest.mark.parametrize(("sent", "heard"), [("]Q1", CODE), ("", CODE)])
def test_a_prefix_is_taken_off_where_it_is_there(sent: str, heard: str) -> None:
    till = Till(Rules(prefix="]Q1"))
    till.type(sent + CODE)
    till.enter()
    assert till.events == [(heard,)]


@pytest.mark.parametrize(("gap_ms", "heard"), [(5, [["~PREFIX~"]]), (30, [*"~PREFIX~", "enter"])])
def test_a_prefix_alone_is_not_a_scan(gap_ms: int, heard: list[Event]) -> None:
    till = Till(Rules(prefix="~PREFIX~"))
    till.type("~PREFIX~", gap_ms)
    till.enter()
    assert till.events == heard


def test_shift_within_a_scan_is_swallowed_and_alone_passes() -> None:
    till = Till()
    till.key("", 500, "modifier")
    assert till.last == Ruling(("modifier",))
    till.type("https")
    till.key("", 30, "modifier")
    till.key(":", 30)
    till.type("//v", 30)
    till.key("", 30, "modifier")
    till.enter(30)
    assert till.events == ["modifier", ("https://v",)]


def test_shift_that_is_kept_down_makes_nothing_fast() -> None:
    till = Till()
    for char in "ABCDEFG":
        till.key(char, 33)
        till.key("", 33, "modifier", repeat=True)
    till.silence()
    assert [event for event in till.events if event != "modifier"] == list("ABCDEFG")


def test_a_phrase_of_an_input_method_is_typing() -> None:
    till = Till()
    till.key("欢迎光临本小店", 500)
    till.key("。", 0)
    till.silence()
    assert till.events == ["欢迎光临本小店", "。"]


def test_committed_pieces_of_a_scan_count_by_characters() -> None:
    till = Till()
    for piece in ("https", "：", "//", "v", "。", "𝟗🎫"):
        till.key(piece, 5)
    till.enter()
    assert till.events == [("https：//v。𝟗🎫",)]


def test_a_very_long_code() -> None:
    text = "0123456789abcdef" * 512
    till = Till()
    till.type(text, 1)
    till.enter()
    assert till.events == [(text,)]


@pytest.mark.parametrize("wrapped", [True, False])
def test_the_clock_begins_anew_within_a_scan(wrapped: bool) -> None:
    till = Till(at_ms=WRAP - 30)
    for char in CODE:
        till.at_ms = (till.at_ms + 5) % WRAP
        till.key(char, 0)
    if wrapped:
        till.at_ms += 5
        till.enter(0)
    else:
        till.silence()
    assert till.events == [(CODE,)]


def test_silence_across_the_wrap() -> None:
    till = Till(at_ms=WRAP - 10)
    till.key("1", 5)
    till.note(till.wedge.silence(2))
    assert till.last.holding
    till.note(till.wedge.silence(GAP))
    assert till.events == ["1"]


def test_a_clock_set_back_holds_nothing_for_long() -> None:
    till = Till(at_ms=500_000)
    till.type("12345")
    till.key("6", -100_000)
    assert till.events == list("12345")
    till.note(till.wedge.silence(till.at_ms - 50_000))
    assert till.events == list("123456")
    till.type(CODE)
    till.enter()
    assert till.events[6:] == [(CODE,)]


def test_events_that_overtake_each_other_do_not_split_a_scan() -> None:
    till = Till()
    for place, char in enumerate(CODE):
        till.key(char, -3 if place % 3 == 1 else 6)
    till.enter()
    assert till.events == [(CODE,)]
