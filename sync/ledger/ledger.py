"""Opening the ledger file safely, and the two ways into it: `write` a transaction, `read` a snapshot."""

import errno
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import LedgerError
from sync.ledger import schema
from sync.ledger.sealing import Sealer
from sync.ledger.transaction import Transaction
from sync.ledger.writer import Writer, connect, ledger_error

Answer = TypeVar("Answer")
FILE_NAME = "ledger.sqlite3"


class Ledger:
    """An open ledger. One process at a time writes; the lock is the system's and falls with the process."""

    def __init__(self, path: Path, sealer: Sealer, clock: Clock, lock_wait_s: float = 5) -> None:
        self.path = path
        self.sealer = sealer
        self._clock = clock
        self._lock = FileLock(path.with_suffix(".lock"), timeout=lock_wait_s, thread_local=False)
        self._idle_readers: deque[sqlite3.Connection] = deque()
        try:
            self._lock.acquire()
        except Timeout as error:
            raise LedgerError(because(Code.LEDGER_IN_USE), "another program holds the ledger") from error
        except OSError as error:
            raise LedgerError(because(Code.LEDGER_READ_ONLY), str(error.strerror)) from error
        try:
            check_file(path)
            upgrade(path)
            self._writer = Writer(path)
        except BaseException:
            self._lock.release()
            raise

    def write(self, job: Callable[[Transaction], Answer]) -> Answer:
        """Run `job` in a transaction on the writing thread and wait until it is durable."""
        answer: Answer = self.write_soon(job).result()
        return answer

    def write_soon(self, job: Callable[[Transaction], Any]) -> "Future[Any]":
        """Queue `job`; its future is done once it is durable."""

        def whole(connection: sqlite3.Connection) -> Any:
            tx = Transaction(connection, self.sealer, self._clock)
            answer = job(tx)
            tx.check_sealed()
            return answer

        return self._writer.submit(whole)

    def read(self, question: Callable[[Transaction], Answer]) -> Answer:
        """Answer from a snapshot, on the caller's own thread; never waits for the writer."""
        try:
            connection = self._idle_readers.pop()
        except IndexError:
            connection = None
        try:
            if connection is None:
                connection = connect(self.path, read_only=True)
            connection.execute("BEGIN")
            try:
                return question(Transaction(connection, self.sealer, self._clock))
            finally:
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise ledger_error(error) from error
        finally:
            # As many readers as there ever were at once, whatever threads come and go.
            if connection is not None:
                self._idle_readers.append(connection)

    def close(self) -> None:
        """Finish what is queued and free the file for others."""
        # Readers first: only the last connection, if it may write, folds the WAL into the file, so that a copy of
        # that file alone is the whole ledger.
        while self._idle_readers:
            self._idle_readers.pop().close()
        self._writer.close()
        self._lock.release()


def create(path: Path) -> None:
    """Make an empty ledger, whole or not at all. Raises LedgerError when there is one already."""
    from sync.ledger import migrations

    if path.exists():
        raise LedgerError(because(Code.LEDGER_EXISTS, path=str(path)))
    part = path.with_name(path.name + ".part")
    try:
        _remove(part)
        # Nobody else's to read; what SQLite keeps beside it takes the same mode.
        part.touch(mode=0o600)
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            migrations.upgrade(connection)
        part.replace(path)
    except (sqlite3.Error, OSError) as error:
        _remove(part)
        raise _file_error(error) from error


def _remove(part: Path) -> None:
    """Remove an unfinished file with all that SQLite keeps beside it, as far as the folder allows."""
    for suffix in ("-wal", "-shm", "-journal", ""):
        with suppress(OSError):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _file_error(error: sqlite3.Error | OSError) -> LedgerError:
    if isinstance(error, sqlite3.Error):
        return ledger_error(error)
    code = Code.DISK_FULL if error.errno == errno.ENOSPC else Code.LEDGER_READ_ONLY
    return LedgerError(because(code), str(error.strerror))


def check_file(path: Path) -> None:
    """Refuse, with a reason, what can't be our ledger: missing, damaged, or made by a newer program."""
    if not path.exists():
        raise LedgerError(because(Code.LEDGER_MISSING, path=str(path)))
    with _looking_at(path) as connection:
        if connection.execute("PRAGMA schema_version").fetchone()[0] == 0:
            raise LedgerError(because(Code.LEDGER_BROKEN), "the file is empty")
        taken = set(schema.taken(connection))
        unknown = taken.difference(schema.STEPS)
        if unknown:
            raise LedgerError(because(Code.LEDGER_TOO_NEW, steps=len(unknown)))
        if not taken:
            raise LedgerError(because(Code.LEDGER_BROKEN), "the file holds no ledger")


def upgrade(path: Path) -> Path | None:
    """Bring an older ledger up to date, after a copy has been made beside it; answers with the copy's path."""
    with _looking_at(path) as connection:
        taken = schema.taken(connection)
        if set(taken) >= set(schema.STEPS):
            return None
        from sync.ledger import migrations

        copy = path.with_name(f"{path.name}.before-upgrade-{len(taken)}")
        backup(path, copy)
        migrations.upgrade(connection)
        return copy


def backup(path: Path, copy: Path) -> None:
    """A consistent copy of a ledger, also while it is in use. Raises LedgerError; leaves no half copy behind."""
    part = copy.with_name(copy.name + ".part")
    try:
        _remove(part)
        with closing(connect(path, read_only=True)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        part.replace(copy)
    except (sqlite3.Error, OSError) as error:
        _remove(part)
        raise _file_error(error) from error


@contextmanager
def _looking_at(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(connect(path)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise ledger_error(error) from error
