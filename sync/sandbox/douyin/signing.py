"""How Douyin signs what it sends to a merchant: webhooks by SHA-1, SPI calls by SHA-256."""

import hashlib
from collections.abc import Mapping


def webhook_sign(secret: str, body: bytes) -> str:
    """X-Douyin-Signature: of the secret and the raw body (platform-contracts.md 1.8)."""
    # The platform chose SHA-1; it is no choice of ours.
    return hashlib.sha1(secret.encode() + body, usedforsecurity=False).hexdigest()


def spi_sign(secret: str, query: Mapping[str, str], body: bytes | None) -> str:
    """x-life-sign: of the secret, the query by name without `sign`, and the raw body if there is one (1.8)."""
    parts = [secret.encode(), *(f"{name}={query[name]}".encode() for name in sorted(query) if name != "sign")]
    if body is not None:
        parts.append(b"http_body=" + body)
    return hashlib.sha256(b"&".join(parts)).hexdigest()
