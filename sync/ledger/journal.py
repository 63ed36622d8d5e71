"""The journal: an append-only chain of hashes over every fact, H(prev ‖ seq ‖ at ‖ kind ‖ H(salt ‖ payload))."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

START = bytes(32)
SALT_BYTES = 16
HASH_BYTES = 32


def canonical(payload: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no blanks; bytes as hex. What is hashed is this text as UTF-8."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_hex)


def _hex(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no place in the journal for a {type(value).__name__}")


def payload_hash(salt: bytes, payload: str) -> bytes:
    """H(salt ‖ payload): stays when the payload has to be erased."""
    return sha256(salt + payload.encode()).digest()


def entry_hash(prev: bytes, seq: int, at_ms: int, kind: str, of_payload: bytes) -> bytes:
    """The link of the chain. Numbers as 8 bytes, big-endian; `kind` stands between parts of fixed length: who takes
    `of_payload` from a file checks that it has HASH_BYTES."""
    head = prev + seq.to_bytes(8, "big") + at_ms.to_bytes(8, "big", signed=True)
    return sha256(head + kind.encode() + of_payload).digest()


def signed_head_message(terminal: str, seq: int, head: bytes, signed_at_ms: int) -> bytes:
    """What the terminal's key signs of its journal's head (docs/own-platform.md, journal-heads)."""
    return b"".join(
        (
            b"hexiao-head\x00",
            terminal.encode(),
            b"\x00",
            seq.to_bytes(8, "big"),
            head,
            signed_at_ms.to_bytes(8, "big"),
        )
    )


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who, when, by which clock."""

    who: str
    at_ms: int
    clock: str
