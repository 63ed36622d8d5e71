"""The devices page in words: how each scanner, the camera and the loudspeaker are, and what to do where one is not."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from hardware.scanning.camera import CameraFound, CameraSettings
from hardware.scanning.layout import damage_of
from hardware.scanning.scan import DeviceState, Scan
from hardware.scanning.serial_port import Port
from hardware.scanning.wedge import Suffix
from hardware.speaker import State
from terminal.i18n import Words
from terminal.presenters.command_card import command_of
from terminal.settings import CameraSection, ScannerSection

AREA = "devices"
BAUDS = (9600, 19200, 38400, 57600, 115200)
KEYBOARD = "keyboard"
_LONGEST_SHOWN = 120
_TAIL = 4


class Health(StrEnum):
    """How a device is: it works, it is being waited for, somebody has to act, or it is not used."""

    GOOD = "good"
    BUSY = "busy"
    TROUBLE = "trouble"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class LastScan:
    """A scan, and of a keyboard scanner how it was typed: milliseconds from key to key, and the key that ended it."""

    scan: Scan
    pace_ms: int | None = None
    ended: Suffix = "none"


@dataclass(frozen=True, slots=True)
class Found:
    """What is plugged in."""

    ports: tuple[Port, ...] = ()
    cameras: tuple[CameraFound, ...] = ()


@dataclass(frozen=True, slots=True)
class StateView:
    """A device in one line, what to do now, and a technician's detail; the last two may be empty."""

    health: Health
    said: str
    next: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: what it is in the settings, and its name."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class ChosenView:
    """A device that is chosen from a list; an empty value means none."""

    state: StateView
    choices: tuple[Choice, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class KeyboardView:
    """The scanner that poses as a keyboard: its state, and what the last scan was."""

    state: StateView
    text: str = ""
    facts: str = ""


def keyboard_view(words: Words, last: LastScan | None, *, whole: bool) -> KeyboardView:
    """`whole`: the text was scanned here to try it; what was scanned elsewhere is a customer's, and shows its end."""
    if last is None or last.scan.source != KEYBOARD:
        return KeyboardView(StateView(Health.GOOD, words("keyboard", "on"), words("keyboard", "try")))
    text = last.scan.text
    facts = words("keyboard", "facts", count=len(text), pace=last.pace_ms if last.pace_ms is not None else "—")
    shown = _shown(words, text) if whole else f"…{text[-_TAIL:]}"
    damage = damage_of(text)
    if damage is None:
        return KeyboardView(StateView(Health.GOOD, words("keyboard", "works")), shown, facts)
    state = StateView(Health.TROUBLE, words("damage", damage.value), words("keyboard", "damaged"))
    return KeyboardView(state, shown, facts)


def serial_view(
    words: Words, section: ScannerSection, states: Iterable[DeviceState], found: Found | None, last: LastScan | None
) -> ChosenView:
    """`found` is None while it is being looked for."""
    choices = [Choice(port.usb or port.name, _port_name(port)) for port in (found.ports if found is not None else ())]
    name = f"serial:{section.serial}"
    state = _state(words, "serial", section.serial, name, states, found is not None and not choices)
    if state.health is Health.GOOD and (last is None or last.scan.source != name):
        state = StateView(Health.GOOD, state.said, words("serial", "try"), state.detail)
    return _chosen(words, state, choices, section.serial, section.serial)


def camera_view(words: Words, section: CameraSection, states: Iterable[DeviceState], found: Found | None) -> ChosenView:
    """`found` is None while it is being looked for."""
    cameras = found.cameras if found is not None else ()
    labels = [camera.label for camera in cameras]
    choices = [
        # Two cameras of one make: only the number tells them apart.
        Choice(camera.source, f"{camera.label}  {place}" if labels.count(camera.label) > 1 else camera.label)
        for place, camera in enumerate(cameras, start=1)
    ]
    name = CameraSettings(section.source).name
    state = _state(words, "camera", section.source, name, states, found is not None and not choices)
    return _chosen(words, state, choices, section.source, _source_name(section.source))


def speaker_view(words: Words, state: State) -> StateView:
    """The loudspeaker."""
    health = {State.READY: Health.GOOD, State.CLOSED: Health.QUIET, State.OFF: Health.QUIET}
    said = f"speaker_{state.value}"
    return StateView(health.get(state, Health.TROUBLE), words("speaker", said), words("speaker_next", state.value))


def tried(words: Words, scan: Scan) -> str:
    """What a scan on this page would have done elsewhere: nothing is redeemed from here."""
    command = command_of(scan.text)
    if command is not None:
        return words("tried", "command", name=words("commands", command.name.lower()))
    return words("tried", "scan")


def _state(
    words: Words, kind: str, setting: str, name: str, states: Iterable[DeviceState], nothing_there: bool
) -> StateView:
    if not setting:
        return StateView(Health.QUIET, words(kind, "none_there" if nothing_there else "unused"))
    state = next((state for state in states if state.name == name), None)
    if state is None:
        return StateView(Health.BUSY, words(kind, "looking"))
    match state.state:
        case "ready":
            return StateView(Health.GOOD, words(kind, "ready"), detail=state.detail.removeprefix(f"{kind}:"))
        case "off":
            return StateView(Health.QUIET, words(kind, "off"))
        case away:
            # A device that is not there has nothing more to tell.
            detail = state.detail if away not in ("missing", "lost") else ""
            return StateView(Health.TROUBLE, words(kind, away), words(f"{kind}_next", away), detail[:_LONGEST_SHOWN])


def _chosen(words: Words, state: StateView, choices: list[Choice], setting: str, name: str) -> ChosenView:
    if setting and setting not in {choice.value for choice in choices}:
        choices = [Choice(setting, words("choice", "set", name=name)), *choices]
    return ChosenView(state, (Choice("", words("choice", "none")), *choices), setting)


def _port_name(port: Port) -> str:
    return port.name if port.label in ("", "n/a", port.name) else f"{port.label}  {port.name}"


def _source_name(source: str) -> str:
    """Of an address only the host: a password may stand in the rest."""
    return (urlsplit(source).hostname or "") if "://" in source else source


def _shown(words: Words, text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else words("keyboard", "long", start=text[:_LONGEST_SHOWN])
