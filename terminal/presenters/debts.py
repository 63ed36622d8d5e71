"""What is owed, what was compared and what does not agree, as scripts parse it."""

from collections.abc import Iterable
from typing import Any

from sync.domain.difference import Difference
from sync.domain.matching import Bucket
from sync.domain.outbox import OutboxState
from sync.services.delivering import Owed
from sync.services.reconciliation import Comparison


def outbox_json(owed: Iterable[Owed]) -> dict[str, list[dict[str, Any]]]:
    """The document of `hexiao outbox list --json`. Times in ms UTC."""
    body: dict[str, list[dict[str, Any]]] = {"due": [], "held": []}
    for item in owed:
        body["held" if item.entry.state == OutboxState.HELD else "due"].append(_entry(item))
    return body


def _entry(item: Owed) -> dict[str, Any]:
    entry, rows = item.entry, item.rows
    return {
        "id": entry.id,
        "redemption_id": rows[0].id if rows else None,
        "redemption_ids": [row.id for row in rows],
        "platform": entry.platform,
        "kind": entry.kind,
        "state": entry.state,
        "amount_fen": sum(row.amount_fen for row in rows),
        "attempts": entry.attempts,
        "last_error": entry.last_error,
        "next_attempt_at": entry.next_attempt_at_ms,
    }


def comparison_json(found: Comparison) -> dict[str, Any]:
    """One platform of `hexiao reconcile --json`."""
    return {
        "platform": found.platform,
        "shop": found.shop,
        "listed": found.listed,
        **{bucket.value: found.count(bucket) for bucket in Bucket},
        "owed": found.owed,
        "unreadable": found.unreadable.code.value if found.unreadable else None,
        "lines": [
            {
                "bucket": line.bucket.value,
                "what": line.what,
                "redemption_id": line.ours.redemption_id if line.ours else None,
                "record": line.theirs.record if line.theirs else None,
                "ours_fen": line.ours.amount_fen if line.ours else None,
                "theirs_fen": line.theirs.amount_fen if line.theirs else None,
            }
            for line in found.matches
            if line.bucket is not Bucket.MATCHED
        ],
    }


def difference_json(found: Difference) -> dict[str, Any]:
    """One difference. Times in ms UTC, amounts in fen."""
    return {
        "no": found.id,
        "platform": found.platform,
        "cause": found.cause.value,
        "redemption_id": found.redemption_id,
        "amount_fen": found.amount_fen,
        "owner": found.owner,
        "opened_at": found.opened_at_ms,
        "deadline_at": found.deadline_at_ms,
        "facts": found.facts,
        "resolution": found.resolution,
        "resolved_by": found.resolved_by,
        "resolved_at": found.resolved_at_ms,
    }
