"""A small file that its owner alone may read, replaced whole or not at all."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from sync.domain.reasons import Code, because
from sync.errors import SecretsError


def write_private(path: Path, text: str) -> None:
    """Replace a file by ASCII text that its owner alone may read; all of it or nothing. Raises SecretsError."""
    part = path.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        # Created afresh and with its final mode, so that there is no moment at which others can read it.
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise unavailable(f"{path.name} can't be written: {error.strerror}") from error


def read_private(path: Path) -> str | None:
    """What `write_private` wrote; None where there is no such file. Raises SecretsError, also where others may read
    it."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise unavailable(f"{path.name} can't be read") from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise unavailable(f"{path.name} can be read by others: chmod 600 it")
    return text


def _sync_folder(folder: Path) -> None:
    """Make a rename in it durable, where the system has a call for that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unavailable(detail: str) -> SecretsError:
    """The store of secrets can't be used, and why."""
    return SecretsError(because(Code.SECRETS_UNAVAILABLE, detail=detail), detail)
