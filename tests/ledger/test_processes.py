"""Two processes at one ledger, and a process killed in the middle of writing."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.clock import FalseClock
from sync.domain.reasons import Code
from sync.errors import LedgerError
from sync.ledger.ledger import Ledger, create
from sync.ledger.sealing import Sealer
from tests.ledger.rows import add, redemption, stored, walked
from tests.ledger.writing import KEY

_ROUNDS = 20
_ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")


@contextmanager
def _writing(path: Path, start: int = 0) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.ledger.writing", str(path), str(start)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_told_that_the_ledger_is_in_use(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    create(path)
    with _writing(path):
        with pytest.raises(LedgerError) as caught:
            Ledger(path, sealer, clock, lock_wait_s=0)
        assert caught.value.reason.code is Code.LEDGER_IN_USE
        assert walked(path, sealer).ok
    opened = Ledger(path, sealer, clock, lock_wait_s=0)
    add(opened, redemption("after", unit=10**6))
    opened.close()


def test_a_second_opening_in_one_process_is_told_so_too(ledger: Ledger, sealer: Sealer, clock: FalseClock) -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger(ledger.path, sealer, clock, lock_wait_s=0)
    assert caught.value.reason.code is Code.LEDGER_IN_USE
    add(ledger, redemption("a"))


def test_a_ledger_closed_by_another_thread_is_free(path: Path, sealer: Sealer, clock: FalseClock) -> None:
    create(path)
    opened = Ledger(path, sealer, clock, lock_wait_s=0)
    closing = threading.Thread(target=opened.close)
    closing.start()
    closing.join()
    Ledger(path, sealer, clock, lock_wait_s=0).close()


def test_killed_while_writing(path: Path, clock: FalseClock) -> None:
    """Each round is killed a little later than the one before, so that the knife falls at many places."""
    create(path)
    sealer, pairs = Sealer(KEY, clock), 0
    for heard in range(_ROUNDS):
        with _writing(path, start=pairs) as process:
            assert process.stdout is not None
            told = [process.stdout.readline() for _ in range(heard)]
            process.send_signal(signal.SIGKILL)
            # A last line may have been cut.
            told += [line for line in process.stdout if line.endswith("\n")]
        promised = max((int(line) + 1 for line in told), default=pairs)
        found = walked(path, sealer)
        assert found.first_bad is None
        opened = Ledger(path, sealer, clock, lock_wait_s=0)
        rows = stored(opened)
        opened.close()
        pairs = len(rows) // 2
        assert set(rows) == {f"{pair}{half}" for pair in range(pairs) for half in "ab"}
        assert all(rows[f"{pair}a"].amount_fen == pair for pair in range(pairs))
        assert found.entries == 2 * pairs
        assert pairs >= promised
    assert pairs > _ROUNDS
