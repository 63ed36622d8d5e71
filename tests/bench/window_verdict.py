"""One scan after another with the line down, in the real window: how long from each until its verdict is painted."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from hardware.scanning.scan import Scan
from sync.services.store import Store
from terminal.presenters.counter import CounterView, Light, Offer, Told
from terminal.ui.app import Start
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.screens.redeem.told import ToldFace
from terminal.ui.shell.till import Till
from tests.bench.offline import statements, timed_write
from tests.bench.shop import bare_file, ms_since

CODES = "codes.txt"
# The next customer comes when the window has come to rest.
GAP_MS = 20


class Last(QWidget):
    """Lies on top of a face, and so is painted when all of it was."""

    def __init__(self, face: QWidget, painted: Callable[[], None]) -> None:
        super().__init__(face)
        self._painted = painted
        self.setGeometry(0, 0, 1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """Tells so."""
        self._painted()


class Scans(QObject):
    """Scans the codes in turn, says yes to each offer as it comes, and does a bare durable write after each verdict."""

    def __init__(self, start: Start, till: Till, codes: list[str], bare: sqlite3.Connection) -> None:
        super().__init__(start)
        page = till.pages["redeem"]
        assert isinstance(page, RedeemPage)
        self._store = _store_of(start)
        self._till, self._page, self._codes, self._bare = till, page, codes, bare
        self._began_ns = 0
        self.taken: list[float] = []
        self.written: list[float] = []
        self.finished: Callable[[], None] = lambda: None
        page.counter.view_changed.connect(self._seen)
        face = page.findChildren(ToldFace)[0]
        self._last = Last(face, self._painted)
        self._last.show()

    def scan(self) -> None:
        """The next one."""
        self._page.counter.cancel()
        QTimer.singleShot(GAP_MS, self._scan)

    def _scan(self) -> None:
        code = self._codes[len(self.taken)]
        self._began_ns = time.perf_counter_ns()
        self._till.hear(Scan(code, "QR Code", "serial:bench", 0))

    def _seen(self, view: CounterView) -> None:
        if isinstance(view, Offer):
            # As a key would: by way of the event loop.
            QTimer.singleShot(0, self._page.counter.confirm)

    def _painted(self) -> None:
        view = self._page.counter.view
        if self._began_ns and isinstance(view, Told):
            self.taken.append(ms_since(self._began_ns))
            self._began_ns = 0
            assert view.light is Light.RECORDED, view
            QTimer.singleShot(0, self._write)

    def _write(self) -> None:
        newest = "SELECT id FROM redemptions ORDER BY seq DESC LIMIT 1"
        [rows] = self._store.ledger.read(lambda tx: statements(tx, [tx.run(newest).fetchone()[0]]))
        self.written.append(timed_write(self._bare, rows))
        if len(self.taken) < len(self._codes):
            self.scan()
        else:
            self.finished()


def scan(start: Start, till: Till, told: Callable[[dict[str, object]], None]) -> None:
    """Milliseconds from scan to painted verdict and of the bare durable writes, for each of the folder's codes."""
    parts = start.parts
    assert parts is not None
    codes = (Path(parts.data) / CODES).read_text(encoding="ascii").split()
    stack = ExitStack()
    scans = Scans(start, till, codes, stack.enter_context(bare_file()))

    def finish() -> None:
        stack.close()
        told({"taken": scans.taken, "written": scans.written})

    scans.finished = finish
    scans.scan()


def _store_of(start: Start) -> Store:
    assert start.parts is not None
    return start.parts.store
