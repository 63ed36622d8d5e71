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
# Codes, phone numbers, keys and tokens all hold digits or are long; the words of an error's message are neither.
_TOKEN = re.compile(r"[\w+/=-]{4,}")
_MOST_DIGITS, _LONGEST_WORD = 3, 24
_MASK = "▒"


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


def unexpected(error: BaseException, code: str, stack: str) -> None:
    """An error that nobody foresaw: its code as people see it, its message without anything that could be a coupon's
    code or a secret, and its stack, which holds no values."""
    _LOG.error("%s %s\n%s", code, masked(str(error)), stack)


def masked(text: str) -> str:
    """The text with everything hidden that could be a code, a number of a person, a key or a token."""
    return _TOKEN.sub(lambda found: _MASK if _telling(found.group()) else found.group(), text)


def _telling(word: str) -> bool:
    return sum(letter.isdigit() for letter in word) > _MOST_DIGITS or len(word) > _LONGEST_WORD


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
