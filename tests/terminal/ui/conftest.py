"""The window, offscreen, and a shop around it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from sync.sandbox.sandbox import Sandbox
from terminal.ui.screens.redeem import reading
from tests.terminal.ui.shop import Shop


@pytest.fixture
def quick_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who reads an offer the moment it is painted."""
    monkeypatch.setattr(reading, "READABLE_MS", 0)


@pytest.fixture
def shop(qapp: QApplication, tmp_path: Path, quick_reader: None) -> Iterator[Shop]:
    """A till with an open shift; nobody is signed in yet."""
    with Sandbox() as sandbox:
        found = Shop(qapp, tmp_path, sandbox)
        try:
            yield found
        finally:
            found.close()
