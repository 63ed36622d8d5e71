"""The demo's shop, offscreen: the till, its customers and the false platforms."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from sync.clock import SystemClock
from sync.sandbox.sandbox import Sandbox
from sync.services.store import Store
from terminal.demo.control import Control
from terminal.demo.customers import Kind
from terminal.presenters.counter import CounterView
from terminal.ui.app import Start
from terminal.ui.bridges.counter import Counter
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.demo.bridge import CustomersDesk
from terminal.ui.demo.phone import PhoneCard
from terminal.ui.demo.shop import set_up
from terminal.ui.screens.sign_in import SignInScreen
from terminal.ui.shell.till import Till

View = TypeVar("View")


def live(ms: int) -> None:
    """Run the windows; unlike a wait of QTest this lets the other threads work meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


class Street:
    """One demo, from its set-up to its end."""

    def __init__(self, qapp: QApplication, data: Path, sandbox: Sandbox, control: Control, language: str) -> None:
        clock = SystemClock()
        people = set_up(data, sandbox, language, clock)
        self.data = data
        self.start = Start(qapp, data, clock)
        self.tills: list[Till] = []
        self.start.opened.connect(self.tills.append)
        self.desk = CustomersDesk(self.start, control, people, language)
        self.desk.window.show()
        self.until(lambda: self.tills and len(self.cards) == len(Kind))

    def until(self, true: Callable[[], object]) -> None:
        """Let both windows live until something is true."""
        for _ in range(4_000):
            if true():
                return
            live(5)
        raise AssertionError("it never came true")

    @property
    def store(self) -> Store:
        assert self.start.parts is not None
        return self.start.parts.store

    @property
    def cards(self) -> dict[Kind, PhoneCard]:
        return {card.phone.kind: card for card in self.desk.window.cards if card.phone is not None}

    @property
    def view(self) -> CounterView:
        return self.counter.view

    def open_the_day(self) -> None:
        """A shift is open, the lists are in, and the cashier is signed in."""
        assert self.store.pulling is not None
        self.store.pulling.pull()
        self.store.shifts.open(self.store.people.find("c1"), 50_000)
        self.start.window.findChildren(SignInScreen)[0].entered.emit("c1", "1111")
        self.until(lambda: self.tills[0].front == "redeem")

    @property
    def counter(self) -> Counter:
        page = self.tills[0].pages["redeem"]
        assert isinstance(page, RedeemPage)
        return page.counter

    def confirm(self) -> None:
        self.counter.confirm()

    def show(self, view: type[View]) -> View:
        """The counter's view, once it is of that kind."""
        self.until(lambda: isinstance(self.view, view))
        found = self.view
        assert isinstance(found, view)
        return found

    def press(self, said: str) -> None:
        """A button of the customers' window, by its words."""
        found = [one for one in self.desk.window.findChildren(QPushButton) if one.text() == said]
        assert found, said
        found[0].click()

    def close(self) -> None:
        self.start.window.let_go()
        self.start.close()
        self.desk.stop()
        self.start.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def street(qapp: QApplication, tmp_path: Path) -> Iterator[Street]:
    """In Chinese; nobody is signed in yet."""
    with Sandbox() as sandbox, closing(Control(sandbox.control)) as control:
        found = Street(qapp, tmp_path / "till", sandbox, control, "zh")
        try:
            yield found
        finally:
            found.close()
