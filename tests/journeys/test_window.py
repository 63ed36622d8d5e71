"""A cashier's day in the real window under a real X server: a scanner, a camera, an outage, and the shift's end."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from sync.clock import SystemClock
from sync.ledger.ledger import FILE_NAME
from sync.sandbox.delivery import Delivery
from sync.sandbox.exchange import Exchange
from sync.sandbox.sandbox import Sandbox
from sync.sandbox.wire import Request
from terminal import settings as settings_file
from terminal.bootstrap import initialise
from terminal.demo.control import Control, Sold
from terminal.demo.phone_screen import phone_screen
from tests.journeys.screen import Screen, until, x_server

SLOW_S = 8
FRAMES_A_SECOND = 10


class Till:
    """The window's ledger and the platforms' book, read from outside while the window has them open."""

    def __init__(self, data: Path, control: Control) -> None:
        self.data = data
        self._control = control

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """A question to the ledger's file."""
        path = self.data / FILE_NAME
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(sql).fetchall()

    def states(self) -> list[str]:
        """The states of all redemptions, in order."""
        return [str(row[0]) for row in self.ask("SELECT state FROM redemptions ORDER BY seq")]

    def shift(self) -> str:
        """The state of the newest shift."""
        found = self.ask("SELECT state FROM shifts ORDER BY id DESC LIMIT 1")
        return str(found[0][0]) if found else ""

    def booked(self) -> int:
        """What the platforms have redeemed."""
        return len(self._control.book().uses)


def film(path: Path, text: str) -> None:
    """A customer holds a phone to the camera for a while, and takes it away."""
    held = cv2.cvtColor(phone_screen(text, seed=7), cv2.COLOR_GRAY2BGR)
    table = np.full_like(held, 90)
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter.fourcc(*"MJPG"), FRAMES_A_SECOND, (held.shape[1], held.shape[0])
    )
    for picture, frames in ((table, 5), (held, 30), (table, 5)):
        for _ in range(frames):
            writer.write(picture)
    writer.release()


def confirm(screen: Screen, till: Till, rows: int, before: str) -> None:
    """Enter when the offer stands still; the ledger has one row more and no other. A picture of both, and Enter for the
    next customer."""
    assert len(till.states()) == rows - 1, "somebody else pressed Enter"
    until(lambda: _confirmed(screen, till, rows), f"row {rows} was never booked")
    screen.rest()
    screen.picture(before)
    screen.press("Return")
    screen.rest()
    assert len(till.states()) == rows


def _confirmed(screen: Screen, till: Till, rows: int) -> bool:
    """A person who sees for seconds that nothing happened presses once more."""
    screen.rest()
    if len(till.states()) < rows:
        screen.press("Return")
        deadline = time.monotonic() + SLOW_S
        while len(till.states()) < rows and time.monotonic() < deadline:
            time.sleep(0.1)
    return len(till.states()) >= rows


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all that the platforms were asked so far."""
    paths: list[str] = []
    answer = Exchange.answer

    def noted(exchange: Exchange, request: Request, *, close: bool) -> Delivery:
        paths.append(request.path)
        return answer(exchange, request, close=close)

    monkeypatch.setattr(Exchange, "answer", noted)
    return paths


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where the journey's pictures are kept."""
    return tmp_path / "pictures"


def test_a_day_at_the_counter(tmp_path: Path, pictures: Path, asked: list[str]) -> None:
    data, film_path = tmp_path / "till", tmp_path / "camera.avi"
    with x_server() as display, Sandbox() as sandbox, closing(Control(sandbox.control)) as control:
        store = initialise(data, sandbox.profile, SystemClock())
        store.close()
        _with_camera(data, film_path)
        typed, filmed, offline, cached = _customers(control)
        screen, till = Screen(display, pictures), Till(data, control)
        window = screen.start("run", "--data", str(data))
        try:
            _sign_in_and_open(screen, till)
            screen.scan(typed.code)
            confirm(screen, till, 1, "2-redeemed")
            film(tmp_path / "half.avi", filmed.qr_text)
            shutil.move(tmp_path / "half.avi", film_path)
            until(lambda: any("prepare" in path for path in asked), "the camera never read the code")
            confirm(screen, till, 2, "3-redeemed-by-camera")
            assert till.booked() == 2
            control.cut_the_line()
            screen.scan(control.dynamic(offline))
            confirm(screen, till, 3, "4-recorded")
            screen.scan(cached.code)
            confirm(screen, till, 4, "5-recorded-from-the-cache")
            assert till.booked() == 2
            assert till.states() == ["confirmed", "confirmed", "claimed", "claimed"]
            control.mend_the_line()
            until(lambda: till.states() == ["confirmed"] * 4, "the queue was never drained")
            assert till.booked() == 4
            screen.picture("6-drained")
            _close_the_shift(screen, till)
        finally:
            window.terminate()
            assert window.wait(timeout=60) == 0


def _with_camera(data: Path, source: Path) -> None:
    path = data / settings_file.FILE_NAME
    settings = settings_file.read(path)
    camera = settings.camera.model_copy(update={"source": str(source)})
    settings_file.write(settings.model_copy(update={"camera": camera}), path)


def _customers(control: Control) -> tuple[Sold, Sold, Sold, Sold]:
    return (
        control.sell("miniprogram")[0],
        control.sell("douyin")[0],
        control.sell("miniprogram")[0],
        control.sell("miniprogram")[0],
    )


def _sign_in_and_open(screen: Screen, till: Till) -> None:
    log = till.data / "logs" / "hexiao.log"
    until(lambda: log.exists() and "opened" in log.read_text(encoding="utf-8"), "the ledger was never opened")
    screen.focus("hexiao")
    screen.rest()
    screen.picture("0-sign-in")
    screen.type("1111")
    screen.press("Return")
    screen.rest()
    screen.picture("1-open-the-shift")
    screen.type("500")
    screen.press("Return")
    until(lambda: till.shift() == "open", "the shift was never opened")
    screen.rest()


def _close_the_shift(screen: Screen, till: Till) -> None:
    """Counted blind, signed by two; all of it from the keyboard."""
    screen.press("F4")
    screen.rest()
    screen.press("Return")
    screen.rest()
    screen.picture("7-blind-count")
    # The cash, then slips by platform: Douyin, Meituan, Dianping, own, WeChat Shop.
    for counted in ("500", "1", "0", "0", "3", "0"):
        screen.type(counted)
        screen.press("Return")
    until(lambda: till.shift() == "counted", "the count was never kept")
    screen.rest()
    screen.picture("8-counted")
    screen.press("Return")
    screen.rest()
    for pin in ("1111", "2222"):
        screen.type(pin)
        screen.press("Return")
    until(lambda: till.shift() == "closed", "the shift was never closed")
    screen.rest()
    screen.picture("9-closed")
    screen.press("Return")
    until(lambda: list((till.data / "reports").glob("*.pdf")), "the report was never kept")
