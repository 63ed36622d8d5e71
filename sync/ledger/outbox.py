"""The calls owed to platforms, as they stand in the ledger."""

from collections.abc import Collection

from sync.domain.outbox import LONGEST_WAIT_MS, CallKind, OutboxState
from sync.ledger.tables import OUTBOX, OutboxEntry
from sync.ledger.transaction import Transaction, marks


def by_id(tx: Transaction, entry_id: str) -> OutboxEntry | None:
    """One entry."""
    return tx.one(OUTBOX, "id = ?", (entry_id,))


def by_request(tx: Transaction, request_id: str) -> str | None:
    """The id of the redeem call that bears this request id."""
    row = tx.run("SELECT id FROM outbox WHERE request_id = ? AND kind = 'redeem'", (request_id,)).fetchone()
    return None if row is None else row[0]


def open_entries(tx: Transaction) -> list[OutboxEntry]:
    """Everything that is not done, oldest first."""
    return tx.all(OUTBOX, "state <> 'done' ORDER BY seq")


def ready(tx: Transaction, kind: CallKind, now_ms: int | None, most: int, paused: Collection[str] = ()) -> list[str]:
    """Ids of what may be sent now, of one kind and nothing to the platforms that are paused; `now_ms` None: everything
    that is not held; `most` -1: all. What failed before stands behind what did not, so that no entry blocks another.
    Entries left `sending` by a crash are among them: who holds one in hand knows it (services/courier.py). An attempt
    that lies further ahead than any back-off was set by a clock that has been put right since: it is due."""
    sql = (
        "SELECT id FROM outbox WHERE state <> 'done' AND state <> 'held' AND kind = ?"
        " AND (next_attempt_at_ms <= ? OR next_attempt_at_ms > ?)"
        f" AND platform NOT IN ({marks(paused)}) ORDER BY next_attempt_at_ms, seq LIMIT ?"
    )
    until_ms = 2**62 if now_ms is None else now_ms
    return [row[0] for row in tx.run(sql, (kind, until_ms, until_ms + LONGEST_WAIT_MS, *paused, most))]


def set_state(tx: Transaction, entry_id: str, state: OutboxState, **more: object) -> None:
    """Move an entry on; its bookkeeping columns may change along."""
    tx.change(OUTBOX, entry_id, state=state, **more)
