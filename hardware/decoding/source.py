"""Where frames come from: picture and video files, told apart by their content and never by their name."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.decoding.frame import GreyFrame, grey

Fault = Literal["missing", "folder", "unreadable", "empty", "too_large", "not_a_picture", "broken"]

LARGEST_PICTURE_BYTES = 100_000_000
LARGEST_PICTURE_PX = 120_000_000
_TIMEOUT_MS = 5000
_HEAD_BYTES = 32
_PICTURE_HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"GIF8", b"II*\0", b"MM\0*")
_MEDIA_BRANDS_OF_PICTURES = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")

_SENTENCES: dict[Fault, str] = {
    "missing": "There is no file {name}; check the name.",
    "folder": "{name} is a folder; name the picture inside it.",
    "unreadable": "{name} cannot be opened; check who may read it.",
    "empty": "{name} is empty; take or copy the picture again.",
    "too_large": "{name} is too large; take the picture at a lower resolution.",
    "not_a_picture": "{name} is no picture or video this program reads; save it as PNG, JPEG, WebP, BMP or MP4.",
    "broken": "{name} is damaged or incomplete; take or copy it again.",
}


class UnreadablePicture(Exception):
    """No frame can be had from this file: `fault` says why in one word, `str()` in a sentence with what to do."""

    def __init__(self, path: Path, fault: Fault) -> None:
        # A name may hold control characters or half letters that no terminal prints.
        name = "".join(letter if letter.isprintable() else "?" for letter in path.name or str(path))
        super().__init__(_SENTENCES[fault].format(name=name))
        self.path = path
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Video:
    """A film of `frame_count` frames, as far as its file says so (None where it does not)."""

    path: Path
    frame_count: int | None


def read_picture(path: Path) -> GreyFrame:
    """The picture in a PNG, JPEG, WebP, BMP, TIFF, AVIF or GIF file (its first image); raises UnreadablePicture."""
    try:
        return grey(read_image(path))
    except ValueError as error:
        raise UnreadablePicture(path, "not_a_picture") from error


def read_image(path: Path) -> NDArray[np.generic]:
    """The same picture with the channels and depth it is stored with; raises UnreadablePicture."""
    data = _content(path)
    try:
        picture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except (cv2.error, MemoryError, ValueError):
        picture = None
    if picture is None:
        raise UnreadablePicture(path, "broken" if _named_a_picture(bytes(data[:_HEAD_BYTES])) else "not_a_picture")
    if picture.shape[0] * picture.shape[1] > LARGEST_PICTURE_PX:
        raise UnreadablePicture(path, "too_large")
    return picture


def is_video(path: Path) -> bool:
    """Whether the file starts as AVI, MP4, QuickTime, WebM, Matroska or GIF files do; raises UnreadablePicture."""
    head = _head(path)
    if head[:4] == b"RIFF":
        return head[8:12] == b"AVI "
    if head[4:8] == b"ftyp":
        return head[8:12] not in _MEDIA_BRANDS_OF_PICTURES
    return head[:4] in (b"\x1aE\xdf\xa3", b"GIF8")


def open_video(path: Path) -> Video:
    """What the file says of itself; raises UnreadablePicture when no decoder here opens it."""
    capture = film(path)
    try:
        count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    finally:
        capture.release()
    return Video(path, count if count > 0 else None)


def video_frames(path: Path) -> Iterator[GreyFrame]:
    """Each frame in turn, as fast as they can be read; raises UnreadablePicture where there is not even one.

    A video that breaks off ends there: what was filmed until then counts.
    """
    capture = film(path)
    seen = 0
    try:
        while True:
            picture = _next_picture(capture)
            if picture is None:
                break
            seen += 1
            yield picture
    finally:
        capture.release()
    if not seen:
        raise UnreadablePicture(path, "broken")


def film(path: Path) -> cv2.VideoCapture:
    """The file opened as a video, to be released by the caller; raises UnreadablePicture."""
    _head(path)
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _TIMEOUT_MS]
    try:
        capture = cv2.VideoCapture(str(path.absolute()), cv2.CAP_FFMPEG, limits)
    except cv2.error as error:
        raise UnreadablePicture(path, "broken") from error
    if not capture.isOpened():
        raise UnreadablePicture(path, "broken")
    return capture


def _next_picture(capture: cv2.VideoCapture) -> GreyFrame | None:
    try:
        read, picture = capture.read()
        return grey(picture) if read else None
    except (cv2.error, MemoryError, ValueError):
        return None


def _head(path: Path) -> bytes:
    try:
        # A pipe or a device would never come to its end.
        if path.exists() and not path.is_file():
            raise UnreadablePicture(path, "folder" if path.is_dir() else "unreadable")
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except (OSError, ValueError) as error:
        raise UnreadablePicture(path, _fault_of(error)) from error
    if not head:
        raise UnreadablePicture(path, "empty")
    return head


def _content(path: Path) -> NDArray[np.uint8]:
    _head(path)
    try:
        if path.stat().st_size > LARGEST_PICTURE_BYTES:
            raise UnreadablePicture(path, "too_large")
        # cv2.imread loses names beyond the code page on Windows.
        return np.fromfile(path, dtype=np.uint8)
    except OSError as error:
        raise UnreadablePicture(path, "unreadable") from error


def _fault_of(error: OSError | ValueError) -> Fault:
    match error:
        case FileNotFoundError() | NotADirectoryError() | ValueError():
            return "missing"
    return "unreadable"


def _named_a_picture(head: bytes) -> bool:
    return head.startswith(_PICTURE_HEADS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
