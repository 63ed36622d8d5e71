"""A shop with the real window, offscreen: false platforms on loopback, a ledger on disk, keys pressed one by one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget

from sync.clock import SystemClock
from sync.sandbox.sandbox import Sandbox
from terminal.bootstrap import initialise
from terminal.demo.control import Control
from terminal.presenters.counter import CounterView
from terminal.ui.app import Start
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.desk import Page
from terminal.ui.shell.till import Till

PINS = {"c1": "1111", "c2": "2222", "m1": "8888", "t1": "7777"}
PATIENCE_MS = 20_000
STEP_MS = 5
# A scanner's pace, on the key events' own clock.
KEY_GAP_MS = 2
STOP_MS = 40


class Shop:
    """One till, from its set-up to its end."""

    def __init__(self, app: QApplication, folder: Path, sandbox: Sandbox, *, shift: bool = True) -> None:
        self.app, self.data, self.sandbox = app, folder / "till", sandbox
        self.clock = SystemClock()
        self.control = Control(sandbox.control)
        store = initialise(self.data, sandbox.profile, self.clock)
        try:
            if shift:
                store.shifts.open(store.people.find("c1"), 50_000)
            if store.pulling is not None:
                store.pulling.pull()
        finally:
            store.close()
        self._at_ms = 1_000_000
        self.start = Start(app, self.data, self.clock)
        self.tills: list[Till] = []
        self.start.opened.connect(self.tills.append)
        self.until(lambda: bool(self.tills))

    @property
    def till(self) -> Till:
        """The till at work."""
        return self.tills[-1]

    @property
    def view(self) -> CounterView:
        """What the counter shows."""
        page = self.page("redeem")
        assert isinstance(page, RedeemPage)
        return page.counter.view

    def page(self, name: str) -> Page:
        """A page that was opened."""
        return self.till.pages[name]

    def until(self, true: Callable[[], bool]) -> None:
        """Let the window live until something is true."""
        waited_ms = 0
        while not true():
            assert waited_ms < PATIENCE_MS, "it never came true"
            QTest.qWait(STEP_MS)
            waited_ms += STEP_MS

    def people(self) -> list[str]:
        """The names on the list at the sign-in."""
        lists = self.start.window.findChildren(QListWidget)
        return [lists[0].item(row).text() for row in range(lists[0].count())] if lists else []

    def sign_in(self, who: str = "c1") -> None:
        """By the PIN, like a person."""
        people = self.start.window.findChildren(QListWidget)[0]
        self.until(lambda: people.count() > 0)
        rows = [people.item(row).data(Qt.ItemDataRole.UserRole) for row in range(people.count())]
        people.setCurrentRow(rows.index(who))
        self.type(PINS[who])
        self.press(Qt.Key.Key_Return)
        self.until(lambda: bool(self.till.front))

    def scan(self, text: str, end: Qt.Key | None = Qt.Key.Key_Return, *, stops_at: int | None = None) -> None:
        """A keyboard scanner: one key after another, faster than anybody types; it may stop for a moment."""
        self.see()
        self._at_ms += 1_000
        for place, letter in enumerate(text):
            self._at_ms += STOP_MS if place == stops_at else 0
            self._key(Qt.Key.Key_unknown, letter)
            self._at_ms += KEY_GAP_MS
        if end is not None:
            self._key(end, "\r")

    def type(self, text: str) -> None:
        """A person: slowly, by the key events' own clock."""
        for letter in text:
            self._at_ms += 150
            self._key(Qt.Key.Key_unknown, letter)
            QTest.qWait(1)
        self._at_ms += 150
        self.until(lambda: not self.till.keys_held)

    def press(self, key: Qt.Key, text: str = "") -> None:
        """One key, pressed by a person who sees what is on the screen."""
        self.see()
        self._at_ms += 150
        self._key(key, text or {Qt.Key.Key_Return: "\r"}.get(key, ""))
        self._at_ms += 150
        self.until(lambda: not self.till.keys_held)

    def see(self) -> None:
        """What is to be painted is painted."""
        QCoreApplication.processEvents()
        self.start.window.repaint()

    def line_down(self) -> None:
        """The shop's line is cut, and the till has noticed on every platform."""
        self.control.cut_the_line()

    def line_up(self) -> None:
        """The line is back."""
        self.control.mend_the_line()

    def picture(self, path: Path) -> None:
        """What the window looks like now."""
        QCoreApplication.processEvents()
        assert self.start.window.grab().save(str(path))

    def close(self) -> None:
        """The window closes and everything comes to rest."""
        self.start.window.let_go()
        self.start.close()
        self.start.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.control.close()

    def _key(self, key: Qt.Key, text: str) -> None:
        window = self.start.window.windowHandle()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(self._at_ms)
            QCoreApplication.sendEvent(window, event)
