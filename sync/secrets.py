"""Where keys, client secrets and the like are kept: one port, and the two stores behind it."""

import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import keyring
from keyring.errors import KeyringError

from sync.domain.reasons import Code, because
from sync.errors import SecretsError

LEDGER_KEY = "ledger_key"
TERMINAL_KEY = "terminal_key"
_FOREIGN = "keyrings."


class SecretStore(Protocol):
    """Small secrets by name. Raises SecretsError when the store can't be used; never answers with a made-up value."""

    def get(self, name: str) -> bytes | None:
        """The secret, or None when there is none of that name."""

    def put(self, name: str, value: bytes) -> None:
        """Keep it; on return it is durable."""


class KeyFile:
    """Secrets in one JSON file of mode 600, in clear: for demo and tests, or where the owner sets it on purpose."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> bytes | None:
        return self._read().get(name)

    def put(self, name: str, value: bytes) -> None:
        secrets = {known: kept.hex() for known, kept in (self._read() | {name: value}).items()}
        write_private(self._path, json.dumps(secrets))

    def _read(self) -> dict[str, bytes]:
        text = read_private(self._path)
        if text is None:
            return {}
        try:
            return {name: bytes.fromhex(value) for name, value in json.loads(text).items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise unavailable(f"{self._path.name} is damaged") from error


class Keyring:
    """The operating system's own store (Credential Manager, Keychain, Secret Service), and no other that happens to be
    installed: some of those keep what they are given in clear."""

    def __init__(self, service: str) -> None:
        self._service = service

    def get(self, name: str) -> bytes | None:
        _only_the_systems()
        try:
            value = keyring.get_password(self._service, name)
        except KeyringError as error:
            raise unavailable(f"the system's keyring does not answer: {type(error).__name__}") from error
        try:
            return None if value is None else bytes.fromhex(value)
        except ValueError as error:
            raise unavailable("what the system's keyring holds was not put there by this program") from error

    def put(self, name: str, value: bytes) -> None:
        _only_the_systems()
        try:
            keyring.set_password(self._service, name, value.hex())
        except KeyringError as error:
            raise unavailable(f"the system's keyring does not answer: {type(error).__name__}") from error
        if self.get(name) != value:
            # The null backend takes everything and keeps nothing.
            raise unavailable("the system's keyring does not keep what it is given")


def _only_the_systems() -> None:
    backend = keyring.get_keyring()
    for one in getattr(backend, "backends", None) or (backend,):
        if type(one).__module__.startswith(_FOREIGN):
            raise unavailable(f"{type(one).__module__} is no keyring of the system and may keep secrets in clear")


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
