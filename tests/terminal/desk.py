"""A till's command line, in this process: what it prints, says beside it, and leaves with."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from click.testing import CliRunner, Result

from sync.sandbox.sandbox import Sandbox
from terminal.cli.app import hexiao

NOTED = ("--amount-fen", "9900", "--order-no", "A-1001", "--phone-last4", "4321")


@dataclass
class Desk:
    """One data folder, bound to a running sandbox."""

    sandbox: Sandbox
    data: Path
    control: requests.Session
    runner: CliRunner = field(default_factory=CliRunner)
    environment: dict[str, str | None] = field(default_factory=lambda: {"HEXIAO_LANG": "en"})

    def run(self, *arguments: str, stdin: str | bytes | None = None, data: bool = True) -> Result:
        """A command to its end; what nobody foresaw comes out as it is."""
        where = ["--data", str(self.data)] if data else []
        result = self.runner.invoke(hexiao, [*arguments, *where], input=stdin, env=self.environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def told(self, *arguments: str, code: int = 0) -> Any:
        """The one JSON document of a command that must leave with `code`."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == code, result.output
        lines = result.stdout.splitlines()
        assert len(lines) == 1, result.stdout
        return json.loads(lines[0])

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """A control call."""
        answer = self.control.post(f"{self.sandbox.control}/{path}", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def coupon(self, platform: str, **wish: Any) -> dict[str, Any]:
        """One coupon worth ¥99."""
        return dict(self.post("coupons", {"platform": platform, "price_fen": 9900, **wish})["coupons"][0])

    def line_down(self) -> None:
        """No platform can be reached."""
        self.post("faults", {"platform": "*", "endpoint": "*", "kind": "refuse"})

    def line_up(self) -> None:
        """No more faults."""
        self.control.delete(f"{self.sandbox.control}/faults", timeout=60)

    def booked(self) -> list[dict[str, Any]]:
        """The redemptions that stand."""
        book = self.control.get(f"{self.sandbox.control}/book", timeout=60).json()
        return [use for use in book["redemptions"] if not use["reversed"]]
