"""A platform's side of DQ1, written from dynamic-code.md alone: makes genuine codes, and false ones on request."""

from dataclasses import dataclass
from hashlib import sha256
from math import ceil, log10

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.domain.dynamic_code import Key, Keys

STORE = "00c0ffee"
T0_S = 1_788_000_000


def private_key(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


KEY = private_key(1)
KEYS: Keys = {7: (Key(KEY.public_key()),)}


def digits(raw: bytes) -> str:
    return str(int.from_bytes(raw, "big")).zfill(ceil(8 * len(raw) * log10(2)))


def undigits(text: str, size: int) -> bytes:
    return int(text).to_bytes(size, "big")


@dataclass(frozen=True, slots=True)
class Header:
    kid: int = 7
    voucher: bytes = bytes(range(9))
    store: bytes = bytes.fromhex(STORE)
    account: bytes = b"\x0a\x0b\x0c"
    offer: bytes = b"\x00\x00\x00\x05"
    max_fen: int = 6_716
    units: int = 2
    flags: int = 0
    t0_s: int = T0_S
    step_s: int = 30
    steps: int = 120

    def raw(self, mode: int) -> bytes:
        return b"".join(
            (
                bytes([mode]),
                self.kid.to_bytes(2, "big"),
                self.voucher,
                self.store,
                self.account,
                self.offer,
                self.max_fen.to_bytes(3, "big"),
                bytes([self.units, self.flags]),
                self.t0_s.to_bytes(4, "big"),
                bytes([self.step_s]),
                self.steps.to_bytes(2, "big"),
            )
        )


def chain_raw(header: Header, step: int, key: Ed25519PrivateKey = KEY, shown: bytes | None = None) -> bytes:
    """`shown`: another preimage than the true one."""
    links = [b"\x5a" * 16]
    for place in range(max(header.steps, step), 0, -1):
        links.append(sha256(b"DQ1c" + header.voucher + place.to_bytes(2, "big") + links[-1]).digest()[:16])
    links.reverse()
    signed = header.raw(0x11) + links[0]
    return signed + key.sign(b"DQ1\x00" + signed) + step.to_bytes(2, "big") + (shown or links[step])


def chain(header: Header, step: int, key: Ed25519PrivateKey = KEY, shown: bytes | None = None) -> str:
    return digits(chain_raw(header, step, key, shown))


def permit_raw(header: Header, iat_s: int, nonce: bytes = bytes(8), key: Ed25519PrivateKey = KEY) -> bytes:
    signed = header.raw(0x12) + iat_s.to_bytes(4, "big") + nonce
    return signed + key.sign(b"DQ1\x00" + signed)


def permit(header: Header, iat_s: int, nonce: bytes = bytes(8), key: Ed25519PrivateKey = KEY) -> str:
    return digits(permit_raw(header, iat_s, nonce, key))
