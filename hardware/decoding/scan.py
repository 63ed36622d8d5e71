"""The codes in a file: a picture with patience, a video frame by frame."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hardware.decoding.pipeline import Effort, NowMs, Rotating, decode, elapsed_ms
from hardware.decoding.source import UnreadablePicture, is_video, open_video, read_picture, video_frames
from hardware.decoding.symbol import Symbol

Progress = Callable[[int, int | None], None]
"""Told how many frames of a video are done, and how many there are where its file says so."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What is in one file. `symbols` is empty when nothing was found; `frames` counts what was looked at.

    `ms` covers reading the file and decoding it. `error` is None unless the file gave no frame at all;
    `str(error)` is a sentence for people.
    """

    path: Path
    symbols: tuple[Symbol, ...]
    ms: float
    frames: int
    error: UnreadablePicture | None = None


def scan_file(
    path: Path,
    effort: Effort = "C",
    *,
    bars: bool = True,
    progress: Progress | None = None,
    now_ms: NowMs = elapsed_ms,
) -> ScanResult:
    """The codes in a picture, or each distinct code of a video with the first frame that shows it. Never raises
    for what is in the file.

    `effort` and `bars` (EAN-13 and Code 128) hold for pictures; a video is read as a camera's frames are.
    """
    started_ms = now_ms()
    try:
        if is_video(path):
            symbols, frames = _video(path, progress, now_ms)
        else:
            symbols, frames = tuple(decode(read_picture(path), effort, bars=bars, now_ms=now_ms)), 1
    except UnreadablePicture as error:
        return ScanResult(path, (), now_ms() - started_ms, 0, error)
    return ScanResult(path, symbols, now_ms() - started_ms, frames)


def scan_files(
    paths: Iterable[Path],
    effort: Effort = "C",
    *,
    bars: bool = True,
    progress: Progress | None = None,
    now_ms: NowMs = elapsed_ms,
) -> Iterator[ScanResult]:
    """`scan_file` for each path in turn, each answered as soon as it is read."""
    for path in paths:
        yield scan_file(path, effort, bars=bars, progress=progress, now_ms=now_ms)


def _video(path: Path, progress: Progress | None, now_ms: NowMs) -> tuple[tuple[Symbol, ...], int]:
    video = open_video(path)
    pipeline = Rotating(now_ms=now_ms)
    found: dict[tuple[str, bytes], Symbol] = {}
    frames = 0
    for frame_no, frame in enumerate(video_frames(path)):
        for symbol in pipeline.decode(frame):
            found.setdefault((symbol.symbology, symbol.raw), replace(symbol, frame_no=frame_no))
        frames = frame_no + 1
        if progress is not None:
            progress(frames, video.frame_count)
    return tuple(found.values()), frames
