"""The port of every store of secrets, and the names of those that the terminal makes itself."""

from typing import Protocol

LEDGER_KEY = "ledger_key"
TERMINAL_KEY = "terminal_key"


class SecretStore(Protocol):
    """Small secrets by name. Raises SecretsError when the store can't be used; never answers with a made-up value."""

    def get(self, name: str) -> bytes | None:
        """The secret, or None when there is none of that name."""

    def put(self, name: str, value: bytes) -> None:
        """Keep it; on return it is durable."""
