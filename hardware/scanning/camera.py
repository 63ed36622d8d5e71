"""A camera that reads codes: one thread opens it, looks at its frames, and finds it again after it was lost."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hardware.scanning.attendant import Attendance, Attendant
from hardware.scanning.scan import Heard, NowMs, Scan, Told, stopwatch_ms
from hardware.scanning.view import AWAY_MS, View

# OpenCV costs a second and 60 MB: only a started camera imports it.
if TYPE_CHECKING:
    from hardware.scanning.feed import Frame

_NODES = Path("/sys/class/video4linux")
_STABLE_NAMES = Path("/dev/v4l/by-id")
_PROBED = range(4)


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """`source`: a camera's number or node, the URL of a stream, or the path of a picture or video that stands for one.

    A film is shown at its own speed where `paced`, and again and again where `loop`. `bars` also reads EAN-13 and
    Code 128. A code is a new scan after `away_ms` out of view.
    """

    source: str | int
    paced: bool = True
    loop: bool = False
    bars: bool = False
    away_ms: int = AWAY_MS

    @property
    def name(self) -> str:
        """What scans and states are signed with; of an address without what may be a password in it."""
        source = str(self.source)
        if "://" in source:
            return f"camera:{urlsplit(source).hostname or ''}"
        return f"camera:{Path(source).name}"


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture of what the camera sees: BGR, 3 bytes a pixel, rows without padding."""

    pixels: bytes
    width: int
    height: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class CameraFound:
    """A camera of this machine: `source` for the settings, `label` for people."""

    source: str
    label: str


class Camera:
    """Reads codes from a thread of its own; `heard` and `told` are called from there.

    The same code held in view is one scan, until it has been out of view for a while.
    """

    def __init__(self, settings: CameraSettings, heard: Heard, told: Told, now_ms: NowMs = stopwatch_ms) -> None:
        self._settings = settings
        self._heard = heard
        self._now_ms = now_ms
        self._view = View(settings.away_ms)
        self._latest: tuple[Frame, Preview] | None = None
        self.name = settings.name
        self._attendant = Attendant(self.name, self._serve, told)

    def start(self) -> None:
        """Begin to look for the camera."""
        self._attendant.start()

    def stop(self) -> None:
        """End and let go of the camera."""
        self._attendant.stop()

    def latest(self) -> Preview | None:
        """The newest frame, small; None while there is none. Costs nothing and may be asked from any thread."""
        latest = self._latest
        return latest[1] if latest is not None else None

    def snapshot_png(self) -> bytes | None:
        """The newest frame in full, as a PNG file; None while there is none. Takes some 30 ms."""
        latest = self._latest
        if latest is None:
            return None
        from hardware.scanning.sight import png

        return png(latest[0].picture)

    def _serve(self, turn: Attendance) -> None:
        # A camera that hangs would otherwise hold its thread for ten seconds a frame.
        os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
        from hardware.scanning.feed import frames
        from hardware.scanning.sight import Sight, small

        settings = self._settings
        sight = Sight(bars=settings.bars)
        feed = frames(str(settings.source), turn, self._now_ms, paced=settings.paced, loop=settings.loop)
        try:
            for frame in feed:
                if not turn.was_ready:
                    turn.ready(self.name)
                self._latest = (frame, Preview(*small(frame.picture), frame.at_ms))
                for reading in self._view.new(sight.codes(frame.picture), frame.at_ms):
                    if reading.text:
                        self._heard(Scan(reading.text, reading.symbology, self.name, self._now_ms()))
        finally:
            self._latest = None
            feed.close()


def cameras() -> list[CameraFound]:
    """The cameras of this machine. Outside Linux each is opened for a moment: that takes seconds and lights lamps."""
    return _listed() if sys.platform == "linux" else _probed()


def _listed() -> list[CameraFound]:
    found = []
    for node in sorted(_NODES.glob("video*"), key=lambda node: (len(node.name), node.name)):
        # A camera's further nodes carry no picture but data about it.
        if _line(node / "index") in ("0", ""):
            found.append(CameraFound(_stable(node.name), _line(node / "name") or node.name))
    return found


def _probed() -> list[CameraFound]:
    from hardware.scanning.feed import answers

    return [CameraFound(str(index), f"#{index}") for index in _PROBED if answers(index)]


def _stable(node: str) -> str:
    """A name that still means this camera after another one was plugged in, where the system keeps such names."""
    named = [str(link) for link in sorted(_STABLE_NAMES.glob("*")) if link.resolve().name == node]
    return named[0] if named else node.removeprefix("video")


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
