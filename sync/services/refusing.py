"""Every refusal at the counter is recorded; of texts that no platform recognises only class, length and keyed hash."""

import json

from sync.domain.codes import CredentialKind, Recognised
from sync.domain.moment import Moment
from sync.domain.reasons import Code, Reason
from sync.ledger.tables import BLACKLIST, REFUSALS, BlacklistRow, Refusal
from sync.ledger.transaction import Transaction
from sync.services.profile import Profile

_TEXT = "text"


def hash_of(tx: Transaction, text: str) -> bytes:
    """The keyed hash under which a refusal remembers its text."""
    return tx.sealer.hashed(_TEXT, text)


def is_blacklisted(tx: Transaction, text: str) -> bool:
    """Whether this very text was found forged before."""
    return tx.run("SELECT 1 FROM blacklist WHERE hash = ?", (hash_of(tx, text),)).fetchone() is not None


def record(
    tx: Transaction, profile: Profile, now: Moment, staff: str, scanned: Recognised | str, reason: Reason
) -> None:
    """Write the refusal; a forged code's text goes on the blacklist by its keyed hash, and nothing else of it."""
    known = isinstance(scanned, Recognised)
    text = scanned.credential.text if isinstance(scanned, Recognised) else scanned
    text_hash = hash_of(tx, text)
    shift = tx.run("SELECT id FROM shifts WHERE state <> 'closed'").fetchone()
    tx.add(
        REFUSALS,
        Refusal(
            tx.next_id(REFUSALS),
            now.ms,
            now.source.value,
            profile.day_of(now),
            shift[0] if shift else None,
            staff,
            scanned.platform if isinstance(scanned, Recognised) else None,
            scanned.credential.kind.value if isinstance(scanned, Recognised) else "unrecognised",
            len(text),
            text_hash,
            tx.sealer.seal(text, "refusal") if known and reason.code is not Code.FORGED else None,
            scanned.credential.tail if isinstance(scanned, Recognised) else "",
            reason.code.value,
            json.dumps(dict(reason.facts), ensure_ascii=False, sort_keys=True),
        ),
    )
    customer = isinstance(scanned, Recognised) and scanned.credential.kind is CredentialKind.PHONE
    if reason.code is Code.FORGED and not customer and not is_blacklisted(tx, text):
        tx.add(BLACKLIST, BlacklistRow(text_hash, now.ms, reason.code.value))
