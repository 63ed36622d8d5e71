"""A full disk and a folder that can't be written: said plainly, nothing lost, and on again once there is space."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.clock import FalseClock
from sync.domain.reasons import Code
from sync.errors import LedgerError
from sync.ledger.ledger import FILE_NAME, Ledger, backup, create
from sync.ledger.sealing import Sealer
from tests.ledger.rows import add, redemption, stored, walked

_MOST = 3_000


def _fill(ledger: Ledger, start: int = 0) -> int:
    """Write until it fails for want of space; answers with how many rows were promised to be durable."""
    for number in range(start, _MOST):
        try:
            add(ledger, redemption(str(number), unit=number, title="x" * 4_000))
        except LedgerError as error:
            if error.reason.code is Code.DISK_FULL:
                return number
            raise
    raise AssertionError("the disk never filled up")


def test_a_file_that_may_not_grow(ledger: Ledger, sealer: Sealer) -> None:
    pages = ledger.write(lambda tx: tx.run("PRAGMA page_count").fetchone()[0])
    ledger.write(lambda tx: tx.run(f"PRAGMA max_page_count = {pages + 40}").fetchone())
    kept = _fill(ledger)
    assert kept > 0
    assert set(stored(ledger)) == {str(number) for number in range(kept)}
    assert walked(ledger.path, sealer).first_bad is None
    ledger.write(lambda tx: tx.run("PRAGMA max_page_count = 1000000").fetchone())
    add(ledger, redemption("after", unit=_MOST))
    assert len(stored(ledger)) == kept + 1
    assert walked(ledger.path, sealer).first_bad is None


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB of its own."""
    folder, mount, umount = tmp_path / "disk", shutil.which("mount"), shutil.which("umount")
    folder.mkdir()
    if mount is None or umount is None:
        pytest.skip("this system has no mount command")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("only the system's administrator may mount a small disk here")
    yield folder
    subprocess.run([umount, "-l", folder], check=True)


def test_a_disk_that_is_full(disk: Path, sealer: Sealer, clock: FalseClock) -> None:
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(700_000))
    create(disk / FILE_NAME)
    ledger = Ledger(disk / FILE_NAME, sealer, clock, lock_wait_s=0)
    kept = _fill(ledger)
    assert kept > 0
    assert set(stored(ledger)) == {str(number) for number in range(kept)}
    with pytest.raises(LedgerError) as caught:
        backup(ledger.path, disk / "copy")
    assert caught.value.reason.code is Code.DISK_FULL
    assert not list(disk.glob("copy*"))
    ballast.unlink()
    add(ledger, redemption("after", unit=_MOST))
    ledger.close()
    found = walked(disk / FILE_NAME, sealer)
    assert (found.entries, found.first_bad) == (kept + 1, None)


def test_a_ledger_is_not_begun_on_a_full_disk(disk: Path, sealer: Sealer, clock: FalseClock) -> None:
    ballast = disk / "ballast"
    with pytest.raises(OSError, match="No space"):
        ballast.write_bytes(bytes(4_000_000))
    with pytest.raises(LedgerError) as caught:
        create(disk / FILE_NAME)
    assert caught.value.reason.code is Code.DISK_FULL
    assert [found.name for found in disk.iterdir()] == ["ballast"]
    ballast.unlink()
    create(disk / FILE_NAME)
    Ledger(disk / FILE_NAME, sealer, clock, lock_wait_s=0).close()


def test_a_folder_that_may_only_be_read(
    tmp_path: Path, sealer: Sealer, clock: FalseClock, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue("disk") if os.geteuid() == 0 else tmp_path
    path = folder / FILE_NAME
    create(path)
    ledger = Ledger(path, sealer, clock, lock_wait_s=0)
    add(ledger, redemption("a"))
    ledger.close()
    _forbid(folder)
    try:
        with pytest.raises(LedgerError) as opening:
            Ledger(path, sealer, clock, lock_wait_s=0)
        with pytest.raises(LedgerError) as creating:
            create(folder / "other.sqlite3")
        with pytest.raises(LedgerError) as copying:
            backup(path, folder / "copy")
    finally:
        _allow(folder)
    codes = {caught.value.reason.code for caught in (opening, creating, copying)}
    assert codes == {Code.LEDGER_READ_ONLY}
    Ledger(path, sealer, clock, lock_wait_s=0).close()
    assert walked(path, sealer).entries == 1


def _forbid(folder: Path) -> None:
    """The administrator writes everywhere but on a disk that is mounted for reading."""
    if os.geteuid() == 0:
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    else:
        folder.chmod(0o500)


def _allow(folder: Path) -> None:
    if os.geteuid() == 0:
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
    else:
        folder.chmod(0o700)
