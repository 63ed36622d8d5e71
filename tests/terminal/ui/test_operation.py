"""Work off the window's thread: each ending is heard once, and nothing stays as it was meanwhile."""

import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sync.domain.reasons import Code, Reason
from sync.errors import KnownError
from terminal.ui.operation import Operations

KNOWN = KnownError(Reason(Code.LEDGER_IN_USE))


class Desk:
    """Who asks, and what they heard, in order."""

    def __init__(self) -> None:
        self.operations, self.owner = Operations(), QObject()
        self.heard: list[object] = []
        self.operations.crashed.connect(lambda error: self.heard.append(("crashed", str(error))))

    def start(self, work: Callable[[], object], then: Callable[[object], object] | None = None) -> None:
        self.operations.start(
            self.owner,
            work,
            then or (lambda answer: self.heard.append(("then", answer))),
            lambda error: self.heard.append(("otherwise", error.reason.code)),
            finally_=lambda: self.heard.append("finally"),
            broken=lambda error: self.heard.append(("broken", str(error))),
        )

    def until(self, count: int) -> list[object]:
        for _ in range(2_000):
            if len(self.heard) >= count:
                return self.heard
            QTest.qWait(2)
        raise AssertionError(self.heard)


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    found = Desk()
    yield found
    found.operations.close()


def fail(error: Exception) -> object:
    raise error


def test_a_crash_is_heard_by_the_starter_before_everybody_else(desk: Desk) -> None:
    desk.start(lambda: fail(RuntimeError("x")))
    assert desk.until(3) == [("broken", "x"), "finally", ("crashed", "x")]


def test_an_error_that_nobody_worded_is_a_crash(desk: Desk) -> None:
    desk.operations.start(
        desk.owner, lambda: fail(KNOWN), lambda _: None, finally_=lambda: desk.heard.append("finally")
    )
    assert desk.until(2) == ["finally", ("crashed", "ledger_in_use")]


def test_a_refusal_is_the_starters_alone(desk: Desk) -> None:
    desk.start(lambda: fail(KNOWN))
    assert desk.until(2) == [("otherwise", Code.LEDGER_IN_USE), "finally"]


def test_an_answer_is_heard_and_then_its_end(desk: Desk) -> None:
    desk.start(lambda: threading.current_thread().name)
    assert desk.until(2) == [("then", "window-desk_0"), "finally"]


def test_what_falls_while_an_answer_is_shown_still_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fallen: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: fallen.append(str(error)))
    desk.start(lambda: 1, lambda _: fail(RuntimeError("shown")))
    assert desk.until(1) == ["finally"]
    assert fallen == ["shown"]


def test_an_owner_that_is_gone_hears_nothing(desk: Desk) -> None:
    held = threading.Event()
    desk.start(held.wait)
    desk.owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.owner = QObject()
    held.set()
    desk.start(lambda: "next")
    assert desk.until(2) == [("then", "next"), "finally"]


def test_an_owner_that_goes_with_the_answer_hears_no_end(desk: Desk) -> None:
    def leave(_: object) -> None:
        desk.owner.deleteLater()
        QCoreApplication.sendPostedEvents(desk.owner, QEvent.Type.DeferredDelete)
        desk.owner = QObject()
        desk.heard.append("left")

    desk.start(lambda: 1, leave)
    desk.until(1)
    desk.start(lambda: 2)
    assert desk.until(3) == ["left", ("then", 2), "finally"]
