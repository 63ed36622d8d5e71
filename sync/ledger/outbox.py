"""The calls owed to platforms, as they stand in the ledger."""

from collections.abc import Collection

from sync.domain.outbox import LONGEST_WAIT_MS, CallKind, OutboxState
from sync.ledger.schema import OWED_STATES
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


_SUMS = f"""
    SELECT count(*), coalesce(sum(r.amount_fen), 0), min(r.accepted_at_ms),
        (SELECT count(*) FROM outbox WHERE state <> 'done' AND kind = 'reverse'),
        (SELECT count(*) FROM outbox WHERE state <> 'done' AND state = 'held')
    FROM outbox o CROSS JOIN redemptions r ON r.outbox_id = o.id
    WHERE o.state <> 'done' AND o.kind = 'redeem' AND r.state IN {OWED_STATES}
        AND NOT (o.state = 'sending' AND o.last_error IS NULL AND r.promised = 0 AND r.accepted_at_ms > ?)"""


def sums(tx: Transaction, calling_since_ms: int) -> tuple[int, int, int | None, int, int]:
    """Redemptions owed, their worth in fen and the oldest acceptance (ms UTC), reversals owed, and held calls; without
    the redemptions younger than `calling_since_ms` whose first call is under way."""
    count, amount_fen, oldest_ms, reversals, held = tx.run(_SUMS, (calling_since_ms,)).fetchone()
    return count, amount_fen, oldest_ms, reversals, held


def set_state(tx: Transaction, entry_id: str, state: OutboxState, **more: object) -> None:
    """Move an entry on; its bookkeeping columns may change along."""
    tx.change(OUTBOX, entry_id, state=state, **more)
