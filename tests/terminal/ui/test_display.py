"""Whether a window can be shown is known before Qt is asked: no screen, one that is silent, libraries that lack."""

import ctypes
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import run
from terminal.i18n import LANGUAGES, Words, catalogue
from terminal.ui import display
from terminal.ui.display import Lack, Obstacle, obstacle

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="screens are asked for only there")


def test_elsewhere_than_on_linux_there_is_always_a_screen() -> None:
    assert obstacle({}, "win32") is None
    assert obstacle({}, "darwin") is None


@LINUX
def test_without_a_screen() -> None:
    assert obstacle({}) == Obstacle(Lack.NO_SCREEN)
    assert obstacle({"QT_QPA_PLATFORM": "xcb"}) == Obstacle(Lack.NO_SCREEN)


@LINUX
@pytest.mark.parametrize("given", [{"DISPLAY": ":98765"}, {"WAYLAND_DISPLAY": "nobody", "XDG_RUNTIME_DIR": "/nowhere"}])
def test_a_screen_that_does_not_answer_is_named(given: dict[str, str]) -> None:
    assert obstacle(given) == Obstacle(Lack.UNREACHABLE, next(iter(given.values())))


@LINUX
def test_a_wayland_screen_that_answers(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as screen:
        screen.bind(str(tmp_path / "wayland-1"))
        screen.listen()
        found = obstacle({"WAYLAND_DISPLAY": "wayland-1", "XDG_RUNTIME_DIR": str(tmp_path)})
    assert found is None or found.lack is Lack.LIBRARIES


@LINUX
def test_painting_without_a_screen_needs_none() -> None:
    assert obstacle({"QT_QPA_PLATFORM": "offscreen"}) is None


@LINUX
def test_the_packages_of_all_that_lacks_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ctypes.CDLL

    def load(name: str) -> ctypes.CDLL:
        if name in ("libEGL.so.1", "libxcb-cursor.so.0"):
            raise OSError(name)
        return real(name)

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setattr(display, "_x11_answers", lambda _: True)
    assert obstacle({"DISPLAY": ":0"}) == Obstacle(Lack.LIBRARIES, packages=("libegl1", "libxcb-cursor0"))
    assert obstacle({"QT_QPA_PLATFORM": "offscreen"}) == Obstacle(Lack.LIBRARIES, packages=("libegl1",))


def test_the_set_up_installs_what_is_named() -> None:
    assert set(display.QT.values()) == set(run.QT_NEEDS.values())
    assert set(display.WINDOW.values()) == set(run.WINDOW_NEEDS.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lack_has_its_sentence(language: str) -> None:
    assert {lack.value for lack in Lack} < set(catalogue(f"display.{language}")["lacks"])
    words = Words("display", language)
    assert ":7" in words("lacks", "unreachable", screen=":7", packages="")
    assert "libegl1" in words("lacks", "libraries", screen="", packages="libegl1")


@LINUX
@pytest.mark.parametrize("given", [{}, {"DISPLAY": ":98765"}])
@pytest.mark.parametrize("words", [(), ("run",), ("run", "--kiosk")])
def test_the_command_says_one_sentence_and_leaves(
    given: dict[str, str], words: tuple[str, ...], tmp_path: Path
) -> None:
    silent = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {key: value for key, value in os.environ.items() if key not in silent} | given
    environment |= {"XDG_DATA_HOME": str(tmp_path), "HEXIAO_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "terminal", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("✕ The")
    assert "no window can open" in done.stderr
