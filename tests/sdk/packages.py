"""Packages of Node that tests are run against: fetched once into the user's cache, pinned, and left as they came."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
import pytest

INSTALL_S = 180


@dataclass(frozen=True, slots=True)
class Packages:
    """What is installed together. `versions`: of all that matters, exact; `files`: what else has to lie beside them, by
    path, none of it inside a package that is tried; `sums`: of the files under trial, SHA-256 by path."""

    name: str
    versions: Mapping[str, str]
    sums: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where they lie once they are installed."""
        wish = json.dumps([dict(self.versions), dict(self.files)], sort_keys=True)
        key = hashlib.sha256(wish.encode()).hexdigest()[:16]
        return platformdirs.user_cache_path("hexiao-tests") / f"{self.name}-{key}"

    def installed(self) -> Path:
        """The folder, filled if it is not yet. Skips the test where the machine has no npm or can't fetch anything."""
        if not self.folder.is_dir():
            self._install(found("npm"))
        for path, expected in self.sums.items():
            told = hashlib.sha256((self.folder / "node_modules" / path).read_bytes()).hexdigest()
            assert told == expected, f"{path} is not what was published"
        return self.folder

    def _install(self, npm: str) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f"{self.name}-", dir=self.folder.parent))
        try:
            (room / "package.json").write_text(json.dumps({"private": True, "dependencies": dict(self.versions)}))
            command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
            try:
                ended = subprocess.run(
                    command, cwd=room, timeout=INSTALL_S, check=False, capture_output=True, text=True
                )
            except subprocess.TimeoutExpired:
                pytest.skip(f"{self.name} could not be fetched in {INSTALL_S} s")
            assert "ETARGET" not in ended.stderr, f"{self.name}: there is no such version"
            if ended.returncode:
                pytest.skip(f"{self.name} could not be fetched: npm ended with {ended.returncode}")
            for path, text in self.files.items():
                (room / path).parent.mkdir(parents=True, exist_ok=True)
                (room / path).write_text(text, encoding="utf-8")
            try:
                room.rename(self.folder)
            except OSError:
                # Another process was quicker, with the same.
                assert self.folder.is_dir()
        finally:
            shutil.rmtree(room, ignore_errors=True)


def found(program: str) -> str:
    """Where a program is; skips the test where it is not."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def run(script: Path, folder: Path, told: Mapping[str, object], *options: str) -> dict[str, object]:
    """What a script prints as JSON, run in the folder of the packages; `told` is its input."""
    room = {**os.environ, "NODE_PATH": str(folder / "node_modules"), "NODE_NO_WARNINGS": "1"}
    ended = subprocess.run(
        [found("node"), *options, str(script)],
        input=json.dumps(dict(told)),
        capture_output=True,
        text=True,
        cwd=folder,
        env=room,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    printed: dict[str, object] = json.loads(ended.stdout)
    return printed
