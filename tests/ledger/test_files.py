"""The file itself: missing, broken, too new, too old, in use, out of space; each a plain answer with nothing lost."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from sync.clock import FalseClock
from sync.domain.reasons import Code
from sync.errors import LedgerError
from sync.ledger import ledger as ledger_file
from sync.ledger import migrations, schema
from sync.ledger.ledger import FILE_NAME, Ledger, backup, create
from sync.ledger.migrations import book_pages, first, notices
from sync.ledger.sealing import Sealer
from sync.ledger.tables import REDEMPTIONS
from sync.ledger.transaction import Transaction
from tests.ledger.rows import STAMP, add, redemption, stored, tamper, walked


def _code(path: Path, sealer: Sealer, clock: FalseClock) -> Code:
    with pytest.raises(LedgerError) as caught:
        Ledger(path, sealer, clock, lock_wait_s=0)
    return caught.value.reason.code


def _filled(path: Path, sealer: Sealer, clock: FalseClock, rows: int = 3) -> None:
    create(path)
    opened = Ledger(path, sealer, clock, lock_wait_s=0)
    add(opened, *(redemption(str(number), unit=number) for number in range(rows)))
    opened.close()


def test_missing(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    assert _code(path, sealer, clock) is Code.LEDGER_MISSING
    assert not path.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 8192, b"hello", b"SQLite format 3\x00", b"SQLite format 3\x00" + b"\xff" * 9000]
)
def test_what_is_no_ledger_at_all(path: Path, sealer: Sealer, clock: FalseClock, content: bytes) -> None:
    path.write_bytes(content)
    assert _code(path, sealer, clock) is Code.LEDGER_BROKEN


def test_another_programs_database(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    tamper(path, "CREATE TABLE notes (text TEXT)")
    assert _code(path, sealer, clock) is Code.LEDGER_BROKEN


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_file(path: Path, sealer: Sealer, clock: FalseClock, kept: float) -> None:
    _filled(path, sealer, clock)
    content = path.read_bytes()
    path.write_bytes(content[: round(len(content) * kept)])
    assert _code(path, sealer, clock) is Code.LEDGER_BROKEN


def test_a_folder_in_its_place(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    path.mkdir()
    assert _code(path, sealer, clock) is Code.LEDGER_READ_ONLY


def test_a_refused_file_leaves_the_lock_free(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    assert _code(path, sealer, clock) is Code.LEDGER_MISSING
    create(path)
    Ledger(path, sealer, clock, lock_wait_s=0).close()


def test_a_newer_file_is_refused_and_left_alone(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    _filled(path, sealer, clock)
    tamper(path, "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('hexiao', 'later', '')")
    before = path.read_bytes()
    assert _code(path, sealer, clock) is Code.LEDGER_TOO_NEW
    assert path.read_bytes() == before


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """A program with one migration more than the file was made with."""
    grown = Migrations("hexiao")
    for step in (first, book_pages, notices):
        grown()(step)

    @grown()
    def second(db: Database) -> None:
        db.execute("CREATE TABLE second (a INTEGER) STRICT")

    monkeypatch.setattr(migrations, "migrations", grown)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, "second"))
    return grown


def test_an_older_file_is_upgraded_after_a_copy_was_made(
    path: Path, sealer: Sealer, clock: FalseClock, request: pytest.FixtureRequest
) -> None:
    _filled(path, sealer, clock)
    request.getfixturevalue("newer")
    opened = Ledger(path, sealer, clock, lock_wait_s=0)
    add(opened, redemption("new", unit=9))
    assert opened.read(lambda tx: tx.run("SELECT count(*) FROM second").fetchone()) == (0,)
    opened.close()
    copy = path.with_name(f"{FILE_NAME}.before-upgrade-3")
    assert walked(copy, sealer).entries == 3
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'second'").fetchone() is None
    assert walked(path, sealer).entries == 4
    assert ledger_file.upgrade(path) is None


def test_the_steps_by_name_are_those_that_are_taken(path: Path) -> None:
    create(path)
    with closing(sqlite3.connect(path)) as connection:
        assert schema.taken(connection) == schema.STEPS
    with closing(sqlite3.connect(":memory:")) as empty:
        assert tuple(step.name for step in migrations.migrations.pending(Database(empty))) == schema.STEPS
        assert schema.taken(empty) == ()


def test_an_upgrade_that_fails_changes_nothing(
    path: Path, sealer: Sealer, clock: FalseClock, request: pytest.FixtureRequest
) -> None:
    _filled(path, sealer, clock)
    grown: Migrations = request.getfixturevalue("newer")

    @grown()
    def third(db: Database) -> None:
        db.execute("CREATE TABLE third (a INTEGER) STRICT")
        db.execute("SELECT nonsense FROM nowhere")

    assert _code(path, sealer, clock) is Code.LEDGER_BROKEN
    assert walked(path.with_name(f"{FILE_NAME}.before-upgrade-3"), sealer).entries == 3
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'third'").fetchone() is None
    assert walked(path, sealer).entries == 3


def test_create_never_writes_over_a_ledger(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    _filled(path, sealer, clock)
    with pytest.raises(LedgerError) as caught:
        create(path)
    assert caught.value.reason.code is Code.LEDGER_EXISTS
    assert walked(path, sealer).entries == 3


def test_create_is_not_misled_by_what_a_crash_left(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    for suffix in (".part", ".part-wal", ".part-shm"):
        path.with_name(path.name + suffix).write_bytes(b"half")
    _filled(path, sealer, clock)
    assert walked(path, sealer).ok
    assert not list(path.parent.glob("*.part*"))


def test_create_where_there_is_no_folder(path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        create(path.parent / "nowhere" / FILE_NAME)
    assert caught.value.reason.code is Code.LEDGER_READ_ONLY


def test_a_copy_while_the_ledger_is_written(ledger: Ledger, sealer: Sealer, tmp_path: Path) -> None:
    futures = [ledger.write_soon(partial(_add_one, number)) for number in range(40)]
    for number in range(5):
        copy = tmp_path / f"copy-{number}"
        backup(ledger.path, copy)
        assert walked(copy, sealer).ok
    assert all(future.result() is None for future in futures)
    backup(ledger.path, tmp_path / "last")
    assert walked(tmp_path / "last", sealer).entries == len(stored(ledger)) == 40


def _add_one(number: int, tx: Transaction) -> None:
    tx.add(REDEMPTIONS, redemption(str(number), unit=number))
    tx.seal_entry("redemption.claimed", STAMP)


@pytest.mark.parametrize("place", ["folder", "missing"])
def test_a_copy_that_cannot_be_made_leaves_nothing_behind(ledger: Ledger, tmp_path: Path, place: str) -> None:
    copy = tmp_path / "taken" if place == "folder" else tmp_path / "missing" / "copy"
    if place == "folder":
        copy.mkdir()
    with pytest.raises(LedgerError) as caught:
        backup(ledger.path, copy)
    assert caught.value.reason.code is Code.LEDGER_READ_ONLY
    assert not list(tmp_path.rglob("*.part"))
