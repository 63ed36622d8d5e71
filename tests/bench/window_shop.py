"""What the windows are measured over: a sandbox in a process of its own, a folder that is set up, coupons, debts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from sync.clock import SystemClock
from sync.services.request import Request
from sync.services.verdict import Outcome
from terminal.bootstrap import initialise, open_store
from tests.bench.online import WIDE
from tests.bench.window_verdict import CODES

HERE = Path(__file__).parent
CASHIER = "c1"
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with an open shift, bound to a sandbox that `stop` ends by its process id."""

    data: Path
    control: str
    sandbox: "subprocess.Popen[str]"

    def stop(self) -> None:
        """The line goes down: whoever calls is refused at once."""
        self.sandbox.terminate()
        self.sandbox.wait()

    def sell(self, count: int) -> list[str]:
        """Codes of fresh coupons of the own platform, each of its own order, all of them pulled into the cache."""
        body = {"platform": "miniprogram", "count": count, "kind": "voucher", "units": 1, "price_fen": 9900}
        answer = requests.post(f"{self.control}/coupons", json=body | {"order": "each"}, timeout=300).json()
        store = open_store(self.data, SystemClock())
        try:
            assert store.pulling is not None
            store.pulling.pull()
        finally:
            store.close()
        return [coupon["code"] for coupon in answer["coupons"]]

    def owe(self, count: int) -> None:
        """Redemptions accepted while no call got through."""
        codes = self.sell(count)
        self.fault("drop_before")
        store = open_store(self.data, SystemClock())
        try:
            request = Request(store.people.find(CASHIER))
            for code in codes:
                verdict = store.redeeming.redeem(code, request)
                assert verdict.first.outcome is Outcome.RECORDED, verdict.first
        finally:
            store.close()
        requests.delete(f"{self.control}/faults", timeout=10)

    def fault(self, kind: str, **more: object) -> None:
        """Every call from now on."""
        body = {"platform": "*", "endpoint": "*", "kind": kind, "count": 10**6} | more
        requests.post(f"{self.control}/faults", json=body, timeout=10).raise_for_status()


@contextmanager
def place() -> Iterator[Place]:
    """Everything running; the sandbox is ended by its process id."""
    command = [sys.executable, "-m", "terminal", "sandbox"]
    with TemporaryDirectory(prefix="hexiao-bench-") as folder:
        sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert sandbox.stdout is not None
            told = json.loads(sandbox.stdout.readline())
            profile = Path(folder) / "profile.toml"
            profile.write_text(Path(told["profile"]).read_text(encoding="utf-8") + WIDE, encoding="utf-8")
            store = initialise(Path(folder) / "till", profile, SystemClock())
            store.shifts.open(store.people.find(CASHIER))
            store.close()
            yield Place(Path(folder) / "till", told["control"], sandbox)
        finally:
            sandbox.terminate()
            sandbox.wait()


def keep_codes(found: Place, codes: list[str]) -> None:
    """Where the window that scans them looks for them."""
    (found.data / CODES).write_text("\n".join(codes), encoding="ascii")


def process(script: str, *arguments: object) -> str:
    """What a fresh process with a window, without a screen, says."""
    return start(script, *arguments).communicate(timeout=900)[0]


def start(script: str, *arguments: object) -> "subprocess.Popen[str]":
    """The same, under way."""
    command = [sys.executable, str(HERE / f"{script}.py"), *map(str, arguments)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(HERE.parents[1])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def told_by(script: str, *arguments: object) -> dict[str, Any]:
    """The same, where it is JSON."""
    found: dict[str, Any] = json.loads(process(script, *arguments))
    return found
