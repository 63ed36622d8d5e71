"""Refusals that a platform is told to give: a code of its own for the next calls, before it acts or after."""

from dataclasses import asdict, replace

from sync.sandbox.faults import ENDPOINTS
from sync.sandbox.fields import Fields
from sync.sandbox.rows import Refusal
from sync.sandbox.truth import Truth
from sync.sandbox.wire import BadInput, Json


def arm(truth: Truth, platform: str, wish: Fields, *, code: int, words: str = "", sub_code: int = 0) -> None:
    """Refuse the next `count` calls (1 if not said) of `endpoint` (any). With `acted` they do their work first."""
    acted = wish.raw().get("acted", False)
    if not isinstance(acted, bool):
        raise BadInput("acted must be true or false")
    truth.refusals.put(
        Refusal(
            seq=truth.next("refusal"),
            platform=platform,
            endpoint=wish.choice("endpoint", ENDPOINTS, "*"),
            code=code,
            words=words,
            sub_code=sub_code,
            left=wish.whole("count", 1, 10**6, 1),
            acted=acted,
        )
    )


def struck(truth: Truth, platform: str, endpoint: str) -> Refusal | None:
    """What this call is to be refused with, the oldest first; counts it."""
    for refusal in truth.refusals:
        if refusal.platform == platform and refusal.endpoint in (endpoint, "*"):
            if refusal.left == 1:
                truth.refusals.drop(str(refusal.seq))
            else:
                truth.refusals.put(replace(refusal, left=refusal.left - 1))
            return refusal
    return None


def disarm(truth: Truth, platform: str) -> int:
    """Refuse nothing more; how many refusals were waiting."""
    waiting = [one for one in truth.refusals if one.platform == platform]
    for one in waiting:
        truth.refusals.drop(str(one.seq))
    return len(waiting)


def listing(truth: Truth, platform: str) -> Json:
    """What waits, as the control calls tell it."""
    return {"refusals": [asdict(one) for one in truth.refusals if one.platform == platform]}
