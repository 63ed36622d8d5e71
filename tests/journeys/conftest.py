"""A till with its background loop running, by the machine's own clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sync.clock import FalseClock
from sync.sandbox.sandbox import Sandbox
from tests.services.counter import Counter


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Counter]:
    clock = FalseClock()
    with Sandbox(clock=clock) as sandbox, requests.Session() as control:
        counter = Counter(sandbox, tmp_path / "till", clock, control)
        counter.pull()
        yield counter
        counter.close()
