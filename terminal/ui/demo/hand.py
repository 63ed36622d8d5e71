"""A hand at the till: does what a cashier does, waits as long as it takes, and keeps what the window shows."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from hardware.scanning.scan import Scan, stopwatch_ms
from sync.clock import Clock
from sync.domain.evidence import Witnesses
from sync.services.store import Store
from terminal.presenters.counter import CounterView, Permit, Told
from terminal.settings import Settings
from terminal.ui.app import Start
from terminal.ui.bridges.counter import Counter
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.screens.sign_in import SignInScreen
from terminal.ui.shell.till import Till
from terminal.ui.shell.window import USUAL

SOURCE = "demo"
PATIENCE_MS, STEP_MS, STILL_MS = 20_000, 10, 150
_NOTHING_NOTED = Witnesses()


class Missed(Exception):
    """What was waited for never came."""


class Hand:
    """One window over the ledger in `data`, from its opening to its end."""

    def __init__(self, app: QApplication, data: Path, clock: Clock) -> None:
        self._start = Start(app, data, clock)
        self._tills: list[Till] = []
        # A screen that is not there is smaller than any real one.
        self._start.window.setFixedSize(*USUAL)
        self._start.opened.connect(self._tills.append)
        self.until(lambda: bool(self._tills))

    @property
    def till(self) -> Till:
        """The till at work."""
        return self._tills[0]

    @property
    def store(self) -> Store:
        """Its ledger and services."""
        parts = self._start.parts
        assert parts is not None
        return parts.store

    @property
    def view(self) -> CounterView:
        """What the counter shows."""
        return self._counter.view

    @property
    def _counter(self) -> Counter:
        page = self.till.pages.get("redeem")
        if not isinstance(page, RedeemPage):
            raise Missed
        return page.counter

    def live(self, ms: int) -> None:
        """Let the window live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(ms, loop.quit)
        loop.exec()

    def until(self, true: Callable[[], bool]) -> None:
        """Let the window live until something is true. Raises Missed."""
        for _ in range(PATIENCE_MS // STEP_MS):
            if true():
                return
            self.live(STEP_MS)
        raise Missed

    def sign_in(self, who: str, pin: str) -> None:
        """By the PIN; whoever was there signs out."""
        if self.till.front:
            self.till.sign_out()
        self.until(lambda: bool(self._faces()))
        self._faces()[-1].entered.emit(who, pin)
        self.until(lambda: bool(self.till.pages) and bool(self.till.front))

    def go(self, page: str) -> None:
        """To a page. Raises Missed where there is none of that name for this person."""
        self.till.go(page)
        if self.till.front != page:
            raise Missed

    def scan(self, text: str, until: type[CounterView]) -> None:
        """A code, until the counter shows a view of that kind."""
        self._counter.cancel()
        self.till.hear(Scan(text, "QR Code", SOURCE, stopwatch_ms()))
        self.until(lambda: isinstance(self.view, until))

    def confirm(self, noted: Witnesses = _NOTHING_NOTED) -> None:
        """Yes to what is offered, until the verdict is told."""
        self._counter.confirm(noted)
        self.until(lambda: isinstance(self.view, Told))

    def offer(self, noted: Witnesses) -> None:
        """Yes to what is offered, knowing that more will be asked."""
        before = self.view
        self._counter.confirm(noted)
        self.until(lambda: type(self.view) is type(before) and self.view != before)

    def want(self, units: int) -> None:
        """So many in all of what is offered."""
        self._counter.set_units(units)

    def ask_phone(self) -> None:
        """The code that a customer's phone asks the platform with."""
        self._counter.ask_phone()
        self.until(lambda: isinstance(self.view, Permit))

    def rest(self) -> None:
        """Away with what is in view."""
        self._counter.cancel()

    def look(self, settings: Settings) -> None:
        """Another language or theme."""
        self.till.apply(settings)

    def keep(self, path: Path) -> None:
        """The window as a PNG, once it has stood still. Raises Missed, OSError."""
        window, before = self._start.window, None
        for _ in range(PATIENCE_MS // STILL_MS):
            self.live(STILL_MS)
            now = window.grab().toImage()
            if now == before:
                if not now.save(str(path)):
                    raise OSError(f"{path} can't be written")
                return
            before = now
        raise Missed

    def close(self) -> None:
        """The window closes and everything comes to rest."""
        self._start.window.let_go()
        self._start.close()
        self._start.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _faces(self) -> list[SignInScreen]:
        return self._start.window.findChildren(SignInScreen)
