"""Fixtures: an open ledger on disk under a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.clock import FalseClock
from sync.ledger.ledger import FILE_NAME, Ledger, create
from sync.ledger.sealing import Sealer


@pytest.fixture
def clock() -> FalseClock:
    return FalseClock()


@pytest.fixture
def sealer(clock: FalseClock) -> Sealer:
    return Sealer(b"k" * 32, clock)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def ledger(path: Path, sealer: Sealer, clock: FalseClock) -> Iterator[Ledger]:
    create(path)
    opened = Ledger(path, sealer, clock, lock_wait_s=0)
    yield opened
    opened.close()
