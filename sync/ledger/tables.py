"""How facts stand in the file: one `Table` for each kind, the same for writing, reading and verifying."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from sync.domain.difference import Cause, Difference
from sync.domain.redemption import Redemption, State
from sync.domain.shift import Shift, ShiftState
from sync.domain.staff import Role, Staff

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal at the counter. `text_sealed` only of texts that a platform recognises; of others only class (`kind`),
    `length` and keyed hash (design.md, "Life of a redemption"). `facts`: JSON."""

    id: int
    at_ms: int
    clock: str
    business_day: str
    shift: int | None
    staff: str
    platform: str | None
    kind: str
    length: int
    text_hash: bytes
    text_sealed: bytes | None
    code_tail: str
    reason: str
    facts: str


@dataclass(frozen=True, slots=True)
class OutageRow:
    """One outage of a platform; `opened_by`: the manager who raised its limits; `spent`: JSON, purse → [count, fen]."""

    id: int
    platform: str
    started_at_ms: int
    ended_at_ms: int | None = None
    opened_by: str | None = None
    opened_at_ms: int | None = None
    spent: str = "{}"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a late answer changed in a shift that was closed already; `amount_fen` is signed."""

    id: int
    shift: int
    redemption_id: str
    at_ms: int
    what: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One call owed to a platform. `call_sealed`: the call; `prepared_sealed`: what must be kept before it is sent.
    `attempts` counts the platform's answers only."""

    id: str
    platform: str
    kind: str
    request_id: str
    state: str
    attempts: int
    next_attempt_at_ms: int
    last_error: str | None
    call_sealed: bytes
    prepared_sealed: bytes | None
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class BlacklistRow:
    """A text that is refused at once, by its keyed hash."""

    hash: bytes
    at_ms: int
    why: str


class Table(Generic[Row]):
    """One table of facts: its name, its row type, its key, and which columns the journal vouches for.

    `serial` is the column that numbers the rows; `loose` columns may change without a fact (delivery bookkeeping);
    `enums` turn stored text back into its type.
    """

    def __init__(
        self,
        name: str,
        row: type[Row],
        key: str = "id",
        serial: str = "id",
        loose: Iterable[str] = (),
        **enums: type[Any],
    ) -> None:
        self.name = name
        self.key = key
        self.serial = serial
        self.columns: tuple[str, ...] = tuple(f.name for f in fields(row))  # type: ignore[arg-type]
        self.firm: tuple[str, ...] = tuple(c for c in self.columns if c not in set(loose))
        self.bools = frozenset(f.name for f in fields(row) if f.type in (bool, "bool"))  # type: ignore[arg-type]
        self._type = row
        self._enums = enums
        names, marks = ", ".join(self.columns), ", ".join("?" * len(self.columns))
        self.insert_sql = f"INSERT INTO {name} ({names}) VALUES ({marks})"
        self.select_sql = f"SELECT {names} FROM {name}"
        self._plain = not self.bools and not enums

    def values(self, row: Row) -> list[Any]:
        """The row as SQLite takes it."""
        return [getattr(row, column) for column in self.columns]

    def load(self, values: Sequence[Any]) -> Row:
        """The row from what SQLite gave, in the order of `columns`."""
        if self._plain:
            return self._type(*values)
        named = dict(zip(self.columns, values, strict=True))
        for name, kind in self._enums.items():
            named[name] = kind(named[name])
        for name in self.bools:
            named[name] = bool(named[name])
        return self._type(**named)


REDEMPTIONS = Table("redemptions", Redemption, serial="seq", state=State)
REFUSALS = Table("refusals", Refusal)
OUTAGES = Table("outages", OutageRow)
ADJUSTMENTS = Table("adjustments", Adjustment)
DIFFERENCES = Table("differences", Difference, cause=Cause)
SHIFTS = Table("shifts", Shift, state=ShiftState)
STAFF = Table("staff", Staff, role=Role)
BLACKLIST = Table("blacklist", BlacklistRow, key="hash")
OUTBOX = Table(
    "outbox",
    OutboxEntry,
    serial="seq",
    loose=("state", "attempts", "next_attempt_at_ms", "last_error", "prepared_sealed"),
)

FACTS: dict[str, Table[Any]] = {
    table.name: table
    for table in (REDEMPTIONS, REFUSALS, OUTAGES, ADJUSTMENTS, DIFFERENCES, SHIFTS, STAFF, BLACKLIST, OUTBOX)
}
