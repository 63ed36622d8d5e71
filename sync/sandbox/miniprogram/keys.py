"""The own platform's keys: the offline root, the signing keys under it, and the signed key set."""

import functools
import json
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.sandbox.miniprogram.envelope import succeeded
from sync.sandbox.rows import SigningKey
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Request

DAY_MS = 86_400_000
KEY_LIFE_MS = 90 * DAY_MS
SET_LIFE_MS = 30 * DAY_MS
# A key signs only while everything it signs (a chain lives a day) ends before it does.
_SIGNS_UNTIL_MS = 2 * DAY_MS
_FIRST_KEYS = 2
_SET_TAG = b"DQ1-keys\x00"


@functools.lru_cache(maxsize=64)
def private_key(secret: str) -> Ed25519PrivateKey:
    """An Ed25519 key from its seed in hex."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))


def public_hex(secret: str) -> str:
    """The public key that belongs to a seed, in hex."""
    return private_key(secret).public_key().public_bytes_raw().hex()


def root_key(truth: Truth) -> str:
    """The root's public key in hex; made at the first call."""
    return public_hex(_root(truth))


def _root(truth: Truth) -> str:
    return truth.setting("miniprogram.root") or truth.set("miniprogram.root", truth.hex(32))


def _new_key(truth: Truth) -> SigningKey:
    secret, now_ms = truth.hex(32), truth.now_ms()
    truth.set("miniprogram.keyset.stale", "1")
    # Good since yesterday: a till whose clock is behind shall not call a fresh key unknown.
    begin_ms = now_ms - DAY_MS
    key = SigningKey(truth.next("kid"), secret, public_hex(secret), begin_ms, begin_ms + KEY_LIFE_MS)
    return truth.signing_keys.put(key)


def _signing(truth: Truth) -> list[SigningKey]:
    now_ms = truth.now_ms()
    return [
        key
        for key in truth.signing_keys
        if not key.withdrawn and key.not_before_ms <= now_ms < key.not_after_ms - _SIGNS_UNTIL_MS
    ]


def signer(truth: Truth) -> SigningKey:
    """The key to sign with now: the newest; made if there is none."""
    able = _signing(truth)
    while len(able) < _FIRST_KEYS:
        able.append(_new_key(truth))
    return able[-1]


def rotate(truth: Truth) -> SigningKey:
    """Begin to sign with a new key; the older ones stay good for what they signed."""
    return _new_key(truth)


def withdraw(truth: Truth, kid: int) -> list[SigningKey]:
    """Take back every key of that kid: nothing it signed counts any more."""
    taken = [key for key in truth.signing_keys if key.kid == kid and not key.withdrawn]
    for key in taken:
        truth.signing_keys.put(replace(key, withdrawn=True))
    if taken:
        truth.set("miniprogram.keyset.stale", "1")
    return taken


def valid_keys(truth: Truth, kid: int, at_ms: int) -> list[SigningKey]:
    """The keys of that kid which are good at that moment."""
    return [
        key
        for key in truth.signing_keys
        if key.kid == kid and not key.withdrawn and key.not_before_ms <= at_ms < key.not_after_ms
    ]


def sign(key: SigningKey, data: bytes) -> bytes:
    """64 bytes of Ed25519."""
    return private_key(key.secret).sign(data)


def key_set(truth: Truth, _request: Request) -> Answer:
    """The key set under the root's signature; made anew when keys change, and once a day."""
    signer(truth)
    issued_ms = int(truth.setting("miniprogram.keyset.issued", "0"))
    young = issued_ms <= truth.now_ms() < issued_ms + DAY_MS
    if not young or truth.setting("miniprogram.keyset.stale") != "0":
        _issue_key_set(truth)
    signed, signature = (truth.setting(f"miniprogram.keyset.{part}") for part in ("signed", "signature"))
    return succeeded(truth, {"signed": signed, "signature": signature})


def _issue_key_set(truth: Truth) -> None:
    now_ms = truth.now_ms()
    keys = [
        {
            "kid": key.kid,
            "public_key": key.public_key,
            "not_before_at": key.not_before_ms,
            "not_after_at": key.not_after_ms,
        }
        for key in truth.signing_keys
        if not key.withdrawn and now_ms < key.not_after_ms
    ]
    signed = json.dumps(
        {
            "seq": truth.next("keyset"),
            "issued_at": now_ms,
            "expires_at": now_ms + SET_LIFE_MS,
            "keys": keys,
            "withdrawn": [key.public_key for key in truth.signing_keys if key.withdrawn],
        }
    )
    signature = private_key(_root(truth)).sign(_SET_TAG + signed.encode()).hex()
    truth.set("miniprogram.keyset.signed", signed)
    truth.set("miniprogram.keyset.signature", signature)
    truth.set("miniprogram.keyset.issued", str(now_ms))
    truth.set("miniprogram.keyset.stale", "0")
