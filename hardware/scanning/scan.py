"""What an input device gives: a scan, and how the device itself is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["ready", "missing", "taken", "denied", "lost", "broken", "off"]
"""missing: not there yet; taken: another program has it, or it opens and gives nothing; denied: this user may not
open it; lost: it was there and is gone; broken: there, but nothing can be read from it; off: stopped or at its end."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One code as one device read it.

    `symbology` is "QR Code", "EAN-13" or "Code 128", and empty where the device does not say. `source` names the
    device: "keyboard", "serial:/dev/ttyUSB0", "camera:0". `at_ms` is monotonic milliseconds.
    """

    text: str
    symbology: str
    source: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class DeviceState:
    """How the device called `name` (a `Scan.source`) is; `detail` is for technicians and may be empty."""

    name: str
    state: State
    detail: str = ""


Heard = Callable[[Scan], None]
Told = Callable[[DeviceState], None]
NowMs = Callable[[], int]
"""Heard and Told are called from the device's own thread."""


def stopwatch_ms() -> int:
    """Milliseconds since some fixed moment: for order and distance, not for the time of day."""
    return time.perf_counter_ns() // 1_000_000
