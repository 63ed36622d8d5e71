"""An offline redemption against a bare sqlite3 transaction with the same rows; a look-up in a large cache; DQ1."""

import random
import sqlite3
import time
from collections.abc import Callable
from hashlib import sha256
from statistics import median
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.domain.dynamic_code import Key, Verdict, read
from sync.ledger import vouchers
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import Alias
from sync.services.verdict import Outcome
from tests.bench.row import Row
from tests.bench.shop import Shop, bare_file, ms_since, shop

ROUNDS = 1_000
TURN = 50
Statements = list[tuple[str, tuple[Any, ...]]]


def redemption() -> Row:
    """Decide + durable write, p50: one scan of a cached code while the line is down, from text to verdict. Taken in
    turns of a few scans each, so that both meet the same machine."""
    ours: list[float] = []
    bare: list[float] = []
    with shop(ROUNDS + TURN) as open_shop, bare_file() as connection:
        for first in range(0, len(open_shop.codes), TURN):
            taken, rows = _scan(open_shop, open_shop.codes[first : first + TURN])
            written = [timed_write(connection, one) for one in rows]
            if first:
                ours += taken
                bare += written
    return Row("offline redemption, p50", median(ours), median(bare), "ms", median(ours) / median(bare), 1.5)


def _scan(open_shop: Shop, codes: tuple[str, ...]) -> tuple[list[float], list[Statements]]:
    taken: list[float] = []
    ids: list[str] = []
    for code in codes:
        start = time.perf_counter_ns()
        verdict = open_shop.store.redeeming.redeem(code, open_shop.request)
        taken.append(ms_since(start))
        assert verdict.first.outcome is Outcome.RECORDED, verdict.first
        ids.append(verdict.first.redemption_id or "")
    return taken, open_shop.store.ledger.read(lambda tx: statements(tx, ids))


def statements(tx: Transaction, ids: list[str]) -> list[Statements]:
    """The rows that each of the last redemptions wrote, oldest first, as statements for the bare file."""
    found: list[Statements] = []
    first = tx.run("SELECT max(seq) FROM journal").fetchone()[0] - len(ids) + 1
    for place, redemption_id in enumerate(ids):
        rows = [
            ("redemptions", tx.run("SELECT * FROM redemptions WHERE id = ?", (redemption_id,)).fetchone()),
            ("outages", tx.run("SELECT * FROM outages").fetchone()),
            ("journal", tx.run("SELECT * FROM journal WHERE seq = ?", (first + place,)).fetchone()),
            ("journal_head", tx.run("SELECT * FROM journal_head").fetchone()),
        ]
        outbox_id = tx.run("SELECT outbox_id FROM redemptions WHERE id = ?", (redemption_id,)).fetchone()
        rows.insert(1, ("outbox", tx.run("SELECT * FROM outbox WHERE id = ?", outbox_id).fetchone()))
        found.append(
            [(f"INSERT OR REPLACE INTO {name} VALUES ({', '.join('?' * len(row))})", tuple(row)) for name, row in rows]
        )
    return found


def timed_write(connection: sqlite3.Connection, rows: Statements) -> float:
    """Milliseconds that one durable transaction with these rows takes."""
    start = time.perf_counter_ns()
    connection.execute("BEGIN IMMEDIATE")
    for sql, values in rows:
        connection.execute(sql, values)
    connection.execute("COMMIT")
    return ms_since(start)


def lookup(many: int = 1_000_000, few: int = 1_000) -> Row:
    """A look-up by code, p99, with very many cached vouchers against the same with few; taken in turns."""
    chance = random.Random(7)
    large: list[float] = []
    small: list[float] = []
    with shop(few) as little, shop(many) as big:
        # A till runs all day: what is measured is a cache that has been asked before, not its first touch of the disk.
        for _ in range(60_000):
            small.append(_look(little, chance))
            large.append(_look(big, chance))
    ours, bare = _p99(large[40_000:]), _p99(small[40_000:])
    return Row(f"look-up in {many:,} vouchers, p99", ours, bare, "ms", ours / bare, 1.3)


def _look(open_shop: Shop, chance: random.Random) -> float:
    code = chance.choice(open_shop.codes)

    def question(tx: Any) -> Any:
        return vouchers.known(tx, vouchers.find(tx, "miniprogram", (Alias("code", code),))[0])

    start = time.perf_counter_ns()
    known = open_shop.store.ledger.read(question)
    taken = ms_since(start)
    assert known.coupon.code == code
    return taken


def _p99(values: list[float]) -> float:
    return sorted(values)[len(values) * 99 // 100]


def dynamic(step: int = 1_440) -> Row:
    """Reading a CHAIN code against the bare signature check and as many hashes."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
    public, voucher = private.public_key(), bytes(range(9))
    links = [bytes(16)]
    for place in range(2880, 0, -1):
        links.append(sha256(b"DQ1c" + voucher + place.to_bytes(2, "big") + links[-1]).digest()[:16])
    links.reverse()
    head = b"\x11\x00\x07" + voucher + bytes.fromhex("00c0ffee") + bytes(7) + b"\x00\x27\x10\x01\x00"
    head += (1_795_000_000).to_bytes(4, "big") + b"\x1e" + (2880).to_bytes(2, "big") + links[0]
    signature = private.sign(b"DQ1\x00" + head)
    raw = head + signature + step.to_bytes(2, "big") + links[step]
    text = str(int.from_bytes(raw, "big")).zfill(321)
    keys = {7: (Key(public),)}
    now_s = 1_795_000_000 + (step - 1) * 30

    def ours() -> None:
        assert read(text, keys, now_s, "00c0ffee").verdict is Verdict.GENUINE

    def bare() -> None:
        public.verify(signature, b"DQ1\x00" + head)
        link = links[step]
        for place in range(step, 0, -1):
            link = sha256(b"DQ1c" + voucher + place.to_bytes(2, "big") + link).digest()[:16]
        assert link == links[0]

    mine, theirs = _in_turns(ours, bare, 300)
    return Row(f"DQ1, step {step}, p50", mine, theirs, "ms", mine / theirs, 1.3)


def _in_turns(ours: Callable[[], None], bare: Callable[[], None], rounds: int) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for one, times in zip((ours, bare), taken, strict=True):
            start = time.perf_counter_ns()
            one()
            times.append(ms_since(start))
    return median(taken[0]), median(taken[1])


def rows() -> list[Row]:
    """The three lines."""
    return [redemption(), lookup(), dynamic(), dynamic(20)]
