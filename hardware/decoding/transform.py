"""What is done to a frame before a decoder sees it: each transform is data."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.decoding.frame import GreyFrame


@dataclass(frozen=True, slots=True)
class Gamma:
    """Brightens shadows below 1, deepens them above."""

    exponent: float


@dataclass(frozen=True, slots=True)
class Resize:
    """Averages when it shrinks; enlarges by cubic splines, or linearly where `smooth` is False."""

    factor: float
    smooth: bool = True


@dataclass(frozen=True, slots=True)
class Sharpen:
    """Unsharp mask with a Gaussian of `sigma_px`."""

    sigma_px: float
    amount: float


@dataclass(frozen=True, slots=True)
class BoxSharpen:
    """Unsharp mask with a mean over a square of `side_px`: a third of the Gaussian's cost."""

    side_px: int
    amount: float


@dataclass(frozen=True, slots=True)
class Smooth:
    """Gaussian blur: fills the gaps between a screen's pixels, calms noise."""

    sigma_px: float


@dataclass(frozen=True, slots=True)
class Erode:
    """Lets dark parts grow by a pixel each way."""


@dataclass(frozen=True, slots=True)
class Equalize:
    """Contrast limited adaptive histogram equalisation."""

    clip: float
    tiles: int


Transform = Gamma | Resize | Sharpen | BoxSharpen | Smooth | Erode | Equalize


def transformed(frame: GreyFrame, transforms: tuple[Transform, ...]) -> GreyFrame:
    """The frame after each transform in turn; raises cv2.error where a frame is too small for one."""
    for transform in transforms:
        frame = np.asarray(_applied(frame, transform), dtype=np.uint8)
    return frame


def _applied(frame: GreyFrame, transform: Transform) -> NDArray[np.generic]:
    match transform:
        case Gamma(exponent):
            return cv2.LUT(frame, _gamma_table(exponent))
        case Resize(factor, smooth):
            enlarging = cv2.INTER_CUBIC if smooth else cv2.INTER_LINEAR
            how = cv2.INTER_AREA if factor < 1 else enlarging
            return cv2.resize(frame, None, fx=factor, fy=factor, interpolation=how)
        case Sharpen(sigma_px, amount):
            return cv2.addWeighted(frame, 1 + amount, cv2.GaussianBlur(frame, (0, 0), sigma_px), -amount, 0)
        case BoxSharpen(side_px, amount):
            return cv2.addWeighted(frame, 1 + amount, cv2.blur(frame, (side_px, side_px)), -amount, 0)
        case Smooth(sigma_px):
            return cv2.GaussianBlur(frame, (0, 0), sigma_px)
        case Erode():
            return cv2.erode(frame, np.ones((3, 3), dtype=np.uint8))
        case Equalize(clip, tiles):
            return cv2.createCLAHE(clip, (tiles, tiles)).apply(frame)


@cache
def _gamma_table(exponent: float) -> NDArray[np.uint8]:
    return np.round((np.arange(256) / 255) ** exponent * 255).astype(np.uint8)
