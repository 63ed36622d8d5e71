"""A grey frame: its type, and how other pictures become one."""

import cv2
import numpy as np
from numpy.typing import NDArray

GreyFrame = NDArray[np.uint8]
"""Shape (height, width), 0 black to 255 white."""

_OPAQUE = 255


def grey(picture: NDArray[np.generic]) -> GreyFrame:
    """Any picture OpenCV reads (1 to 4 channels BGRA, 8 or 16 bits) as a grey frame, see-through parts white.

    Raises ValueError for an empty array or one that is no picture.
    """
    if picture.size == 0 or picture.ndim not in (2, 3):
        raise ValueError(f"an array of shape {picture.shape} is not a picture")
    shallow = _eight_bits(picture)
    match 1 if shallow.ndim == 2 else shallow.shape[2]:
        case 1:
            return np.ascontiguousarray(shallow.reshape(shallow.shape[:2]))
        case 2:
            return _on_white(np.ascontiguousarray(shallow[:, :, 0]), shallow[:, :, 1])
        case 3:
            return np.asarray(cv2.cvtColor(shallow, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        case 4:
            flat = np.asarray(cv2.cvtColor(shallow, cv2.COLOR_BGRA2GRAY), dtype=np.uint8)
            return _on_white(flat, shallow[:, :, 3])
        case channels:
            raise ValueError(f"a picture of {channels} channels cannot be read")


def shrunk(frame: GreyFrame, longest_px: int) -> GreyFrame:
    """The frame with its longer side at most `longest_px`; the frame itself when it is no larger."""
    height, width = frame.shape
    factor = longest_px / max(height, width)
    if factor >= 1:
        return frame
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _eight_bits(picture: NDArray[np.generic]) -> NDArray[np.uint8]:
    if picture.dtype == np.uint8:
        return picture.astype(np.uint8, copy=False)
    if picture.dtype == np.uint16:
        return (picture.astype(np.uint16, copy=False) >> 8).astype(np.uint8)
    if picture.dtype in (np.float32, np.float64):
        return np.clip(picture.astype(np.float32) * _OPAQUE, 0, _OPAQUE).astype(np.uint8)
    raise ValueError(f"pixels of type {picture.dtype} cannot be read")


def _on_white(picture: GreyFrame, opacity: NDArray[np.uint8]) -> GreyFrame:
    if bool((opacity == _OPAQUE).all()):
        return picture
    share = opacity.astype(np.uint16)
    return ((picture * share + _OPAQUE * (_OPAQUE - share)) // _OPAQUE).astype(np.uint8)
