"""A till at its counter: a real store on disk, bound to a real sandbox, and what both believe."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from sync.clock import FalseClock
from sync.domain.difference import Difference
from sync.domain.evidence import Witnesses
from sync.domain.redemption import Redemption, State
from sync.domain.staff import Staff
from sync.domain.trust import Outage
from sync.ledger import outages
from sync.ledger.tables import DIFFERENCES, REDEMPTIONS, REFUSALS, Refusal
from sync.ledger.verify import verify
from sync.ledger.writer import connect
from sync.sandbox.sandbox import Sandbox
from sync.services.permits import PermitRequest
from sync.services.request import Request
from sync.services.store import Store
from sync.services.verdict import Verdict
from terminal.bootstrap import initialise, open_store

NOTED = Witnesses(amount_fen=9900, order_no="A-1001", phone_last4="4321")
HOUR_MS = 3_600_000


@dataclass
class Counter:
    """One till, one sandbox; both live by the same clock, which stands still until it is told to move."""

    sandbox: Sandbox
    data: Path
    clock: FalseClock
    control: requests.Session
    settings: str = ""
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        profile = without_pins(self.sandbox.profile, self.data, self.settings)
        self.store = initialise(self.data, profile, self.clock)
        self.store.shifts.open(self.who("c1"))

    def reopen(self, clock: FalseClock | None = None) -> None:
        """Close the store and open it again, as after a restart of the program."""
        self.store.close()
        self.clock = clock or self.clock
        self.store = open_store(self.data, self.clock)

    def close(self) -> None:
        """Let the ledger and the lines to the platforms go."""
        self.store.close()

    def who(self, staff: str) -> Staff:
        """One of the three people of the shop: c1 and c2 at the counter, m1 the manager."""
        return self.store.people.find(staff)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """A control call."""
        answer = self.control.post(f"{self.sandbox.control}/{path}", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def coupons(self, platform: str, count: int = 1, **wish: Any) -> list[dict[str, Any]]:
        """Coupons of one order, worth ¥99 each unless wished otherwise."""
        body = {"platform": platform, "count": count, "order": "same", "price_fen": 9900, **wish}
        return list(self.post("coupons", body)["coupons"])

    def coupon(self, platform: str, **wish: Any) -> dict[str, Any]:
        """One coupon."""
        return self.coupons(platform, 1, **wish)[0]

    def dynamic(self, coupon: dict[str, Any], mode: str = "chain", **query: Any) -> str:
        """The digits that the customer's phone shows now."""
        answer = self.control.get(
            f"{self.sandbox.control}/coupons/{coupon['code']}/dynamic", params={"mode": mode, **query}, timeout=60
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["text"])

    def permit(self, coupon: dict[str, Any], asked: PermitRequest, units: int = 1) -> str:
        """What the customer's phone fetches with what the till shows: booked at the platform when this returns."""
        own = self.sandbox.describe()["miniprogram"]
        grant = {
            "grant_type": "client_credentials",
            "client_id": own["client_id"],
            "client_secret": own["client_secret"],
        }
        token = self.control.post(f"{self.sandbox.url}/dq/v1/token", json=grant, timeout=60).json()["access_token"]
        body = {
            "code": coupon["code"],
            "store": asked.store,
            "terminal": asked.terminal,
            "nonce": asked.nonce,
            "request_id": asked.request_id,
            "units": units,
        }
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.control.post(f"{self.sandbox.url}/dq/v1/permits", json=body, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["text"])

    def lot(self, coupon: dict[str, Any], lot: str) -> None:
        """Refunded, expired, frozen or used elsewhere."""
        self.post(f"coupons/{coupon['code']}", {"set": lot})

    def fault(self, kind: str, endpoint: str = "*", platform: str = "*", **more: Any) -> None:
        """From now on, until the line is back."""
        self.post("faults", {"platform": platform, "endpoint": endpoint, "kind": kind, **more})

    def line_down(self) -> None:
        """No platform can be reached."""
        self.fault("refuse")

    def line_up(self) -> None:
        """No more faults; and long enough ago for anything to be tried again."""
        self.control.delete(f"{self.sandbox.control}/faults", timeout=60)
        self.clock.advance_ms(60_000)

    def struck(self) -> int:
        """How many calls the faults have met."""
        found = self.control.get(f"{self.sandbox.control}/faults", timeout=60).json()["faults"]
        return sum(fault["struck"] for fault in found)

    def book(self) -> dict[str, Any]:
        """What the platforms believe."""
        return dict(self.control.get(f"{self.sandbox.control}/book", timeout=60).json())

    def booked(self, *coupons: dict[str, Any]) -> list[dict[str, Any]]:
        """The redemptions that stand, of these coupons or of all."""
        codes = {coupon["code"] for coupon in coupons}
        standing = [use for use in self.book()["redemptions"] if not use["reversed"]]
        return [use for use in standing if not codes or use["code"] in codes]

    def redeem(
        self,
        text: str,
        units: int = 1,
        *,
        noted: Witnesses | None = None,
        staff: str = "c1",
        manager: str | None = None,
        platform: str | None = None,
    ) -> Verdict:
        """One scan, as the window does it: the verdict is shown at once."""
        boss = self.who(manager) if manager else None
        request = Request(self.who(staff), units, noted or Witnesses(), boss)
        verdict = self.store.redeeming.redeem(text, request, platform)
        self.store.redeeming.announced(verdict)
        self.store.redeeming.flush()
        return verdict

    def deliver(self) -> None:
        """Send everything that is owed."""
        self.store.delivering.drain(everything=True)

    def pull(self) -> None:
        """Fetch keys, revocations and vouchers, and learn the time."""
        assert self.store.pulling is not None
        pulled = self.store.pulling.pull()
        assert pulled.stopped is None, pulled.stopped

    def rows(self, *states: State) -> list[Redemption]:
        """The ledger's redemptions, of these states or of all."""
        found = self.store.ledger.read(lambda tx: tx.all(REDEMPTIONS, "1 ORDER BY seq"))
        return [row for row in found if not states or row.state in states]

    def tamper(self, **changes: object) -> None:
        """Change all redemptions behind the journal's back."""
        sets = ", ".join(f"{column} = ?" for column in changes)
        self.store.ledger.write(lambda tx: tx.run(f"UPDATE redemptions SET {sets}", tuple(changes.values())).rowcount)

    def refusals(self) -> list[Refusal]:
        """What was refused at the counter."""
        return self.store.ledger.read(lambda tx: tx.all(REFUSALS, "1 ORDER BY id"))

    def differences(self) -> list[Difference]:
        """Everything that does not agree, open or ended."""
        return self.store.ledger.read(lambda tx: tx.all(DIFFERENCES, "1 ORDER BY id"))

    def agree(self, *, second_attempts: int = 0) -> None:
        """The invariant: a confirmed row for each standing redemption, and nothing else; the journal vouches for it."""
        book = self.book()
        standing = {
            u["redemption_id"] for u in book["redemptions"] if not u["reversed"] and u["terminal"] != "elsewhere"
        }
        confirmed = [records(row) for row in self.rows(State.CONFIRMED)]
        assert sorted(confirmed) == sorted(standing)
        assert not self.rows(State.CLAIMED, State.SENT, State.UNKNOWN)
        assert book["second_attempts"] == second_attempts
        assert self.journal_ok()

    def outage(self, platform: str) -> Outage:
        """The outage under way."""
        found = self.store.ledger.read(lambda tx: outages.current(tx, platform))
        assert found is not None
        return found

    def journal_ok(self) -> bool:
        """The chain holds, and the tables say what it says."""
        connection = connect(self.store.ledger.path, read_only=True)
        try:
            found = verify(connection, self.store.profile.terminal, self.store.ledger.sealer)
        finally:
            connection.close()
        assert found.first_bad is None, found.first_bad
        return found.entries > 0


def records(row: Redemption) -> str:
    """The id under which the platform lists a confirmed row."""
    return str(json.loads(row.refs or "{}").get("record"))


def without_pins(profile: Path, folder: Path, more: str = "") -> Path:
    """The sandbox's profile for people who need no PIN: hashing them takes a while, and few tests are about PINs."""
    lines = [line for line in profile.read_text(encoding="utf-8").splitlines() if not line.startswith("pin =")]
    copy = folder.with_name(f"{folder.name}.profile.toml")
    copy.write_text("\n".join([*lines, "", more]), encoding="utf-8")
    return copy
