"""How far a confirmed scan has come: told while it happens, so that cashier and customer see each step."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """The steps after a yes, in order (screens.md, Redeem). A scan that is decided without the platform ends at
    `booked`; one whose platform did not answer ends at `calling`."""

    BOOKED = "booked"
    """The claim is durable: whatever happens now, nothing is lost."""
    CALLING = "calling"
    """The platform is being asked."""
    ANSWERED = "answered"
    """The platform has answered, whatever it said."""


Hearer = Callable[[Stage], None]
"""Told on the thread that confirms; what it raises is dropped."""


def unheard(_stage: Stage) -> None:
    """Nobody listens."""


def tell(heard: Hearer, stage: Stage) -> None:
    """Tell a stage; whatever goes wrong with showing it must not touch the redemption."""
    try:
        heard(stage)
    except Exception:  # noqa: BLE001 a screen that fails is no reason to lose an answer
        return
