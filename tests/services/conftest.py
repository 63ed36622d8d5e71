"""A sandbox and a till of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sync.clock import FalseClock
from sync.sandbox.sandbox import Sandbox
from tests.services.counter import Counter


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "settings(text): TOML for the till's settings, behind the sandbox's profile")


@pytest.fixture
def till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counter]:
    clock, marker = FalseClock(), request.node.get_closest_marker("settings")
    settings = str(marker.args[0]) if marker else ""
    with Sandbox(clock=clock) as sandbox, requests.Session() as control:
        counter = Counter(sandbox, tmp_path / "till", clock, control, settings)
        counter.pull()
        yield counter
        counter.close()
