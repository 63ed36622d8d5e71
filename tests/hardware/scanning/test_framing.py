"""Frames out of a serial line's bytes: ends, silence, garbage, encodings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.scanning.framing import LONGEST_FRAME_BYTES, PATIENCE_MS, SILENCE_MS, End, Framing, text_of


@pytest.mark.parametrize(
    ("end", "sent", "frames"),
    [
        ("any", b"one\rtwo\nthree\r\nfour\r\n\r\n", [b"one", b"two", b"three", b"four"]),
        ("cr", b"one\rtwo\nstill two\r", [b"one", b"two\nstill two"]),
        ("lf", b"one\ntwo\rstill two\n", [b"one", b"two\rstill two"]),
        ("crlf", b"one\r\ntwo\rstill\ntwo\r\n", [b"one", b"two\rstill\ntwo"]),
        ("silence", b"one\rtwo", []),
        ("any", b"\r\n\r\n", []),
    ],
)
@pytest.mark.parametrize("piece", [1, 2, 3, 100])
def test_ends(end: End, sent: bytes, frames: list[bytes], piece: int) -> None:
    framing = Framing(end)
    pieces = [sent[start : start + piece] for start in range(0, len(sent), piece)]
    assert [frame for data in pieces for frame in framing.heard(data, 0)] == frames


@pytest.mark.parametrize(("end", "after_ms"), [("silence", SILENCE_MS), ("any", PATIENCE_MS)])
def test_silence_ends_a_frame_once(end: End, after_ms: int) -> None:
    framing = Framing(end)
    assert framing.heard(b"one", 1000) == []
    assert framing.quiet(1000 + after_ms - 1) == []
    assert framing.quiet(1000 + after_ms) == [b"one"]
    assert framing.quiet(9000) == []


@pytest.mark.parametrize("end", ["cr", "lf", "crlf"])
def test_half_a_code_is_not_put_before_the_next(end: End) -> None:
    framing = Framing(end)
    framing.heard(b"half", 0)
    assert framing.quiet(PATIENCE_MS) == []
    assert framing.heard(b"whole\r\n", PATIENCE_MS + 5)[:1] in ([b"whole"], [b"whole\r"])


@pytest.mark.parametrize("end", ["any", "lf", "crlf"])
def test_garbage_without_an_end_is_bounded_and_the_next_code_is_read(end: End) -> None:
    framing = Framing(end)
    for _ in range(100):
        assert framing.heard(b"\xff" * 1000, 0) == []
        assert len(framing._rest) <= LONGEST_FRAME_BYTES
    assert framing.heard(b"tail\r\n", 0) == []
    assert [frame.strip() for frame in framing.heard(b"code\r\n", 0)] == [b"code"]


def test_garbage_that_falls_silent_is_dropped() -> None:
    framing = Framing("silence")
    framing.heard(b"x" * (LONGEST_FRAME_BYTES + 1), 0)
    assert framing.quiet(SILENCE_MS) == []
    framing.heard(b"code", 200)
    assert framing.quiet(200 + SILENCE_MS) == [b"code"]


@pytest.mark.parametrize("size", [LONGEST_FRAME_BYTES, LONGEST_FRAME_BYTES + 1])
def test_the_longest_frame(size: int) -> None:
    for pieces in ([b"x" * size + b"\n"], [b"x" * size, b"\n"]):
        framing = Framing()
        frames = [frame for data in pieces for frame in framing.heard(data, 0)]
        assert [len(frame) for frame in frames] == ([size] if size <= LONGEST_FRAME_BYTES else [])


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=20), st.integers(1, 60))
def test_frames_come_whole_however_they_are_cut(frames: list[bytes], piece: int) -> None:
    clean = [frame.translate(None, b"\r\n") for frame in frames]
    sent = b"".join(frame + b"\r\n" for frame in clean)
    framing = Framing()
    got = [f for start in range(0, len(sent), piece) for f in framing.heard(sent[start : start + piece], 0)]
    assert got == [frame for frame in clean if frame]


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (b"8812345678901234", "8812345678901234"),
        ("双人烤鱼".encode(), "双人烤鱼"),
        ("双人烤鱼".encode("gb18030"), "双人烤鱼"),
        (b"caf\xe9\xff", "caféÿ"),
        (b"\x02code\x03\0", "code"),
        (b"\0\0", ""),
    ],
)
def test_text(frame: bytes, text: str) -> None:
    assert text_of(frame) == text


@given(st.binary(max_size=200))
def test_any_frame_is_text(frame: bytes) -> None:
    assert isinstance(text_of(frame), str)
