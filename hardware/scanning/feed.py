"""Frames of a camera, or of a picture or video that stands for one, as they come."""

import os
import re
import sys
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.decoding.frame import grey
from hardware.decoding.source import Fault, UnreadablePicture, film, is_video, read_image
from hardware.scanning.attendant import Attendance, Away
from hardware.scanning.scan import NowMs, State

WIDTH_PX, HEIGHT_PX = 1280, 720
STILL_EVERY_MS = 100
PATIENCE_MS = 2000
_RETRY_S = 0.1
_TIMEOUT_MS = 5000
_FALLBACK_FPS = 25.0
_DEVICES = Path("/dev")
_NODE = re.compile(r"video(\d+)")
_STATES: dict[Fault, State] = {"missing": "missing", "folder": "missing", "unreadable": "denied"}


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture, BGR or grey, at a time of the camera's own clock: a film's time runs as its frames do."""

    picture: NDArray[np.uint8]
    at_ms: int


Frames = Generator[Frame, None, None]


def frames(source: str, turn: Attendance, now_ms: NowMs, *, paced: bool, loop: bool) -> Frames:
    """The frames of a camera's number or node, a URL, or a file, until `turn` is stopping or a film not to be looped
    ends.

    Raises Away. `paced` shows a film's frames at the film's own speed; a still picture comes ten times a second, and
    is read anew when the file changes.
    """
    if (index := _index(source)) is not None:
        return _live(_camera(index), turn, now_ms)
    if "://" in source:
        return _live(_stream(source), turn, now_ms)
    path = Path(source)
    try:
        moving = is_video(path)
    except UnreadablePicture as error:
        raise _away(error) from error
    return _film(path, turn, now_ms, paced=paced, loop=loop) if moving else _still(path, turn, now_ms)


def answers(index: int) -> bool:
    """Whether a camera of that number opens; it is let go at once."""
    capture = cv2.VideoCapture(index, _backend())
    try:
        return bool(capture.isOpened())
    finally:
        capture.release()


def _index(source: str) -> int | None:
    if source.isdecimal():
        return int(source)
    path = Path(source)
    if path.is_absolute() and path.is_relative_to(_DEVICES):
        match = _NODE.fullmatch(path.resolve().name)
        if match is None:
            raise Away("missing", source)
        return int(match[1])
    return None


def _camera(index: int) -> cv2.VideoCapture:
    if sys.platform == "linux":
        node = _DEVICES / f"video{index}"
        if not node.exists():
            raise Away("missing", str(node))
        if not os.access(node, os.R_OK | os.W_OK):
            raise Away("denied", str(node))
    # Timeouts are no parameters here: a backend that does not know one refuses to open.
    capture = cv2.VideoCapture(index, _backend())
    if not capture.isOpened():
        capture.release()
        raise Away("taken" if sys.platform == "linux" else "missing", f"camera {index}")
    # Most cameras have the bandwidth for this size only when they compress.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH_PX)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT_PX)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    capture.set(cv2.CAP_PROP_READ_TIMEOUT_MSEC, PATIENCE_MS)
    return capture


def _stream(url: str) -> cv2.VideoCapture:
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, PATIENCE_MS]
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)
    if not capture.isOpened():
        capture.release()
        raise Away("missing", "the address does not answer")
    return capture


def _backend() -> int:
    match sys.platform:
        case "linux":
            return cv2.CAP_V4L2
        # Media Foundation takes many seconds to open what DirectShow opens at once.
        case "win32":
            return cv2.CAP_DSHOW
        case _:
            return cv2.CAP_ANY


def _live(capture: cv2.VideoCapture, turn: Attendance, now_ms: NowMs) -> Frames:
    seen, last_ms = False, now_ms()
    try:
        while not turn.stopping:
            picture = _next(capture)
            if picture is not None:
                seen, last_ms = True, now_ms()
                yield Frame(picture, last_ms)
            elif now_ms() - last_ms >= PATIENCE_MS:
                raise Away("lost" if seen else "taken", "no frames")
            else:
                turn.wait(_RETRY_S)
    finally:
        capture.release()


def _film(path: Path, turn: Attendance, now_ms: NowMs, *, paced: bool, loop: bool) -> Frames:
    at_ms = due_ms = float(now_ms())
    while not turn.stopping:
        try:
            capture = film(path)
        except UnreadablePicture as error:
            raise _away(error) from error
        try:
            fps = capture.get(cv2.CAP_PROP_FPS)
            each_ms = 1000 / (fps if 0 < fps < 1000 else _FALLBACK_FPS)
            for number in count():
                picture = _next(capture)
                if picture is None and number == 0:
                    raise Away("broken", path.name)
                if picture is None or turn.stopping:
                    break
                if paced:
                    turn.wait(max(0.0, due_ms - now_ms()) / 1000)
                    due_ms = max(due_ms, float(now_ms())) + each_ms
                yield Frame(picture, round(at_ms))
                at_ms += each_ms
        finally:
            capture.release()
        if not loop:
            return


def _still(path: Path, turn: Attendance, now_ms: NowMs) -> Frames:
    shown: tuple[int, int] | None = None
    picture: NDArray[np.uint8] | None = None
    while not turn.stopping:
        try:
            about = path.stat()
            if picture is None or (about.st_mtime_ns, about.st_size) != shown:
                picture = _plain(read_image(path))
                shown = (about.st_mtime_ns, about.st_size)
        except UnreadablePicture as error:
            raise _away(error) from error
        except (OSError, ValueError) as error:
            raise Away("missing", path.name) from error
        yield Frame(picture, now_ms())
        turn.wait(STILL_EVERY_MS / 1000)


def _next(capture: cv2.VideoCapture) -> NDArray[np.uint8] | None:
    try:
        read, picture = capture.read()
        return _plain(picture) if read else None
    except (cv2.error, MemoryError, ValueError):
        return None


def _plain(picture: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Ordinary colour stays; whatever else a picture may be becomes grey. Raises ValueError for what is no picture."""
    if picture.size and picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3:
        return picture.astype(np.uint8, copy=False)
    return grey(picture)


def _away(error: UnreadablePicture) -> Away:
    return Away(_STATES.get(error.fault, "broken"), str(error))
