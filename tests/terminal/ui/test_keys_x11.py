"""The wedge under a real X server, with keys that come through the kernel of X and not from the test itself."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT
from tests.journeys.screen import x_server

pytestmark = pytest.mark.skipif(shutil.which("setxkbmap") is None, reason="needs setxkbmap, which is not here")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of its own."""
    with x_server("1280x1024") as found:
        yield found


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


def test_what_a_person_types_stands_in_the_field_until_the_next_customer(played: dict[str, object]) -> None:
    assert (played["typed"], played["left"]) == ("Ab-1", "")


def test_every_scan_arrives_whole_even_while_the_window_is_busy(played: dict[str, object]) -> None:
    assert played["scans"] == [f"https://v.douyin.com/{number:02}RNBho5p/" for number in range(5)]


def test_a_scanner_on_a_german_keyboard_is_led_to_its_set_up(played: dict[str, object]) -> None:
    assert (played["verdicts"], played["setup"]) == (1, True)
