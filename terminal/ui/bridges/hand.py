"""The coupon in hand: everything that one scan has come to so far."""

from dataclasses import dataclass

from sync.domain.evidence import Witnesses
from sync.domain.reasons import Reason
from sync.domain.staff import Staff
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from sync.services.request import Request
from terminal.presenters.counter import Need
from terminal.ui.bridges.waiting import Shown

Weighed = tuple[Reason | None, Need, str | None]
"""What stands in the way, what that asks for, and the tier that an acceptance would rest on (None when online)."""


@dataclass(slots=True, eq=False)
class Hand:
    """From the text to the verdict. `manager`: one whose PIN was typed for it; `noted`: the evidence with which the
    cashier has said yes."""

    shown: Shown
    found: Found | None = None
    coupons: tuple[Coupon, ...] = ()
    units: int = 1
    manager: Staff | None = None
    noted: Witnesses | None = None
    weighed: Weighed = (None, Need.NOTHING, None)

    def request(self, staff: Staff) -> Request:
        """What the cashier asks for."""
        return Request(staff, self.units, manager=self.manager)
