"""Keyed hashes and sealed texts: what lets the ledger find a coupon without giving its code away."""

import hmac
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import SecretsError

_NONCE_BYTES = 12


class Sealer:
    """Works with keys derived from the ledger's key (32 bytes, out of the SecretStore)."""

    def __init__(self, ledger_key: bytes, clock: Clock) -> None:
        def derive(name: str) -> bytes:
            return HKDF(hashes.SHA256(), 32, None, f"hexiao {name}".encode()).derive(ledger_key)

        self._hash_key = derive("hash")
        self._head_key = derive("head")
        self._aes = AESGCM(derive("seal"))
        self._clock = clock

    def hashed(self, kind: str, text: str) -> bytes:
        """16 bytes that find `text` again and can't be turned back or tried out without the key."""
        return hmac.digest(self._hash_key, f"{kind}\x00{text}".encode("utf-8", "surrogatepass"), "sha256")[:16]

    def seal(self, text: str, context: str) -> bytes:
        """`text` encrypted and bound to `context` (AES-256-GCM, fresh nonce in front)."""
        nonce = self._clock.random_bytes(_NONCE_BYTES)
        return nonce + self._aes.encrypt(nonce, text.encode("utf-8", "surrogatepass"), context.encode())

    def unseal(self, sealed: bytes, context: str) -> str:
        """What `seal` was given. Raises SecretsError when the key is not the one it was sealed with."""
        try:
            plain = self._aes.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            detail = "the key in the secret store does not open this ledger"
            raise SecretsError(because(Code.SECRETS_UNAVAILABLE, detail=detail), detail) from error
        return plain.decode("utf-8", "surrogatepass")

    def head_mac(self, seq: int, head: bytes) -> bytes:
        """What proves that the journal's head was written by a holder of the key (16 bytes)."""
        return hmac.digest(self._head_key, seq.to_bytes(8, "big") + head, sha256)[:16]
