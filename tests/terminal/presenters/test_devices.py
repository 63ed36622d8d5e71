"""How each device is, in words: what is wrong comes with what to do."""

import pytest

from hardware.scanning.camera import CameraFound
from hardware.scanning.scan import DeviceState, Scan, State
from hardware.scanning.serial_port import Port
from hardware.speaker import State as SpeakerState
from terminal.i18n import LANGUAGES, Words
from terminal.presenters.command_card import Command, card_view, command_of
from terminal.presenters.devices import (
    AREA,
    Choice,
    Found,
    Health,
    LastScan,
    camera_view,
    keyboard_view,
    serial_view,
    speaker_view,
    tried,
)
from terminal.settings import CameraSection, ScannerSection

WORDS = Words(AREA, "zh")
AWAY: tuple[State, ...] = ("missing", "taken", "denied", "lost", "broken")
BOTH = pytest.mark.parametrize("language", LANGUAGES)


def typed(text: str) -> LastScan:
    return LastScan(Scan(text, "", "keyboard", 0), 3, "enter")


@BOTH
@pytest.mark.parametrize("state", AWAY)
def test_a_device_that_is_away_says_what_to_do(language: str, state: State) -> None:
    words = Words(AREA, language)
    told = [DeviceState("serial:COM3", state, "detail"), DeviceState("camera:0", state, "detail")]
    for view in (
        serial_view(words, ScannerSection(serial="COM3"), told, Found(), None),
        camera_view(words, CameraSection(source="0"), told, Found()),
    ):
        assert view.state.health is Health.TROUBLE
        assert view.state.said != state
        assert view.state.next not in ("", state)


def test_five_faults_are_five_sentences() -> None:
    section = CameraSection(source="0")
    said = {camera_view(WORDS, section, [DeviceState("camera:0", state)], None).state.said for state in AWAY}
    assert len(said) == len(AWAY)


def test_a_device_that_has_not_said_anything_is_being_looked_for() -> None:
    view = serial_view(WORDS, ScannerSection(serial="COM3"), [DeviceState("serial:COM4", "ready")], None, None)
    assert view.state.health is Health.BUSY


def test_a_scanner_that_is_ready_asks_for_a_scan_until_there_was_one() -> None:
    section, told = ScannerSection(serial="COM3"), [DeviceState("serial:COM3", "ready", "COM3")]
    assert serial_view(WORDS, section, told, None, typed("123456")).state.next == WORDS("serial", "try")
    heard = LastScan(Scan("123456", "", "serial:COM3", 0))
    assert serial_view(WORDS, section, told, None, heard).state.next == ""


def test_no_camera_at_all_is_told_only_once_it_was_looked_for() -> None:
    assert camera_view(WORDS, CameraSection(), [], None).state.said == WORDS("camera", "unused")
    assert camera_view(WORDS, CameraSection(), [], Found()).state.said == WORDS("camera", "none_there")


def test_two_cameras_of_one_make_can_be_told_apart() -> None:
    found = Found(cameras=(CameraFound("0", "HD"), CameraFound("1", "HD"), CameraFound("2", "Other")))
    names = [choice.name for choice in camera_view(WORDS, CameraSection(), [], found).choices]
    assert len(set(names)) == len(names) == 4


def test_what_is_set_and_not_there_can_still_be_seen() -> None:
    view = serial_view(WORDS, ScannerSection(serial="COM9"), [], Found(ports=(Port("COM3", "COM3"),)), None)
    assert [choice.value for choice in view.choices] == ["", "COM9", "COM3"]
    assert view.chosen == "COM9"


def test_a_port_is_chosen_by_its_identity() -> None:
    port = Port("/dev/ttyACM0", "Honeywell", "usb:0c2e:0901:17")
    view = serial_view(WORDS, ScannerSection(serial=port.usb), [], Found(ports=(port,)), None)
    assert view.choices[1:] == (Choice(port.usb, "Honeywell  /dev/ttyACM0"),)


def test_the_password_of_a_stream_is_shown_nowhere() -> None:
    section = CameraSection(source="rtsp://admin:secret@10.0.0.7/live")
    view = camera_view(WORDS, section, [DeviceState("camera:10.0.0.7", "ready", "camera:10.0.0.7")], Found())
    shown = repr([choice.name for choice in view.choices]) + repr(view.state)
    assert "secret" not in shown
    assert "10.0.0.7" in shown


def test_a_customers_code_shows_its_end_alone() -> None:
    view = keyboard_view(WORDS, typed("123456789012"), whole=False)
    assert view.text == "…9012"
    assert keyboard_view(WORDS, typed("123456789012"), whole=True).text == "123456789012"
    assert "12 " in view.facts
    assert " 3 " in view.facts


def test_a_damaged_scan_leads_to_the_set_up() -> None:
    view = keyboard_view(WORDS, typed("０１２３４５６"), whole=True)
    assert view.state.health is Health.TROUBLE
    assert view.state.said == WORDS("damage", "full_width")


def test_a_scan_of_another_device_says_nothing_of_the_keyboard() -> None:
    view = keyboard_view(WORDS, LastScan(Scan("０１２３４５", "", "camera:0", 0)), whole=True)
    assert (view.state.health, view.text) == (Health.GOOD, "")


@BOTH
@pytest.mark.parametrize("state", list(SpeakerState))
def test_every_state_of_the_loudspeaker_has_words(language: str, state: SpeakerState) -> None:
    view = speaker_view(Words(AREA, language), state)
    assert not view.said.startswith("speaker_")
    assert (view.next == "") is (state is SpeakerState.READY)


@BOTH
def test_the_card_names_every_command_once(language: str) -> None:
    views = card_view(Words(AREA, language))
    assert [command_of(view.code.lower()) for view in views] == list(Command)
    assert len({view.name for view in views} | {view.does for view in views}) == 2 * len(Command)


def test_a_command_that_is_tried_is_named() -> None:
    assert "撤销" in tried(WORDS, Scan("hxundo", "", "keyboard", 0))
    assert command_of("HXUNDO 1") is None
