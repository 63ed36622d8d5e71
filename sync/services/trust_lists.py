"""Key sets and revocations: taken over only when their signatures are good and their numbers do not go back."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.domain.dynamic_code import Key, Keys, verifies
from sync.domain.reasons import Code, because
from sync.errors import OutcomeUnknown
from sync.ledger import lists
from sync.ledger.ledger import Ledger
from sync.ledger.lists import StoredKeyset
from sync.ledger.transaction import Transaction
from sync.platforms.port import SignedText

LONGEST_KEY_LIFE_MS = 90 * 86_400_000
REVOCATIONS = "revocations"
KEYS_PREFIX = b"DQ1-keys\x00"
REVOCATIONS_PREFIX = b"DQ1-revocations\x00"


class TrustLists:
    """What the store's own platform published, as far as its signatures vouch for it."""

    def __init__(self, ledger: Ledger, root_key: str, store: str) -> None:
        self._ledger = ledger
        self._root = Ed25519PublicKey.from_public_bytes(bytes.fromhex(root_key)) if root_key else None
        self._store = store
        stored = ledger.read(lists.newest_keyset)
        self._seq, self._keys = 0, dict[int, tuple[Key, ...]]()
        if stored is not None:
            # Signed by another root key (ours was changed since): as good as none, and the next pull brings ours.
            with suppress(OutcomeUnknown):
                self._take(stored)

    def keys(self) -> Keys:
        """The keys with which dynamic codes are read now."""
        return self._keys

    def accept_keys(self, signed: SignedText, at_ms: int) -> int:
        """Take over a key set; answers with its number. Raises OutcomeUnknown(CONTRACT_BROKEN) when it is not signed
        by the root key, is malformed, or is older than the one we have."""
        stored = StoredKeyset(_number(signed.text, "seq"), signed.text, signed.signature)
        if stored.seq < self._seq:
            raise _broken("the key set is older than the one we have")
        self._take(stored)
        self._ledger.write(lambda tx: lists.keep_keyset(tx, stored, at_ms))
        return stored.seq

    def _take(self, stored: StoredKeyset) -> None:
        if self._root is None or not verifies(self._root, stored.signature, KEYS_PREFIX + stored.text.encode()):
            raise _broken("the key set is not signed by our root key")
        try:
            self._keys = _keys_of(json.loads(stored.text))
        except (ValueError, KeyError, TypeError) as error:
            raise _broken("the key set is malformed") from error
        self._seq = stored.seq

    def accept_revocations(self, signed: SignedText, after: int) -> tuple[int, bool]:
        """Take over one page of revocations behind number `after`: (last number, whether more follow). The list's age
        counts from the platform's own `issued_at`, so that a stale copy does not look fresh."""
        try:
            page = json.loads(signed.text)
            kid, store, seq, head = int(page["kid"]), str(page["store"]), int(page["seq"]), int(page["head"])
            issued_ms, entries = int(page["issued_at"]), list(page["entries"])
            echoed = int(page["after"])
        except (ValueError, KeyError, TypeError) as error:
            raise _broken("the revocation list is malformed") from error
        message = REVOCATIONS_PREFIX + signed.text.encode()
        if not any(verifies(key.public, signed.signature, message) for key in self._keys.get(kid, ())):
            raise _broken("the revocation list is not signed by a key of ours")
        if store != self._store or echoed != after or seq < after or head < seq:
            raise _broken("the revocation list is for another store or goes back")
        self._ledger.write(lambda tx: _keep_revocations(tx, entries, seq, issued_ms, whole=seq >= head))
        return seq, seq < head


def _keep_revocations(tx: Transaction, entries: list[dict[str, Any]], seq: int, issued_ms: int, *, whole: bool) -> None:
    for entry in entries:
        lists.keep_revocation(tx, str(entry["voucher"]), int(entry["seq"]), str(entry["state"]))
    before = lists.cursor(tx, REVOCATIONS)
    # A list that was read only in part is no fresher than the last whole one.
    seen_ms = issued_ms if whole else (before[1] if before else 0)
    lists.set_cursor(tx, REVOCATIONS, str(seq), seen_ms)


def _keys_of(text: Mapping[str, Any]) -> dict[int, tuple[Key, ...]]:
    withdrawn = set(text["withdrawn"])
    found: dict[int, tuple[Key, ...]] = {}
    for item in text["keys"]:
        start_ms, end_ms = int(item["not_before_at"]), min(int(item["not_after_at"]), int(text["expires_at"]))
        if item["public_key"] in withdrawn or int(item["not_after_at"]) - start_ms > LONGEST_KEY_LIFE_MS:
            continue
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(item["public_key"]))
        kid = int(item["kid"])
        found[kid] = (*found.get(kid, ()), Key(public, start_ms // 1000, end_ms // 1000))
    return found


def _number(text: str, name: str) -> int:
    try:
        return int(json.loads(text)[name])
    except (ValueError, KeyError, TypeError) as error:
        raise _broken("a signed list is malformed") from error


def _broken(detail: str) -> OutcomeUnknown:
    return OutcomeUnknown(because(Code.CONTRACT_BROKEN, detail=detail), detail)
