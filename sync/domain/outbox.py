"""When an owed call is tried again, and when a person must look (platform-contracts.md 1.4)."""

from enum import StrEnum

FAST_TRIES, FAST_S, SLOW_S, MOST_TRIES, LASTING_S = 5, 5, 40, 14, 300
LONGEST_WAIT_MS = 3_600_000
"""No back-off is longer; a platform that asks for more (Retry-After) is asked again after this."""


class OutboxState(StrEnum):
    """`due → sending → done | held`. Held: a person must look; never deleted, never in the way of others."""

    DUE = "due"
    SENDING = "sending"
    DONE = "done"
    HELD = "held"


class CallKind(StrEnum):
    """What is owed to a platform."""

    REDEEM = "redeem"
    REVERSE = "reverse"


def next_try_s(tries: int, jitter: float) -> float | None:
    """Seconds until the next try after `tries` answers of the platform that settled nothing: five at 5 s, then every
    40 s; None after 14: held for a person. `jitter` in [0, 1) adds up to a fifth, so that a crowd spreads."""
    if tries >= MOST_TRIES:
        return None
    return (FAST_S if tries <= FAST_TRIES else SLOW_S) * (1 + jitter / 5)


def unsent_retry_s(jitter: float) -> float:
    """Seconds until a call that was never sent is tried again; it costs no try."""
    return FAST_S * (1 + jitter / 5)


def unanswered_retry_s(age_s: float, jitter: float) -> float:
    """Seconds until a call that was not answered is asked about again; it costs no try. The older the entry the longer,
    up to 40 s, so that one that is never answered does not take the line down for the others."""
    return min(max(FAST_S, age_s / 10), SLOW_S) * (1 + jitter / 5)


def lasting_retry_s(jitter: float) -> float:
    """Seconds until a call is tried again that the platform refused because of us (secret, permission, quota): no
    entry is at fault, so none is held; it goes on by itself once the cause is mended."""
    return LASTING_S * (1 + jitter / 5)
