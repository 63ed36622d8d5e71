"""What our own ledger knows of earlier uses: the guard against paying twice for one coupon."""

from sync.domain.evidence import Evidence
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import Limits, Tier

_VAGUE = frozenset({Code.USED_ELSEWHERE, Code.NOT_FOUND, Code.QR_DEAD, Code.NOTHING_USABLE})


def not_replayed(evidence: Evidence, _limits: Limits, _tier: Tier) -> Reason | None:
    """A dynamic code's step (a permit's second of issue) must be later than the last one accepted for its voucher:
    one photo of a code with five units pays once (dynamic-code.md, "Beyond the verdict")."""
    fields = evidence.signature.fields if evidence.signature else None
    if fields is None or evidence.last_mark_s is None or fields.mark_s > evidence.last_mark_s:
        return None
    # Nobody has anything of a use that was taken back, or never came about: there is no when and where to tell.
    return because(Code.REPLAYED, **_last_use(evidence)) if evidence.past else because(Code.SCANNED_BEFORE)


def nonce_fresh(evidence: Evidence, _limits: Limits, _tier: Tier) -> Reason | None:
    """A nonce serves one basket, once, for 120 s."""
    return because(Code.NONCE_SPENT) if evidence.nonce_spent else None


def not_used_here(evidence: Evidence, _limits: Limits, _tier: Tier) -> Reason | None:
    """All units that the coupon is known to have are taken by live redemptions of this ledger. A platform that only
    says "used" or "unknown" is told better by when and where it was used here."""
    vague = evidence.refusal is None or evidence.refusal.code in _VAGUE
    if evidence.past and evidence.units_free <= 0 and vague:
        return because(Code.USED_HERE, **_last_use(evidence))
    return None


def _last_use(evidence: Evidence) -> dict[str, str | int]:
    if not evidence.past:
        return {}
    last = max(evidence.past, key=lambda use: use.at_ms)
    return {"at_ms": last.at_ms, "staff": last.staff, "terminal": last.terminal, "redemption_id": last.redemption_id}
