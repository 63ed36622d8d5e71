"""One writing thread: durable, in order, each job whole or not at all and never at the cost of another."""

import sqlite3
import threading
from concurrent.futures import CancelledError, Future
from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.errors import LedgerError
from sync.ledger.ledger import Ledger
from sync.ledger.sealing import Sealer
from sync.ledger.tables import REDEMPTIONS
from sync.ledger.transaction import Transaction
from tests.ledger.rows import STAMP, add, redemption, stored, walked


def _adding(name: str, **changes: Any) -> Any:
    def job(tx: Transaction) -> str:
        tx.add(REDEMPTIONS, redemption(name, **changes))
        tx.seal_entry("redemption.claimed", STAMP)
        return name

    return job


class _Gate:
    """Holds the writing thread, so that what is queued meanwhile becomes one batch."""

    def __init__(self, ledger: Ledger) -> None:
        self._open = threading.Event()
        held = threading.Event()

        def wait(tx: Transaction) -> None:
            held.set()
            self._open.wait()

        self.future = ledger.write_soon(wait)
        held.wait()

    def open(self) -> None:
        self._open.set()
        self.future.result()


def test_every_commit_is_on_the_disk_before_it_is_answered(ledger: Ledger) -> None:
    def pragmas(tx: Transaction) -> tuple[Any, ...]:
        return tuple(tx.run(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys"))

    assert ledger.write(pragmas) == ("wal", 2, 1)


def test_one_named_thread_does_all_the_writing(ledger: Ledger) -> None:
    names = [ledger.write_soon(lambda _: threading.current_thread().name) for _ in range(20)]
    assert {future.result() for future in names} == {"ledger-writer"}


def test_a_reader_cannot_write(ledger: Ledger) -> None:
    with pytest.raises(LedgerError) as caught:
        ledger.read(lambda tx: tx.run("DELETE FROM journal"))
    assert caught.value.reason.code is Code.LEDGER_READ_ONLY
    assert ledger.read(lambda tx: tx.run("SELECT 1").fetchone()) == (1,)


def test_a_reader_sees_one_moment(ledger: Ledger) -> None:
    add(ledger, redemption("a"))

    def look(tx: Transaction) -> tuple[int, int]:
        before = tx.run("SELECT count(*) FROM redemptions").fetchone()[0]
        add(ledger, redemption("b", unit=2))
        return before, tx.run("SELECT count(*) FROM redemptions").fetchone()[0]

    assert ledger.read(look) == (1, 1)
    assert set(stored(ledger)) == {"a", "b"}


def test_jobs_of_many_threads_all_arrive(ledger: Ledger, sealer: Sealer) -> None:
    def work(number: int) -> None:
        for place in range(10):
            ledger.write(_adding(f"{number}-{place}", voucher=number, unit=place))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored(ledger)) == 80
    assert walked(ledger.path, sealer).entries == 80
    assert walked(ledger.path, sealer).ok


def test_a_job_that_raises_leaves_nothing(ledger: Ledger, sealer: Sealer) -> None:
    def job(tx: Transaction) -> None:
        _adding("a")(tx)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ledger.write(job)
    assert stored(ledger) == {}
    assert walked(ledger.path, sealer).entries == 0


def test_in_a_batch_a_job_fails_alone(ledger: Ledger, sealer: Sealer) -> None:
    gate = _Gate(ledger)

    def failing(tx: Transaction) -> None:
        _adding("bad", unit=9)(tx)
        raise KeyError("mine")

    def wrong_sql(tx: Transaction) -> None:
        _adding("worse", unit=8)(tx)
        tx.run("SELECT nonsense FROM nowhere")

    good = [ledger.write_soon(_adding("a", unit=1))]
    bad = ledger.write_soon(failing)
    worse = ledger.write_soon(wrong_sql)
    double = ledger.write_soon(_adding("double", unit=1))
    good.append(ledger.write_soon(_adding("b", unit=2)))
    gate.open()
    assert [future.result() for future in good] == ["a", "b"]
    assert isinstance(bad.exception(), KeyError)
    assert isinstance(worse.exception(), LedgerError)
    assert isinstance(double.exception(), sqlite3.IntegrityError)
    assert set(stored(ledger)) == {"a", "b"}
    assert walked(ledger.path, sealer).ok


def test_a_job_that_ends_the_transaction_takes_the_batch_with_it_and_nothing_more(
    ledger: Ledger, sealer: Sealer
) -> None:
    gate = _Gate(ledger)

    def rolled_back(tx: Transaction) -> None:
        tx.connection.execute("ROLLBACK")
        raise KeyError("worded otherwise")

    futures: list[Future[Any]] = [ledger.write_soon(_adding("a")), ledger.write_soon(rolled_back)]
    futures.append(ledger.write_soon(_adding("c", unit=3)))
    gate.open()
    assert all(future.exception() is not None for future in futures)
    assert stored(ledger) == {}
    add(ledger, redemption("d"))
    assert set(stored(ledger)) == {"d"}
    assert walked(ledger.path, sealer).ok


def test_a_cancelled_job_is_not_done_and_hurts_nobody(ledger: Ledger) -> None:
    gate = _Gate(ledger)
    cancelled, kept = ledger.write_soon(_adding("a")), ledger.write_soon(_adding("b"))
    assert cancelled.cancel()
    gate.open()
    assert kept.result() == "b"
    with pytest.raises(CancelledError):
        cancelled.result()
    assert set(stored(ledger)) == {"b"}


@pytest.mark.parametrize("state", ["claimed", "sent", "unknown", "confirmed"])
def test_a_unit_lives_once(ledger: Ledger, state: str) -> None:
    add(ledger, redemption("a", state=state))
    with pytest.raises(sqlite3.IntegrityError):
        add(ledger, redemption("b"))
    add(ledger, redemption("c", unit=2), redemption("d", platform="miniprogram"), redemption("e", voucher=2))
    assert set(stored(ledger)) == {"a", "c", "d", "e"}


@pytest.mark.parametrize("state", ["refused", "withdrawn", "reversed"])
def test_a_unit_that_is_free_again_may_live_again(ledger: Ledger, state: str) -> None:
    add(ledger, redemption("a", state=state), redemption("b"))
    assert set(stored(ledger)) == {"a", "b"}


def test_facts_without_an_entry_are_not_kept(ledger: Ledger, sealer: Sealer) -> None:
    with pytest.raises(ValueError, match="without a journal entry"):
        ledger.write(lambda tx: tx.add(REDEMPTIONS, redemption("a")))
    assert stored(ledger) == {}
    assert walked(ledger.path, sealer).ok


def test_changing_a_row_that_is_not_there_is_an_error(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        ledger.write(lambda tx: tx.change(REDEMPTIONS, "nobody", amount_fen=1))


def test_close_finishes_what_is_queued_and_refuses_what_comes_after(ledger: Ledger) -> None:
    gate = _Gate(ledger)
    queued = [ledger.write_soon(_adding(str(number), unit=number)) for number in range(5)]
    closing = threading.Thread(target=ledger.close)
    closing.start()
    gate.open()
    closing.join()
    assert [future.result() for future in queued] == list("01234")
    with pytest.raises(RuntimeError, match="closed"):
        ledger.write(_adding("late"))
