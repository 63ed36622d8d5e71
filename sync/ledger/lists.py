"""What lets a till decide alone: key sets, revocations, cursors, nonces and the platform's time."""

from dataclasses import dataclass

from sync.domain.moment import TimeSync
from sync.ledger.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StoredKeyset:
    """A signed key set as it came."""

    seq: int
    text: str
    signature: bytes


def newest_keyset(tx: Transaction) -> StoredKeyset | None:
    """The key set with the greatest sequence number."""
    row = tx.run("SELECT seq, text, signature FROM keysets ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else StoredKeyset(*row)


def keep_keyset(tx: Transaction, keyset: StoredKeyset, at_ms: int) -> None:
    """Keep a key set; its number never goes back, which the caller has checked."""
    tx.run(
        "INSERT OR REPLACE INTO keysets (seq, text, signature, received_at_ms) VALUES (?, ?, ?, ?)",
        (keyset.seq, keyset.text, keyset.signature, at_ms),
    )


def is_revoked(tx: Transaction, voucher: str) -> bool:
    """Whether the platform's list names this voucher id."""
    row = tx.run("SELECT state FROM revocations WHERE voucher = ?", (voucher,)).fetchone()
    return row is not None and row[0] == "revoked"


def keep_revocation(tx: Transaction, voucher: str, seq: int, state: str) -> None:
    """Take over one entry of the list; an older one never replaces a newer one."""
    tx.run(
        "INSERT INTO revocations (voucher, seq, state) VALUES (?, ?, ?) ON CONFLICT (voucher)"
        " DO UPDATE SET seq = excluded.seq, state = excluded.state WHERE excluded.seq > revocations.seq",
        (voucher, seq, state),
    )


def cursor(tx: Transaction, name: str) -> tuple[str, int] | None:
    """How far a list was read, and when the platform last said so (ms)."""
    row = tx.run("SELECT value, seen_at_ms FROM cursors WHERE name = ?", (name,)).fetchone()
    return None if row is None else (row[0], row[1])


def set_cursor(tx: Transaction, name: str, value: str, seen_at_ms: int) -> None:
    """Remember how far a list was read."""
    tx.run("INSERT OR REPLACE INTO cursors (name, value, seen_at_ms) VALUES (?, ?, ?)", (name, value, seen_at_ms))


@dataclass(frozen=True, slots=True)
class Nonce:
    """A nonce this till showed, the request id made with it, and the basket it served."""

    nonce: str
    request_id: str
    shown_at_ms: int
    basket_id: str | None


def keep_nonce(tx: Transaction, nonce: Nonce) -> None:
    """Remember a nonce before it is shown."""
    tx.run(
        "INSERT INTO nonces (nonce, request_id, shown_at_ms, basket_id) VALUES (?, ?, ?, ?)",
        (nonce.nonce, nonce.request_id, nonce.shown_at_ms, nonce.basket_id),
    )


def nonce(tx: Transaction, text: str) -> Nonce | None:
    """A nonce this till showed, or None."""
    row = tx.run("SELECT nonce, request_id, shown_at_ms, basket_id FROM nonces WHERE nonce = ?", (text,)).fetchone()
    return None if row is None else Nonce(*row)


def spend_nonce(tx: Transaction, text: str, basket_id: str) -> None:
    """A nonce serves one basket, once."""
    done = tx.run("UPDATE nonces SET basket_id = ? WHERE nonce = ? AND basket_id IS NULL", (basket_id, text))
    if done.rowcount:
        tx.note(nonce=text, basket=basket_id)


def time_sync(tx: Transaction) -> TimeSync | None:
    """The last time a platform told us."""
    row = tx.run("SELECT boot, monotonic_ms, server_ms, wall_ms FROM time_sync").fetchone()
    return None if row is None else TimeSync(*row)


def keep_time_sync(tx: Transaction, sync: TimeSync) -> None:
    """Remember what a platform told us of the time."""
    tx.run(
        "INSERT OR REPLACE INTO time_sync (id, boot, monotonic_ms, server_ms, wall_ms) VALUES (1, ?, ?, ?, ?)",
        (sync.boot, sync.monotonic_ms, sync.server_ms, sync.wall_ms),
    )
