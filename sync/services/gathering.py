"""The facts of a scan: what the ledger, the cache and the platform's answer say of each coupon that it asks for."""

from dataclasses import dataclass, replace

from sync.domain.codes import CredentialKind
from sync.domain.evidence import Evidence, PastUse
from sync.domain.moment import ClockSource, Moment
from sync.domain.redemption import Redemption
from sync.domain.voucher import Coupon
from sync.ledger import lists, outages, redemptions, vouchers
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import Alias
from sync.services import refusing
from sync.services.looking import Found
from sync.services.profile import Profile
from sync.services.pulling import VOUCHERS
from sync.services.request import Request
from sync.services.settled import Settled
from sync.services.trust_lists import REVOCATIONS


@dataclass(frozen=True, slots=True)
class Candidate:
    """Units of one coupon that a scan asks for. `coupon`: as the platform just described it; `voucher`: our id, if any
    of its names leads to one; `others`: further vouchers that they lead to; `unbound`: names that lead nowhere yet."""

    coupon: Coupon | None
    units: int
    unbound: tuple[Alias, ...]
    voucher: int | None
    others: tuple[int, ...]
    live: tuple[Redemption, ...]


def candidate_of(
    tx: Transaction, platform: str, coupon: Coupon | None, units: int, aliases: tuple[Alias, ...]
) -> Candidate:
    """Units of one coupon, with what its names lead to."""
    leads = vouchers.leads(tx, platform, aliases)
    ids = list(dict.fromkeys(leads.values()))
    live = tuple(row for voucher in ids for row in redemptions.live_of(tx, platform, voucher))
    unbound = tuple(alias for alias in aliases if alias not in leads)
    return Candidate(coupon, units, unbound, ids[0] if ids else None, tuple(ids[1:]), live)


class Gathering:
    """Gathers evidence; changes nothing."""

    def __init__(self, profile: Profile, settled: Settled) -> None:
        self._profile = profile
        self._settled = settled

    def evidence(self, tx: Transaction, found: Found, request: Request, candidate: Candidate, now: Moment) -> Evidence:
        """Everything that the decision on one candidate may rest on."""
        platform, credential = found.recognised.platform, found.recognised.credential
        voucher, reading = candidate.voucher, found.reading
        # A typed code is known already; of a dynamic one the ledger should keep the code's last four digits.
        opened = credential.kind is CredentialKind.DYNAMIC
        known = vouchers.known(tx, voucher, opened=opened) if voucher is not None else None
        fields = reading.fields if reading else None
        coupon = candidate.coupon or (known.coupon if known else None)
        account = (coupon.account if coupon else None) or (fields.account if fields else None)
        ref = fields.voucher if fields else coupon.ref if coupon else None
        seen = lists.cursor(tx, REVOCATIONS if reading is not None else VOUCHERS)
        return Evidence(
            at=now,
            kind=credential.kind,
            units=candidate.units,
            offered=candidate.coupon,
            refusal=found.refusal,
            signature=reading,
            known=known,
            past=self._past(found, candidate),
            last_mark_s=vouchers.last_mark_s(tx, voucher) if voucher is not None and fields else None,
            nonce_spent=found.nonce_spent,
            lists_seen_at_ms=seen[1] if seen and seen[1] else None,
            revoked=ref is not None and lists.is_revoked(tx, ref),
            blacklisted=not found.is_customer and refusing.is_blacklisted(tx, credential.text),
            isolated=reading is not None and now.source is ClockSource.WALL,
            outage=outages.current(tx, platform),
            account_uses_today=redemptions.account_uses(tx, account, self._profile.day_of(now)) if account else 0,
            witnesses=request.witnesses,
            manager=request.manager.id if request.manager else None,
        )

    def _past(self, found: Found, candidate: Candidate) -> tuple[PastUse, ...]:
        """Earlier uses. Whether a platform that was asked knew of one is told by the order of events, not by clocks."""
        past = redemptions.past_uses(candidate.live)
        if candidate.coupon is None:
            return past
        return tuple(
            replace(use, confirmed_at_ms=None if self._settled.since(use.redemption_id, found.mark) else 0)
            if use.confirmed_at_ms is not None
            else use
            for use in past
        )
