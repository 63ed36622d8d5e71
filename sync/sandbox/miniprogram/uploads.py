"""What terminals tell the platform without asking anything: trust records and journal heads."""

import re
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.envelope import (
    HEX32,
    HEX64,
    LATEST_MS,
    REQUEST_ID,
    TERMINAL,
    TIERS,
    VOUCHER,
    Failure,
    own_store,
    succeeded,
)
from sync.sandbox.rows import JournalHead, TrustRecord
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Request

_TAIL = re.compile(r"[0-9A-Za-z]{1,8}", re.ASCII)
_HEAD_TAG = b"hexiao-head\x00"


def trust_records(truth: Truth, request: Request) -> Answer:
    """What was accepted on trust and is not redeemed yet. A record that came before counts as accepted."""
    body = Fields(request.json())
    own_store(truth, body)
    terminal = body.text("terminal", TERMINAL)
    records = [_record(terminal, one) for one in body.objects("records", 1, 500)]
    for record in records:
        truth.trust_records.put(record)
    return succeeded(truth, {"accepted": len(records)})


def _record(terminal: str, one: Fields) -> TrustRecord:
    voucher = one.optional_text("voucher", VOUCHER) or ""
    # A dynamic code of a coupon that the till has never heard of tells the voucher, and no printed code.
    bare = voucher and one.raw().get("code_tail") == ""
    return TrustRecord(
        request_id=one.text("request_id", REQUEST_ID),
        voucher=voucher,
        code_tail="" if bare else one.text("code_tail", _TAIL),
        terminal=terminal,
        tier=one.choice("tier", TIERS),
        accepted_at_ms=one.whole("accepted_at", 0, LATEST_MS),
        amount_fen=one.whole("amount_fen", 0, 10**9),
    )


def journal_heads(truth: Truth, request: Request) -> Answer:
    """Witness the head of a terminal's journal; 409 when it contradicts one seen before."""
    body = Fields(request.json())
    terminal, seq = body.text("terminal", TERMINAL), body.whole("seq", 0, 2**63 - 1)
    head, signed_ms = body.text("head", HEX32), body.whole("signed_at", 0, LATEST_MS)
    public_key, signature = body.text("public_key", HEX32), body.text("signature", HEX64)
    signed = _signed_part(terminal, seq, head, signed_ms)
    if not _verifies(public_key, signature, signed):
        raise Failure(400, "bad_request", "the signature does not belong to this head")
    witnessed = truth.heads_by_terminal(terminal)
    if witnessed:
        _check_against(witnessed, seq, head, public_key)
    known = truth.journal_heads.get(f"{terminal}/{seq}")
    if known is None:
        known = truth.journal_heads.put(JournalHead(terminal, seq, head, public_key, truth.now_ms()))
    return succeeded(truth, {"witnessed_at": known.witnessed_at_ms})


def _signed_part(terminal: str, seq: int, head: str, signed_ms: int) -> bytes:
    name = terminal.encode("utf-8", "replace")
    return _HEAD_TAG + name + b"\x00" + struct.pack(">Q", seq) + bytes.fromhex(head) + struct.pack(">Q", signed_ms)


def _verifies(public_key: str, signature: str, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_against(witnessed: list[JournalHead], seq: int, head: str, public_key: str) -> None:
    if public_key != witnessed[0].public_key:
        raise Failure(409, "journal_rewritten", "another key signed for this terminal before")
    last = witnessed[-1]
    if seq < last.seq or (seq == last.seq and head != last.head):
        raise Failure(409, "journal_rewritten", f"head {last.seq} was witnessed before and says otherwise")
