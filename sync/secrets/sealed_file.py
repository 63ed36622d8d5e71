"""Secrets in one file under a passphrase, for machines whose system keeps none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import SecretsError
from sync.secrets.private_file import read_private, unavailable, write_private

_KIND = "hexiao secrets 1"
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
# RFC 9106, second recommended option: 64 MB and three passes.
_PASSES, _MEMORY_KIB, _LANES = 3, 65_536, 4


class SealedFile:
    """All secrets in one JSON file, sealed with AES-256-GCM under a key that argon2id makes of the passphrase. `ask`
    gives the passphrase when the first secret is wanted; it is told whether the file is made only now."""

    def __init__(self, path: Path, clock: Clock, ask: Callable[[bool], str]) -> None:
        self._path = path
        self._clock = clock
        self._ask = ask
        self._salt = b""
        self._key = b""

    def get(self, name: str) -> bytes | None:
        """The secret, or None. Raises SecretsError; SECRETS_LOCKED when the passphrase is not the right one."""
        return self._read().get(name)

    def put(self, name: str, value: bytes) -> None:
        """Keep it; on return it is durable. The first secret makes the file, under the passphrase given then."""
        secrets = self._read() | {name: value}
        if not self._key:
            self._open(self._clock.random_bytes(_SALT_BYTES), new=True)
        nonce = self._clock.random_bytes(_NONCE_BYTES)
        text = json.dumps({known: kept.hex() for known, kept in secrets.items()}).encode()
        body = AESGCM(self._key).encrypt(nonce, text, _KIND.encode())
        sealed = {"kind": _KIND, "salt": self._salt.hex(), "nonce": nonce.hex(), "body": body.hex()}
        write_private(self._path, json.dumps(sealed))

    def _read(self) -> dict[str, bytes]:
        text = read_private(self._path)
        if text is None:
            return {}
        salt, nonce, body = self._parts(text)
        if not self._key or salt != self._salt:
            self._open(salt)
        try:
            opened: dict[str, str] = json.loads(AESGCM(self._key).decrypt(nonce, body, _KIND.encode()))
        except InvalidTag:
            self._key = b""
        else:
            return {name: bytes.fromhex(value) for name, value in opened.items()}
        raise SecretsError(because(Code.SECRETS_LOCKED, path=self._path.name), "the passphrase does not open the file")

    def _parts(self, text: str) -> tuple[bytes, bytes, bytes]:
        try:
            sealed: dict[str, Any] = json.loads(text)
            if sealed["kind"] != _KIND:
                raise unavailable(f"{self._path.name} is of another version: {str(sealed['kind'])[:40]}")
            salt, nonce, body = (bytes.fromhex(sealed[name]) for name in ("salt", "nonce", "body"))
        except (ValueError, TypeError, KeyError) as error:
            raise unavailable(f"{self._path.name} is damaged") from error
        if len(salt) != _SALT_BYTES or len(nonce) != _NONCE_BYTES:
            raise unavailable(f"{self._path.name} is damaged")
        return salt, nonce, body

    def _open(self, salt: bytes, *, new: bool = False) -> None:
        passphrase = self._ask(new)
        if not passphrase:
            raise SecretsError(because(Code.SECRETS_LOCKED, path=self._path.name), "no passphrase was given")
        self._key = hash_secret_raw(passphrase.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, _KEY_BYTES, Type.ID)
        self._salt = salt
