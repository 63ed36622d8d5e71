"""Where one code ends and the next begins in the bytes of a serial line, and what text they are."""

from typing import Literal

End = Literal["any", "cr", "lf", "crlf", "silence"]
"""any: CR, LF or both, and where none comes a longer silence."""

LONGEST_FRAME_BYTES = 8192
SILENCE_MS = 50
# Longer than a line hiccups within a code, shorter than a cashier takes to the next one.
PATIENCE_MS = 400

_BREAKS: dict[End, tuple[bytes, ...]] = {
    "any": (b"\r", b"\n"),
    "cr": (b"\r",),
    "lf": (b"\n",),
    "crlf": (b"\r\n",),
    "silence": (),
}
_ENCODINGS = ("utf-8", "gb18030", "latin-1")


class Framing:
    """Cuts bytes into frames. Of a frame above 8 KiB nothing is given, up to its end.

    `end` says what ends a frame. A rest that is never ended is given after 400 ms of silence where `end` is "any",
    and dropped where the device promised an end, so that half a code is never put before the next one.
    """

    __slots__ = ("_breaks", "_end", "_last_ms", "_overlong", "_rest", "_silence_ms")

    def __init__(self, end: End = "any", silence_ms: int = SILENCE_MS) -> None:
        self._end = end
        self._breaks = _BREAKS[end]
        self._silence_ms = silence_ms if end == "silence" else max(silence_ms, PATIENCE_MS)
        self._rest = bytearray()
        self._overlong = False
        self._last_ms = 0

    def heard(self, data: bytes, at_ms: int) -> list[bytes]:
        """The frames that these bytes complete, without their ends; empty ones are left out."""
        self._last_ms = at_ms
        self._rest += data
        frames = []
        while (cut := self._next_break()) is not None:
            start, stop = cut
            frame = bytes(self._rest[:start])
            del self._rest[:stop]
            if frame and not self._overlong and len(frame) <= LONGEST_FRAME_BYTES:
                frames.append(frame)
            self._overlong = False
        if len(self._rest) > LONGEST_FRAME_BYTES:
            self._overlong = True
            # The last byte may be the first half of an end.
            del self._rest[:-1]
        return frames

    def quiet(self, at_ms: int) -> list[bytes]:
        """The frame that silence up to `at_ms` completes, if any."""
        if not (self._rest or self._overlong) or at_ms - self._last_ms < self._silence_ms:
            return []
        frame, overlong = bytes(self._rest), self._overlong
        self._rest.clear()
        self._overlong = False
        whole = self._end in ("any", "silence") and not overlong
        return [frame] if whole else []

    def _next_break(self) -> tuple[int, int] | None:
        places = [(place, place + len(mark)) for mark in self._breaks if (place := self._rest.find(mark)) >= 0]
        return min(places, default=None)


def text_of(frame: bytes) -> str:
    """The frame as text: UTF-8, else GB18030, else Latin-1 (which reads anything); control bytes at its ends taken
    off."""
    for encoding in _ENCODINGS[:-1]:
        try:
            return frame.decode(encoding).strip("\0\x02\x03\r\n")
        except UnicodeDecodeError:
            continue
    return frame.decode(_ENCODINGS[-1]).strip("\0\x02\x03\r\n")
