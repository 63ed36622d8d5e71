"""One writing transaction: facts and the journal entry that vouches for them are written together or not at all."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sync.clock import Clock
from sync.ledger.journal import SALT_BYTES, START, Stamp, canonical, entry_hash, payload_hash
from sync.ledger.sealing import Sealer
from sync.ledger.tables import Table

Row = TypeVar("Row")


class Transaction:
    """What a writing job is given. Facts go through `add` and `change`; `seal_entry` ends it with one journal entry."""

    def __init__(self, connection: sqlite3.Connection, sealer: Sealer, clock: Clock) -> None:
        self.connection = connection
        self.sealer = sealer
        self._clock = clock
        self._facts: list[dict[str, Any]] = []
        self._newest: tuple[int, bytes, int] | None = None

    def add(self, table: Table[Row], row: Row) -> None:
        """Insert a fact. Raises sqlite3.IntegrityError where a unique rule forbids it."""
        values = table.values(row)
        self.connection.execute(table.insert_sql, values)
        named = dict(zip(table.columns, values, strict=True))
        self._facts.append({"t": table.name, "id": named[table.key], "row": {c: named[c] for c in table.firm}})

    def change(self, table: Table[Any], key: Any, **changes: Any) -> None:
        """Change columns of a fact; loose columns alone leave no trace in the journal."""
        sets = ", ".join(f"{column} = ?" for column in changes)
        done = self.connection.execute(
            f"UPDATE {table.name} SET {sets} WHERE {table.key} = ?", (*changes.values(), key)
        )
        if done.rowcount != 1:
            raise sqlite3.DatabaseError(f"{table.name} has no row to change")
        firm = {column: value for column, value in changes.items() if column in table.firm}
        if firm:
            self._facts.append({"t": table.name, "id": key, "set": firm})

    def run(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Anything that is not a fact (cache, cursors, delivery bookkeeping), and reads."""
        return self.connection.execute(sql, values)

    def one(self, table: Table[Row], where: str, values: Sequence[Any]) -> Row | None:
        """The first row that fits, or None."""
        found = self.connection.execute(f"{table.select_sql} WHERE {where}", values).fetchone()
        return None if found is None else table.load(found)

    def all(self, table: Table[Row], where: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows that fit."""
        return [table.load(found) for found in self.connection.execute(f"{table.select_sql} WHERE {where}", values)]

    def next_id(self, table: Table[Any]) -> int:
        """The next number of a table whose rows are never deleted."""
        sql = f"SELECT coalesce(max({table.serial}), 0) + 1 FROM {table.name}"
        return int(self.connection.execute(sql).fetchone()[0])

    def note(self, **fact: Any) -> None:
        """A fact that has no table of its own (what was looked at, pulled, approved)."""
        self._facts.append(fact)

    def erase(self, seq: int) -> None:
        """Blot out what an entry says, where a law asks for it: its hashes stay, and this entry says that it was."""
        self.connection.execute("UPDATE journal SET payload = NULL WHERE seq = ?", (seq,))
        self.note(erased=seq)

    def seal_entry(self, kind: str, stamp: Stamp) -> None:
        """Write the journal entry for all facts so far; nothing when there are none."""
        if not self._facts:
            return
        facts, self._facts = self._facts, []
        payload = canonical({"who": stamp.who, "clock": stamp.clock, "facts": facts})
        salt = self._clock.random_bytes(SALT_BYTES)
        seq, prev, _ = self._head()
        of_payload = payload_hash(salt, payload)
        link = entry_hash(prev, seq + 1, stamp.at_ms, kind, of_payload)
        self.connection.execute(
            "INSERT INTO journal (seq, at_ms, kind, payload, salt, payload_hash, prev, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seq + 1, stamp.at_ms, kind, payload, salt, of_payload, prev, link),
        )
        self.connection.execute(
            "INSERT OR REPLACE INTO journal_head (id, seq, at_ms, hash, mac) VALUES (1, ?, ?, ?, ?)",
            (seq + 1, stamp.at_ms, link, self.sealer.head_mac(seq + 1, link)),
        )
        self._newest = (seq + 1, link, stamp.at_ms)

    def check_sealed(self) -> None:
        """Raise ValueError when facts were written that no journal entry vouches for: a defect of the job."""
        if self._facts:
            raise ValueError("facts without a journal entry")

    def _head(self) -> tuple[int, bytes, int]:
        """The newest entry's number, hash and time; read once, for nothing else writes while this transaction does."""
        if self._newest is None:
            found = self.connection.execute("SELECT seq, hash, at_ms FROM journal_head").fetchone()
            self._newest = (0, START, 0) if found is None else (found[0], found[1], found[2])
        return self._newest

    def last_entry_ms(self) -> int:
        """When the newest journal entry was written; 0 in an empty journal."""
        return self._head()[2]


def marks(values: Iterable[Any]) -> str:
    """`?, ?, ?` for an IN clause."""
    return ", ".join("?" for _ in values)
