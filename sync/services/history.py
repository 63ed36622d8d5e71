"""The store's own history (核销记录): redemptions and refusals, newest first, found by what a person has at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sync.domain.difference import Difference
from sync.domain.redemption import Redemption
from sync.ledger import entries
from sync.ledger.entries import Found, Place
from sync.ledger.ledger import Ledger
from sync.ledger.tables import Refusal
from sync.ledger.transaction import Transaction
from sync.services.reversing import Reversing
from sync.services.searching import Searching

MOST_AT_ONCE = 200
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A redemption or a refusal at the counter. `seq`: its place, to go on behind it; `difference`: the open one, if
    any; `reversible`: it can still be taken back as far as we know, `reversible_until_ms` (UTC) until when the platform
    may be expected to (a hint that forbids nothing; None: no clock limits it)."""

    seq: int
    at_ms: int
    redemption: Redemption | None = None
    refusal: Refusal | None = None
    difference: Difference | None = None
    reversible: bool = False
    reversible_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryPageLocal:
    """A page of our own history; `before_seq` asks for the next one, None at the end."""

    lines: tuple[HistoryLine, ...]
    before_seq: int | None


class History:
    """Searches the ledger. Changes nothing."""

    def __init__(self, ledger: Ledger, searching: Searching, reversing: Reversing) -> None:
        self._ledger = ledger
        self._searching = searching
        self._reversing = reversing

    def search(
        self, query: str = "", before_seq: int | None = None, limit: int = 50, names: Mapping[str, str] = _NO_NAMES
    ) -> HistoryPageLocal:
        """What fits `query`, newest first: everything without one; else a scanned or typed coupon, or words that all
        fit (slip number, last digits of a code, title, staff, platform, amount, day). `before_seq`: as the page before
        gave it; `limit`: 1…200 lines; `names`: what people call the platforms. Never raises on any text."""
        limit = max(1, min(limit, MOST_AT_ONCE))

        def question(tx: Transaction) -> HistoryPageLocal:
            wanted = self._searching.wanted(tx, query, names)
            found = entries.newest(tx, wanted, Place.of(before_seq), limit + 1)
            more = len(found) > limit
            found = found[:limit]
            open_ones = entries.open_differences(tx, [one.redemption for one in found if one.redemption is not None])
            lines = tuple(self._line(one, open_ones) for one in found)
            return HistoryPageLocal(lines, lines[-1].seq if more else None)

        return self._ledger.read(question)

    def _line(self, found: Found, differences: Mapping[str, Difference]) -> HistoryLine:
        row, seq = found.redemption, found.place.number
        if row is None:
            return HistoryLine(seq, found.at_ms, refusal=found.refusal)
        free = row.reversible and row.reversal_id is None
        until_ms = self._reversing.until_ms(row) if free else None
        return HistoryLine(seq, found.at_ms, row, None, differences.get(row.id), free, until_ms)
