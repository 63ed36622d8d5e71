"""A window that listens where the settings say so: it opens whatever becomes of the address, and leaves none behind."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sync.clock import SystemClock
from sync.sandbox.sandbox import Sandbox
from terminal import settings as settings_file
from terminal.bindings import ListenerSection
from terminal.bootstrap import initialise
from terminal.logs import FILE, FOLDER, kept_in
from terminal.ui.app import Start


@contextmanager
def opened(qapp: QApplication, data: Path, section: ListenerSection) -> Iterator[Start]:
    """The window over a fresh terminal with such a listener, once its till stands."""
    with Sandbox() as sandbox:
        initialise(data, sandbox.profile, SystemClock()).close()
        path = data / settings_file.FILE_NAME
        settings_file.amend(path, lambda found: found.model_copy(update={"listener": section}))
        with kept_in(data):
            start = Start(qapp, data, SystemClock())
            tills: list[object] = []
            start.opened.connect(tills.append)
            try:
                for _ in range(4000):
                    if tills:
                        break
                    QTest.qWait(5)
                assert tills
                yield start
            finally:
                start.window.let_go()
                start.close()
                start.window.deleteLater()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("listener")]


def test_it_listens_while_it_is_open(qapp: QApplication, tmp_path: Path) -> None:
    with opened(qapp, tmp_path / "till", ListenerSection(enabled=True, port=0)) as start:
        assert start._listener is not None
        host, port = start._listener.address
        assert host == "127.0.0.1"
        assert requests.post(f"http://{host}:{port}/douyin/webhook", data=b"{}", timeout=10).status_code == 401
        assert requests.get(f"http://{host}:{port}/", timeout=10).status_code == 404


def test_it_does_not_listen_unasked(qapp: QApplication, tmp_path: Path) -> None:
    with opened(qapp, tmp_path / "till", ListenerSection(port=0)) as start:
        assert start._listener is None


def test_an_address_that_is_taken_keeps_nobody_out(qapp: QApplication, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with opened(qapp, tmp_path / "till", ListenerSection(enabled=True, port=port)) as start:
            assert start._listener is None
    written = (tmp_path / "till" / FOLDER / FILE).read_text(encoding="utf-8")
    assert "not listening" in written
