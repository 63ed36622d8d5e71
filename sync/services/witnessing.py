"""Signing the journal's head with the terminal's key, and leaving it with the platform as a witness."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.domain.codes import MINIPROGRAM
from sync.domain.difference import Cause
from sync.domain.reasons import Code
from sync.errors import PlatformError
from sync.ledger.journal import signed_head_message
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.platforms.port import Head, TrustSource
from sync.services import settling
from sync.services.asking import Asking
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper


class Witnessing:
    """Signs heads; `source` None: there is nobody to leave them with, and they are only kept."""

    def __init__(
        self,
        ledger: Ledger,
        asking: Asking,
        source: TrustSource | None,
        keeper: Timekeeper,
        profile: Profile,
        terminal_key: bytes,
    ) -> None:
        self._ledger = ledger
        self._asking = asking
        self._source = source
        self._keeper = keeper
        self._profile = profile
        self._key = Ed25519PrivateKey.from_private_bytes(terminal_key)
        self._public = public_key_of(terminal_key)

    @property
    def public_key(self) -> bytes:
        """The key, raw, with which this terminal's heads are checked."""
        return self._public

    def sign(self) -> Head | None:
        """Sign the newest head and keep it in the ledger; None for an empty journal."""

        def job(tx: Transaction) -> Head | None:
            found = tx.run("SELECT seq, hash FROM journal_head").fetchone()
            if found is None:
                return None
            seq, link = found
            at_ms, terminal = self._keeper.now(tx).ms, self._profile.terminal
            signature = self._key.sign(signed_head_message(terminal, seq, link, at_ms))
            tx.run(
                "INSERT OR REPLACE INTO signed_heads (seq, hash, signed_at_ms, public_key, signature)"
                " VALUES (?, ?, ?, ?, ?)",
                (seq, link, at_ms, self._public, signature),
            )
            return Head(terminal, seq, link, at_ms, self._public, signature)

        return self._ledger.write(job)

    def _rewritten(self, tx: Transaction, head: Head) -> None:
        """The platform has witnessed another journal of this terminal: the ledger is an old copy, or was changed."""
        stamp = self._keeper.stamp(tx, "witness")
        facts: dict[str, object] = {"seq": head.seq, "head": head.head.hex()}
        key = f"{head.seq}:{head.head.hex()[:16]}"
        settling.open_difference(tx, Cause.JOURNAL_REWRITTEN, key, MINIPROGRAM, 0, stamp.at_ms, facts)
        tx.seal_entry("journal.contradicted", stamp)

    def leave(self) -> int | None:
        """Leave the newest head with the platform: when it was witnessed (ms UTC), or None when nobody took it."""
        source, head = self._source, self.sign()
        if source is None or head is None:
            return None
        budget_ms = self._profile.delivery_budget_ms
        answer = self._asking.ask(MINIPROGRAM, budget_ms, lambda _, deadline_ms: source.witness(head, deadline_ms))
        if isinstance(answer, PlatformError):
            if answer.reason.code is Code.LEDGER_BROKEN:
                self._ledger.write(lambda tx: self._rewritten(tx, head))
            return None
        sql, values = "UPDATE signed_heads SET witnessed_at_ms = ? WHERE seq = ?", (answer, head.seq)
        self._ledger.write(lambda tx: tx.run(sql, values))
        return answer


def public_key_of(terminal_key: bytes) -> bytes:
    """The raw public key of a terminal's raw private key."""
    key = Ed25519PrivateKey.from_private_bytes(terminal_key)
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
