"""A till set up by the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sync.sandbox.sandbox import Sandbox
from tests.services.counter import without_pins
from tests.terminal.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Nobody needs a PIN."""
    with Sandbox() as sandbox, requests.Session() as control:
        found = Desk(sandbox, tmp_path / "till", control)
        assert found.told("init", "--profile", str(without_pins(sandbox.profile, found.data)))["pulled"]
        yield found


@pytest.fixture
def guarded_desk(tmp_path: Path) -> Iterator[Desk]:
    """Everybody needs the PIN of the sandbox's profile."""
    with Sandbox() as sandbox, requests.Session() as control:
        found = Desk(sandbox, tmp_path / "till", control)
        assert found.told("init", "--profile", str(sandbox.profile))["ok"]
        yield found
