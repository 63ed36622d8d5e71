"""Which decoder looks at which version of a frame, in which order, and when to stop."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from hardware.decoding import zbar, zxing
from hardware.decoding.frame import GreyFrame, shrunk
from hardware.decoding.symbol import Reading, Symbol
from hardware.decoding.transform import (
    BoxSharpen,
    Equalize,
    Erode,
    Gamma,
    Resize,
    Sharpen,
    Smooth,
    Transform,
    transformed,
)
from hardware.decoding.zxing import Kind

Decoder = Literal["zx", "gh", "zbar"]
"""zx: zxing-cpp with local averages; gh: zxing-cpp with one global threshold; zbar: ZBar."""
Effort = Literal["A", "B", "C"]
NowMs = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Step:
    """One look at a frame."""

    name: str
    decoder: Decoder
    transforms: tuple[Transform, ...] = ()
    kind: Kind = "qr"


# decoding.md's A with two steps exchanged: sharpening by a box reads more small codes than gamma 2.2 does,
# and half size without sharpening more of the large noisy ones. Both looked-over steps come back in B.
_LIVE = (
    Step("zx", "zx"),
    Step("zx gamma 0.45", "zx", (Gamma(0.45),)),
    Step("zx half", "zx", (Resize(0.5),)),
    Step("gh box sharp", "gh", (BoxSharpen(5, 1.5),)),
)
_PATIENT = (
    Step("zx half sharp", "zx", (Resize(0.5), Sharpen(1, 1))),
    Step("gh gamma 2.2", "gh", (Gamma(2.2),)),
    Step("gh gamma 0.3", "gh", (Gamma(0.3),)),
    Step("zx smooth", "zx", (Smooth(1),)),
    Step("zx smooth sharp", "zx", (Smooth(0.8), Sharpen(2, 3))),
    Step("zbar half", "zbar", (Resize(0.5),)),
)
_STUBBORN = (
    Step("zx 1.5x sharp", "zx", (Resize(1.5, smooth=False), BoxSharpen(7, 3))),
    Step("gh smoother sharp", "gh", (Smooth(1.5), Sharpen(4, 4))),
    Step("gh 1.5x sharp", "gh", (Resize(1.5), Sharpen(2, 3))),
    Step("zx strong sharp", "zx", (Sharpen(2, 3),)),
    Step("gh erode", "gh", (Erode(),)),
    Step("zx smoother sharp", "zx", (Smooth(1.5), Sharpen(4, 4))),
    Step("zx equalized", "zx", (Equalize(3, 8),)),
    Step("zx 2x", "zx", (Resize(2),)),
    Step("zx 2x smooth", "zx", (Resize(2), Smooth(1.2))),
    Step("zx 2x sharp", "zx", (Resize(2), Sharpen(3, 2))),
)
PIPELINES: dict[Effort, tuple[Step, ...]] = {
    "A": _LIVE,
    "B": _LIVE + _PATIENT,
    "C": _LIVE + _PATIENT + _STUBBORN,
}
BARS = (
    Step("bars", "zx", kind="bars"),
    Step("bars 2x", "zx", (Resize(2),), kind="bars"),
)
HEAVY = (
    Step("zx smooth sharp", "zx", (Smooth(0.8), Sharpen(2, 3))),
    Step("zx 1.5x sharp", "zx", (Resize(1.5, smooth=False), BoxSharpen(7, 3))),
    Step("gh smoother sharp", "gh", (Smooth(1.5), Sharpen(4, 4))),
    Step("gh gamma 2.2", "gh", (Gamma(2.2),)),
    Step("zbar half", "zbar", (Resize(0.5),)),
    Step("gh 1.5x sharp", "gh", (Resize(1.5), Sharpen(2, 3))),
    Step("zx half sharp", "zx", (Resize(0.5), Sharpen(1, 1))),
    Step("gh gamma 0.3", "gh", (Gamma(0.3),)),
    Step("zx 2x smooth", "zx", (Resize(2), Smooth(1.2))),
    Step("zx equalized", "zx", (Equalize(3, 8),)),
)

LARGE_FRAME_PX = 1920
"""A frame with a longer side than this is first looked at shrunk to `WORKING_PX`."""
WORKING_PX = 1600


def elapsed_ms() -> float:
    """Milliseconds since some fixed moment, for measuring how long something took."""
    return time.perf_counter() * 1000


def decode(frame: GreyFrame, effort: Effort, *, bars: bool = False, now_ms: NowMs = elapsed_ms) -> list[Symbol]:
    """The codes that the first successful step of the pipeline finds; empty when none does. Never raises.

    `bars` also looks for EAN-13 and Code 128, after the QR codes, which are what a coupon is shown as.
    """
    started_ms = now_ms()
    for step, seen in _looks(frame, effort, bars):
        if readings := look(seen, step):
            return _symbols(readings, step, now_ms() - started_ms)
    return []


class Rotating:
    """For frames of one camera or video in turn: pipeline A on each, and one heavy step that changes each time."""

    __slots__ = ("_heavy", "_next", "_now_ms")

    def __init__(self, *, now_ms: NowMs = elapsed_ms, heavy: tuple[Step, ...] = HEAVY) -> None:
        self._now_ms = now_ms
        self._heavy = heavy
        self._next = 0

    def decode(self, frame: GreyFrame) -> list[Symbol]:
        """The codes in this frame, by the first step that finds any; a frame read by A leaves the turn as it is."""
        started_ms = self._now_ms()
        seen = shrunk(frame, WORKING_PX) if max(frame.shape) > LARGE_FRAME_PX else frame
        for step in (*_LIVE, *self._turn()):
            if readings := look(seen, step):
                return _symbols(readings, step, self._now_ms() - started_ms)
        return []

    def _turn(self) -> Iterator[Step]:
        if self._heavy:
            step = self._heavy[self._next % len(self._heavy)]
            self._next += 1
            yield step


def look(frame: GreyFrame, step: Step) -> list[Reading]:
    """What one step finds in a grey frame; a frame or code the step cannot cope with holds nothing."""
    # OpenCV's equalisation never comes back from a frame without pixels.
    if frame.size == 0:
        return []
    try:
        seen = transformed(frame, step.transforms)
    # Degenerate frames (a pixel wide, say) make OpenCV raise cv2.error and others; none is worth losing a scan.
    except Exception:  # noqa: BLE001
        return []
    match step.decoder:
        case "zx":
            return zxing.read(seen, "local", step.kind)
        case "gh":
            return zxing.read(seen, "global", step.kind)
        case "zbar":
            return zbar.read(seen)


def _looks(frame: GreyFrame, effort: Effort, bars: bool) -> Iterator[tuple[Step, GreyFrame]]:
    """A large frame is looked at shrunk, where the heavy steps are affordable, and at its full size by A only."""
    large = max(frame.shape) > LARGE_FRAME_PX
    seen = shrunk(frame, WORKING_PX) if large else frame
    steps = PIPELINES[effort]
    yield from ((step, seen) for step in steps[: len(_LIVE)])
    if large:
        yield from ((step, frame) for step in _LIVE)
    yield from ((step, seen) for step in steps[len(_LIVE) :])
    if bars:
        yield BARS[0], frame
        yield BARS[1], seen


def _symbols(readings: list[Reading], step: Step, ms: float) -> list[Symbol]:
    found: dict[tuple[str, bytes], Symbol] = {}
    for reading in readings:
        symbol = Symbol(reading.text, reading.symbology, reading.raw, ms, step.name)
        found.setdefault((reading.symbology, reading.raw), symbol)
    return list(found.values())
