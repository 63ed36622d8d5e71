"""Secrets in clear in one file that its owner alone may read."""

import json
from pathlib import Path

from sync.secrets.private_file import read_private, unavailable, write_private


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
