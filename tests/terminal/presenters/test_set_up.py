"""Each way in which a scanner can be set up wrongly is told apart, with steps that mend it."""

import pytest

from hardware.scanning.keyboards import LAYOUTS, typed
from hardware.scanning.layout import PROBE_TEXT
from hardware.scanning.scan import Scan
from hardware.scanning.wedge import Suffix
from terminal.i18n import LANGUAGES, Words
from terminal.presenters import set_up
from terminal.presenters.devices import AREA, Health, LastScan
from terminal.presenters.set_up import SetUpView
from terminal.settings import ScannerSection

WORDS = Words(AREA, "zh")
SECTION = ScannerSection()


def heard(text: str, ended: Suffix = "enter", section: ScannerSection = SECTION, words: Words = WORDS) -> SetUpView:
    return set_up.heard(words, section, LastScan(Scan(text, "", "keyboard", 0), 4, ended))


def test_what_arrives_whole_is_right() -> None:
    view = heard(PROBE_TEXT)
    assert (view.health, view.fix, view.steps) == (Health.GOOD, None, ())
    assert "4" in view.why


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_foreign_keyboard_is_named_as_such(layout: str) -> None:
    view = heard(typed(PROBE_TEXT, layout))
    assert view.health is Health.TROUBLE
    assert view.why == WORDS("damage", "layout")
    assert view.pairs
    assert all(wanted != came for wanted, came in view.pairs)


@pytest.mark.parametrize(
    ("text", "damage"),
    [
        (PROBE_TEXT.swapcase(), "case"),
        ("".join(chr(ord(letter) + 0xFEE0) for letter in PROBE_TEXT), "full_width"),
        (PROBE_TEXT.replace("abc", "啊不错"), "input_method"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stood_between_is_named_with_its_steps(text: str, damage: str, language: str) -> None:
    words = Words(AREA, language)
    view = heard(text, words=words)
    assert view.health is Health.TROUBLE
    assert view.why == words("damage", damage)
    assert len(view.steps) >= 2


@pytest.mark.parametrize("cut", [slice(3, 7), slice(0, 1), slice(100, 103)])
def test_lost_characters_are_counted(cut: slice) -> None:
    letters = list(PROBE_TEXT)
    del letters[cut]
    view = heard("".join(letters))
    assert view.what == WORDS("setup", "lost")
    assert f" {cut.stop - cut.start} " in view.why


@pytest.mark.parametrize(
    ("ended", "suffix", "change"),
    [
        ("tab", "enter", {"suffix": "tab"}),
        ("enter", "tab", {"suffix": "enter"}),
        ("enter", "none", {"suffix": "enter"}),
    ],
)
def test_another_end_is_right_and_can_be_expected(ended: Suffix, suffix: Suffix, change: dict[str, object]) -> None:
    view = heard(PROBE_TEXT, ended, ScannerSection(suffix=suffix))
    assert view.health is Health.GOOD
    assert view.fix is not None
    assert view.fix.change == change


def test_no_end_works_and_says_what_would_be_faster() -> None:
    view = heard(PROBE_TEXT, "none")
    assert (view.health, view.fix) == (Health.GOOD, None)
    assert view.steps == (WORDS("steps", "no_end"),)
    assert heard(PROBE_TEXT, "none", ScannerSection(suffix="none")).steps == ()


def test_a_prefix_can_be_taken_off() -> None:
    view = heard(f"]C1{PROBE_TEXT}")
    assert view.health is Health.TROUBLE
    assert view.fix is not None
    assert view.fix.change == {"prefix": "]C1"}
    assert "]C1" in view.what
    assert heard(f"123456789{PROBE_TEXT}").fix is None


def test_more_at_the_end_is_for_the_scanner_to_leave_out() -> None:
    view = heard(f"{PROBE_TEXT}#7")
    assert (view.health, view.fix) == (Health.TROUBLE, None)
    assert "#7" in view.what


@pytest.mark.parametrize("text", ["0123456789", "https://v.douyin.com/iRNBho5p/", "HXDOIT"])
def test_another_code_is_no_fault_of_the_scanner(text: str) -> None:
    assert heard(text).what == WORDS("setup", "other")


def test_a_camera_does_not_set_a_scanner_up() -> None:
    view = set_up.heard(WORDS, SECTION, LastScan(Scan(PROBE_TEXT, "QR Code", "camera:0", 0)))
    assert view.health is Health.QUIET


def test_a_serial_scanner_needs_no_pace() -> None:
    view = set_up.heard(WORDS, SECTION, LastScan(Scan(PROBE_TEXT, "", "serial:COM3", 0)))
    assert (view.health, view.fix) == (Health.GOOD, None)


@pytest.mark.parametrize(("slowest_ms", "gap_ms"), [(36, 55), (60, 90), (120, 180), (133, 200)])
def test_a_slow_scanner_can_be_waited_for(slowest_ms: int, gap_ms: int) -> None:
    view = set_up.typed(WORDS, SECTION, PROBE_TEXT, slowest_ms)
    assert view is not None
    assert view.fix is not None
    assert view.fix.change == {"gap_ms": gap_ms}
    assert ScannerSection.model_validate(dict(view.fix.change)).gap_ms > slowest_ms


def test_a_scanner_as_slow_as_a_person_has_to_be_made_faster() -> None:
    view = set_up.typed(WORDS, SECTION, PROBE_TEXT, 140)
    assert view is not None
    assert view.fix is None


def test_what_a_person_types_is_no_slow_scanner() -> None:
    assert set_up.typed(WORDS, SECTION, "hello there", 150) is None
