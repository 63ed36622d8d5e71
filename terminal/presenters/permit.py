"""Where the customer's phone may ask the platform in the till's stead (product.md A5, "permit with our nonce")."""

from sync.domain.codes import MINIPROGRAM
from sync.domain.reasons import Code, Reason
from sync.services.looking import Found

# A no that comes of what the till alone can't know, or won't answer for.
_WORTH_IT = frozenset(
    {
        Code.UNKNOWN_KEY,
        Code.NOT_YET,
        Code.ENDED,
        Code.STALE,
        Code.FUTURE,
        Code.OTHER_NONCE,
        Code.NONCE_SPENT,
        Code.LONG_LIVED,
        Code.CLOCK_UNTRUSTED,
        Code.LISTS_TOO_OLD,
        Code.EVIDENCE_NEEDED,
        Code.AMOUNT_NEEDED,
        Code.OVER_VOUCHER_LIMIT,
        Code.OVER_ACCOUNT_LIMIT,
        Code.OVER_OUTAGE_COUNT,
        Code.OVER_OUTAGE_AMOUNT,
        Code.OUTAGE_TOO_LONG,
        Code.MANAGER_NEEDED,
        Code.UNREACHABLE,
        Code.NO_ANSWER,
    }
)


def permit_may_help(found: Found, why: Reason | None = None) -> bool:
    """One of the own platform's coupons, whose platform gave no answer; `why`: what it was refused for, if it was."""
    ours = found.recognised.platform == MINIPROGRAM and not found.answered
    return ours and found.booked_units is None and (why is None or why.code in _WORTH_IT)
