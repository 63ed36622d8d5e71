"""Photos kept as evidence: whole pictures only, each once, and nothing that was not meant for the folder."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from terminal.evidence import FOLDER, NoPicture, keep_photo, keep_picture
from tests.terminal.desk import NOTED, Desk


def png(shade: int = 7) -> bytes:
    return cv2.imencode(".png", np.full((8, 8), shade, np.uint8))[1].tobytes()


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n cut", b"GIF8"])
def test_what_is_no_picture_is_not_kept(tmp_path: Path, content: bytes) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(content)
    with pytest.raises(NoPicture):
        keep_photo(tmp_path, photo)
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff"])
def test_what_the_camera_took_must_be_a_png(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NoPicture):
        keep_picture(tmp_path, content)
    assert not (tmp_path / FOLDER).exists()


def test_a_photo_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoPicture, match=r"nowhere\.png"):
        keep_photo(tmp_path, tmp_path / "nowhere.png")


def test_a_picture_is_kept_once_under_its_content(tmp_path: Path) -> None:
    photo = tmp_path / "A photo.PNG"
    photo.write_bytes(png())
    kept = keep_photo(tmp_path, photo)
    assert kept == keep_picture(tmp_path, png())
    assert kept != keep_picture(tmp_path, png(8))
    assert (tmp_path / kept).read_bytes() == png()
    assert len(list((tmp_path / FOLDER).iterdir())) == 2


def test_the_command_keeps_the_photo_and_refuses_what_is_none(desk: Desk, tmp_path: Path) -> None:
    photo, text = tmp_path / "photo.png", tmp_path / "text.png"
    photo.write_bytes(png())
    text.write_text("no picture", encoding="utf-8")
    coupon = desk.coupon("douyin")
    desk.line_down()
    noted = [*NOTED[:2], *NOTED[4:]]
    assert desk.run("redeem", coupon["code"], *noted, "--photo", str(text)).exit_code == 2
    said = desk.told("redeem", coupon["code"], *noted, "--photo", str(photo))
    assert said["outcome"] == "recorded"
    assert [path.read_bytes() for path in (desk.data / FOLDER).iterdir()] == [png()]


def test_no_decoder_is_loaded_before_there_is_a_photo() -> None:
    code = "import sys, terminal.evidence; sys.exit('cv2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
