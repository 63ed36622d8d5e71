"""The revocation list: which vouchers a till must not accept on trust, by sequence number, signed."""

import json

from sync.sandbox.fields import Fields
from sync.sandbox.miniprogram.envelope import own_store, succeeded
from sync.sandbox.miniprogram.keys import sign, signer
from sync.sandbox.rows import Coupon, Revocation
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request

_TAG = b"DQ1-revocations\x00"


def note_state(truth: Truth, coupon: Coupon) -> None:
    """Revoke or restore a voucher according to its state, where the list does not say so already."""
    wanted = "usable" if coupon.state == "usable" else "revoked"
    listed = [entry for entry in truth.revocations if entry.voucher == coupon.serial]
    current = "usable" if not listed or listed[-1].state == "restored" else "revoked"
    if wanted != current:
        state = "revoked" if wanted == "revoked" else "restored"
        truth.revocations.put(Revocation(truth.next("revocation"), coupon.serial, state))


def revocations(truth: Truth, request: Request) -> Answer:
    """One page of the list after a sequence number; an empty page renews its age."""
    query = Fields(request.query, textual=True)
    store = own_store(truth, query)
    head = truth.last("revocation")
    after = query.whole("after", 0, 2**53, 0)
    limit = query.whole("limit", 1, 1000, 500)
    if after > head:
        raise BadInput(f"after lies beyond the newest entry, {head}")
    page = [
        {"seq": entry.seq, "voucher": entry.voucher, "state": entry.state}
        for seq in range(after + 1, min(after + limit, head) + 1)
        if (entry := truth.revocations.get(str(seq))) is not None
    ]
    key = signer(truth)
    signed = json.dumps(
        {
            "store": store,
            "after": after,
            "seq": after + len(page),
            "head": head,
            "issued_at": truth.now_ms(),
            "kid": key.kid,
            "entries": page,
        }
    )
    return succeeded(truth, {"signed": signed, "signature": sign(key, _TAG + signed.encode()).hex()})
