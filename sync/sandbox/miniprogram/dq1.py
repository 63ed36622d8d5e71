"""DQ1 as the issuer writes it (dynamic-code.md): header, chain, permit, and bytes as decimal digits."""

import functools
import hashlib
import math
import struct
from dataclasses import dataclass

CHAIN, PERMIT = 0x11, 0x12
CHAIN_BYTES, PERMIT_BYTES = 133, 111
HEADER_BYTES, ANCHOR_BYTES, SIGNATURE_BYTES = 35, 16, 64
_HEADER = struct.Struct(">BH9s4s3s4s3sBBIBH")
_SIGNED = b"DQ1\x00"


@dataclass(frozen=True, slots=True)
class Header:
    """The 35 bytes that both modes begin with; ids in hex, times in seconds."""

    mode: int
    kid: int
    voucher: str
    store: str
    account: str
    offer: str
    max_fen: int
    units: int
    t0_s: int
    step_s: int
    steps: int
    flags: int = 0

    def encoded(self) -> bytes:
        """Big-endian, in the order of the table."""
        return _HEADER.pack(
            self.mode,
            self.kid,
            bytes.fromhex(self.voucher),
            bytes.fromhex(self.store),
            bytes.fromhex(self.account),
            bytes.fromhex(self.offer),
            self.max_fen.to_bytes(3, "big"),
            self.units,
            self.flags,
            self.t0_s,
            self.step_s,
            self.steps,
        )


def decoded(data: bytes) -> Header:
    """The first 35 bytes as a header."""
    mode, kid, voucher, store, account, offer, fen, units, flags, t0, step, steps = _HEADER.unpack(data[:HEADER_BYTES])
    return Header(
        mode,
        kid,
        voucher.hex(),
        store.hex(),
        account.hex(),
        offer.hex(),
        int.from_bytes(fen, "big"),
        units,
        t0,
        step,
        steps,
        flags,
    )


def digits_for(count: int) -> int:
    """How many decimal digits carry `count` bytes."""
    return math.ceil(8 * count * math.log10(2))


def to_digits(data: bytes) -> str:
    """Bytes as decimal digits of fixed length."""
    return str(int.from_bytes(data, "big")).zfill(digits_for(len(data)))


def signed_part(before_signature: bytes) -> bytes:
    """What the signature is over."""
    return _SIGNED + before_signature


def hashed_down(voucher: str, step: int, value: bytes) -> bytes:
    """x of the step below."""
    return hashlib.sha256(b"DQ1c" + bytes.fromhex(voucher) + struct.pack(">H", step) + value).digest()[:16]


@functools.lru_cache(maxsize=256)
def preimages(voucher: str, seed: str, steps: int) -> tuple[bytes, ...]:
    """x_0 (the anchor) … x_n (the seed)."""
    values = [bytes.fromhex(seed)]
    for step in range(steps, 0, -1):
        values.append(hashed_down(voucher, step, values[-1]))
    return tuple(reversed(values))


def chain_text(certificate: bytes, step: int, preimage: bytes) -> str:
    """What the phone shows in that step; `certificate` is header, anchor and signature."""
    return to_digits(certificate + struct.pack(">H", step) + preimage)


def permit_body(iat_s: int, nonce: str) -> bytes:
    """What stands between a permit's header and its signature."""
    return struct.pack(">I", iat_s) + bytes.fromhex(nonce)
