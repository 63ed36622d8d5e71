"""Pictures of the window that can't be taken are said in a sentence, and never spoil the day."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from terminal.cli import pictures, rehearsal
from terminal.cli.app import hexiao
from terminal.ui import display
from terminal.ui.display import Lack, Obstacle


class Report:
    """A day that went as it should, or not."""

    def __init__(self, ok: bool) -> None:
        self.ok = ok

    def document(self) -> dict[str, Any]:
        return {"ok": self.ok}

    def tables(self) -> list[str]:
        return ["the day"]


def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, why: str, *words: str, ok: bool = True) -> Result:
    monkeypatch.setattr(rehearsal, "play", lambda *_: Report(ok))
    monkeypatch.setattr(rehearsal, "have_taken", lambda _: why)
    found = ["demo", "--headless", "--out", str(tmp_path), *words]
    return CliRunner().invoke(hexiao, found, env={"HEXIAO_LANG": "en"})


@pytest.mark.parametrize("ok", [True, False])
@pytest.mark.parametrize("why", ["", "libEGL is missing"])
def test_the_day_alone_decides_how_the_demo_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, why: str, ok: bool
) -> None:
    done = demo(monkeypatch, tmp_path, why, ok=ok)
    assert done.exit_code == (0 if ok else 1)
    assert ("libEGL is missing" in done.stderr) is bool(why)
    assert "the day" in done.stdout


def test_a_script_still_gets_one_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = demo(monkeypatch, tmp_path, "libEGL is missing", "--json")
    assert done.stdout == '{"ok": true}\n'
    assert "libEGL is missing" in done.stderr


@pytest.mark.parametrize(
    ("code", "err", "told"),
    [
        (0, "This plugin does not support raise()\n", ""),
        (1, "a warning\n✕ Install libegl1\n", "Install libegl1"),
        (-6, "plugin\nFatal Python error: Aborted\n\n  <no Python frame>\n", "Fatal Python error: Aborted"),
        (1, "Killed\n", "Killed"),
        (-11, "", "-11"),
    ],
)
def test_what_the_painting_program_says_last_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, err: str, told: str
) -> None:
    asked: list[list[str]] = []

    def run(words: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(words)
        return subprocess.CompletedProcess(words, code, "", err)

    monkeypatch.setattr(subprocess, "run", run)
    assert pictures.have_taken(tmp_path) == told
    assert asked == [[sys.executable, "-m", "terminal", "demo", "--pictures", "--out", str(tmp_path)]]


def test_a_painting_program_that_hangs_or_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def hang(words: list[str], **_: object) -> None:
        raise subprocess.TimeoutExpired(words, 240)

    monkeypatch.setattr(subprocess, "run", hang)
    assert "240" in pictures.have_taken(tmp_path)


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pictures, "obstacle", lambda: None)
    monkeypatch.setattr(pictures, "drawing_obstacle", lambda: Obstacle(Lack.LIBRARIES, packages=("libegl1",)))
    done = CliRunner().invoke(hexiao, ["demo", "--pictures", "--out", str(tmp_path)], env={"HEXIAO_LANG": "en"})
    assert done.exit_code == 1
    assert "Install libegl1" in done.stderr
    assert not (tmp_path / "pictures").exists()


def test_painting_needs_fewer_libraries_than_a_window() -> None:
    assert not set(display.QT) & set(display.WINDOW)
