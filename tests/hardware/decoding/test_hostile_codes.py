"""Codes that made decoders raise, lie or see ghosts."""

import builtins
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.decoding import zbar
from hardware.decoding.frame import GreyFrame
from hardware.decoding.pipeline import HEAVY, PIPELINES, Rotating, Step, decode, look
from hardware.decoding.symbol import Reading
from hardware.decoding.transform import Resize


def drawn(code: Any, scale: int = 4) -> GreyFrame:
    rows = code.matrix_iter(scale=scale, border=4)
    return np.array([[0 if module else 255 for module in row] for row in rows], dtype=np.uint8)


@pytest.fixture
def fresh_library() -> Iterator[None]:
    zbar.library.cache_clear()
    yield
    zbar.library.cache_clear()


def test_structured_append_stops_nobody() -> None:
    for code in segno.make_sequence("0123456789" * 30, symbol_count=3):
        frame = drawn(code)
        assert zbar.read(frame) == [] or zbar.read(frame)[0].raw
        assert decode(frame, "C")[0].text.startswith("0123456789")


def test_an_inverted_code_is_read() -> None:
    assert decode(255 - drawn(segno.make_qr("dark mode")), "A")[0].text == "dark mode"


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_code_is_read(turns: int) -> None:
    frame = np.rot90(drawn(segno.make_qr("https://v.douyin.com/iRNBho5p/")), turns)
    assert decode(frame, "A")[0].text == "https://v.douyin.com/iRNBho5p/"


def test_a_binary_payload_survives() -> None:
    raw = b"\x00\xff\xfe\x80abc\xc3("
    symbols = decode(drawn(segno.make_qr(raw, mode="byte")), "C")
    assert symbols[0].raw == raw
    assert isinstance(symbols[0].text, str)


@pytest.mark.parametrize("text", ["抖音核销码", "é", "券🎫", "１２３", "WIFI:T:WPA;S:店;P:x;;", "a\nb\tc ", " "])
@pytest.mark.parametrize("announced", [True, False])
def test_utf8_is_read_without_prefix_or_escape(text: str, announced: bool) -> None:
    code = segno.make_qr(text, encoding="utf-8", eci=announced)
    assert [symbol.text for symbol in decode(drawn(code), "A")] == [text]


def test_other_announced_encodings_are_read() -> None:
    code = segno.make_qr("核销abc", encoding="gb18030", eci=True)
    assert decode(drawn(code), "A")[0].text == "核销abc"


def test_micro_codes_give_nothing() -> None:
    assert decode(drawn(segno.make_micro("123"), 8), "C", bars=True) == []


def test_zbar_answers_nothing_it_would_garble(fresh_library: None) -> None:
    if zbar.library() is None:
        pytest.skip("libzbar is not installed")
    assert zbar.read(drawn(segno.make_qr("plain"))) == [Reading("plain", "QR Code", b"plain")]
    assert zbar.read(drawn(segno.make_qr("抖音", encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "missing", [ImportError("Unable to find zbar shared library"), FileNotFoundError("libiconv.dll")]
)
def test_without_libzbar_the_rest_reads_on(
    missing: Exception, fresh_library: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refused(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pyzbar"):
            raise missing
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refused)
    assert zbar.library() is None
    assert zbar.read(drawn(segno.make_qr("x"))) == []
    assert decode(np.full((200, 200), 128, dtype=np.uint8), "C") == []
    assert decode(drawn(segno.make_qr("still read")), "C")[0].text == "still read"


@pytest.mark.parametrize("error", [ValueError, RuntimeError, MemoryError, OverflowError, cv2.error])
def test_a_decoder_that_raises_found_nothing(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(*_: Any, **__: Any) -> Any:
        raise error("4294967295")

    monkeypatch.setattr(zxingcpp, "read_barcodes", raising)
    monkeypatch.setattr(zbar, "library", lambda: SimpleNamespace(decode=raising, ZBarSymbol=SimpleNamespace(QRCODE=64)))
    frame = drawn(segno.make_qr("x"))
    assert decode(frame, "C", bars=True) == []
    assert zbar.read(frame) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (2, 3), (0, 0), (0, 9)])
def test_degenerate_frames_hold_nothing(shape: tuple[int, int]) -> None:
    assert decode(np.zeros(shape, dtype=np.uint8), "C", bars=True) == []


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_come_back(raw: bytes) -> None:
    symbols = decode(drawn(segno.make_qr(raw, mode="byte"), 3), "C")
    assert [symbol.raw for symbol in symbols] == [raw]


def test_two_codes_side_by_side_are_both_read() -> None:
    left, right = drawn(segno.make_qr("left code")), drawn(segno.make_qr("right one"))
    texts = {symbol.text for symbol in decode(np.hstack([left, right]), "A")}
    assert texts == {"left code", "right one"}


def test_ean_13_is_read_after_qr_codes() -> None:
    digits = zxingcpp.create_barcode("6901234567892", zxingcpp.BarcodeFormat.EAN13)
    bars = np.pad(np.array(zxingcpp.write_barcode_to_image(digits, scale=3)), 40, constant_values=255)
    assert [(symbol.text, symbol.symbology) for symbol in decode(bars, "C", bars=True)] == [("6901234567892", "EAN-13")]
    code = drawn(segno.make_qr("coupon"))
    height = max(bars.shape[0], code.shape[0])
    both = np.hstack(
        [np.pad(part, ((0, height - part.shape[0]), (0, 0)), constant_values=255) for part in (bars, code)]
    )
    assert [symbol.text for symbol in decode(both, "C", bars=True)] == ["coupon"]


def test_symbols_tell_their_step_and_time() -> None:
    ticks = iter([100.0, 112.5])
    symbol = decode(drawn(segno.make_qr("timed")), "A", now_ms=lambda: next(ticks))[0]
    assert (symbol.ms, symbol.step, symbol.symbology) == (12.5, "zx", "QR Code")


def test_rotation_takes_one_heavy_step_a_frame_and_comes_round(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def noted(_: GreyFrame, step: Step) -> list[Any]:
        looked.append(step.name)
        return []

    monkeypatch.setattr("hardware.decoding.pipeline.look", noted)
    rotating = Rotating()
    frame = np.zeros((72, 128), dtype=np.uint8)
    for _ in range(len(HEAVY) + 1):
        assert rotating.decode(frame) == []
    live = [step.name for step in PIPELINES["A"]]
    turns = [looked[start : start + len(live) + 1] for start in range(0, len(looked), len(live) + 1)]
    assert [turn[:-1] for turn in turns] == [live] * (len(HEAVY) + 1)
    assert [turn[-1] for turn in turns] == [*(step.name for step in HEAVY), HEAVY[0].name]


def test_steps_have_names_of_their_own() -> None:
    names = [step.name for step in PIPELINES["C"]]
    assert len(set(names)) == len(names)
    assert PIPELINES["C"][: len(PIPELINES["B"])] == PIPELINES["B"]


def test_a_step_that_cannot_transform_found_nothing() -> None:
    assert look(np.zeros((2, 2), dtype=np.uint8), Step("too small", "zx", (Resize(0.01),))) == []
    with pytest.raises(cv2.error):
        cv2.resize(np.zeros((2, 2), dtype=np.uint8), None, fx=0.01, fy=0.01)
