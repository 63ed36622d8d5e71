"""`hexiao listen` as a program of its own: on this machine alone, and silent about what it hears."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from sync.clock import SystemClock
from sync.ledger.ledger import FILE_NAME as LEDGER
from sync.platforms.http import Door
from sync.platforms.port import Binding, ReverseCall
from sync.platforms.registry import connect
from terminal import settings as settings_file
from terminal.bindings import ListenerSection
from terminal.logs import FILE, FOLDER
from tests.terminal.desk import Desk

POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that ends a program kindly")


def with_port(desk: Desk, **listener: Any) -> None:
    path = desk.data / settings_file.FILE_NAME
    settings_file.amend(path, lambda found: found.model_copy(update={"listener": ListenerSection(**listener)}))


@contextmanager
def listening(desk: Desk) -> Iterator[str]:
    """The program for the length of the block; where it listens."""
    words = [sys.executable, "-m", "terminal", "listen", "--json", "--data", str(desk.data)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        told = json.loads(line)
        assert told["platforms"] == ["douyin"]
        try:
            yield str(told["url"])
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def taken_back(desk: Desk) -> None:
    """All of Douyin's redemptions, in the merchant's app."""
    values = dict(desk.sandbox.describe()["douyin"])
    secrets = {"client_secret": values.pop("client_secret")}
    clock = SystemClock()
    door = Door(clock, {"open.douyin.com": desk.sandbox.url})
    platform = connect(Binding("douyin", values, secrets), door, clock, lambda *_: None)
    now_ms, soon_ms = clock.wall_ms(), clock.monotonic_ms() + 5000
    records = platform.history(now_ms - 3_600_000, now_ms + 60_000, None, soon_ms).records
    for record in records:
        refs = {"record": record.record, "coupon": record.coupon, "order_id": ""}
        platform.reverse(ReverseCall("app", "app", {"r": refs}), soon_ms)
    door.close()
    assert desk.booked() == []


def differences(desk: Desk) -> list[str]:
    """The redemptions that differences are about, read beside the program that has the ledger."""
    with closing(sqlite3.connect(f"file:{desk.data / LEDGER}?mode=ro", uri=True)) as ledger:
        return [row[0] for row in ledger.execute("SELECT redemption_id FROM differences ORDER BY id")]


@POSIX_ONLY
def test_a_notice_becomes_a_difference_without_a_window(desk: Desk) -> None:
    with_port(desk, port=0)
    coupon = desk.coupon("douyin")
    desk.told("shift", "open", "--staff", "c1")
    redeemed = desk.told("redeem", coupon["code"])
    taken_back(desk)
    with listening(desk) as url:
        assert url.startswith("http://127.0.0.1:")
        wish = {"url": f"{url}/douyin/webhook", "action": "verify_cancel", "code": coupon["code"]}
        assert desk.post("douyin/webhook", {**wish, "forged": True})["answers"][0]["status"] == 401
        assert desk.post("douyin/webhook", {**wish, "times": 2})["answers"][1]["status"] == 200
        assert desk.post("douyin/spi", {"url": f"{url}/douyin/spi", "count": 1})["answers"][0]["status"] == 200
        for _ in range(1200):
            if differences(desk):
                break
            threading.Event().wait(0.05)
    assert differences(desk) == [redeemed["redemption_id"]]
    log = desk.data / FOLDER / FILE
    written = log.read_text(encoding="utf-8") if log.exists() else ""
    for secret in (coupon["code"], desk.sandbox.describe()["douyin"]["client_secret"]):
        assert secret not in written


@POSIX_ONLY
def test_a_port_that_is_taken_is_told(desk: Desk) -> None:
    with_port(desk, port=0)
    with listening(desk) as url:
        port = int(url.rpartition(":")[2])
    with_port(desk, port=port, host="192.0.2.1")
    result = desk.run("listen")
    assert result.exit_code == 1
    assert f"192.0.2.1:{port}" in result.output


@pytest.mark.parametrize("host", ["", "localhost", "example.com", "127.0.0.1:80", "[::1]", "300.1.1.1"])
def test_an_address_is_one_of_this_machine(host: str) -> None:
    with pytest.raises(ValueError, match="network card"):
        ListenerSection(host=host)


def test_nothing_listens_unless_the_settings_say_so() -> None:
    assert ListenerSection() == ListenerSection(enabled=False, host="127.0.0.1", port=8643)
    assert ListenerSection(host="::1").host == "::1"
