"""Made phone screens: the easy ones are always read, the same seed gives the same picture."""

from pathlib import Path

import numpy as np
import pytest

from hardware.decoding.pipeline import decode
from hardware.decoding.scan import scan_file
from terminal.demo.phone_screen import Difficulty, phone_screen, write_png

CHAIN_DIGITS = "".join(str(place * place % 97 % 10) for place in range(321))
PERMIT_DIGITS = CHAIN_DIGITS[20:288]
LINK = "https://v.douyin.com/iRNBho5p/"


@pytest.mark.parametrize("text", [CHAIN_DIGITS, PERMIT_DIGITS, LINK], ids=["321 digits", "268 digits", "link"])
def test_easy_screens_are_always_read(text: str) -> None:
    for seed in range(30):
        symbols = decode(phone_screen(text, seed=seed, difficulty="easy"), "C")
        assert [symbol.text for symbol in symbols] == [text], f"seed {seed}"


@pytest.mark.parametrize("dark", [True, False])
def test_both_modes_of_the_phone_are_read(dark: bool) -> None:
    frame = phone_screen(CHAIN_DIGITS, seed=7, difficulty="easy", dark=dark)
    assert [symbol.text for symbol in decode(frame, "A")] == [CHAIN_DIGITS]


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_the_seed_decides_the_picture(difficulty: Difficulty) -> None:
    frame = phone_screen(LINK, seed=3, difficulty=difficulty)
    assert frame.shape == (720, 1280)
    assert frame.dtype == np.uint8
    assert np.array_equal(frame, phone_screen(LINK, seed=3, difficulty=difficulty))
    assert not np.array_equal(frame, phone_screen(LINK, seed=4, difficulty=difficulty))


def test_the_longest_code_still_fits_the_frame() -> None:
    text = "7" * 1500
    assert [symbol.text for symbol in decode(phone_screen(text, seed=1), "C")] == [text]


def test_a_text_too_long_for_a_code_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        phone_screen("x" * 10_000, seed=1)


def test_written_pictures_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "手机 屏幕.png"
    write_png(path, phone_screen(LINK, seed=2))
    assert [symbol.text for symbol in scan_file(path).symbols] == [LINK]
