"""A checkout of its own for each test of run.py, and small programs that stand in for the real ones."""

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from run import Place, fingerprints

Fake = Callable[[str, str], Path]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A checkout in a path with a space and characters outside ASCII."""
    root = tmp_path / "团购 shop é"
    root.mkdir()
    (root / "requirements.lock").write_text("click==1.0 --hash=sha256:00\n", encoding="utf-8")
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return Place(root)


@pytest.fixture
def finished(place: Place) -> Place:
    """The same with a .venv that looks finished: this Python stands in for its own."""
    if os.name == "nt":
        pytest.skip("the stand-in is a symbolic link, which Windows gives to administrators only")
    (place.venv / "bin").mkdir(parents=True)
    place.python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    place.python.chmod(0o755)
    place.script("hexiao").touch()
    stamp = dict(fingerprints(place, platform.python_version()), distributions=["pytest"])
    place.stamp.write_text(json.dumps(stamp), encoding="utf-8")
    return place


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Puts a program of that name, made of shell lines, alone on PATH; what it is called with lands in NAME.log."""
    if os.name == "nt":
        pytest.skip("the stand-ins are shell scripts")
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def make(name: str, lines: str) -> Path:
        path = folder / name
        path.write_text(f'#!/bin/sh\necho "$*" >> "{folder / name}.log"\n{lines}\n', encoding="utf-8")
        path.chmod(0o755)
        return folder / f"{name}.log"

    return make
