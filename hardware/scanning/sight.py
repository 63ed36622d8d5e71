"""What is made of one camera frame: the codes in it, a small picture to look at, a whole one to keep."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.decoding.frame import grey
from hardware.decoding.pipeline import BARS, Rotating, look
from hardware.decoding.symbol import Reading

PREVIEW_WIDTH_PX = 320


class Sight:
    """Reads the frames of one camera in turn: pipeline A and one heavy step a frame, and where `bars` also EAN-13 and
    Code 128 in frames without a QR code."""

    __slots__ = ("_bars", "_rotating")

    def __init__(self, *, bars: bool = False) -> None:
        self._rotating = Rotating()
        self._bars = bars

    def codes(self, picture: NDArray[np.uint8]) -> list[Reading]:
        """The codes in this frame; never raises."""
        seen = grey(picture)
        symbols = self._rotating.decode(seen)
        found = [Reading(symbol.text, symbol.symbology, symbol.raw) for symbol in symbols]
        return found or (look(seen, BARS[0]) if self._bars else [])


def small(picture: NDArray[np.uint8]) -> tuple[bytes, int, int]:
    """BGR bytes, width and height in pixels of the picture shrunk to a width of 320."""
    height, width = picture.shape[:2]
    if width > PREVIEW_WIDTH_PX:
        size = (PREVIEW_WIDTH_PX, max(1, round(height * PREVIEW_WIDTH_PX / width)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if picture.ndim == 2:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return picture.tobytes(), picture.shape[1], picture.shape[0]


def png(picture: NDArray[np.uint8]) -> bytes | None:
    """The whole picture as a PNG file; None where it cannot be written."""
    written, data = cv2.imencode(".png", picture)
    return bytes(data.tobytes()) if written else None
