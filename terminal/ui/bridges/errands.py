"""What the counter asks of the store, each as one errand to be run off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.domain.reasons import Reason
from sync.domain.staff import Staff
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from sync.services.redeeming import Foresight
from sync.services.request import Request
from sync.services.reversing import ReversalVerdict
from sync.services.store import Store
from sync.services.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look-up came to. `foresight` is None where the text is no coupon, or has to be taken on unasked."""

    found: Found | Reason
    coupons: tuple[Coupon, ...] = ()
    foresight: Foresight | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an earlier verdict stands now, and how long (ms) it may still be taken back."""

    verdict: Verdict | None
    left_ms: int | None


class Errands:
    """Each may wait for disk and network."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def see(self, text: str, request: Request) -> Seen:
        """What the text is, what the coupon contains, what confirming would come to."""
        found = self._store.looking.look_up(text)
        if isinstance(found, Reason) or found.unfinished is not None:
            return Seen(found)
        return Seen(found, self._store.looking.described(found), self._store.redeeming.foresee(found, request))

    def announce(self, verdict: Verdict) -> int | None:
        """After the light: that it was shown; answers how long (ms) it may be taken back, known once it is durable."""
        self._store.redeeming.announced(verdict)
        redeemed = verdict.first.redemption_id
        if redeemed is None:
            return None
        self._store.redeeming.flush()
        return self._left_ms(redeemed)

    def stand(self, redemption_ids: Sequence[str]) -> Standing:
        """How these redemptions stand now."""
        return Standing(self._store.redeeming.standing(redemption_ids), self._left_ms(redemption_ids[0]))

    def take_back(self, redemption_ids: Sequence[str], staff: Staff) -> list[ReversalVerdict]:
        """Reverse them one after another."""
        return [self._store.reversing.reverse(one, staff) for one in redemption_ids]

    def _left_ms(self, redemption_id: str) -> int | None:
        """By the ledger's own time: this machine's clock may be anywhere."""
        until_ms = self._store.reversing.until_of(redemption_id)
        return None if until_ms is None else max(0, until_ms - self._store.ledger.read(self._store.keeper.now).ms)
