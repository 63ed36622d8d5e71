"""A camera that a film, a picture or nothing stands for: each code once, and found again when it was away."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from hardware.scanning import camera as camera_file
from hardware.scanning.camera import CameraFound, CameraSettings, cameras
from tests.hardware.scanning.conftest import FPS, Stand, film, photo, shown

EMPTY = shown()


def test_looking_at_the_settings_imports_no_opencv() -> None:
    asked = (
        "import sys, hardware.scanning.camera, hardware.scanning.serial_port, hardware.scanning.wedge,"
        " hardware.scanning.layout\n"
        "hardware.scanning.camera.Camera(hardware.scanning.camera.CameraSettings(0), print, print)\n"
        "sys.exit(sorted({'cv2', 'numpy', 'zxingcpp', 'PySide6'} & set(sys.modules)).__repr__())"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_a_code_that_is_held_is_one_scan(stand: Stand, tmp_path: Path) -> None:
    path = film(tmp_path / "held.avi", [EMPTY] * 3 + [shown("8812345678901234")] * 30)
    stand.start(path, paced=False)
    assert stand.states(2) == ["ready", "off"]
    scan = stand.scans.get_nowait()
    assert (scan.text, scan.symbology, scan.source) == ("8812345678901234", "QR Code", "camera:held.avi")
    assert stand.texts() == []


@pytest.mark.parametrize(("away_s", "times"), [(1.3, 1), (1.8, 2)])
def test_a_code_that_leaves_and_comes_back(stand: Stand, tmp_path: Path, away_s: float, times: int) -> None:
    held = [shown("coupon")] * 5
    stand.start(film(tmp_path / "back.avi", held + [EMPTY] * round(away_s * FPS) + held), paced=False)
    assert stand.states(2) == ["ready", "off"]
    assert stand.texts() == ["coupon"] * times


def test_two_codes_in_a_frame_are_each_heard_once(stand: Stand, tmp_path: Path) -> None:
    stand.start(film(tmp_path / "two.avi", [shown("left", "right")] * 10), paced=False)
    assert stand.states(2) == ["ready", "off"]
    assert sorted(stand.texts()) == ["left", "right"]


def test_the_next_customer_s_code_is_heard_while_the_first_is_remembered(stand: Stand, tmp_path: Path) -> None:
    frames = [shown("first")] * 3 + [shown("second")] * 3 + [shown("first")] * 3
    stand.start(film(tmp_path / "next.avi", frames), paced=False)
    assert stand.states(2) == ["ready", "off"]
    assert stand.texts() == ["first", "second"]


def test_a_film_may_begin_anew(stand: Stand, tmp_path: Path) -> None:
    path = film(tmp_path / "loop.avi", [shown("again")] * 2 + [EMPTY] * 20)
    stand.start(path, paced=False, loop=True)
    assert [stand.text() for _ in range(3)] == ["again"] * 3
    path.unlink()
    assert stand.states(2) == ["ready", "lost"]
    film(path, [shown("new")] * 2)
    assert stand.state() == "ready"
    while stand.text() != "new":
        pass


def test_a_paced_film_stops_at_once(stand: Stand, tmp_path: Path) -> None:
    camera = stand.start(film(tmp_path / "long.avi", [shown("paced")] * 600))
    assert stand.text() == "paced"
    camera.stop()
    assert stand.states(2) == ["ready", "off"]
    assert (camera.latest(), camera.snapshot_png()) == (None, None)


def test_a_file_that_comes_later_and_goes(stand: Stand, tmp_path: Path) -> None:
    path = tmp_path / "phone.png"
    stand.start(path)
    assert stand.state() == "missing"
    photo(path, shown("late"))
    assert stand.text() == "late"
    path.unlink()
    assert stand.states(2) == ["ready", "lost"]
    photo(path, shown("later"))
    assert stand.text() == "later"
    assert stand.state() == "ready"


def test_another_picture_in_the_file_is_seen(stand: Stand, tmp_path: Path) -> None:
    path = photo(tmp_path / "phone.png", shown("one"))
    stand.start(path)
    assert stand.text() == "one"
    photo(path, shown("the next one"))
    assert stand.text() == "the next one"


@pytest.mark.parametrize("data", [b"", b"this is no picture", b"RIFF\0\0\0\0AVI LIST" + bytes(50)])
def test_a_broken_file_is_tried_again(stand: Stand, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.avi"
    path.write_bytes(data)
    stand.start(path)
    assert stand.state() == "broken"
    film(path, [shown("whole")] * 20)
    assert stand.text() == "whole"
    assert stand.state() == "ready"


def test_a_folder_and_an_address_that_does_not_answer_are_missing(stand: Stand, tmp_path: Path) -> None:
    stand.start(tmp_path)
    assert stand.state() == "missing"
    stand.start("http://127.0.0.1:9/stream.mjpg")
    assert stand.state() == "missing"


def test_an_address_is_named_without_its_password() -> None:
    assert CameraSettings("rtsp://till:secret@10.0.0.7:554/live?token=x").name == "camera:10.0.0.7"
    assert CameraSettings(0).name == CameraSettings("0").name == "camera:0"


def test_the_newest_frame_small_and_whole(stand: Stand, tmp_path: Path) -> None:
    picture = np.full((720, 1280, 3), (10, 20, 200), dtype=np.uint8)
    picture[240:480, 320:960] = shown("preview")
    camera = stand.start(photo(tmp_path / "phone.png", picture))
    assert (camera.name, stand.text()) == ("camera:phone.png", "preview")
    preview, whole = camera.latest(), camera.snapshot_png()
    assert preview is not None
    assert (preview.width, preview.height, len(preview.pixels)) == (320, 180, 320 * 180 * 3)
    assert tuple(preview.pixels[:3]) == (10, 20, 200)
    assert whole is not None
    decoded = cv2.imdecode(np.frombuffer(whole, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert (decoded == picture).all()


def test_a_small_grey_picture_keeps_its_size(stand: Stand, tmp_path: Path) -> None:
    picture = np.asarray(cv2.cvtColor(shown("grey"), cv2.COLOR_BGR2GRAY), dtype=np.uint8)[:, :300]
    camera = stand.start(photo(tmp_path / "grey.png", np.ascontiguousarray(picture)))
    assert stand.text() == "grey"
    preview = camera.latest()
    assert preview is not None
    assert (preview.width, preview.height, len(preview.pixels)) == (300, 240, 300 * 240 * 3)


def test_either_of_two_cameras(stand: Stand, tmp_path: Path) -> None:
    stand.start(photo(tmp_path / "one.png", shown("one")))
    stand.start(photo(tmp_path / "two.png", shown("two")))
    heard = {scan.source: scan.text for scan in (stand.scans.get(timeout=30) for _ in range(2))}
    assert heard == {"camera:one.png": "one", "camera:two.png": "two"}


def test_cameras_of_a_linux_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nodes, links = tmp_path / "nodes", tmp_path / "by-id"
    links.mkdir()
    for node, index, name in (("video0", "0", "Built-in"), ("video1", "1", "Built-in"), ("video10", "0", "USB")):
        (nodes / node).mkdir(parents=True)
        (nodes / node / "index").write_text(index)
        (nodes / node / "name").write_text(f"{name}\n")
    (tmp_path / "video10").touch()
    (links / "usb-cam-video-index0").symlink_to(tmp_path / "video10")
    monkeypatch.setattr(camera_file, "_NODES", nodes)
    monkeypatch.setattr(camera_file, "_STABLE_NAMES", links)
    monkeypatch.setattr(sys, "platform", "linux")
    assert cameras() == [CameraFound("0", "Built-in"), CameraFound(str(links / "usb-cam-video-index0"), "USB")]


def test_cameras_elsewhere_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardware.scanning.feed.answers", lambda index: index in (0, 2))
    monkeypatch.setattr(sys, "platform", "win32")
    assert [found.source for found in cameras()] == ["0", "2"]
