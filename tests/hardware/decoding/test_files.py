"""Picture and video files, whole, odd and broken."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import segno

from hardware.decoding.frame import grey
from hardware.decoding.scan import scan_file, scan_files
from hardware.decoding.source import Fault, UnreadablePicture, read_picture, video_frames


def coupon(text: str, scale: int = 4) -> Any:
    rows = segno.make_qr(text).matrix_iter(scale=scale, border=4)
    return np.array([[0 if module else 255 for module in row] for row in rows], dtype=np.uint8)


def encoded(suffix: str, picture: Any) -> bytes:
    written, data = cv2.imencode(suffix, picture)
    assert written
    return bytes(data.tobytes())


def film(path: Path, letters: str, shown: dict[int, str], frames: int) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*letters), 10, (320, 240))
    if not writer.isOpened():
        pytest.skip(f"this OpenCV cannot write {path.suffix}")
    picture = np.full((240, 320), 210, dtype=np.uint8)
    for frame_no in range(frames):
        if frame_no in shown:
            code = cv2.resize(coupon(shown[frame_no]), (180, 180), interpolation=cv2.INTER_NEAREST)
            picture[30:210, 70:250] = code
        writer.write(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    writer.release()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".bmp"])
def test_picture_formats_are_read_under_any_name(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"券 é 🎫 %03d{suffix}"
    path.write_bytes(encoded(suffix, np.dstack([coupon("hello")] * 3)))
    result = scan_file(path)
    assert [symbol.text for symbol in result.symbols] == ["hello"]
    assert (result.frames, result.error) == (1, None)
    assert result.ms >= result.symbols[0].ms >= 0


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "photo.mp4"
    path.write_bytes(encoded(".jpg", coupon("named wrongly")))
    assert scan_file(path).symbols[0].text == "named wrongly"


def test_a_see_through_picture_lies_on_white(tmp_path: Path) -> None:
    code = coupon("transparent")
    path = tmp_path / "transparent.png"
    path.write_bytes(encoded(".png", np.dstack([np.zeros_like(code)] * 3 + [255 - code])))
    assert scan_file(path).symbols[0].text == "transparent"


def test_sixteen_bits_are_read(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    path.write_bytes(encoded(".png", coupon("deep").astype(np.uint16) * 257))
    assert scan_file(path).symbols[0].text == "deep"


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 1), (4, 4, 2), (4, 4, 3), (4, 4, 4)])
def test_all_channels_become_grey(shape: tuple[int, ...]) -> None:
    assert grey(np.full(shape, 255, dtype=np.uint8)).tolist() == [[255] * 4] * 4
    assert grey(np.ones(shape, dtype=np.float32)).tolist() == [[255] * 4] * 4


def test_what_is_no_picture_does_not_become_grey() -> None:
    for odd in (np.zeros((0, 3), np.uint8), np.zeros((2, 2, 5), np.uint8), np.zeros((2, 2), np.int64), np.zeros(9)):
        with pytest.raises(ValueError):
            grey(odd)


def broken_files(folder: Path) -> dict[str, Fault]:
    (folder / "text.png").write_text("this is not a picture", encoding="utf-8")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "cut.png").write_bytes(encoded(".png", coupon("cut"))[:120])
    (folder / "cut.jpg").write_bytes(encoded(".jpg", coupon("cut"))[:60])
    (folder / "cut.mp4").write_bytes(b"\0\0\0\x20ftypisom" + bytes(90))
    (folder / "cut.gif").write_bytes(b"GIF89a")
    (folder / "folder.png").mkdir()
    return {
        "text.png": "not_a_picture",
        "empty.jpg": "empty",
        "cut.png": "broken",
        "cut.jpg": "broken",
        "cut.mp4": "broken",
        "cut.gif": "broken",
        "folder.png": "folder",
        "nowhere.png": "missing",
        "nul\0byte.png": "missing",
        "text.png/inside.png": "missing",
    }


def test_broken_files_get_a_sentence_and_the_next_one_is_read(tmp_path: Path) -> None:
    expected = broken_files(tmp_path)
    (tmp_path / "good.png").write_bytes(encoded(".png", coupon("good")))
    results = list(scan_files([tmp_path / name for name in [*expected, "good.png"]]))
    for result, fault in zip(results, expected.values(), strict=False):
        assert result.error is not None, result.path
        assert result.error.fault == fault, result.path
        assert str(result.error).endswith(".")
        assert str(result.error).isprintable()
        assert (result.symbols, result.frames) == ((), 0)
    assert results[-1].symbols[0].text == "good"


def test_readers_raise_the_same(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture):
        read_picture(tmp_path / "nowhere.png")
    with pytest.raises(UnreadablePicture):
        next(video_frames(tmp_path / "nowhere.avi"))


def test_a_picture_of_too_many_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardware.decoding.source.LARGEST_PICTURE_BYTES", 50)
    path = tmp_path / "large.png"
    path.write_bytes(encoded(".png", coupon("large")))
    error = scan_file(path).error
    assert error is not None
    assert error.fault == "too_large"


def test_a_picture_of_too_many_pixels_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardware.decoding.source.LARGEST_PICTURE_PX", 50)
    path = tmp_path / "large.png"
    path.write_bytes(encoded(".png", coupon("large")))
    error = scan_file(path).error
    assert error is not None
    assert error.fault == "too_large"


@pytest.mark.parametrize(("scale", "text"), [(2, "small in the corner"), (100, "fills the picture")])
def test_twenty_megapixels_are_read(scale: int, text: str, tmp_path: Path) -> None:
    picture = np.full((4000, 5000), 225, dtype=np.uint8)
    code = coupon(text, scale)
    picture[100 : 100 + code.shape[0], 200 : 200 + code.shape[1]] = code
    path = tmp_path / "large.jpg"
    path.write_bytes(encoded(".jpg", picture))
    assert scan_file(path).symbols[0].text == text


@pytest.mark.parametrize(("suffix", "letters"), [(".avi", "MJPG"), (".mp4", "mp4v"), (".webm", "VP80")])
def test_a_video_gives_each_text_once_with_its_first_frame(suffix: str, letters: str, tmp_path: Path) -> None:
    path = tmp_path / f"录像{suffix}"
    film(path, letters, {3: "first", 7: "second", 9: "first"}, 12)
    told: list[tuple[int, int | None]] = []
    result = scan_file(path, progress=lambda done, of: told.append((done, of)))
    assert [(symbol.text, symbol.frame_no) for symbol in result.symbols] == [("first", 3), ("second", 7)]
    assert (result.frames, result.error) == (12, None)
    assert [done for done, _ in told] == list(range(1, 13))


def test_a_video_that_breaks_off_counts_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "whole.avi"
    film(path, "MJPG", {0: "early"}, 40)
    cut = tmp_path / "cut.avi"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    result = scan_file(cut)
    assert [symbol.text for symbol in result.symbols] == ["early"]
    assert 0 < result.frames < 40
