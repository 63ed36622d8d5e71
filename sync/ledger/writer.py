"""The ledger's one writing thread: jobs come in order, each succeeds or fails alone, what waits shares one commit."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sync.domain.reasons import Code, because
from sync.errors import LedgerError

Job = Callable[[sqlite3.Connection], Any]
_MOST_AT_ONCE = 64
_NO_ROOM = frozenset({"SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP", "SQLITE_IOERR_TRUNCATE"})


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection set up as the ledger needs it: WAL, synchronous=FULL, transactions begun by hand."""
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
    # Readers go from thread to thread, one at a time (Ledger.read).
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=10, cached_statements=256, check_same_thread=not read_only
    )
    try:
        _set_up(connection, read_only=read_only)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, *, read_only: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = {-8192 if read_only else -65536}")
    # A look-up in a million cached vouchers touches pages that no cache holds: mapped, they cost no system call.
    connection.execute("PRAGMA mmap_size = 4294967296")
    if not read_only:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def ledger_error(error: sqlite3.Error) -> LedgerError:
    """What a person has to know of an SQLite error."""
    text = str(error).lower()
    # A disk without room for the log's index, and a file that may not grow, are told as an I/O error only.
    if "full" in text or getattr(error, "sqlite_errorname", "") in _NO_ROOM:
        return LedgerError(because(Code.DISK_FULL), str(error))
    if "readonly" in text or "unable to open" in text:
        return LedgerError(because(Code.LEDGER_READ_ONLY), str(error))
    if "locked" in text or "busy" in text:
        return LedgerError(because(Code.LEDGER_IN_USE), str(error))
    return LedgerError(because(Code.LEDGER_BROKEN), str(error))


class Writer:
    """Owns the only writing connection. A job runs inside BEGIN IMMEDIATE … COMMIT; jobs that wait while a commit is
    under way share the next one, each behind a savepoint of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._jobs: SimpleQueue[tuple[Job, Future[Any]] | None] = SimpleQueue()
        self._ready: Future[None] = Future()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()
        self._ready.result()

    def submit(self, job: Job) -> "Future[Any]":
        """Queue a job; the future holds its answer once it is durable, or what went wrong. Raises RuntimeError after
        `close`: nobody would ever do the job."""
        future: Future[Any] = Future()
        with self._closing:
            if self._closed:
                raise RuntimeError("the ledger is closed")
            self._jobs.put((job, future))
        return future

    def close(self) -> None:
        """Finish what is queued and let the file go."""
        with self._closing:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            connection = connect(self._path)
        except sqlite3.Error as error:
            self._ready.set_exception(ledger_error(error))
            return
        self._ready.set_result(None)
        try:
            open_for_jobs = True
            while open_for_jobs:
                batch, open_for_jobs = self._next_batch()
                if batch:
                    _write(connection, batch)
        finally:
            connection.close()

    def _next_batch(self) -> tuple[list[tuple[Job, "Future[Any]"]], bool]:
        batch: list[tuple[Job, Future[Any]]] = []
        item = self._jobs.get()
        while item is not None:
            batch.append(item)
            if len(batch) == _MOST_AT_ONCE or self._jobs.empty():
                return batch, True
            item = self._jobs.get()
        return batch, False


def _write(connection: sqlite3.Connection, batch: list[tuple[Job, "Future[Any]"]]) -> None:
    """One commit for the whole batch. If it fails, every job in it has failed; a job that raises fails alone."""
    # A job that was cancelled while it waited is not begun; from here on it can't be cancelled any more.
    batch = [item for item in batch if item[1].set_running_or_notify_cancel()]
    results: list[tuple[Future[Any], Any]] = []
    failures: list[tuple[Future[Any], BaseException]] = []
    try:
        connection.execute("BEGIN IMMEDIATE")
        for job, future in batch:
            try:
                results.append((future, _behind_savepoint(connection, job, alone=len(batch) == 1)))
            except BaseException as error:  # noqa: BLE001 the job's own error belongs to whoever waits for it
                failures.append((future, _own_error(error)))
                _check_still_open(connection, error)
        connection.execute("COMMIT" if results else "ROLLBACK")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        known = {future for future, _ in failures}
        failures += [(future, ledger_error(error)) for _, future in batch if future not in known]
        results = []
    for future, value in results:
        future.set_result(value)
    for future, failure in failures:
        future.set_exception(failure)


def _behind_savepoint(connection: sqlite3.Connection, job: Job, *, alone: bool) -> Any:
    if alone:
        return job(connection)
    connection.execute("SAVEPOINT job")
    try:
        answer = job(connection)
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
        raise
    connection.execute("RELEASE job")
    return answer


def _own_error(error: BaseException) -> BaseException:
    """A unique rule that forbids a row says nothing of the file: it is the job's own error."""
    if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError):
        return ledger_error(error)
    return error


def _check_still_open(connection: sqlite3.Connection, error: BaseException) -> None:
    """A full disk makes SQLite roll the whole transaction back by itself: then nothing of the batch was kept, however
    the job words it."""
    if not connection.in_transaction:
        cause = error if isinstance(error, sqlite3.Error) else error.__cause__ or error.__context__
        raise cause if isinstance(cause, sqlite3.Error) else sqlite3.OperationalError("the transaction was ended")
