"""A request body that comes in chunks, as clients send it that do not know its length beforehand."""

import re
from io import BufferedIOBase

_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(;.*)?", re.DOTALL)
_LONGEST_LINE = 8192
_MOST_TRAILERS = 100


class BadChunks(Exception):
    """The chunks are malformed or together too long; the HTTP status says which, the message in words."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def read_chunks(source: BufferedIOBase, most_bytes: int) -> bytes:
    """The whole body, without its trailers. BadChunks, or ConnectionAbortedError when the client leaves before."""
    parts: list[bytes] = []
    length = 0
    while size := _size(_line(source)):
        length += size
        if length > most_bytes:
            raise BadChunks(413, f"a body may have {most_bytes} bytes")
        parts.append(_exactly(source, size))
        if _exactly(source, 2) != b"\r\n":
            raise BadChunks(400, "a chunk is longer than its size")
    for _ in range(_MOST_TRAILERS):
        if not _line(source):
            return b"".join(parts)
    raise BadChunks(400, "the body has too many trailers")


def _line(source: BufferedIOBase) -> bytes:
    line = source.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        if len(line) == _LONGEST_LINE:
            raise BadChunks(400, "a chunk's size line is too long")
        raise _gone()
    return line.rstrip(b"\r\n")


def _size(line: bytes) -> int:
    match = _SIZE.fullmatch(line)
    if match is None:
        raise BadChunks(400, "a chunk's size is no number")
    return int(match[1], 16)


def _exactly(source: BufferedIOBase, count: int) -> bytes:
    data = source.read(count)
    if len(data) < count:
        raise _gone()
    return data


def _gone() -> ConnectionAbortedError:
    return ConnectionAbortedError("the client left before its body was whole")
