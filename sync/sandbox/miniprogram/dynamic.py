"""What the platform makes of a dynamic code that a till sends it: the verdicts of dynamic-code.md, in their order."""

import re
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature

from sync.sandbox.miniprogram import dq1
from sync.sandbox.miniprogram.envelope import ANY_STORE
from sync.sandbox.miniprogram.keys import private_key, valid_keys
from sync.sandbox.truth import Truth

_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_MODES = {
    dq1.digits_for(dq1.CHAIN_BYTES): (dq1.CHAIN, dq1.CHAIN_BYTES),
    dq1.digits_for(dq1.PERMIT_BYTES): (dq1.PERMIT, dq1.PERMIT_BYTES),
}
_MOST_STEPS = 2880


@dataclass(frozen=True, slots=True)
class Read:
    """A verdict, and the header where the text had the form of one."""

    verdict: str
    header: dq1.Header | None = None


def read(truth: Truth, text: str, store: str, now_s: int) -> Read:
    """The verdict at that second for that store. A permit's nonce is not judged: only its till knows it."""
    data = _bytes(text)
    if data is None:
        return Read("malformed")
    header = dq1.decoded(data)
    if (
        header.mode != _MODES[len(text)][0]
        or header.step_s == 0
        or not 1 <= header.steps <= _MOST_STEPS
        or header.units == 0
        or header.flags != 0
    ):
        return Read("malformed")
    keys = valid_keys(truth, header.kid, now_s * 1000)
    if not keys:
        return Read("unknown_key", header)
    is_chain = header.mode == dq1.CHAIN
    body_end = dq1.HEADER_BYTES + (dq1.ANCHOR_BYTES if is_chain else 12)
    signature = data[body_end : body_end + dq1.SIGNATURE_BYTES]
    if not any(_verifies(key.secret, signature, data[:body_end]) for key in keys):
        return Read("forged", header)
    if is_chain and not _hangs_together(header, data):
        return Read("forged", header)
    if header.store not in (store, ANY_STORE):
        return Read("other_store", header)
    moment = _chain_moment(header, data, now_s) if is_chain else _permit_moment(header, data, now_s)
    return Read(moment or "genuine", header)


def _bytes(text: str) -> bytes | None:
    mode = _MODES.get(len(text))
    if mode is None or _DIGITS.fullmatch(text) is None:
        return None
    value = int(text)
    return None if value >> (8 * mode[1]) else value.to_bytes(mode[1], "big")


def _verifies(secret: str, signature: bytes, signed: bytes) -> bool:
    try:
        private_key(secret).public_key().verify(signature, dq1.signed_part(signed))
    except InvalidSignature:
        return False
    return True


def _step(data: bytes) -> int:
    return int(struct.unpack(">H", data[115:117])[0])


def _hangs_together(header: dq1.Header, data: bytes) -> bool:
    step, value = _step(data), data[117:133]
    if not 1 <= step <= header.steps:
        return False
    for place in range(step, 0, -1):
        value = dq1.hashed_down(header.voucher, place, value)
    return value == data[35:51]


def _chain_moment(header: dq1.Header, data: bytes, now_s: int) -> str | None:
    current = (now_s - header.t0_s) // header.step_s + 1
    if now_s < header.t0_s - header.step_s:
        return "not_yet"
    if current > header.steps + 1:
        return "ended"
    step = _step(data)
    if step < current - 1:
        return "stale"
    return "future" if step > current + 1 else None


def _permit_moment(header: dq1.Header, data: bytes, now_s: int) -> str | None:
    (iat_s,) = struct.unpack(">I", data[35:39])
    if now_s > iat_s + header.step_s * header.steps + header.step_s:
        return "stale"
    return "future" if iat_s > now_s + header.step_s else None
