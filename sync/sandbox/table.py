"""A set of rows in memory with its indexes, which notes what has yet to be written to disk."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from sync.sandbox.storage import Fact

R = TypeVar("R")


class Table(Generic[R]):
    """Rows by key. Indexes are filled when a key is first seen: what they index never changes in a row."""

    def __init__(self, row_type: type[R], key: Callable[[R], str], dirty: dict[tuple[str, str], str]) -> None:
        self.kind = row_type.__name__
        self._row_type = row_type
        fields: Any = dataclasses.fields(row_type)  # type: ignore[arg-type]
        self._names = tuple(field.name for field in fields)
        self._key = key
        self._rows: dict[str, R] = {}
        self._dirty = dirty
        self._indexes: list[tuple[Callable[[R], str], dict[str, list[str]]]] = []

    def index(self, of: Callable[[R], str]) -> Callable[[str], list[R]]:
        """Keep an index by `of(row)`; gives the function that looks rows up, in the order of their birth."""
        keys: dict[str, list[str]] = {}
        self._indexes.append((of, keys))

        def find(value: str) -> list[R]:
            return [self._rows[key] for key in keys.get(value, ()) if key in self._rows]

        return find

    def get(self, key: str) -> R | None:
        """The row of that key."""
        return self._rows.get(key)

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, row: R) -> R:
        """Add or replace a row; it is on disk when the turn ends."""
        key = self._remember(row)
        self._dirty[self.kind, key] = json.dumps({name: getattr(row, name) for name in self._names})
        return row

    def drop(self, key: str) -> None:
        """Take a row away."""
        if self._rows.pop(key, None) is not None:
            self._dirty[self.kind, key] = ""

    def restore(self, fields: dict[str, Any]) -> R:
        """Put back a row read from disk."""
        row = self._row_type(**fields)
        self._remember(row)
        return row

    def _remember(self, row: R) -> str:
        key = self._key(row)
        if key not in self._rows:
            for of, keys in self._indexes:
                keys.setdefault(of(row), []).append(key)
        self._rows[key] = row
        return key


def facts_of(dirty: dict[tuple[str, str], str]) -> list[Fact]:
    """What a turn has changed, as rows for the disk."""
    return [(kind, key, body) for (kind, key), body in dirty.items()]
