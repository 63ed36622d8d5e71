"""A till driven from outside, as scripts drive it: each command in a process of its own against a running sandbox."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from sync.sandbox.sandbox import Sandbox

NOTED = ("--amount-fen", "9900", "--order-no", "A-1001", "--phone-last4", "4321")
ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """The process whose children the commands are (nursery.py)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            env={**os.environ, "HEXIAO_PIN": "1111", "HEXIAO_MANAGER_PIN": "8888"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **wish: Any) -> int:
        """One wish, one number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=60)


@dataclass
class Command:
    """A command under way."""

    nursery: Nursery
    pid: int
    out: Path

    def end(self) -> tuple[int, Any, str]:
        """Its exit code, the one document on its stdout, and what it said on stderr."""
        code = self.nursery.ask(**{"await": self.pid})
        said = self.out.read_text(encoding="utf-8")
        error = self.out.with_name(self.out.name + ".err").read_text(encoding="utf-8")
        return code, json.loads(said) if said else None, error

    def kill(self) -> int:
        """kill -9; the exit code tells whether it was in time."""
        os.kill(self.pid, signal.SIGKILL)
        return self.nursery.ask(**{"await": self.pid})


@dataclass
class Till:
    """One data folder and the sandbox it is bound to."""

    sandbox: Sandbox
    data: Path
    control: requests.Session
    nursery: Nursery
    begun: int = 0

    def begin(self, *arguments: str) -> Command:
        """Start a command with --json."""
        self.begun += 1
        out = self.data.with_name(f"out-{self.begun}")
        pid = self.nursery.ask(begin=[*arguments, "--data", str(self.data), "--json"], out=str(out))
        return Command(self.nursery, pid, out)

    def run(self, *arguments: str) -> tuple[int, Any, str]:
        """A command to its end."""
        return self.begin(*arguments).end()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """A control call."""
        answer = self.control.post(f"{self.sandbox.control}/{path}", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def coupon(self, platform: str, **wish: Any) -> dict[str, Any]:
        """One coupon worth ¥99."""
        body = {"platform": platform, "price_fen": 9900, **wish}
        return dict(self.post("coupons", body)["coupons"][0])

    def fault(self, kind: str, endpoint: str = "*", platform: str = "*", **more: Any) -> None:
        """From now on."""
        self.post("faults", {"platform": platform, "endpoint": endpoint, "kind": kind, **more})

    def line_up(self) -> None:
        """No more faults."""
        self.control.delete(f"{self.sandbox.control}/faults", timeout=60)

    def struck(self) -> int:
        """How many calls the faults have met."""
        found = self.control.get(f"{self.sandbox.control}/faults", timeout=60).json()["faults"]
        return sum(fault["struck"] for fault in found)

    def book(self) -> dict[str, Any]:
        """What the platforms believe."""
        return dict(self.control.get(f"{self.sandbox.control}/book", timeout=60).json())
