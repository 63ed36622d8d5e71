"""One window for one ledger: the second start finds the first, a dead one is in nobody's way."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from terminal.ui import instance
from terminal.ui.instance import Instance, call, name_of
from tests.terminal.ui.shop import Shop

SECOND = "import sys, pathlib; from terminal.ui import instance; sys.exit(instance.call(pathlib.Path(sys.argv[1])))"


def asked(data: Path) -> bool:
    """What a second program hears, while the window lives."""
    with subprocess.Popen([sys.executable, "-c", SECOND, str(data)]) as second:
        while second.poll() is None:
            QTest.qWait(5)
        return second.returncode == 1


def test_nobody_answers_where_nobody_is(tmp_path: Path) -> None:
    assert call(tmp_path) is False


def test_the_name_is_that_of_the_folder_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert name_of(tmp_path / "a" / ".." / "a") == name_of(tmp_path / "a") == name_of(tmp_path / "b")
    assert name_of(tmp_path / "a") != name_of(tmp_path)


def test_a_second_start_is_heard_once(qapp: QApplication, tmp_path: Path) -> None:
    first, heard = Instance(tmp_path), []
    first.called.connect(lambda: heard.append("called"))
    assert first.listen()
    assert asked(tmp_path)
    assert heard == ["called"]
    first.close()
    assert not call(tmp_path)


def test_a_window_that_died_is_in_nobodys_way(qapp: QApplication, tmp_path: Path) -> None:
    died = QLocalServer()
    assert died.listen(name_of(tmp_path))
    # The socket's file stays behind, as after a crash.
    survivor = Instance(tmp_path)
    assert survivor.listen()
    assert asked(tmp_path)
    survivor.close()
    died.close()


def test_a_program_that_never_answers_is_no_window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "WAIT_MS", 50)
    mute = QLocalServer()
    assert mute.listen(name_of(tmp_path))
    assert call(tmp_path) is False
    mute.close()


def test_the_first_window_comes_forward(shop: Shop) -> None:
    shop.start.window.showMinimized()
    assert shop.start.window.isMinimized()
    assert asked(shop.data)
    shop.until(lambda: not shop.start.window.isMinimized())
