"""Hints that platforms sent by themselves: each kept once, until it was followed up, and a while beyond."""

from dataclasses import dataclass

from sync.domain.notice import Notice, Told
from sync.ledger.transaction import Transaction

# A copy of an older one is no longer told from it; whoever takes notices refuses what is older than that.
KEPT_MS = 7 * 86_400_000


@dataclass(frozen=True, slots=True)
class Hint:
    """A notice about a coupon of ours that nobody has looked into."""

    platform: str
    id: str
    told: Told
    voucher: int


def keep(tx: Transaction, platform: str, notice: Notice, voucher: int | None, at_ms: int) -> bool:
    """Keep a notice; False when it is known by its id or by what it says. One about no coupon of ours (`voucher` None)
    needs no following up."""
    tx.run("DELETE FROM notices WHERE followed_at_ms IS NOT NULL AND heard_at_ms < ?", (at_ms - KEPT_MS,))
    followed_ms = at_ms if voucher is None else None
    kept = tx.run(
        "INSERT OR IGNORE INTO notices (platform, id, digest, told, voucher, at_ms, heard_at_ms, followed_at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (platform, notice.id, notice.digest, notice.told.value, voucher, notice.at_ms, at_ms, followed_ms),
    )
    return kept.rowcount > 0


def to_follow(tx: Transaction, most: int) -> list[Hint]:
    """The oldest hints that were not followed up."""
    sql = (
        "SELECT platform, id, told, voucher FROM notices WHERE followed_at_ms IS NULL ORDER BY heard_at_ms, id LIMIT ?"
    )
    return [Hint(platform, name, Told(told), voucher) for platform, name, told, voucher in tx.run(sql, (most,))]


def followed(tx: Transaction, hint: Hint, at_ms: int) -> None:
    """A hint was looked into."""
    tx.run("UPDATE notices SET followed_at_ms = ? WHERE platform = ? AND id = ?", (at_ms, hint.platform, hint.id))
