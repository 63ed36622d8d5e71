"""What the journal says of one row: who changed it, when, and how."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.ledger.transaction import Transaction

# Between two entries the clock may have been put right by so much.
_SLACK_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Mention:
    """One journal entry that touched a row: time in ms UTC, the staff's id, the kind of entry, the new values of the
    columns that it changed."""

    at_ms: int
    who: str
    kind: str
    changed: Mapping[str, Any]


def of_row(tx: Transaction, table: str, row_id: str | int, from_ms: int) -> list[Mention]:
    """Every entry from `from_ms` on that changed this row, oldest first. What was erased says nothing."""
    sql = "SELECT at_ms, kind, payload FROM journal WHERE seq >= ? AND instr(payload, ?) > 0 ORDER BY seq"
    first = _first_entry(tx, from_ms - _SLACK_MS)
    found: list[Mention] = []
    for at_ms, kind, payload in tx.run(sql, (first, json.dumps(row_id))):
        said = json.loads(payload)
        for fact in said["facts"]:
            if fact.get("t") == table and fact.get("id") == row_id and "set" in fact:
                found.append(Mention(at_ms, said["who"], kind, fact["set"]))
    return found


def _first_entry(tx: Transaction, from_ms: int) -> int:
    """The number of the first entry that is not older; found by halving, for entries stand in the order of time."""
    low, high = 1, tx.run("SELECT coalesce(max(seq), 0) + 1 FROM journal").fetchone()[0]
    while low < high:
        middle = (low + high) // 2
        found = tx.run("SELECT at_ms FROM journal WHERE seq = ?", (middle,)).fetchone()
        if found is not None and found[0] < from_ms:
            low = middle + 1
        else:
            high = middle
    return int(low)
