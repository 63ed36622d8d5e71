"""DQ1: reading a dynamic coupon code with public keys alone (dynamic-code.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil, log10

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CHAIN_MODE, PERMIT_MODE = 0x11, 0x12
_HEADER_BYTES = 35
_SIZES = {CHAIN_MODE: 133, PERMIT_MODE: 111}
_SIZE_BY_DIGITS = {ceil(8 * size * log10(2)): (mode, size) for mode, size in _SIZES.items()}
_NO_NONCE = bytes(8)
# The points of small order by their y, as encoded without the sign; the last two are not the canonical encodings.
_SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "00" * 32,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)


class Verdict(StrEnum):
    """In the order in which they are checked; the first that fits is the answer."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    OTHER_STORE = "other_store"
    NOT_YET = "not_yet"
    ENDED = "ended"
    STALE = "stale"
    FUTURE = "future"
    OTHER_NONCE = "other_nonce"
    GENUINE = "genuine"


# Verdicts that only say what our clock says.
TIMED = frozenset({Verdict.NOT_YET, Verdict.ENDED, Verdict.STALE, Verdict.FUTURE})


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and the seconds (Unix) in which it is valid, both inclusive."""

    public: Ed25519PublicKey
    not_before_s: int = 0
    not_after_s: int = 2**63

    def __post_init__(self) -> None:
        """Refuse points of small order with ValueError: under them anybody can make signatures that verify."""
        raw = self.public.public_bytes_raw()
        if raw[:31] + bytes((raw[31] & 0x7F,)) in _SMALL_ORDER:
            raise ValueError("a public key of small order")


Keys = Mapping[int, Sequence[Key]]


@dataclass(frozen=True, slots=True)
class Fields:
    """What a verified code says. Ids as lower-case hex; times in seconds; `step` only of a CHAIN, `iat_s` and
    `nonce` only of a PERMIT."""

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
    step: int | None
    iat_s: int | None
    nonce: str | None

    @property
    def is_chain(self) -> bool:
        """Made by a phone that may itself be offline."""
        return self.mode == CHAIN_MODE

    @property
    def bound(self) -> bool:
        """A permit that carries a till's nonce: the platform has booked it."""
        return self.nonce is not None and self.nonce != _NO_NONCE.hex()

    @property
    def any_store(self) -> bool:
        """Binds no store."""
        return self.store == "00000000"

    @property
    def mark_s(self) -> int:
        """When this very code was made, in seconds: the start of its step, or a permit's iat. Later codes of a voucher
        have greater marks, also across chains, which a bare step number does not."""
        return self.t0_s + ((self.step or 1) - 1) * self.step_s if self.is_chain else self.iat_s or 0

    @property
    def issued_s(self) -> int:
        """When the platform counted the units that the code speaks of, in seconds."""
        return self.t0_s if self.is_chain else self.iat_s or 0

    @property
    def life_s(self) -> int:
        """How long the code lives, in seconds: a chain from its t0, a permit from its iat."""
        return self.step_s * self.steps


@dataclass(frozen=True, slots=True)
class Reading:
    """A verdict, and the fields of a code that verified (None for malformed, unknown_key and forged)."""

    verdict: Verdict
    fields: Fields | None = None


def keys_from_hex(keys: Mapping[str, Sequence[str]]) -> Keys:
    """`{"7": ["<hex public key>", …]}` → keys that are always valid. Raises ValueError on a bad key."""
    return {
        int(kid): tuple(Key(Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))) for text in texts)
        for kid, texts in keys.items()
    }


def read(text: str, keys: Keys, now_s: int, store: str, nonce: str = "") -> Reading:
    """The verdict on `text`. `now_s`: the platform's time, Unix seconds; `store`: ours, 8 hex digits; `nonce`: the one
    this till showed, 16 hex digits, or empty. Never raises on any text."""
    raw = _unpack(text)
    if raw is None:
        return Reading(Verdict.MALFORMED)
    fields = _fields(raw)
    if fields.step_s == 0 or not 1 <= fields.steps <= 2880 or fields.units == 0 or raw[27] != 0:
        return Reading(Verdict.MALFORMED)
    valid = [k.public for k in keys.get(fields.kid, ()) if k.not_before_s <= now_s <= k.not_after_s]
    if not valid:
        return Reading(Verdict.UNKNOWN_KEY)
    if not _signed(raw, fields, valid):
        return Reading(Verdict.FORGED)
    if not fields.any_store and fields.store != store:
        return Reading(Verdict.OTHER_STORE, fields)
    late = _chain_time(fields, now_s) if fields.is_chain else _permit_time(fields, now_s)
    if late is not None:
        return Reading(late, fields)
    if fields.bound and fields.nonce != nonce:
        return Reading(Verdict.OTHER_NONCE, fields)
    return Reading(Verdict.GENUINE, fields)


def _unpack(text: str) -> bytes | None:
    """The bytes behind the digits, or None when the text has not the form of a code."""
    expected = _SIZE_BY_DIGITS.get(len(text))
    if expected is None or not text.isascii() or not text.isdigit():
        return None
    mode, size = expected
    value = int(text)
    if value >> (8 * size):
        return None
    raw = value.to_bytes(size, "big")
    return raw if raw[0] == mode else None


def _fields(raw: bytes) -> Fields:
    chain = raw[0] == CHAIN_MODE
    number = int.from_bytes
    return Fields(
        mode=raw[0],
        kid=number(raw[1:3], "big"),
        voucher=raw[3:12].hex(),
        store=raw[12:16].hex(),
        account=raw[16:19].hex(),
        offer=raw[19:23].hex(),
        max_fen=number(raw[23:26], "big"),
        units=raw[26],
        t0_s=number(raw[28:32], "big"),
        step_s=raw[32],
        steps=number(raw[33:35], "big"),
        step=number(raw[115:117], "big") if chain else None,
        iat_s=None if chain else number(raw[35:39], "big"),
        nonce=None if chain else raw[39:47].hex(),
    )


def _signed(raw: bytes, fields: Fields, valid: Sequence[Ed25519PublicKey]) -> bool:
    if fields.is_chain:
        end, step = _HEADER_BYTES + 16, fields.step or 0
        if not 1 <= step <= fields.steps:
            return False
    else:
        end, step = _HEADER_BYTES + 12, 0
    if not any(verifies(key, raw[end : end + 64], b"DQ1\x00" + raw[:end]) for key in valid):
        return False
    if not fields.is_chain:
        return True
    prefix, link = b"DQ1c" + raw[3:12], raw[117:133]
    for place in range(step, 0, -1):
        link = sha256(prefix + place.to_bytes(2, "big") + link).digest()[:16]
    return link == raw[35:51]


def verifies(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is good; never raises on any bytes."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _chain_time(fields: Fields, now_s: int) -> Verdict | None:
    if now_s < fields.t0_s - fields.step_s:
        return Verdict.NOT_YET
    current = (now_s - fields.t0_s) // fields.step_s + 1
    if current > fields.steps + 1:
        return Verdict.ENDED
    step = fields.step or 0
    if step < current - 1:
        return Verdict.STALE
    return Verdict.FUTURE if step > current + 1 else None


def _permit_time(fields: Fields, now_s: int) -> Verdict | None:
    iat_s = fields.iat_s or 0
    if now_s > iat_s + fields.life_s + fields.step_s:
        return Verdict.STALE
    return Verdict.FUTURE if iat_s > now_s + fields.step_s else None
