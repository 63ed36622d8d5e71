"""A real camera's whims, played by a false driver: not there, taken, silent, unplugged, hiccuping."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hardware.scanning import attendant, feed
from tests.hardware.scanning.conftest import PATIENCE_S, Stand, shown

Read = Callable[[int], NDArray[np.uint8] | None]


class Driver:
    """Stands in for cv2.VideoCapture: `opens` and `reads` say what each opening and each frame give."""

    def __init__(self) -> None:
        self.opens: Callable[[int], bool] = lambda _: True
        self.reads: Read = lambda _: shown("coupon")
        self.opened: list[tuple[Any, ...]] = []
        self.released = 0
        self.fps = 0.0
        self.asked: dict[int, float] = {}

    def __call__(self, *source: Any) -> "Capture":
        self.opened.append(source)
        return Capture(self, self.opens(len(self.opened)))


class Capture:
    def __init__(self, driver: Driver, is_open: bool) -> None:
        self.driver, self.is_open, self.frames = driver, is_open, 0

    def isOpened(self) -> bool:  # noqa: N802 OpenCV's name
        return self.is_open

    def get(self, _what: int) -> float:
        return float(self.driver.fps)

    def set(self, what: int, value: float) -> bool:
        self.driver.asked[what] = value
        return False

    def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
        self.frames += 1
        picture = self.driver.reads(self.frames)
        return picture is not None, picture

    def release(self) -> None:
        self.driver.released += 1


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Driver:
    driver = Driver()
    monkeypatch.setattr(cv2, "VideoCapture", driver)
    monkeypatch.setattr(feed, "_DEVICES", tmp_path)
    monkeypatch.setattr(feed, "PATIENCE_MS", 100)
    monkeypatch.setattr(feed, "_RETRY_S", 0.01)
    monkeypatch.setattr(attendant, "BACK_OFF_S", (0.01,))
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "video0").touch()
    return driver


def test_a_camera_is_asked_for_its_size_and_read(driver: Driver, stand: Stand) -> None:
    camera = stand.start(0)
    assert stand.text() == "coupon"
    assert driver.opened == [(0, cv2.CAP_V4L2)]
    assert (driver.asked[cv2.CAP_PROP_FRAME_WIDTH], driver.asked[cv2.CAP_PROP_FRAME_HEIGHT]) == (1280, 720)
    camera.stop()
    assert (stand.states(2), driver.released) == (["ready", "off"], 1)


def test_a_camera_that_is_plugged_in_later(driver: Driver, stand: Stand, tmp_path: Path) -> None:
    stand.start("2")
    assert stand.state() == "missing"
    assert driver.opened == []
    (tmp_path / "video2").touch()
    assert (stand.state(), stand.text()) == ("ready", "coupon")


def test_a_camera_that_another_program_has(driver: Driver, stand: Stand) -> None:
    driver.opens = lambda number: number > 3
    stand.start(0)
    assert stand.states(2) == ["taken", "ready"]
    assert driver.released == 3


def test_a_camera_that_gives_nothing_is_taken(driver: Driver, stand: Stand) -> None:
    driver.reads = lambda _: shown("coupon") if len(driver.opened) > 1 else None
    stand.start(0)
    assert stand.states(2) == ["taken", "ready"]


def test_a_camera_that_is_pulled_out_is_found_again(driver: Driver, stand: Stand, tmp_path: Path) -> None:
    def pulled(number: int) -> NDArray[np.uint8] | None:
        if len(driver.opened) == 1 and number > 5:
            (tmp_path / "video0").unlink(missing_ok=True)
            return None
        return shown("coupon")

    driver.reads = pulled
    stand.start(0)
    assert stand.states(2) == ["ready", "lost"]
    (tmp_path / "video0").touch()
    assert stand.state() == "ready"


def test_a_lost_frame_is_no_lost_camera(driver: Driver, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PATIENCE_MS", 20_000)
    driver.reads = lambda number: shown("first" if number < 8 else "second") if number % 2 else None
    stand.start(0)
    assert [stand.text(), stand.text()] == ["first", "second"]
    assert stand.state() == "ready"
    assert stand.told.empty()


@pytest.mark.parametrize("fault", [cv2.error("whim"), ValueError("whim"), MemoryError()])
def test_what_a_driver_raises_costs_a_frame(driver: Driver, stand: Stand, fault: Exception) -> None:
    def odd(number: int) -> NDArray[np.uint8] | None:
        if number % 3 == 1:
            raise fault
        return np.zeros((0, 0, 3), np.uint8) if number % 3 == 2 else shown("coupon")

    driver.reads = odd
    stand.start(0)
    assert stand.text() == "coupon"


def test_a_camera_by_a_lasting_name(driver: Driver, stand: Stand, tmp_path: Path) -> None:
    link = tmp_path / "by-id" / "usb-cam-index0"
    link.parent.mkdir()
    stand.start(link)
    assert stand.state() == "missing"
    link.symlink_to(tmp_path / "video0")
    assert stand.text() == "coupon"
    assert driver.opened == [(0, cv2.CAP_V4L2)]


def test_windows_says_no_more_than_that_it_does_not_open(
    driver: Driver, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    driver.opens = lambda number: number > 1
    stand.start(1)
    assert stand.states(2) == ["missing", "ready"]
    assert driver.opened == [(1, cv2.CAP_DSHOW)] * 2
    assert feed.answers(3)


def test_a_stream_is_opened_with_time_limits(driver: Driver, stand: Stand) -> None:
    stand.start("rtsp://10.0.0.7/live")
    assert stand.text() == "coupon"
    url, backend, limits = driver.opened[0]
    assert (url, backend) == ("rtsp://10.0.0.7/live", cv2.CAP_FFMPEG)
    assert {cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, cv2.CAP_PROP_READ_TIMEOUT_MSEC} <= set(limits)


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf"), 200.0])
def test_a_film_of_any_speed_is_let_go_each_time_it_ends(
    driver: Driver, stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fps: float
) -> None:
    monkeypatch.setattr(feed, "_DEVICES", tmp_path / "dev")
    path = tmp_path / "film.avi"
    path.write_bytes(b"RIFF\0\0\0\0AVI LIST")
    driver.fps = fps
    driver.reads = lambda number: shown(str(len(driver.opened))) if number < 4 else None
    camera = stand.start(path, loop=True, paced=False)
    assert [stand.text() for _ in range(3)] == ["1", "2", "3"]
    camera.stop()
    assert driver.released == len(driver.opened)


def test_bars_are_read_where_they_are_asked_for(driver: Driver, stand: Stand) -> None:
    modules = "10100010110100111011001100110110111101010001101010" + "100111010100001000100100100011101001101100101"
    assert len(modules) == 95
    picture = np.full((240, 640, 3), 255, dtype=np.uint8)
    for place, module in enumerate(modules):
        picture[40:200, 130 + 4 * place : 134 + 4 * place] = 0 if module == "1" else 255
    driver.reads = lambda _: picture
    stand.start(0, bars=True)
    scan = stand.scans.get(timeout=PATIENCE_S)
    assert (scan.text, scan.symbology) == ("6901234567892", "EAN-13")
