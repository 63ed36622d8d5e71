"""A store on disk for measuring: no platform reachable unless a sandbox is given, limits out of the way."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.clock import SystemClock
from sync.domain.codes import Credential, luhn_ok
from sync.domain.moment import TimeSync
from sync.domain.reasons import Code, because
from sync.domain.staff import Role
from sync.domain.trust import Budget, Limits
from sync.domain.voucher import Coupon, Line
from sync.errors import NeverSent
from sync.ledger import lists, vouchers
from sync.ledger.ledger import FILE_NAME, Ledger, create
from sync.ledger.sealing import Sealer
from sync.ledger.transaction import Transaction
from sync.ledger.writer import connect
from sync.platforms.port import (
    Checkpoint,
    HistoryPage,
    KnownUse,
    LookedUp,
    Platform,
    RedeemCall,
    ReverseCall,
    ReverseResult,
    UseResult,
)
from sync.services.profile import Profile
from sync.services.pulling import VOUCHERS
from sync.services.request import Request
from sync.services.store import Store
from sync.services.timekeeping import Timekeeper
from sync.services.trust_lists import REVOCATIONS

WIDE = Budget(10**12)
LIMITS = Limits(WIDE, WIDE, WIDE, WIDE, WIDE, account_a_day=10**9)


class Unreachable:
    """A platform without a line: every question fails at once, as a refused connection does."""

    name = "miniprogram"
    reversal_window_ms = None

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        raise self._down()

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        raise self._down()

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        raise self._down()

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        raise self._down()

    @property
    def book_delay_ms(self) -> int:
        return 0

    def history(
        self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int, known: Sequence[KnownUse] = ()
    ) -> HistoryPage:
        raise self._down()

    def probe(self, deadline_ms: int) -> None:
        raise self._down()

    def _down(self) -> NeverSent:
        return NeverSent(because(Code.UNREACHABLE))


@dataclass(frozen=True, slots=True)
class Shop:
    """An open store, its cashier's request, and the codes in its cache."""

    store: Store
    request: Request
    codes: tuple[str, ...]


def code_of(number: int) -> str:
    """The `number`-th well-formed code of the own platform."""
    body = f"88{number:013d}"
    return next(body + str(digit) for digit in range(10) if luhn_ok(body + str(digit)))


def coupon_of(number: int) -> Coupon:
    """A coupon as the platform's delta describes it."""
    ref = f"{number:018x}"
    return Coupon(
        ref=ref,
        handle=ref,
        code=code_of(number),
        title="双人烤鱼套餐",
        price_fen=12800,
        kind="voucher",
        units_total=1,
        units_left=1,
        valid_from_ms=0,
        valid_until_ms=2**52,
        account=f"{number % 2**24:06x}",
        offer="0000002a",
        contents=(Line("清江鱼", 1), Line("配菜", 4)),
        terms=("周五至周日需提前预约",),
        script="请确认是 2 人套餐",
    )


@contextmanager
def shop(cached: int, platform: Platform | None = None) -> Iterator[Shop]:
    """A fresh store with that many vouchers in its cache."""
    clock = SystemClock()
    with TemporaryDirectory(prefix="hexiao-bench-") as folder:
        path = Path(folder) / FILE_NAME
        create(path)
        ledger = Ledger(path, Sealer(bytes(32), clock), clock)
        now_ms = clock.wall_ms()
        sync = TimeSync(clock.boot_id(), clock.monotonic_ms(), now_ms, now_ms)
        ledger.write(lambda tx: lists.keep_time_sync(tx, sync))
        for start in range(0, cached, 10_000):
            _fill(ledger, range(start, min(start + 10_000, cached)), now_ms)
        keeper = Timekeeper(ledger, clock)
        profile = Profile("T1", "Asia/Shanghai", 4, "00c0ffee", limits=LIMITS)
        source = platform or Unreachable()
        store = Store(ledger, clock, profile, {"miniprogram": source}, keeper, None, bytes(32))
        staff = store.people.add("c1", "收银员", Role.CASHIER, None)
        store.shifts.open(staff)
        try:
            yield Shop(store, Request(staff), tuple(code_of(number) for number in range(cached)))
        finally:
            store.close()


def _fill(ledger: Ledger, numbers: range, now_ms: int) -> None:
    def job(tx: Transaction) -> None:
        for number in numbers:
            vouchers.keep(tx, "miniprogram", coupon_of(number), now_ms)
        for name in (VOUCHERS, REVOCATIONS):
            lists.set_cursor(tx, name, "0", now_ms)

    ledger.write(job)


@contextmanager
def bare_file() -> Iterator[sqlite3.Connection]:
    """A bare connection to a file with the ledger's schema, set up as the ledger's writer is."""
    with TemporaryDirectory(prefix="hexiao-bare-") as folder:
        path = Path(folder) / FILE_NAME
        create(path)
        connection = connect(path)
        try:
            yield connection
        finally:
            connection.close()


def ms_since(start_ns: int) -> float:
    """Milliseconds since a `time.perf_counter_ns()`."""
    return (time.perf_counter_ns() - start_ns) / 1e6
