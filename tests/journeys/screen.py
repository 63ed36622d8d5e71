"""A real X server without a screen, a person and a scanner before it, and pictures of what they see."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

NEEDED = ("Xvfb", "xdotool")
PATIENCE_S = 60
SCANNER_MS, PERSON_MS = "2", "120"
_GRAB = (
    "import sys; from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]);"
    "sys.exit(not app.primaryScreen().grabWindow(0).save(sys.argv[1]))"
)


@contextmanager
def x_server(size: str = "1024x768") -> Iterator[str]:
    """The name of a display that nobody else uses; skips the test where there can be none."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}, which this machine has not")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        if not number:
            pytest.skip("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something to come true by itself."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


class Screen:
    """A window of another process, seen and touched from outside like a person does."""

    def __init__(self, display: str, pictures: Path) -> None:
        self.surroundings = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8"}
        self._pictures = pictures
        pictures.mkdir(parents=True, exist_ok=True)

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """A command of ours on this display."""
        return subprocess.Popen([sys.executable, "-m", "terminal", *words], cwd=ROOT, env=self.surroundings)

    def focus(self, name: str) -> None:
        """There is no window manager here: give the window the keys."""
        found: list[str] = []

        def there() -> bool:
            found[:] = self._do("search", "--onlyvisible", "--name", name, check=False).split()
            return bool(found)

        until(there, f"no window called {name}")
        self._do("windowfocus", "--sync", found[0])

    def scan(self, text: str) -> None:
        """A keyboard scanner."""
        subprocess.run(
            ["xdotool", "-"],
            input=f"type --delay {SCANNER_MS} {text}\nkey Return\n",
            text=True,
            env=self.surroundings,
            check=True,
        )

    def type(self, text: str) -> None:
        """A person."""
        self._do("type", "--delay", PERSON_MS, text)
        time.sleep(0.2)

    def press(self, *keys: str) -> None:
        """A person, one key after another."""
        for key in keys:
            self._do("key", key)
            time.sleep(0.2)

    def rest(self) -> None:
        """Until the picture has stood still for a moment, as a person waits for a page."""
        last = b""
        for _ in range(PATIENCE_S):
            now = self.picture("now").read_bytes()
            if now == last:
                return
            last = now

    def picture(self, name: str) -> Path:
        """What is on the screen now."""
        path = self._pictures / f"{name}.png"
        subprocess.run([sys.executable, "-c", _GRAB, str(path)], env=self.surroundings, check=True, timeout=60)
        assert path.stat().st_size > 0
        return path

    def _do(self, *words: str, check: bool = True) -> str:
        run = subprocess.run(
            ["xdotool", *words], env=self.surroundings, capture_output=True, text=True, check=False, timeout=60
        )
        assert run.returncode == 0 or not check, run.stderr
        return run.stdout
