"""The one list of checks, online and offline: each a small pure function that answers with a Reason or None."""

from collections.abc import Callable

from sync.domain.checks.blacklist import not_blacklisted
from sync.domain.checks.budget import amount_known, within_account, within_outage, within_voucher
from sync.domain.checks.doubles import nonce_fresh, not_replayed, not_used_here
from sync.domain.checks.platform import platform_agrees
from sync.domain.checks.recorded import evidence_given, manager_given
from sync.domain.checks.signature import genuine, short_lived
from sync.domain.checks.validity import in_date, not_revoked, units_left
from sync.domain.evidence import Evidence
from sync.domain.reasons import Reason
from sync.domain.trust import Limits, Tier

Check = Callable[[Evidence, Limits, Tier], Reason | None]

# What a permit that the platform has booked already can still fail on.
BOOKED_CHECKS: tuple[Check, ...] = (not_blacklisted, genuine, nonce_fresh)

# Order matters: what is certain and grave first, what a person can still mend last.
CHECKS: tuple[Check, ...] = (
    not_blacklisted,
    genuine,
    not_replayed,
    nonce_fresh,
    not_used_here,
    platform_agrees,
    not_revoked,
    in_date,
    units_left,
    short_lived,
    evidence_given,
    amount_known,
    within_voucher,
    within_account,
    within_outage,
    manager_given,
)
