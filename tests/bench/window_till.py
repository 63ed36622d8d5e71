"""Our window at work in a process of its own: signed in, on the page at the counter, and then whatever is measured."""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from terminal.cli.app import run as run_command
from terminal.ui import app
from terminal.ui.app import Start
from terminal.ui.screens.sign_in import SignInScreen
from terminal.ui.shell.till import Till

CASHIER = ("c1", "1111")
IDLE_MS = 3_000
BEAT_MS = 10
LOOK_MS = 20
WATCHED = ("cv2", "numpy", "zxingcpp", "sqlite_utils", "requests", "pydantic", "keyring", "cryptography", "rich")
Told = Callable[[dict[str, object]], None]


class Drive(QObject):
    """Signs in, waits for the counter, then lets a measurement begin; what it tells is printed as JSON."""

    def __init__(self, start: Start, measure: "Measurement") -> None:
        super().__init__(start)
        self._start, self._measure = start, measure
        self._till: Till | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._go_on)
        start.opened.connect(self._opened)

    def _opened(self, till: Till) -> None:
        self._till = till
        face = self._start.window.findChildren(SignInScreen)[0]
        face.entered.emit(*CASHIER)
        self._look.start()

    def _go_on(self) -> None:
        if self._till is not None and self._till.front == "redeem":
            self._look.stop()
            self._measure(self._start, self._till, self._done)

    def _done(self, told: dict[str, object]) -> None:
        print(json.dumps(told), flush=True)
        self._start.leave()


Measurement = Callable[[Start, Till, Told], None]


def run(what: str, data: str) -> None:
    """`hexiao run` over the folder, with somebody who measures."""
    measures: dict[str, Measurement] = {"memory": memory, "drain": drain}
    if what == "scan":
        # What it compares with is no part of the window, and must not be in the others' memory.
        from tests.bench.window_verdict import scan

        measures["scan"] = scan
    app.run = partial(app.run, with_start=lambda start: Drive(start, measures[what]))
    sys.argv = ["hexiao", "run", "--data", data]
    run_command()


def memory(_start: Start, _till: Till, told: Told) -> None:
    """What is resident, in kB, once nothing has happened for a while, and which large libraries are loaded."""

    def look() -> None:
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
        [resident] = [int(line.split()[1]) for line in lines if line.startswith("Rss:")]
        told({"rss": resident, "loaded": [name for name in WATCHED if name in sys.modules]})

    QTimer.singleShot(IDLE_MS, look)


def drain(start: Start, _till: Till, told: Told) -> None:
    """The beats of a timer while the loop pays off what is owed."""
    parts = start.parts
    assert parts is not None
    beats: list[int] = []
    pulse = QTimer(start, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    pulse.timeout.connect(lambda: beats.append(time.perf_counter_ns()))

    def look(found: int) -> None:
        if found:
            QTimer.singleShot(500, ask)
            return
        pulse.stop()
        told({"beats": beats})

    def ask() -> None:
        parts.operations.start(start, lambda: parts.store.delivering.debt().count, look)

    pulse.start()
    ask()
