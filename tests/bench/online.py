"""An online redemption and the draining of a backlog against bare calls over one requests session."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import requests

from sync.clock import SystemClock
from sync.domain.staff import Role
from sync.services.request import Request
from sync.services.store import Store
from sync.services.verdict import Outcome
from terminal.bootstrap import initialise
from tests.bench.row import Row
from tests.bench.shop import bare_file, ms_since

ROUNDS = 150
OWED = 1_200
WIDE = """
[limits]
account_a_day = 1000000
chain = { voucher_fen = 1000000, amount_fen = "none", count = "none", hours = "none" }
"""


@dataclass(frozen=True, slots=True)
class Counter:
    """A sandbox in a process of its own, a store bound to it, and a bare session that knows the same platform."""

    store: Store
    request: Request
    told: dict[str, Any]

    def coupons(self, platform: str, count: int, price_fen: int = 9900) -> list[str]:
        """The codes of fresh coupons, each of its own order."""
        body = {"platform": platform, "count": count, "kind": "voucher", "units": 1, "price_fen": price_fen}
        answer = requests.post(f"{self.told['control']}/coupons", json=body | {"order": "each"}, timeout=120)
        return [coupon["code"] for coupon in answer.json()["coupons"]]

    def fault(self, kind: str | None) -> None:
        """Let every call of the own platform fail that way; None: no faults."""
        url = f"{self.told['control']}/faults"
        if kind is None:
            requests.delete(url, timeout=10)
        else:
            requests.post(url, json={"platform": "*", "endpoint": "*", "kind": kind, "count": 10**6}, timeout=10)


@contextmanager
def counter() -> Iterator[Counter]:
    """Everything running; ended by process id."""
    command = [sys.executable, "-m", "terminal", "sandbox"]
    with TemporaryDirectory(prefix="hexiao-bench-") as folder:
        sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert sandbox.stdout is not None
            told = json.loads(sandbox.stdout.readline())
            profile = Path(folder) / "profile.toml"
            profile.write_text(Path(told["profile"]).read_text(encoding="utf-8") + WIDE, encoding="utf-8")
            store = initialise(Path(folder) / "till", profile, SystemClock())
            staff = store.people.first(Role.CASHIER)
            assert staff is not None
            store.shifts.open(staff)
            try:
                yield Counter(store, Request(staff), told)
            finally:
                store.close()
        finally:
            sandbox.terminate()
            sandbox.wait()


class BareOwn:
    """The own platform's calls as a script would make them."""

    def __init__(self, told: dict[str, Any], clock: SystemClock) -> None:
        self._session, self._told, self._clock = requests.Session(), told, clock
        own = told["miniprogram"]
        body = {"client_id": own["client_id"], "client_secret": own["client_secret"]}
        token = self._post("token", body | {"grant_type": "client_credentials"})["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._session.post(f"{self._told['url']}/dq/v1/{path}", json=body, timeout=10)
        found: dict[str, Any] = answer.json()
        return found

    def look_up(self, code: str) -> str:
        """The voucher's id."""
        store = self._told["miniprogram"]["store"]
        return str(self._post("lookup", {"store": store, "by": "code", "text": code})["vouchers"][0]["voucher"])

    def redeem(self, use: dict[str, Any]) -> None:
        """One redemption."""
        body = {"request_id": self._clock.new_id(), "store": self._told["miniprogram"]["store"], "terminal": "bare"}
        body |= {"tier": "online", "accepted_at": self._clock.wall_ms(), "uses": [use | {"units": 1}], "dynamic": None}
        assert self._post("redeem", body)["results"][0]["ok"]


class BareDouyin:
    """Douyin's calls as a script would make them."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._session, self._url, self._told = requests.Session(), told["url"], told["douyin"]
        body = {"grant_type": "client_credential", **{k: self._told[k] for k in ("client_key", "client_secret")}}
        token = self._session.post(f"{self._url}/oauth/stable_client_token/", json=body, timeout=10).json()
        self._session.headers["access-token"] = token["data"]["access_token"]

    def prepare(self, code: str) -> dict[str, Any]:
        """The answer's data."""
        query = {"code": code, "poi_id": self._told["poi_id"], "account_id": self._told["account_id"]}
        path = "/goodlife/v1/fulfilment/certificate/prepare/"
        data: dict[str, Any] = self._session.get(self._url + path, params=query, timeout=10).json()["data"]
        return data

    def verify(self, prepared: dict[str, Any]) -> None:
        """Redeem the first certificate."""
        body = {
            "verify_token": prepared["verify_token"],
            "poi_id": self._told["poi_id"],
            "encrypted_codes": [prepared["certificates"][0]["encrypted_code"]],
        }
        path = "/goodlife/v1/fulfilment/certificate/verify/"
        data = self._session.post(self._url + path, json=body, timeout=10).json()["data"]
        assert data["verify_results"][0]["result"] == 0


def claim(connection: sqlite3.Connection, place: int) -> None:
    """One durable write, as small as a claim can be."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (f"claim {place}", "x" * 1500))
    connection.execute("COMMIT")


def redemption(platform: str) -> Row:
    """An online redemption by typed code, from text to verdict, p50: look-up, claim, redeem. Taken in turns."""
    ours: list[float] = []
    bare: list[float] = []
    with counter() as till, bare_file() as connection:
        codes = till.coupons(platform, 2 * ROUNDS)
        own, douyin = BareOwn(till.told, SystemClock()), BareDouyin(till.told)
        for place in range(ROUNDS):
            start = time.perf_counter_ns()
            verdict = till.store.redeeming.redeem(codes[2 * place], till.request)
            ours.append(ms_since(start))
            assert verdict.first.outcome is Outcome.REDEEMED, verdict.first
            till.store.redeeming.flush()
            start = time.perf_counter_ns()
            if platform == "douyin":
                prepared = douyin.prepare(codes[2 * place + 1])
                claim(connection, place)
                douyin.verify(prepared)
            else:
                voucher = own.look_up(codes[2 * place + 1])
                claim(connection, place)
                own.redeem({"voucher": voucher})
            bare.append(ms_since(start))
    mine, theirs = median(ours[10:]), median(bare[10:])
    return Row(f"online redemption, {platform}, p50", mine, theirs, "ms", mine / theirs, 1.5)


def drain() -> Row:
    """Draining owed redemptions against a bare sequential loop of the same calls with one durable write each; the
    loop runs half before and half after, so that both meet the same machine."""
    with counter() as till, bare_file() as connection:
        codes = till.coupons("miniprogram", OWED, 100)
        others = till.coupons("miniprogram", OWED, 100)
        assert till.store.pulling is not None
        till.store.pulling.pull()
        own = BareOwn(till.told, SystemClock())
        _accept_offline(till, codes)
        before = _loop(own, connection, others[: OWED // 2])
        start = time.perf_counter_ns()
        drained = till.store.delivering.drain(everything=True)
        taken = ms_since(start)
        after = _loop(own, connection, others[OWED // 2 :])
        assert drained.sent == OWED, drained
        assert drained.left == 0
    bare = before + after
    return Row(f"draining {OWED:,} owed", taken / 1000, bare / 1000, "s", taken / bare, 1.1)


def _accept_offline(till: Counter, codes: list[str]) -> None:
    till.fault("drop_before")
    for code in codes:
        verdict = till.store.redeeming.redeem(code, till.request)
        assert verdict.first.outcome is Outcome.RECORDED, verdict.first
    till.fault(None)


def _loop(own: BareOwn, connection: sqlite3.Connection, codes: list[str]) -> float:
    start = time.perf_counter_ns()
    for place, code in enumerate(codes):
        own.redeem({"code": code})
        claim(connection, place)
    return ms_since(start)


def rows() -> list[Row]:
    """The three lines."""
    return [redemption("douyin"), redemption("miniprogram"), drain()]
