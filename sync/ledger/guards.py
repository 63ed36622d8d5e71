"""What the journal says of the guards: names of redeemed coupons, marks of codes, spent nonces, debts not yet done."""

import sqlite3
from typing import Any

Found = tuple[int | None, str]


class Guards:
    """Collects what entries say while the journal is walked, then compares it with the file."""

    def __init__(self) -> None:
        self._aliases: dict[tuple[str, str, str], tuple[int, int]] = {}
        self._marks: dict[int, tuple[int, int]] = {}
        self._nonces: dict[str, tuple[str, int]] = {}

    def take(self, seq: int, fact: dict[str, Any]) -> None:
        """Take over one fact of entry `seq`."""
        if "alias" in fact:
            platform, kind, text_hash, voucher = fact["alias"]
            self._aliases[platform, kind, text_hash] = (voucher, seq)
        elif "mark" in fact:
            voucher, mark_s = fact["mark"]
            if mark_s >= self._marks.get(voucher, (0, 0))[0]:
                self._marks[voucher] = (mark_s, seq)
        elif "nonce" in fact:
            self._nonces[fact["nonce"]] = (fact["basket"], seq)

    def broken(self, connection: sqlite3.Connection) -> Found | None:
        """The first guard that was taken away: the entry that set it up, and what is wrong."""
        return self._names(connection) or self._codes(connection) or self._permits(connection) or _debts(connection)

    def _names(self, connection: sqlite3.Connection) -> Found | None:
        sql = "SELECT voucher FROM aliases WHERE platform = ? AND kind = ? AND hash = ?"
        for (platform, kind, text_hash), (voucher, seq) in self._aliases.items():
            row = connection.execute(sql, (platform, kind, bytes.fromhex(text_hash))).fetchone()
            if row is None or row[0] != voucher:
                return seq, f"a {kind} of voucher {voucher} no longer leads to it"
        return None

    def _codes(self, connection: sqlite3.Connection) -> Found | None:
        for voucher, (mark_s, seq) in self._marks.items():
            row = connection.execute("SELECT last_mark_s FROM vouchers WHERE id = ?", (voucher,)).fetchone()
            if row is None or (row[0] or 0) < mark_s:
                return seq, f"the mark of voucher {voucher} was set back"
        return None

    def _permits(self, connection: sqlite3.Connection) -> Found | None:
        for nonce, (basket, seq) in self._nonces.items():
            row = connection.execute("SELECT basket_id FROM nonces WHERE nonce = ?", (nonce,)).fetchone()
            if row is None or row[0] != basket:
                return seq, f"nonce {nonce} is no longer spent"
        return None


def _debts(connection: sqlite3.Connection) -> Found | None:
    """A redemption that is owed has a call that is not done; a call that was removed is missed as a fact."""
    sql = (
        "SELECT r.id FROM redemptions r JOIN outbox o ON o.id = r.outbox_id"
        " WHERE r.state IN ('claimed', 'sent', 'unknown') AND o.state = 'done' LIMIT 1"
    )
    row = connection.execute(sql).fetchone()
    return None if row is None else (None, f"redemption {row[0]} is owed, and no call for it is open")
