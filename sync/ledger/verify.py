"""Walking the journal: the first entry that was changed, removed or reordered, and whether the tables agree with it."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.ledger.guards import Guards
from sync.ledger.journal import HASH_BYTES, SALT_BYTES, START, canonical, entry_hash, payload_hash, signed_head_message
from sync.ledger.sealing import Sealer
from sync.ledger.tables import FACTS, Table

State = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Bad:
    """The first thing that is wrong. `seq` None: a row that no entry speaks of."""

    seq: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The result: how many entries were walked, the head's hash (hex), and the first bad entry, if any."""

    entries: int
    head: str
    first_bad: Bad | None

    @property
    def ok(self) -> bool:
        """Nothing was wrong."""
        return self.first_bad is None


def verify(
    connection: sqlite3.Connection,
    terminal: str,
    sealer: Sealer | None,
    progress: Callable[[int], None] | None = None,
    public_key: bytes | None = None,
) -> Verified:
    """Walk the whole journal. Without `sealer` (no access to the store's key) all but the head's mac is checked;
    without `public_key` (the terminal's, raw) signed heads are checked with the keys that stand beside them."""
    walk = _Walk(connection)
    alone = not connection.in_transaction
    if alone:
        # One snapshot for all questions: the store may be writing meanwhile.
        connection.execute("BEGIN")
    try:
        bad = walk.chain(progress) or walk.head(sealer) or _signatures(connection, terminal, public_key)
        bad = bad or walk.unnoted() or walk.tables() or walk.guards()
    finally:
        if alone:
            connection.execute("COMMIT")
    return Verified(walk.seq, walk.prev.hex(), bad)


class _Walk:
    """The state of one walk: where the chain stands, and what the tables must hold by what was read so far."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.seq, self.prev = 0, START
        self._expected: State = {name: {} for name in FACTS}
        self._last: dict[tuple[str, str], int] = {}
        self._erased_at = 0
        self._erased: set[int] = set()
        self._guards = Guards()

    def chain(self, progress: Callable[[int], None] | None) -> Bad | None:
        """Check every entry in order."""
        rows = self._connection.execute(
            "SELECT seq, at_ms, kind, payload, salt, payload_hash, prev, hash FROM journal ORDER BY seq"
        )
        for seq, at_ms, kind, payload, salt, of_payload, prev, link in rows:
            if seq != self.seq + 1:
                return Bad(self.seq + 1, "removed" if seq > self.seq + 1 else "out of order")
            if prev != self.prev:
                return Bad(seq, "does not follow the entry before it: changed, removed or reordered")
            if payload is not None and (len(salt) != SALT_BYTES or payload_hash(salt, payload) != of_payload):
                return Bad(seq, "its content was changed")
            # The length as well: of an erased entry a byte could otherwise wander between kind and hash.
            if len(of_payload) != HASH_BYTES or entry_hash(prev, seq, at_ms, kind, of_payload) != link:
                return Bad(seq, "was changed")
            self.seq, self.prev = seq, link
            if not self._fold(seq, payload):
                return Bad(seq, "its content was not written by this program")
            if progress is not None and seq % 1000 == 0:
                progress(seq)
        return None

    def head(self, sealer: Sealer | None) -> Bad | None:
        """The newest entry is the one that was written last."""
        found = self._connection.execute("SELECT seq, hash, mac FROM journal_head").fetchone()
        if found is None:
            return None if self.seq == 0 else Bad(self.seq, "the head is missing")
        seq, link, mac = found
        if seq > self.seq:
            return Bad(self.seq + 1, "removed")
        if seq < self.seq:
            return Bad(seq + 1, "was appended behind the head")
        if link != self.prev:
            return Bad(self.seq, "is not the entry the head speaks of")
        if sealer is not None and mac != sealer.head_mac(seq, link):
            return Bad(seq, "the head was not written with this store's key")
        return None

    def _fold(self, seq: int, payload: str | None) -> bool:
        """Take over what an entry says of the tables; False for what can't be understood."""
        if payload is None:
            # What it said of its rows can't be known any more: only what later entries say is compared.
            self._erased_at = seq
            self._erased.add(seq)
            return True
        try:
            for fact in json.loads(payload)["facts"]:
                self._guards.take(seq, fact)
                if "erased" in fact:
                    self._erased.discard(int(fact["erased"]))
                if "t" in fact:
                    self._expect(seq, fact["t"], str(fact["id"]), fact.get("row"), fact.get("set", {}))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return False
        return True

    def _expect(self, seq: int, name: str, key: str, row: dict[str, Any] | None, changes: dict[str, Any]) -> None:
        forgotten = self._last.get((name, key), 0) < self._erased_at
        before = {} if row is not None or forgotten else self._expected[name].get(key, {})
        self._expected[name][key] = {**before, **(row or {}), **changes}
        self._last[name, key] = seq

    def unnoted(self) -> Bad | None:
        """What was erased by law says so in a later entry; anything else was blotted out."""
        return Bad(min(self._erased), "its content was erased and no later entry says so") if self._erased else None

    def guards(self) -> Bad | None:
        """What keeps a coupon from being taken twice, and a debt from being forgotten, is as the journal says."""
        found = self._guards.broken(self._connection)
        return Bad(*found) if found else None

    def tables(self) -> Bad | None:
        """The fact tables hold what the journal says, no more and no less."""
        for name, table in FACTS.items():
            bad = self._table(name, table)
            if bad is not None:
                return bad
        return None

    def _table(self, name: str, table: Table[Any]) -> Bad | None:
        expected = self._expected[name]
        columns = ", ".join(table.firm)
        for values in self._connection.execute(f"SELECT {columns} FROM {name}"):
            row = json.loads(canonical(dict(zip(table.firm, values, strict=True))))
            key = str(row[table.key])
            should = expected.pop(key, None)
            if should is None:
                if self._erased_at:
                    continue
                return Bad(None, f"{name} {key} is in no journal entry")
            if self._last[name, key] < self._erased_at:
                continue
            wrong = [column for column, value in should.items() if not _same(row.get(column), value)]
            if wrong:
                return Bad(self._last[name, key], f"{name} {key}: {', '.join(wrong)} differs from the journal")
        if expected:
            key = min(expected, key=lambda k: self._last[name, k])
            return Bad(self._last[name, key], f"{name} {key} was removed")
        return None


def _same(stored: Any, said: Any) -> bool:
    # SQLite keeps true and false as 1 and 0.
    return bool(stored == (int(said) if isinstance(said, bool) else said))


def _signatures(connection: sqlite3.Connection, terminal: str, ours: bytes | None) -> Bad | None:
    """Every signed head is in the chain, and its signature is good."""
    rows = connection.execute(
        "SELECT s.seq, s.hash, s.signed_at_ms, s.public_key, s.signature, j.hash"
        " FROM signed_heads s LEFT JOIN journal j ON j.seq = s.seq ORDER BY s.seq"
    )
    for seq, link, signed_at_ms, public_key, signature, in_chain in rows:
        if link != in_chain:
            return Bad(seq, "is not what was signed")
        if ours is not None and public_key != ours:
            return Bad(seq, "its head was signed by another key than this terminal's")
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            key.verify(signature, signed_head_message(terminal, seq, link, signed_at_ms))
        except (InvalidSignature, ValueError):
            return Bad(seq, "its signed head does not verify")
    return None
