"""How a customer's phone, showing a coupon's QR code, looks to the camera of a till."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

Difficulty = Literal["easy", "medium", "hard"]
Picture = NDArray[np.uint8]
_Field = NDArray[np.float32]

WIDTH_PX, HEIGHT_PX = 1280, 720
_OVERSAMPLING = 2
_QUIET_MODULES = 4
_LARGEST_CODE_PX = 620


@dataclass(frozen=True, slots=True)
class _Range:
    low: float
    high: float

    def draw(self, chance: np.random.Generator) -> float:
        return float(chance.uniform(self.low, self.high))


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What a difficulty draws from; lengths in camera pixels, light as a share of full white."""

    module_px: _Range
    tilt_deg: _Range
    roll_deg: _Range
    defocus_px: _Range
    motion_px: _Range
    noise: _Range
    white: _Range
    black: _Range
    unevenness: _Range
    glare: _Range
    moire: _Range
    dark_mode_share: float


_CONDITIONS: dict[Difficulty, _Conditions] = {
    "easy": _Conditions(
        module_px=_Range(3.6, 5.5),
        tilt_deg=_Range(-14, 14),
        roll_deg=_Range(-20, 20),
        defocus_px=_Range(0.3, 0.8),
        motion_px=_Range(0, 1),
        noise=_Range(0.005, 0.015),
        white=_Range(0.75, 0.95),
        black=_Range(0.05, 0.15),
        unevenness=_Range(0, 0.2),
        glare=_Range(0, 0.1),
        moire=_Range(0, 0.03),
        dark_mode_share=0.2,
    ),
    "medium": _Conditions(
        module_px=_Range(2.5, 4.2),
        tilt_deg=_Range(-22, 22),
        roll_deg=_Range(-180, 180),
        defocus_px=_Range(0.4, 1.0),
        motion_px=_Range(0, 2.4),
        noise=_Range(0.008, 0.025),
        white=_Range(0.5, 1.1),
        black=_Range(0.08, 0.25),
        unevenness=_Range(0.1, 0.4),
        glare=_Range(0, 0.3),
        moire=_Range(0, 0.07),
        dark_mode_share=0.2,
    ),
    "hard": _Conditions(
        module_px=_Range(1.9, 3.4),
        tilt_deg=_Range(-32, 32),
        roll_deg=_Range(-180, 180),
        defocus_px=_Range(0.4, 1.2),
        motion_px=_Range(0, 2.8),
        noise=_Range(0.01, 0.04),
        white=_Range(0.3, 1.4),
        black=_Range(0.1, 0.25),
        unevenness=_Range(0.2, 0.6),
        glare=_Range(0, 0.5),
        moire=_Range(0, 0.12),
        dark_mode_share=0.2,
    ),
}


def phone_screen(text: str, *, seed: int, difficulty: Difficulty = "easy", dark: bool | None = None) -> Picture:
    """A grey camera frame, uint8 of shape (720, 1280), of a phone that shows `text` as a QR code, level M.

    The same arguments give the same picture. `dark` True shows the code light on dark, False dark on light,
    None leaves it to the seed. Raises ValueError when the text does not fit into a QR code.
    """
    chance = np.random.default_rng(seed)
    conditions = _CONDITIONS[difficulty]
    inverted = bool(chance.random() < conditions.dark_mode_share) if dark is None else dark
    modules = _modules(text)
    module_px = min(conditions.module_px.draw(chance), _LARGEST_CODE_PX / modules.shape[0])
    phone, code_centre = _phone(modules, module_px * _OVERSAMPLING, inverted, chance)
    scene = _placed(phone, code_centre, modules.shape[0] * module_px, conditions, chance)
    return _photographed(scene, conditions, chance)


def write_png(path: Path, image: Picture) -> None:
    """Write `image` to `path`, whatever letters its name holds; raises OSError when that is not possible."""
    written, data = cv2.imencode(".png", image)
    if not written:
        raise OSError(f"{path} could not be encoded as PNG")
    path.write_bytes(data.tobytes())


def _modules(text: str) -> _Field:
    code = segno.make_qr(text, error="m", boost_error=False)
    rows: Any = code.matrix_iter(scale=1, border=_QUIET_MODULES)
    return np.array([[0.0 if module else 1.0 for module in row] for row in rows], dtype=np.float32)


def _phone(
    modules: _Field, module_px: float, inverted: bool, chance: np.random.Generator
) -> tuple[_Field, tuple[float, float]]:
    """The phone seen straight on, 0 black to 1 white, and where on it the centre of the code is."""
    side = round(modules.shape[0] * module_px)
    code = cv2.resize(modules, (side, side), interpolation=cv2.INTER_NEAREST)
    width = round(side / chance.uniform(0.68, 0.86))
    height, bezel = round(width * 2.05), max(4, round(width * 0.035))
    page, ink = (0.08, 0.85) if inverted else (0.96, 0.15)
    phone = np.full((height + 2 * bezel, width + 2 * bezel), 0.04, dtype=np.float32)
    phone[bezel:-bezel, bezel:-bezel] = page
    left = bezel + (width - side) // 2
    top = bezel + round(height * chance.uniform(0.22, 0.34))
    phone[top : top + side, left : left + side] = 1 - code * 0.95 if inverted else code
    line = max(2, round(height * 0.012))
    rows = [0.03, 0.09, 0.13, *np.linspace((top + side) / height + 0.05, 0.92, 5)]
    for row in rows:
        start, end = sorted(chance.uniform(0.08, 0.92, 2))
        y = bezel + round(height * float(row))
        phone[y : y + line, bezel + round(width * start) : bezel + round(width * end)] = ink
    return phone, (left + side / 2, top + side / 2)


def _placed(
    phone: _Field,
    code_centre: tuple[float, float],
    code_px: float,
    conditions: _Conditions,
    chance: np.random.Generator,
) -> _Field:
    """The phone held in front of a counter, at twice the camera's resolution, its code wholly in view."""
    height, width = phone.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    flat = np.column_stack([corners - np.array(code_centre), np.zeros(4)])
    angles = [conditions.tilt_deg.draw(chance), conditions.tilt_deg.draw(chance), conditions.roll_deg.draw(chance)]
    turned = flat @ _rotation(np.radians(angles)).T
    focal = 1.1 * WIDTH_PX * _OVERSAMPLING
    reach = code_px * 0.5 * (abs(np.cos(np.radians(angles[2]))) + abs(np.sin(np.radians(angles[2])))) + 4
    middle = [
        chance.uniform(min(reach, size / 2), max(size - reach, size / 2)) * _OVERSAMPLING
        for size in (WIDTH_PX, HEIGHT_PX)
    ]
    seen = turned[:, :2] * (focal / (focal + turned[:, 2:])) + np.array(middle)
    mapping = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    scene = _counter(chance)
    cv2.warpPerspective(
        phone,
        mapping,
        (scene.shape[1], scene.shape[0]),
        dst=scene,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    return scene


def _rotation(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    (a, b, c), (p, q, r) = np.cos(angles), np.sin(angles)
    pitch = np.array([[1, 0, 0], [0, a, -p], [0, p, a]])
    yaw = np.array([[b, 0, q], [0, 1, 0], [-q, 0, b]])
    roll = np.array([[c, -r, 0], [r, c, 0], [0, 0, 1]])
    return np.asarray(pitch @ yaw @ roll, dtype=np.float64)


def _counter(chance: np.random.Generator) -> _Field:
    shape = (HEIGHT_PX * _OVERSAMPLING, WIDTH_PX * _OVERSAMPLING)
    coarse = chance.uniform(0.15, 0.6, (5, 8)).astype(np.float32)
    scene = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    for _ in range(int(chance.integers(3, 9))):
        left, top = int(chance.integers(0, shape[1])), int(chance.integers(0, shape[0]))
        wide, tall = (int(side) for side in chance.integers(60, 700, 2))
        cv2.rectangle(scene, (left, top), (left + wide, top + tall), float(chance.uniform(0.05, 0.8)), -1)
    return scene


def _photographed(scene: _Field, conditions: _Conditions, chance: np.random.Generator) -> Picture:
    """What lens, light and sensor make of the scene."""
    frame = cv2.resize(scene, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    frame = cv2.GaussianBlur(frame, (0, 0), conditions.defocus_px.draw(chance))
    frame = _shaken(frame, conditions.motion_px.draw(chance), float(chance.uniform(0, np.pi)))
    black = conditions.black.draw(chance)
    frame = black + frame * (conditions.white.draw(chance) - black)
    frame = frame * _light(conditions, chance) + _glare(conditions.glare.draw(chance), chance)
    frame = frame + chance.normal(0, conditions.noise.draw(chance), frame.shape)
    return np.asarray(np.clip(frame * 255, 0, 255), dtype=np.uint8)


def _shaken(frame: Any, length_px: float, angle: float) -> Any:
    if length_px < 1:
        return frame
    size = 2 * int(np.ceil(length_px)) + 1
    kernel = np.zeros((size, size), dtype=np.float32)
    for step in np.linspace(-length_px / 2, length_px / 2, 4 * size):
        x, y = (round(size // 2 + step * part) for part in (np.cos(angle), np.sin(angle)))
        kernel[y, x] += 1
    return cv2.filter2D(frame, -1, kernel / kernel.sum())


def _light(conditions: _Conditions, chance: np.random.Generator) -> _Field:
    """Uneven light and the beat between the grids of screen and sensor, as a factor for each pixel."""
    y, x = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
    toward, across = chance.uniform(0, 2 * np.pi, 2)
    slope = (x / WIDTH_PX - 0.5) * np.cos(toward) + (y / HEIGHT_PX - 0.5) * np.sin(toward)
    wave = (x * np.cos(across) + y * np.sin(across)) * (2 * np.pi / chance.uniform(5, 40))
    even = 1 + conditions.unevenness.draw(chance) * slope
    return np.asarray(even * (1 + conditions.moire.draw(chance) * np.sin(wave)), dtype=np.float32)


def _glare(strength: float, chance: np.random.Generator) -> _Field:
    y, x = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
    centre_x, centre_y = chance.uniform(0, WIDTH_PX), chance.uniform(0, HEIGHT_PX)
    spread = chance.uniform(60, 250)
    return np.asarray(
        strength * np.exp(-((x - centre_x) ** 2 + (y - centre_y) ** 2) / (2 * spread**2)), dtype=np.float32
    )
