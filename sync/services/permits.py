"""Asking a customer's phone for a permit: a request id and a nonce, made together and shown as a QR."""

from dataclasses import dataclass

from sync.clock import Clock
from sync.ledger import lists
from sync.ledger.ledger import Ledger
from sync.ledger.lists import Nonce
from sync.ledger.transaction import Transaction
from sync.services.looking import NONCE_LIFE_MS
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper

_FRESH_BYTES = 8


@dataclass(frozen=True, slots=True)
class PermitRequest:
    """What the till shows. `text` is what its QR says; all of it is good for `life_ms` from now and for one basket."""

    request_id: str
    nonce: str
    store: str
    terminal: str
    life_ms: int = NONCE_LIFE_MS

    @property
    def text(self) -> str:
        """`DQ1P:store:terminal:nonce:request id` (docs/own-platform.md, permits)."""
        return f"DQ1P:{self.store}:{self.terminal}:{self.nonce}:{self.request_id}"


class Permits:
    """Makes permit requests; what comes back is an ordinary scan."""

    def __init__(self, ledger: Ledger, keeper: Timekeeper, profile: Profile, clock: Clock) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._profile = profile
        self._clock = clock

    def request(self) -> PermitRequest:
        """A fresh request, remembered before it is shown."""
        made = PermitRequest(
            self._clock.new_id(),
            self._clock.random_bytes(_FRESH_BYTES).hex(),
            self._profile.own_store,
            self._profile.terminal,
        )

        def job(tx: Transaction) -> None:
            lists.keep_nonce(tx, Nonce(made.nonce, made.request_id, self._keeper.now(tx).ms, None))

        self._ledger.write(job)
        return made
