"""Films and pictures of codes, and a camera whose words are written down."""

import queue
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import segno
from numpy.typing import NDArray

from hardware.scanning.camera import Camera, CameraSettings
from hardware.scanning.scan import DeviceState, Scan, State

PATIENCE_S = 30
FPS = 10


def shown(*texts: str) -> NDArray[np.uint8]:
    """A 640×240 picture with these codes side by side, none or two at most."""
    picture = np.full((240, 640, 3), 210, dtype=np.uint8)
    for place, text in enumerate(texts):
        rows = segno.make_qr(text).matrix_iter(scale=4, border=4)
        code = np.array([[0 if module else 255 for module in row] for row in rows], dtype=np.uint8)
        code = np.asarray(cv2.resize(code, (200, 200), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
        picture[20:220, 60 + 320 * place : 260 + 320 * place] = code[:, :, None]
    return picture


def film(path: Path, frames: Iterable[NDArray[np.uint8]]) -> Path:
    """Ten frames a second."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (640, 240))
    if not writer.isOpened():
        pytest.skip("this OpenCV cannot write AVI")
    for frame in frames:
        writer.write(frame)
    writer.release()
    return path


def photo(path: Path, picture: NDArray[np.uint8]) -> Path:
    """A PNG file that is whole from its first moment."""
    part = path.with_suffix(".part")
    part.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    part.replace(path)
    return path


class Stand:
    """A camera and what it said."""

    def __init__(self) -> None:
        self.scans: queue.Queue[Scan] = queue.Queue()
        self.told: queue.Queue[DeviceState] = queue.Queue()
        self.cameras: list[Camera] = []

    def start(self, source: str | int | Path, **settings: Any) -> Camera:
        wish = CameraSettings(source if isinstance(source, int) else str(source), **settings)
        camera = Camera(wish, self.scans.put, self.told.put)
        self.cameras.append(camera)
        camera.start()
        return camera

    def state(self) -> State:
        return self.told.get(timeout=PATIENCE_S).state

    def states(self, number: int) -> list[State]:
        return [self.state() for _ in range(number)]

    def text(self) -> str:
        return self.scans.get(timeout=PATIENCE_S).text

    def texts(self) -> list[str]:
        """All that were heard so far."""
        return [self.scans.get_nowait().text for _ in range(self.scans.qsize())]


@pytest.fixture
def stand() -> Iterator[Stand]:
    stand = Stand()
    yield stand
    for camera in stand.cameras:
        camera.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("camera:")]
