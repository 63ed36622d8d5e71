"""A process with an empty PySide6 window, the measure of ours: `window_bare.py paint | memory | beat SECONDS`."""

import os
import sys
import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

IDLE_MS = 3_000
BEAT_MS = 10


class Bare(QWidget):
    """Tells when it was painted first, if that is what is asked."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """The first one ends the process: what comes after it is not measured."""
        if sys.argv[1] == "paint":
            print(time.perf_counter_ns(), flush=True)
            os._exit(0)


def memory() -> None:
    """Print what is resident, in kB, and end."""
    # No pathlib here: an empty window does not import it.
    with open("/proc/self/smaps_rollup", encoding="ascii") as told:  # noqa: PTH123
        print(*(line.split()[1] for line in told if line.startswith("Rss:")), flush=True)
    QApplication.quit()


def main() -> None:
    """Show the window and do what is asked."""
    app = QApplication(sys.argv[:1])
    window = Bare()
    window.resize(1280, 800)
    window.show()
    beats: list[int] = []
    pulse = QTimer(window, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    pulse.timeout.connect(lambda: beats.append(time.perf_counter_ns()))
    if sys.argv[1] == "memory":
        QTimer.singleShot(IDLE_MS, memory)
    if sys.argv[1] == "beat":
        pulse.start()
        QTimer.singleShot(int(sys.argv[2]) * 1000, app.quit)
    app.exec()
    if beats:
        print(*beats, flush=True)


if __name__ == "__main__":
    main()
