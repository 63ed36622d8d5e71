"""What the counter asks of the store, each as one errand to be run off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sync.domain.reasons import Reason
from sync.domain.staff import Staff
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from sync.services.permits import PermitRequest
from sync.services.redeeming import Foresight
from sync.services.request import Request, Want
from sync.services.reversing import ReversalVerdict
from sync.services.store import Store
from sync.services.verdict import Verdict
from terminal.presenters.basket import first_wants, is_basket, still


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look-up came to. `foresight` is None where the text is no coupon, has to be taken on unasked, or holds
    several coupons of which none is picked yet; `wants`: those that are."""

    found: Found | Reason
    coupons: tuple[Coupon, ...] = ()
    foresight: Foresight | None = None
    wants: tuple[Want, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How an earlier verdict stands now, and how long (ms) it may still be taken back."""

    verdict: Verdict | None
    left_ms: int | None


class Errands:
    """Each may wait for disk and network."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def see(self, text: str, request: Request, platform: str | None = None) -> Seen:
        """What the text is, what the coupon contains, what confirming would come to. `platform`: where it was asked."""
        found = self._store.looking.look_up(text, platform)
        if isinstance(found, Reason) or found.unfinished is not None:
            return Seen(found)
        coupons = self._store.looking.described(found)
        wants = still(coupons, request.wants) or first_wants(found, coupons)
        if is_basket(found, coupons) and not wants:
            return Seen(found, coupons)
        return Seen(found, coupons, self._store.redeeming.foresee(found, replace(request, wants=wants)), wants)

    def permit(self) -> PermitRequest:
        """A fresh request for the customer's phone."""
        return self._store.permits.request()

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
