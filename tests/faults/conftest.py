"""A till set up by the command itself."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sync.clock import SystemClock
from sync.sandbox.sandbox import Sandbox
from terminal.bootstrap import initialise
from tests.faults.till import Nursery, Till


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    if sys.platform == "win32":
        pytest.skip("kill -9 and fork are of POSIX")
    running = Nursery()
    yield running
    running.close()


@pytest.fixture
def outside(tmp_path: Path, nursery: Nursery) -> Iterator[Till]:
    with Sandbox() as sandbox, requests.Session() as control:
        till = Till(sandbox, tmp_path / "till", control, nursery)
        initialise(till.data, sandbox.profile, SystemClock()).close()
        code, said, err = till.run("pull")
        assert (code, said["stopped"]) == (0, None), err
        yield till
