"""Scanners on a serial line, real or over USB: found, opened, read, and found again after the plug was pulled."""

import errno
import re
from dataclasses import dataclass

import serial
from serial.tools import list_ports

from hardware.scanning.attendant import Attendance, Attendant, Away
from hardware.scanning.framing import SILENCE_MS, End, Framing, text_of
from hardware.scanning.scan import Heard, NowMs, Scan, State, Told, stopwatch_ms

_USB = re.compile(r"usb:([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?", re.IGNORECASE)
_LOOK_S = 0.02
_STATES: dict[int, State] = {
    errno.ENOENT: "missing",
    errno.ENODEV: "missing",
    errno.ENXIO: "missing",
    errno.EIO: "missing",
    errno.EBUSY: "taken",
    errno.EAGAIN: "taken",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
}


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port of this machine. `usb` is how to name it so that it is found under another name: empty where the
    port has no identity. `label` is what its driver calls it."""

    name: str
    label: str
    usb: str = ""


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """`port` is a name (COM3, /dev/ttyUSB0) or `usb:VID:PID[:SERIAL]`, in hexadecimal. Times are in ms."""

    port: str
    baud: int = 9600
    end: End = "any"
    silence_ms: int = SILENCE_MS


class SerialScanner:
    """Reads one port from a thread of its own; `heard` and `told` are called from there."""

    def __init__(self, settings: SerialSettings, heard: Heard, told: Told, now_ms: NowMs = stopwatch_ms) -> None:
        self._settings = settings
        self._heard = heard
        self._now_ms = now_ms
        self.name = f"serial:{settings.port}"
        self._attendant = Attendant(self.name, self._serve, told)

    def start(self) -> None:
        """Begin to look for the port."""
        self._attendant.start()

    def stop(self) -> None:
        """End and let go of the port."""
        self._attendant.stop()

    def _serve(self, turn: Attendance) -> None:
        name = port_name(self._settings.port)
        if name is None:
            raise Away("missing", self._settings.port)
        with _opened(name, self._settings.baud) as line:
            turn.ready(name)
            framing = Framing(self._settings.end, self._settings.silence_ms)
            while not turn.stopping:
                self._say(framing.heard(data, self._now_ms()) if (data := _read(line)) else self._quiet(framing))

    def _quiet(self, framing: Framing) -> list[bytes]:
        return framing.quiet(self._now_ms())

    def _say(self, frames: list[bytes]) -> None:
        for frame in frames:
            if text := text_of(frame):
                self._heard(Scan(text, "", self.name, self._now_ms()))


def ports() -> list[Port]:
    """The serial ports of this machine, those with a USB identity first."""
    found = [Port(info.device, info.description or info.device, _usb(info)) for info in list_ports.comports()]
    return sorted(found, key=lambda port: (not port.usb, port.name))


def port_name(setting: str) -> str | None:
    """The name a port has now; None when no port has this USB identity. A plain name is taken as it is."""
    match = _USB.fullmatch(setting)
    if match is None:
        return setting
    wanted = setting.lower()
    for port in ports():
        identity = port.usb.lower()
        if identity == wanted or (match[3] is None and identity.startswith(f"{wanted}:")):
            return port.name
    return None


def _usb(info: object) -> str:
    # Only some platforms' port records have these.
    vendor, product = getattr(info, "vid", None), getattr(info, "pid", None)
    if vendor is None or product is None:
        return ""
    number = getattr(info, "serial_number", None)
    return f"usb:{vendor:04x}:{product:04x}" + (f":{number}" if number else "")


def _opened(name: str, baud: int) -> serial.Serial:
    try:
        # Without the lock two programs would each get half of a code.
        return serial.Serial(name, baud, timeout=_LOOK_S, exclusive=True)
    except (serial.SerialException, OSError, ValueError) as error:
        raise Away(_state_of(error), str(error)) from error


def _read(line: serial.Serial) -> bytes:
    try:
        return bytes(line.read(max(1, line.in_waiting)))
    except (serial.SerialException, OSError, TypeError) as error:
        raise Away("lost", str(error)) from error


def _state_of(error: OSError | ValueError) -> State:
    if isinstance(error, OSError) and error.errno in _STATES:
        return _STATES[error.errno]
    # On Windows pyserial gives the system's error only as words within its own.
    words = str(error)
    if "PermissionError" in words:
        return "taken"
    return "missing" if "FileNotFoundError" in words else "broken"
