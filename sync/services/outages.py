"""What each platform's outage has given out and still bears, and how fresh everything is that trust rests on."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.domain.allowance import Allowance, allowance
from sync.domain.codes import MINIPROGRAM
from sync.domain.moment import Moment
from sync.domain.trust import Outage, Tier
from sync.ledger import lists, outages
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.services.profile import Profile
from sync.services.pulling import VOUCHERS
from sync.services.timekeeping import Timekeeper
from sync.services.trust_lists import REVOCATIONS, TrustLists


@dataclass(frozen=True, slots=True)
class Standing:
    """One platform. `outage`: the one under way, if any; `allowances`: what could be accepted without a line now."""

    platform: str
    outage: Outage | None
    allowances: tuple[Allowance, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """`at`: the time by which rules are judged, and its clock; `vouchers_seen_at_ms` and `revocations_seen_at_ms`: when
    the platform last vouched for the whole list (ms UTC; None: never); `keys`: how many signing keys are known."""

    at: Moment
    vouchers_seen_at_ms: int | None
    revocations_seen_at_ms: int | None
    keys: int
    standings: tuple[Standing, ...]


class Outages:
    """Reads the ledger; changes nothing."""

    def __init__(self, ledger: Ledger, trust: TrustLists, keeper: Timekeeper, profile: Profile) -> None:
        self._ledger = ledger
        self._trust = trust
        self._keeper = keeper
        self._profile = profile

    def basis(self, platforms: Iterable[str]) -> Basis:
        """For these platforms, in one snapshot."""

        def question(tx: Transaction) -> Basis:
            at = self._keeper.now(tx)
            vouchers, revocations = _seen(tx, VOUCHERS), _seen(tx, REVOCATIONS)
            keys = self._trust.keys()
            seen = {Tier.CACHED: vouchers, Tier.RECORDED: None}
            if keys:
                seen |= {Tier.PERMIT: revocations, Tier.CHAIN: revocations}
            found = tuple(self._standing(tx, platform, at, seen) for platform in platforms)
            return Basis(at, vouchers, revocations, len(keys), found)

        return self._ledger.read(question)

    def _standing(self, tx: Transaction, platform: str, at: Moment, seen: dict[Tier, int | None]) -> Standing:
        outage = outages.current(tx, platform)
        signed = (Tier.PERMIT, Tier.CHAIN) if platform == MINIPROGRAM else ()
        tiers = (*(tier for tier in signed if tier in seen), Tier.CACHED, Tier.RECORDED)
        limits = self._profile.limits
        return Standing(platform, outage, tuple(allowance(limits, tier, outage, at, seen.get(tier)) for tier in tiers))


def _seen(tx: Transaction, name: str) -> int | None:
    found = lists.cursor(tx, name)
    return found[1] if found and found[1] else None
