"""The log file of a terminal: what happened to the program itself, and nothing that a customer showed."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER, FILE = "logs", "hexiao.log"
LONGEST_B, KEPT = 1_000_000, 5
_LOG = logging.getLogger("hexiao")
_LOG.propagate = False
_LOG.addHandler(logging.NullHandler())
_MASK = "▒"
# A link with or without its scheme: who it leads to may be told, what it leads to is the coupon.
_LINK = re.compile(r"(\w+://(?=\S)|(?=[\w-]+\.[\w-]+))(?:[^\s/@]*@)?([\w.-]+(?::\d+)?)[/?#]\S*", re.ASCII)
# A phone or a card number, however it is grouped.
_NUMBER = re.compile(r"\d(?:[ \t.,()/+_\-–·]{0,3}\d){6,}")
_TOKEN = re.compile(r"[0-9A-Za-z_+/=\-]{4,}")
_MOST_DIGITS, _LONGEST_WORD, _SHORTEST_MIXED = 3, 24, 6


@contextmanager
def kept_in(data: Path) -> Iterator[None]:
    """Write the log to `data`/logs/hexiao.log for the length of the block: UTF-8, 1 MB, five older ones beside it. A
    folder that is not there or can't be written is no reason to stay closed: then nothing is kept."""
    if not data.is_dir():
        yield
        return
    handler = _Late(data)
    _LOG.setLevel(logging.INFO)
    _LOG.addHandler(handler)
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        handler.close()


def note(what: str) -> None:
    """One line about the program: opened, closed, a reason's code."""
    _LOG.info(masked(what))


def unexpected(code: str, stack: str, count: int = 1) -> None:
    """An error that nobody foresaw, for the `count`-th time: its code as people see it, its type and its stack, which
    hold no values; never its message, which may hold what a customer showed."""
    _LOG.error("%s%s %s", code, f" x{count}" if count > 1 else "", stack)


def masked(text: str) -> str:
    """The text with everything hidden that could be a code, a number of a person, a key or a token."""
    told = _LINK.sub(lambda found: f"{found[1]}{found[2]}/{_MASK}", text)
    told = _NUMBER.sub(_MASK, told)
    return _TOKEN.sub(lambda found: _MASK if _telling(found.group()) else found.group(), told)


def _telling(word: str) -> bool:
    digits, letters = sum(letter.isdigit() for letter in word), [letter for letter in word if letter.isalpha()]
    mixed = bool(digits and letters) or any(letter.isupper() for letter in letters)
    return digits > _MOST_DIGITS or len(word) > _LONGEST_WORD or (mixed and len(word) >= _SHORTEST_MIXED)


class _Late(logging.Handler):
    """Opens its file with the first line: the window stands before what that takes is imported."""

    def __init__(self, data: Path) -> None:
        super().__init__()
        self._data = data
        self._opened = False
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if not self._opened:
            self._opened, self._file = True, _file_handler(self._data)
        if self._file is not None:
            self._file.handle(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def _file_handler(data: Path) -> logging.Handler | None:
    from logging.handlers import RotatingFileHandler

    try:
        (data / FOLDER).mkdir(exist_ok=True)
        handler = RotatingFileHandler(data / FOLDER / FILE, maxBytes=LONGEST_B, backupCount=KEPT, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    return handler
