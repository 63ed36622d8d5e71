"""The operating system's own store of secrets."""

import keyring
from keyring.errors import KeyringError

from sync.secrets.private_file import unavailable

_FOREIGN = "keyrings."


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
