"""Where the sandbox's truth lies on disk: one SQLite file of JSON rows that survives a kill."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_LAYOUT = 1

_KEEP = "INSERT INTO fact (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body"

Fact = tuple[str, str, str]


class StateError(Exception):
    """The state file cannot be used; the message says what to do."""


class Storage:
    """Write-through copy of the truth; without a path nothing is kept.

    WAL with synchronous=NORMAL: a killed process loses nothing that was answered (the pages are with the
    system), only a power cut could.
    """

    def __init__(self, path: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            self._connection = self._open(path)
        except sqlite3.Error as problem:
            raise StateError(
                f"cannot use the sandbox's state file {path} ({problem}): "
                "close the other sandbox that holds it, or name another file"
            ) from problem

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=2, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            layout = connection.execute("PRAGMA user_version").fetchone()[0]
            if layout not in (0, _LAYOUT):
                raise StateError(f"the state file {path} has layout {layout}; this program writes {_LAYOUT}")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS fact"
                " (place INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,"
                " UNIQUE (kind, id))"
            )
            connection.execute(f"PRAGMA user_version={_LAYOUT}")
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def durable(self) -> bool:
        """Whether rows are kept at all."""
        return self._connection is not None

    def load(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every row as (kind, fields), in the order in which the rows were first written."""
        if self._connection is not None:
            for kind, body in self._connection.execute("SELECT kind, body FROM fact ORDER BY place"):
                yield kind, json.loads(body)

    def write(self, facts: Iterable[Fact]) -> None:
        """Keep these rows (kind, id, JSON) in one transaction; an empty body takes the row away."""
        if self._connection is None:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for kind, key, body in facts:
                if body:
                    self._connection.execute(_KEEP, (kind, key, body))
                else:
                    self._connection.execute("DELETE FROM fact WHERE kind = ? AND id = ?", (kind, key))
            self._connection.execute("COMMIT")
        except sqlite3.Error as problem:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise StateError(f"the sandbox's state cannot be written: {problem}") from problem

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
