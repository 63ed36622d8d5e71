"""How an owed call is kept sealed in the outbox, and brought back for the adapter."""

import json

from sync.domain.codes import Credential, CredentialKind
from sync.domain.redemption import Redemption
from sync.ledger.sealing import Sealer
from sync.ledger.tables import OutboxEntry
from sync.platforms.port import Prepared, RedeemCall, ReverseCall, Use

_CALL, _PREPARED = "outbox call", "outbox prepared"


def seal_call(sealer: Sealer, call: RedeemCall) -> bytes:
    """A redeem call without its preparation."""
    body = {
        "credential": [call.credential.kind.value, call.credential.text],
        "tier": call.tier,
        "accepted_at_ms": call.accepted_at_ms,
        "uses": [[use.redemption_id, use.ref, use.handle, use.code, use.amount_fen] for use in call.uses],
    }
    return sealer.seal(json.dumps(body), _CALL)


def seal_prepared(sealer: Sealer, prepared: Prepared) -> bytes:
    """What must be kept before a call is sent."""
    return sealer.seal(json.dumps(dict(prepared.values)), _PREPARED)


def redeem_call(sealer: Sealer, entry: OutboxEntry, wanted: frozenset[str]) -> RedeemCall:
    """The redeem call of an entry, for those of its rows that are not settled yet."""
    body = json.loads(sealer.unseal(entry.call_sealed, _CALL))
    kind, text = body["credential"]
    prepared = None
    if entry.prepared_sealed is not None:
        prepared = Prepared(json.loads(sealer.unseal(entry.prepared_sealed, _PREPARED)))
    return RedeemCall(
        entry.request_id,
        Credential(CredentialKind(kind), text),
        tuple(Use(*use) for use in body["uses"] if use[0] in wanted),
        body["tier"],
        body["accepted_at_ms"],
        prepared,
    )


def seal_reversal(sealer: Sealer, redeem_request_id: str) -> bytes:
    """A reversal; what it needs of its rows stands in the rows."""
    return sealer.seal(json.dumps({"redeem_request_id": redeem_request_id}), _CALL)


def reverse_call(sealer: Sealer, entry: OutboxEntry, rows: list[Redemption]) -> ReverseCall:
    """The reversal call of an entry, for those rows."""
    body = json.loads(sealer.unseal(entry.call_sealed, _CALL))
    return ReverseCall(
        entry.request_id,
        body["redeem_request_id"],
        {row.id: refs_of(row) for row in rows},
        {row.id: code_of(sealer, row) for row in rows},
    )


def refs_of(row: Redemption) -> dict[str, str]:
    """The platform's handles for a redemption; empty where it has told none."""
    return dict(json.loads(row.refs)) if row.refs else {}


def code_of(sealer: Sealer, row: Redemption) -> str:
    """The plain code of a redemption's coupon; where it was never learnt, the text that was shown, and
    nothing for a telephone number: that is a customer's and no coupon's."""
    return sealer.unseal(row.code_sealed, "redemption")
