"""A ledger that can't be opened: the window says what, why and what to do, and opens it once that is done."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from sync.clock import Clock, SystemClock
from sync.sandbox.sandbox import Sandbox
from sync.services.store import Store
from terminal import logs
from terminal.bootstrap import initialise
from terminal.i18n import catalogue
from terminal.ui import app
from terminal.ui.app import Start
from terminal.ui.operation import Operations
from terminal.ui.shell.opening import OpeningFace
from terminal.ui.shell.till import Till


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A terminal as it was left overnight."""
    data = tmp_path_factory.mktemp("night") / "till"
    with Sandbox() as sandbox:
        initialise(data, sandbox.profile, SystemClock()).close()
        yield data


@pytest.fixture
def data(set_up: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(set_up, tmp_path / "till"))


class Opening:
    """One start of the window."""

    def __init__(self, qapp: QApplication, data: Path) -> None:
        self.start = Start(qapp, data, SystemClock())
        self.tills: list[Till] = []
        self.start.opened.connect(self.tills.append)

    def until(self, true: Callable[[], object]) -> None:
        for _ in range(4_000):
            if true():
                return
            QTest.qWait(5)
        raise AssertionError("it never came true")

    @property
    def said(self) -> str:
        """All that stands in the window."""
        faces = self.start.window.findChildren(OpeningFace)
        return " ".join(one.text() for face in faces for one in face.findChildren(QLabel) if one.isVisible())

    def again(self) -> None:
        """Press the primary button."""
        found = [one for one in self.start.window.findChildren(QPushButton) if one.property("kind") == "primary"]
        found[0].click()


@pytest.fixture
def opening(qapp: QApplication, data: Path) -> Iterator[Callable[[], Opening]]:
    made: list[Opening] = []

    def begin() -> Opening:
        made.append(Opening(qapp, data))
        return made[-1]

    yield begin
    for one in made:
        one.start.window.let_go()
        one.start.close()
        one.start.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def no_settings(data: Path) -> None:
    (data / "settings.toml").unlink()


def broken_settings(data: Path) -> None:
    (data / "settings.toml").write_text("[store", encoding="utf-8")


def no_ledger(data: Path) -> None:
    for path in data.glob("ledger.sqlite3*"):
        path.unlink()


def broken_ledger(data: Path) -> None:
    no_ledger(data)
    (data / "ledger.sqlite3").write_bytes(b"no ledger at all " * 500)


def newer_ledger(data: Path) -> None:
    with closing(sqlite3.connect(data / "ledger.sqlite3")) as ledger, ledger:
        table = "_sqlite_migrations"
        [names] = [[row[1] for row in ledger.execute(f"PRAGMA table_info({table})")]]
        row = dict(zip(names, ledger.execute(f"SELECT * FROM {table}").fetchone(), strict=True)) | {"name": "later"}
        row.pop("id", None)
        marks = ", ".join("?" for _ in row)
        ledger.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def no_secrets(data: Path) -> None:
    (data / "secrets.json").unlink()


TROUBLES = {
    "settings_missing": no_settings,
    "settings_broken": broken_settings,
    "ledger_missing": no_ledger,
    "ledger_broken": broken_ledger,
    "ledger_too_new": newer_ledger,
    "secrets_unavailable": no_secrets,
}


@pytest.mark.parametrize("code", TROUBLES)
def test_what_stands_in_the_way_is_said_and_what_to_do(opening: Callable[[], Opening], data: Path, code: str) -> None:
    TROUBLES[code](data)
    sentence = catalogue("zh")["reasons"][code]
    found = opening()
    found.until(lambda: sentence["what"] in found.said)
    assert sentence["next"] in found.said
    assert found.tills == []


def test_a_ledger_in_use_opens_when_it_is_free(opening: Callable[[], Opening], data: Path) -> None:
    with FileLock(data / "ledger.lock"):
        found = opening()
        found.until(lambda: "另一个程序打开着这本账" in found.said)
    found.again()
    found.until(lambda: found.tills)


def test_two_that_start_at_once_become_one(
    opening: Callable[[], Opening], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "call_first", lambda _: True)
    with FileLock(data / "ledger.lock"):
        found = opening()
        found.until(lambda: found.start.elsewhere)
    assert not found.start.window.isVisible()


def test_an_error_that_nobody_foresaw_is_said_with_its_code_and_kept(
    opening: Callable[[], Opening], data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fall(*_: object) -> None:
        raise ZeroDivisionError("while opening 102934857610")

    monkeypatch.setattr(app, "_parts", fall)
    log = data / "logs" / "hexiao.log"
    with logs.kept_in(data):
        found = opening()
        found.until(lambda: "没有预料到" in found.said)
        found.until(lambda: log.exists() and "fall:" in log.read_text(encoding="utf-8"))
    kept = log.read_text(encoding="utf-8")
    told = capsys.readouterr().err
    code = next(line.split()[2] for line in kept.splitlines() if " ERROR " in line)
    assert code in found.said
    assert "hexiao.log" in found.said
    assert "102934857610" not in kept
    assert "ZeroDivisionError\n" in kept
    assert told == f"ZeroDivisionError {code}\n"
    monkeypatch.undo()
    found.again()
    found.until(lambda: found.tills)


def test_a_till_that_is_left_while_it_opens_leaves_its_ledger_closed(
    opening: Callable[[], Opening], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, opened, held = app._parts, threading.Event(), threading.Event()

    def slow(data: Path, clock: Clock, operations: Operations, keep: Callable[[Store], object]) -> object:
        found = whole(data, clock, operations, keep)
        opened.set()
        held.wait()
        return found

    monkeypatch.setattr(app, "_parts", slow)
    found = opening()
    found.until(opened.is_set)
    found.start.leave()
    held.set()
    found.start.close()
    assert found.tills == []
    assert not (data / app.OPEN_LEDGER).exists()
    with FileLock(data / "ledger.lock", timeout=0):
        pass


def test_a_try_that_fell_after_the_ledger_was_open_is_not_in_the_way_of_the_next(
    opening: Callable[[], Opening], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = app._parts

    def fall(data: Path, clock: Clock, operations: Operations, keep: Callable[[Store], object]) -> object:
        whole(data, clock, operations, keep)
        raise ZeroDivisionError

    monkeypatch.setattr(app, "_parts", fall)
    found = opening()
    found.until(lambda: "没有预料到" in found.said)
    monkeypatch.undo()
    found.again()
    found.until(lambda: found.tills)
