"""The sandbox's own truth: everything the platforms know, in memory behind one lock, written through to disk."""

import threading
from types import TracebackType
from typing import Any

from sync.clock import Clock
from sync.sandbox.rows import (
    Chain,
    Coupon,
    JournalHead,
    Link,
    Redemption,
    Refusal,
    Remembered,
    Revocation,
    Setting,
    SigningKey,
    Token,
    TrustRecord,
    VerifyToken,
)
from sync.sandbox.storage import Storage
from sync.sandbox.table import Table, facts_of


def coupon_key(platform: str, code: str) -> str:
    """The key under which a coupon is kept, and its redemptions are indexed."""
    return f"{platform}/{code}"


class Truth:
    """Everything the platforms know. Use it inside `with truth:`; leaving the block writes what changed."""

    def __init__(self, clock: Clock, storage: Storage) -> None:
        self.clock = clock
        self._storage = storage
        self._lock = threading.RLock()
        self._depth = 0
        self._dirty: dict[tuple[str, str], str] = {}
        dirty = self._dirty
        self.settings: Table[Setting] = Table(Setting, lambda row: row.name, dirty)
        self.coupons: Table[Coupon] = Table(Coupon, lambda row: coupon_key(row.platform, row.code), dirty)
        self.redemptions: Table[Redemption] = Table(Redemption, lambda row: row.redemption_id, dirty)
        self.tokens: Table[Token] = Table(Token, lambda row: row.text, dirty)
        self.links: Table[Link] = Table(Link, lambda row: row.token, dirty)
        self.verify_tokens: Table[VerifyToken] = Table(VerifyToken, lambda row: row.text, dirty)
        self.remembered: Table[Remembered] = Table(Remembered, _remembered_key, dirty)
        self.signing_keys: Table[SigningKey] = Table(SigningKey, lambda row: row.public_key, dirty)
        self.chains: Table[Chain] = Table(Chain, lambda row: row.voucher, dirty)
        self.revocations: Table[Revocation] = Table(Revocation, lambda row: str(row.seq), dirty)
        self.trust_records: Table[TrustRecord] = Table(TrustRecord, _trust_key, dirty)
        self.journal_heads: Table[JournalHead] = Table(JournalHead, lambda row: f"{row.terminal}/{row.seq}", dirty)
        self.refusals: Table[Refusal] = Table(Refusal, lambda row: str(row.seq), dirty)
        self._index()
        self.changes: list[tuple[int, str]] = []
        # What a call is busy with right now, and the call; it ends with the call and is never kept.
        self.in_use: dict[str, object] = {}
        self._load()

    def _index(self) -> None:
        self.coupons_by_order = self.coupons.index(lambda row: row.order_id)
        self.coupons_by_phone = self.coupons.index(lambda row: f"{row.platform}/{row.phone}")
        self.coupons_by_serial = self.coupons.index(lambda row: row.serial)
        self.coupons_by_sealed = self.coupons.index(lambda row: row.sealed)
        self.redemptions_by_coupon = self.redemptions.index(lambda row: coupon_key(row.platform, row.code))
        self.redemptions_by_platform = self.redemptions.index(lambda row: row.platform)
        self.links_by_object = self.links.index(lambda row: row.object_id)
        self.links_by_code = self.links.index(lambda row: row.code)
        self.tokens_by_family = self.tokens.index(lambda row: f"{row.platform}/{row.family}")
        self.heads_by_terminal = self.journal_heads.index(lambda row: row.terminal)

    def _load(self) -> None:
        tables: dict[str, Table[Any]] = {value.kind: value for value in vars(self).values() if isinstance(value, Table)}
        for kind, fields in self._storage.load():
            tables[kind].restore(fields)
        self.changes = sorted((row.changed_seq, coupon_key(row.platform, row.code)) for row in self.coupons)

    def __enter__(self) -> "Truth":
        self._lock.acquire()
        self._depth += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._depth -= 1
            if self._depth == 0 and self._dirty:
                facts = facts_of(self._dirty)
                self._dirty.clear()
                self._storage.write(facts)
        finally:
            self._lock.release()

    @property
    def fresh(self) -> bool:
        """Whether nothing was ever written."""
        return len(self.settings) == 0

    def close(self) -> None:
        """Let go of the state file."""
        with self:
            pass
        self._storage.close()

    def setting(self, name: str, default: str = "") -> str:
        """A named value."""
        row = self.settings.get(name)
        return default if row is None else row.value

    def set(self, name: str, value: str) -> str:
        """Keep a named value."""
        self.settings.put(Setting(name, value))
        return value

    def now_ms(self) -> int:
        """The platforms' time: this machine's, shifted by what `/control/clock` asked for."""
        return self.clock.wall_ms() + int(self.setting("offset_s", "0")) * 1000

    def now_s(self) -> int:
        """The same in whole seconds."""
        return self.now_ms() // 1000

    def next(self, name: str) -> int:
        """The next number of a sequence that starts at 1 and never goes back."""
        return int(self.set(f"seq:{name}", str(int(self.setting(f"seq:{name}", "0")) + 1)))

    def last(self, name: str) -> int:
        """The last number that `next` gave."""
        return int(self.setting(f"seq:{name}", "0"))

    def digits(self, count: int) -> str:
        """`count` random decimal digits, the first of which is not 0."""
        number = int.from_bytes(self.clock.random_bytes(count), "big")
        return str(1 + number % 9) + str(number // 9 % 10 ** (count - 1)).zfill(count - 1)

    def hex(self, count: int) -> str:
        """`count` random bytes as hex."""
        return self.clock.random_bytes(count).hex()


def _remembered_key(row: Remembered) -> str:
    return f"{row.call}/{row.request_id}"


def _trust_key(row: TrustRecord) -> str:
    return f"{row.request_id}/{row.voucher}/{row.code_tail}"
