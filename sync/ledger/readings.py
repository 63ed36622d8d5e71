"""How far a platform's book has been read: pages that are kept until it was read whole, so that a cut goes on there."""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.ledger.transaction import Transaction

_TEXT = "history page"


@dataclass(frozen=True, slots=True)
class Span:
    """Which book, and which stretch of it (ms UTC)."""

    platform: str
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page as it was read; `text` is the reader's own, kept sealed since it names coupons; `cursor` asks for the
    page behind it."""

    text: str
    cursor: str


def pages(tx: Transaction, span: Span, since_ms: int) -> Iterator[KeptPage]:
    """The pages of an unfinished reading of this very span that was begun at or after `since_ms`, in order."""
    sql = "SELECT text_sealed, cursor FROM book_pages WHERE platform = ? AND from_ms = ? AND to_ms = ?"
    begun = tx.run(
        "SELECT min(read_at_ms) FROM book_pages WHERE platform = ? AND from_ms = ? AND to_ms = ?",
        (span.platform, span.from_ms, span.to_ms),
    ).fetchone()[0]
    if begun is None or begun < since_ms:
        return
    for sealed, cursor in tx.run(f"{sql} ORDER BY place", (span.platform, span.from_ms, span.to_ms)):
        yield KeptPage(tx.sealer.unseal(sealed, _TEXT), cursor)


def keep(tx: Transaction, span: Span, place: int, page: KeptPage, at_ms: int) -> None:
    """Keep page number `place`; with the first one what is left of an earlier reading of this platform goes."""
    if place == 0:
        forget(tx, span.platform)
    tx.run(
        "INSERT OR REPLACE INTO book_pages (platform, place, from_ms, to_ms, cursor, text_sealed, read_at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (span.platform, place, span.from_ms, span.to_ms, page.cursor, tx.sealer.seal(page.text, _TEXT), at_ms),
    )


def forget(tx: Transaction, platform: str) -> None:
    """The book was read whole, or is begun anew."""
    tx.run("DELETE FROM book_pages WHERE platform = ?", (platform,))
