"""The wedge under a real X server, with keys that come through the kernel of X and not from the test itself."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT

NEEDED = ("Xvfb", "xdotool", "setxkbmap")
_MISSING = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(_MISSING), reason=f"needs {', '.join(_MISSING)}, which this machine has not")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of its own."""
    reader, writer = os.pipe()
    # Without -noreset the layout is forgotten as soon as setxkbmap leaves.
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x1024x24", "-noreset", "-nolisten", "tcp"]
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


@pytest.fixture(scope="module")
def played(display: str) -> dict[str, object]:
    """What came of the run, on an American keyboard and then on a German one."""
    surroundings = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, "-m", "tests.terminal.ui.typing_for_real", "de"]
    run = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=240, check=False)
    if "could not connect to display" in run.stderr or "Could not load the Qt platform plugin" in run.stderr:
        pytest.skip("Qt has no way to this X server")
    assert run.returncode == 0, run.stderr
    found: dict[str, object] = json.loads(run.stdout.splitlines()[-1])
    return found


def test_a_scan_in_the_middle_of_a_pin_leaves_the_pin_alone(played: dict[str, object]) -> None:
    assert played["pin"] == 2


def test_what_a_person_types_stands_in_the_field(played: dict[str, object]) -> None:
    assert played["typed"] == played["left"] == "Ab-1"


def test_every_scan_arrives_whole_even_while_the_window_is_busy(played: dict[str, object]) -> None:
    assert played["scans"] == [f"https://v.douyin.com/{number:02}RNBho5p/" for number in range(5)]


def test_a_scanner_on_a_german_keyboard_is_led_to_its_set_up(played: dict[str, object]) -> None:
    assert (played["verdicts"], played["setup"]) == (1, True)
