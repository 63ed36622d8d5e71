"""A process with our window, started as `hexiao run` starts it: `window_ours.py paint | memory | scan | drain DATA`."""

import os
import sys
import time


def paint() -> None:
    """Tell when everything of the first face was painted, and end there."""
    # Both are imported by the command in any case, a moment later.
    from PySide6.QtGui import QPaintEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from terminal.cli.app import run
    from terminal.ui.shell.window import Window

    class Last(QWidget):
        """On top of everything, and so painted last."""

        def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
            print(time.perf_counter_ns(), flush=True)
            os._exit(0)

    def shown(window: Window, _event: QShowEvent) -> None:
        last = Last(window)
        last.setGeometry(0, 0, 1, 1)
        last.show()

    Window.showEvent = shown  # type: ignore[assignment]
    sys.argv = ["hexiao", "run", "--data", sys.argv[2]]
    run()


def main() -> None:
    """Do what is asked."""
    if sys.argv[1] == "paint":
        paint()
    else:
        from tests.bench import window_till

        window_till.run(sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    main()
