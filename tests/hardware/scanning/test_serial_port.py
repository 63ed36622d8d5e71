"""A serial scanner over a pseudo terminal: frames, pulled plugs, other programs, names."""

import errno
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import serial
from serial.tools import list_ports

from hardware.scanning.scan import DeviceState, Scan, State
from hardware.scanning.serial_port import Port, SerialScanner, SerialSettings, port_name, ports

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are not there on Windows")
PATIENCE_S = 20


class Desk:
    """A plug that may be put in and pulled, and what the scanner behind it said."""

    def __init__(self, folder: Path) -> None:
        self.link = folder / "ttyUSB0"
        self.scans: queue.Queue[Scan] = queue.Queue()
        self.told: queue.Queue[DeviceState] = queue.Queue()
        self.master: int | None = None
        self.scanner: SerialScanner | None = None

    def plug(self) -> None:
        self.master, slave = os.openpty()
        name = os.ttyname(slave)
        os.close(slave)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(name)

    def pull(self) -> None:
        assert self.master is not None
        os.close(self.master)
        self.master = None
        self.link.unlink()

    def send(self, data: bytes) -> None:
        assert self.master is not None
        os.write(self.master, data)

    def start(self, **settings: Any) -> None:
        self.scanner = SerialScanner(SerialSettings(str(self.link), **settings), self.scans.put, self.told.put)
        self.scanner.start()

    def text(self) -> str:
        return self.scans.get(timeout=PATIENCE_S).text

    def state(self) -> State:
        return self.told.get(timeout=PATIENCE_S).state

    def close(self) -> None:
        if self.scanner is not None:
            self.scanner.stop()
        if self.master is not None:
            os.close(self.master)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("serial:")]


@pytest.fixture
def ready(desk: Desk) -> Desk:
    desk.plug()
    desk.start()
    assert desk.state() == "ready"
    return desk


def test_frames_whole_split_and_together(ready: Desk) -> None:
    ready.send(b"8812345678901234\r\n")
    assert ready.text() == "8812345678901234"
    ready.send(b"https://v.dou")
    ready.send(b"yin.com/eHHc1ft/\r")
    ready.send(b"\nthird\rfourth\n")
    assert [ready.text() for _ in range(3)] == ["https://v.douyin.com/eHHc1ft/", "third", "fourth"]
    ready.send("双人烤鱼\r".encode("gb18030"))
    assert ready.text() == "双人烤鱼"


def test_a_scan_says_where_it_came_from(ready: Desk) -> None:
    ready.send(b"1\r")
    ready.send(b"2\r")
    first, second = (ready.scans.get(timeout=PATIENCE_S) for _ in range(2))
    assert (first.source, first.symbology) == (f"serial:{ready.link}", "")
    assert 0 < first.at_ms <= second.at_ms


def test_fifty_scans_in_a_burst(ready: Desk) -> None:
    codes = [f"{number:016}" for number in range(50)]
    for code in codes:
        ready.send(code.encode() + b"\r\n")
    assert [ready.text() for _ in codes] == codes


@pytest.mark.parametrize("end", ["silence", "any"])
def test_silence_ends_a_frame(desk: Desk, end: str) -> None:
    desk.plug()
    desk.start(end=end)
    assert desk.state() == "ready"
    desk.send(b"8812345678901234")
    assert desk.text() == "8812345678901234"
    desk.send(b"second")
    assert desk.text() == "second"


def test_garbage_without_an_end_does_not_reach_the_next_code(ready: Desk) -> None:
    for _ in range(20):
        ready.send(b"\xaa" * 1000)
    ready.send(b"\r\ngood\r\n")
    assert ready.text() == "good"
    assert ready.scans.empty()


def test_a_pulled_plug_and_another_port_under_the_name(ready: Desk) -> None:
    for number in range(2):
        ready.send(b"half a code")
        ready.pull()
        assert ready.state() == "lost"
        ready.plug()
        assert ready.state() == "ready"
        ready.send(f"code {number}\r".encode())
        assert ready.text() == f"code {number}"


def test_a_port_that_comes_later(desk: Desk) -> None:
    desk.start()
    assert desk.state() == "missing"
    desk.plug()
    assert desk.state() == "ready"
    desk.send(b"late\r")
    assert desk.text() == "late"


def test_a_port_that_another_program_has(desk: Desk) -> None:
    desk.plug()
    other = serial.Serial(str(desk.link), exclusive=True)
    desk.start()
    assert desk.state() == "taken"
    other.close()
    assert desk.state() == "ready"


def test_what_is_no_port_is_broken(desk: Desk) -> None:
    desk.link.write_text("a file")
    desk.start()
    assert desk.state() == "broken"


def test_stop_says_off_and_start_begins_anew(ready: Desk) -> None:
    assert ready.scanner is not None
    ready.scanner.stop()
    assert ready.state() == "off"
    ready.scanner.start()
    assert ready.state() == "ready"
    ready.send(b"again\r")
    assert ready.text() == "again"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (serial.SerialException(errno.EACCES, "no"), "denied"),
        (serial.SerialException(errno.EBUSY, "no"), "taken"),
        (serial.SerialException("could not open port 'COM3': PermissionError(13, 'Access is denied.')"), "taken"),
        (serial.SerialException("could not open port 'COM3': FileNotFoundError(2, 'not found')"), "missing"),
        (serial.SerialException("Cannot configure port"), "broken"),
        (ValueError("not a valid baud rate"), "broken"),
    ],
)
def test_why_a_port_does_not_open(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, state: State) -> None:
    def refuse(*_args: object, **_words: object) -> None:
        raise error

    monkeypatch.setattr(serial, "Serial", refuse)
    desk.start()
    assert desk.state() == state


def listed(*records: dict[str, object]) -> Callable[[], list[Any]]:
    plain: dict[str, object] = {"vid": None, "pid": None, "serial_number": None, "description": ""}
    return lambda: [SimpleNamespace(**(plain | record)) for record in records]


ONE: dict[str, object] = {
    "device": "/dev/ttyACM3",
    "vid": 0x0C2E,
    "pid": 0x0B6A,
    "serial_number": "S123",
    "description": "Scanner",
}
OTHER: dict[str, object] = {"device": "/dev/ttyACM1", "vid": 0x0C2E, "pid": 0x0B6A, "serial_number": "S9"}
ODD: dict[str, object] = {"device": "/dev/ttyACM7", "vid": 0x1111, "pid": 0x2222, "serial_number": "A:B"}
BARE: dict[str, object] = {"device": "/dev/ttyUSB2", "vid": 0x1A86, "pid": 0x7523}
BOARD: dict[str, object] = {"device": "/dev/ttyS0"}


def test_ports_are_listed_with_their_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ports, "comports", listed(BOARD, BARE, ONE))
    assert ports() == [
        Port("/dev/ttyACM3", "Scanner", "usb:0c2e:0b6a:S123"),
        Port("/dev/ttyUSB2", "/dev/ttyUSB2", "usb:1a86:7523"),
        Port("/dev/ttyS0", "/dev/ttyS0"),
    ]


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("COM3", "COM3"),
        ("usb:0C2E:0B6A:S123", "/dev/ttyACM3"),
        ("usb:0c2e:0b6a:s9", "/dev/ttyACM1"),
        ("usb:0c2e:0b6a", "/dev/ttyACM1"),
        ("usb:1a86:7523", "/dev/ttyUSB2"),
        ("usb:0c2e:0b6a:S1", None),
        ("usb:1a86:7523:S1", None),
        ("usb:ffff:0b6a", None),
        ("usb:1111:2222:A:B", "/dev/ttyACM7"),
        ("usb:1111:2222:A", None),
        ("usb:nonsense", "usb:nonsense"),
    ],
)
def test_a_setting_finds_its_port(monkeypatch: pytest.MonkeyPatch, setting: str, name: str | None) -> None:
    monkeypatch.setattr(list_ports, "comports", listed(BOARD, BARE, ONE, OTHER, ODD))
    assert port_name(setting) == name


def test_this_machine_s_ports_can_be_asked_for() -> None:
    assert all(port.name for port in ports())


def test_a_scanner_is_found_under_another_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.plug()
    first = str(desk.link.readlink())
    monkeypatch.setattr(list_ports, "comports", listed(ONE | {"device": first}))
    scanner = SerialScanner(SerialSettings("usb:0c2e:0b6a:S123"), desk.scans.put, desk.told.put)
    desk.scanner = scanner
    scanner.start()
    assert desk.told.get(timeout=PATIENCE_S) == DeviceState("serial:usb:0c2e:0b6a:S123", "ready", first)
    monkeypatch.setattr(list_ports, "comports", listed(BOARD))
    desk.pull()
    assert desk.state() == "lost"
    desk.plug()
    second = str(desk.link.readlink())
    monkeypatch.setattr(list_ports, "comports", listed(ONE | {"device": second}))
    assert desk.told.get(timeout=PATIENCE_S) == DeviceState("serial:usb:0c2e:0b6a:S123", "ready", second)
    desk.send(b"found\r")
    assert desk.scans.get(timeout=PATIENCE_S).source == "serial:usb:0c2e:0b6a:S123"
