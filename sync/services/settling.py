"""What a platform's answer does to the ledger: rows, debts, differences, shifts and outages, in one transaction."""

import json
from collections.abc import Iterable

from sync.domain.codes import CredentialKind
from sync.domain.difference import DEADLINE_MS, Cause, Difference
from sync.domain.reasons import Reason, to_json
from sync.domain.redemption import Redemption, State
from sync.domain.shift import ShiftState
from sync.ledger import outages, redemptions, vouchers
from sync.ledger.journal import canonical
from sync.ledger.tables import ADJUSTMENTS, DIFFERENCES, REDEMPTIONS, SHIFTS, Adjustment
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import REF, Alias
from sync.platforms.port import Denied, Redeemed, Reversed


def open_difference(
    tx: Transaction,
    cause: Cause,
    key: str,
    platform: str,
    amount_fen: int,
    at_ms: int,
    facts: dict[str, object],
    redemption_id: str | None = None,
) -> None:
    """Open a difference, once per cause and key. Its owner is the store's first manager, who may hand it on."""
    key = f"{cause}:{platform}:{key}"
    if tx.one(DIFFERENCES, "key = ?", (key,)) is not None:
        return
    owner = tx.run("SELECT id FROM staff WHERE active ORDER BY role <> 'manager', id LIMIT 1").fetchone()
    tx.add(
        DIFFERENCES,
        Difference(
            tx.next_id(DIFFERENCES),
            key,
            platform,
            cause,
            redemption_id,
            amount_fen,
            owner[0] if owner else "owner",
            at_ms,
            at_ms + DEADLINE_MS,
            canonical(facts),
        ),
    )


def open_clashes(
    tx: Transaction, platform: str, voucher: int, others: Iterable[int], amount_fen: int, at_ms: int
) -> None:
    """Names of one coupon turn out to lead to several vouchers of ours: a difference for each pair."""
    for other in sorted(others):
        pair = sorted((voucher, other))
        facts: dict[str, object] = {"vouchers": pair}
        open_difference(tx, Cause.ALIAS_CLASH, f"{pair[0]}-{pair[1]}", platform, amount_fen, at_ms, facts)


def open_held(tx: Transaction, entry_id: str, rows: Iterable[Redemption], last_error: str, at_ms: int) -> None:
    """A call that only a person can bring on is a difference with an owner."""
    listed = list(rows)
    facts: dict[str, object] = {"last_error": last_error, "numbers": [row.number for row in listed]}
    amount_fen = sum(row.amount_fen for row in listed)
    open_difference(tx, Cause.HELD, entry_id, listed[0].platform, amount_fen, at_ms, facts, listed[0].id)


def settle(tx: Transaction, row: Redemption, result: Redeemed | Denied, at_ms: int) -> None:
    """Take over the answer to one redeemed unit. A row that is settled already stays as it is."""
    if not row.owed:
        return
    if isinstance(result, Denied):
        _refuse(tx, row, result.reason, at_ms)
    else:
        _confirm(tx, row, result, at_ms)
    if row.outage is not None:
        outages.end_if_settled(tx, row.outage, at_ms)


def _confirm(tx: Transaction, row: Redemption, result: Redeemed, at_ms: int) -> None:
    amount_fen = row.amount_fen if result.amount_fen is None else result.amount_fen
    refs = json.dumps(dict(result.refs), sort_keys=True)
    learnt: dict[str, object] = {}
    if result.code:
        learnt = {"code_tail": result.code[-4:], "code_sealed": tx.sealer.seal(result.code, "redemption")}
    redemptions.move(tx, row, State.CONFIRMED, settled_at_ms=at_ms, refs=refs, amount_fen=amount_fen, **learnt)
    amend_shift(tx, row, "confirmed", amount_fen - row.amount_fen, at_ms)
    names = [Alias(REF, result.refs["coupon"])] if "coupon" in result.refs else []
    if result.code:
        names.append(Alias(CredentialKind.CODE, result.code))
    clashes = vouchers.bind(tx, row.platform, row.voucher, names, noted=True)
    open_clashes(tx, row.platform, row.voucher, clashes, row.amount_fen, at_ms)


def _refuse(tx: Transaction, row: Redemption, reason: Reason, at_ms: int) -> None:
    redemptions.move(tx, row, State.REFUSED, settled_at_ms=at_ms, reason=to_json(reason))
    amend_shift(tx, row, "refused", -row.amount_fen, at_ms)
    if not row.promised:
        return
    facts: dict[str, object] = {"reason": reason.code.value, "tier": row.tier, "number": row.number}
    open_difference(tx, Cause.REFUSED_LATER, row.id, row.platform, row.amount_fen, at_ms, facts, row.id)


def take_back(tx: Transaction, row: Redemption, result: Reversed | Denied, at_ms: int) -> None:
    """Take over the answer to one reversed unit; a refused reversal is a difference, and the redemption stands."""
    if row.state is not State.CONFIRMED:
        return
    if isinstance(result, Denied):
        tx.change(REDEMPTIONS, row.id, reversal_id=None)
        still_open = "cause = ? AND redemption_id = ? AND resolved_at_ms IS NULL"
        if tx.one(DIFFERENCES, still_open, (Cause.REVERSAL_REFUSED, row.id)) is not None:
            # Asked for once more, and refused once more: it is the same money and the same case.
            return
        facts: dict[str, object] = {"reason": result.reason.code.value, "number": row.number}
        key = f"{row.id}:{row.reversal_id}"
        open_difference(tx, Cause.REVERSAL_REFUSED, key, row.platform, row.amount_fen, at_ms, facts, row.id)
        return
    redemptions.move(tx, row, State.REVERSED)
    amend_shift(tx, row, "reversed", -row.amount_fen, at_ms)


def amend_shift(tx: Transaction, row: Redemption, what: str, amount_fen: int, at_ms: int) -> None:
    """A late answer amends the shift it belongs to, when that is closed (product.md A6)."""
    shift = tx.one(SHIFTS, "id = ?", (row.shift,))
    if shift is None or shift.state is not ShiftState.CLOSED:
        return
    tx.add(ADJUSTMENTS, Adjustment(tx.next_id(ADJUSTMENTS), row.shift, row.id, at_ms, what, amount_fen))
