"""Telling the own platform what was accepted on trust and is still owed, so that it holds refunds back meanwhile."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sync.clock import Clock
from sync.domain.codes import MINIPROGRAM
from sync.domain.redemption import Redemption
from sync.errors import KnownError, PlatformError
from sync.ledger import lists, outbox, redemptions
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.platforms.port import TrustNote, TrustSource
from sync.services import calls
from sync.services.asking import Asking
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper
from sync.services.verdict import BOOKED

# The platform takes 500 in one call (docs/own-platform.md, trust-records); fewer get through a thin line in time.
BATCH: Final = 200
# After a no, or silence, what is owed may well be delivered before the next try is worth anything.
AGAIN_AFTER_MS: Final = 60_000
_TOLD: Final = "reported"


@dataclass(frozen=True, slots=True)
class _Debt:
    """One call that is owed, and what there is to tell of it."""

    entry_id: str
    notes: tuple[TrustNote, ...]


class Reporting:
    """Tells each debt once. It only ever speaks of debts: delivering them does not wait for it."""

    def __init__(
        self, ledger: Ledger, asking: Asking, source: TrustSource, keeper: Timekeeper, profile: Profile, clock: Clock
    ) -> None:
        self._ledger = ledger
        self._asking = asking
        self._source = source
        self._keeper = keeper
        self._profile = profile
        self._clock = clock
        self._not_before_ms = 0

    def report(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Tell what is owed and untold; how many calls' worth was told. `stop` is asked before each batch. Never
        raises what a platform may say: what could not be told is told later, if it is owed by then."""
        if self._clock.monotonic_ms() < self._not_before_ms or self._asking.lines.offline(MINIPROGRAM):
            return 0
        told = 0
        for batch in _batches(self._ledger.read(_untold)):
            if stop() or not self._tell([note for debt in batch for note in debt.notes]):
                break
            self._ledger.write(partial(self._remember, [debt.entry_id for debt in batch]))
            told += len(batch)
        return told

    def _tell(self, notes: Sequence[TrustNote]) -> bool:
        # The counter's budget: what is to be delivered stands behind this in the same thread.
        budget_ms = self._profile.counter_budget_ms
        answer = self._asking.ask(
            MINIPROGRAM, budget_ms, lambda _, deadline_ms: self._source.report(notes, deadline_ms)
        )
        if isinstance(answer, PlatformError):
            self._not_before_ms = self._clock.monotonic_ms() + AGAIN_AFTER_MS
            return False
        return True

    def _remember(self, entry_ids: list[str], tx: Transaction) -> None:
        """What is no longer owed is forgotten, so that the mark stays as small as the debt."""
        owed = {row.outbox_id for row in redemptions.owed(tx, MINIPROGRAM)}
        kept = sorted({*_told(tx), *entry_ids} & owed)
        lists.set_cursor(tx, _TOLD, json.dumps(kept), self._keeper.now(tx).ms)


def _told(tx: Transaction) -> frozenset[str]:
    found = lists.cursor(tx, _TOLD)
    return frozenset(json.loads(found[0])) if found else frozenset()


def _untold(tx: Transaction) -> list[_Debt]:
    """What was promised at the counter, is owed, and was not told, oldest first. What the platform has booked itself
    under our request id (a permit) it knows."""
    owed: dict[str, list[Redemption]] = {}
    for row in redemptions.owed(tx, MINIPROGRAM):
        if row.promised and row.kind != BOOKED:
            owed.setdefault(row.outbox_id, []).append(row)
    told = _told(tx) if owed else frozenset()
    debts = (_debt(tx, entry_id, rows) for entry_id, rows in owed.items() if entry_id not in told)
    # A call that can't be read names nothing; a person sees to it (delivering.py).
    return [debt for debt in debts if all(note.voucher or note.code_tail for note in debt.notes)]


def _debt(tx: Transaction, entry_id: str, rows: list[Redemption]) -> _Debt:
    """One note for each voucher of the call: the platform tells them apart by request and voucher."""
    grouped: dict[str | None, list[Redemption]] = {}
    vouchers = _vouchers(tx, entry_id, rows)
    for row in rows:
        grouped.setdefault(vouchers.get(row.id), []).append(row)
    return _Debt(entry_id, tuple(_note(voucher, alike) for voucher, alike in grouped.items()))


def _vouchers(tx: Transaction, entry_id: str, rows: list[Redemption]) -> dict[str, str]:
    """The platform's ids of the vouchers, by redemption; none of a call that can't be read."""
    entry = outbox.by_id(tx, entry_id)
    if entry is None:
        return {}
    try:
        call = calls.redeem_call(tx.sealer, entry, frozenset(row.id for row in rows))
    except (KnownError, ValueError, KeyError, TypeError):
        return {}
    return {use.redemption_id: use.ref for use in call.uses if use.ref is not None}


def _note(voucher: str | None, rows: list[Redemption]) -> TrustNote:
    first = rows[0]
    amount_fen = sum(row.amount_fen for row in rows)
    return TrustNote(first.request_id, voucher, first.code_tail, first.tier, first.accepted_at_ms, amount_fen)


def _batches(debts: Iterable[_Debt]) -> list[list[_Debt]]:
    """Whole debts, as many together as one call bears."""
    found: list[list[_Debt]] = []
    room = 0
    for debt in debts:
        if not found or len(debt.notes) > room:
            found.append([])
            room = BATCH
        found[-1].append(debt)
        room -= len(debt.notes)
    return found
