"""Redemptions and refusals as one list, newest first: paged by their own serial numbers, whatever the clock did."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.domain.difference import Cause, Difference
from sync.domain.redemption import Redemption
from sync.ledger.tables import DIFFERENCES, REDEMPTIONS, REFUSALS, Refusal, Table
from sync.ledger.transaction import Transaction, marks

_LAST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: what lies behind it has smaller serial numbers in its own table."""

    redemption: int = _LAST
    refusal: int = _LAST

    @property
    def number(self) -> int:
        """Both as one number, below 2^62."""
        return self.redemption * 2**31 + self.refusal

    @classmethod
    def of(cls, number: int | None) -> "Place":
        """The place that `number` names; None: before the newest."""
        return cls() if number is None else cls(*divmod(max(0, min(number, 2**62 - 1)), 2**31))


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL that is true of the wanted rows, with its values; "1": of all, "0": of none."""

    sql: str = "1"
    values: tuple[Any, ...] = ()

    def __or__(self, other: "Condition") -> "Condition":
        if "0" in (self.sql, other.sql):
            return other if self.sql == "0" else self
        return Condition(f"({self.sql} OR {other.sql})", (*self.values, *other.values))

    def __and__(self, other: "Condition") -> "Condition":
        if "0" in (self.sql, other.sql):
            return self if self.sql == "0" else other
        return Condition(f"({self.sql} AND {other.sql})", (*self.values, *other.values))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which redemptions and which refusals."""

    redemptions: Condition = field(default_factory=Condition)
    refusals: Condition = field(default_factory=Condition)


@dataclass(frozen=True, slots=True)
class Found:
    """One of either kind, and its place."""

    place: Place
    at_ms: int
    redemption: Redemption | None = None
    refusal: Refusal | None = None


def newest(tx: Transaction, wanted: Wanted, before: Place, limit: int) -> list[Found]:
    """The newest `limit` that lie behind `before`. Each table is read in its own order, so that no page repeats or
    leaves out a row that was written meanwhile or while the clock was set back."""
    rows = _read(tx, REDEMPTIONS, wanted.redemptions, before.redemption, limit)
    refusals = _read(tx, REFUSALS, wanted.refusals, before.refusal, limit)
    found: list[Found] = []
    while len(found) < limit and (rows or refusals):
        if not refusals or (rows and rows[0][1].accepted_at_ms >= refusals[0][1].at_ms):
            seq, row = rows.pop(0)
            before = Place(seq, before.refusal)
            found.append(Found(before, row.accepted_at_ms, redemption=row))
        else:
            seq, refusal = refusals.pop(0)
            before = Place(before.redemption, seq)
            found.append(Found(before, refusal.at_ms, refusal=refusal))
    return found


def _read(tx: Transaction, table: Table[Any], wanted: Condition, before: int, limit: int) -> list[tuple[int, Any]]:
    if wanted.sql == "0":
        return []
    sql = (
        f"SELECT {table.serial}, {', '.join(table.columns)} FROM {table.name}"
        f" WHERE {table.serial} < ? AND {wanted.sql} ORDER BY {table.serial} DESC LIMIT ?"
    )
    return [(values[0], table.load(values[1:])) for values in tx.run(sql, (before, *wanted.values, limit))]


def open_differences(tx: Transaction, rows: Sequence[Redemption]) -> dict[str, Difference]:
    """The open difference of each of these redemptions that has one, by redemption id; of several the oldest. A held
    call is the difference of every redemption it covers."""
    if not rows:
        return {}
    where = f"resolved_at_ms IS NULL AND (redemption_id IN ({marks(rows)}) OR cause = ?) ORDER BY id DESC"
    found: dict[str, Difference] = {}
    by_number = {row.number: row.id for row in rows}
    for difference in tx.all(DIFFERENCES, where, (*(row.id for row in rows), Cause.HELD)):
        covered = [by_number.get(number) for number in json.loads(difference.facts).get("numbers", ())]
        for redemption_id in (*covered, difference.redemption_id):
            if redemption_id is not None:
                found[redemption_id] = difference
    return found
