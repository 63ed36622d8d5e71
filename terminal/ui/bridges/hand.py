"""The coupon in hand: everything that one scan has come to so far."""

from dataclasses import dataclass

from sync.domain.codes import CredentialKind
from sync.domain.evidence import Witnesses
from sync.domain.reasons import Reason
from sync.domain.staff import Staff
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from sync.services.redeeming import Foresight
from sync.services.request import Request, Want
from terminal.presenters.counter import Need
from terminal.ui.bridges.waiting import Shown

Weighed = tuple[Reason | None, Need, str | None]
"""What stands in the way, what that asks for, and the tier that an acceptance would rest on (None when online)."""


@dataclass(slots=True, eq=False)
class Hand:
    """From the text to the verdict. `question`: which platform it is from, where that had to be asked, and `platform`:
    the answer; `wants`: which coupons were picked, where there are several; `checked`: the customer has said the last
    digits of the telephone number; `manager`: one whose PIN was typed for it; `noted`: the evidence with which the
    cashier has said yes."""

    shown: Shown
    question: Reason | None = None
    platform: str | None = None
    found: Found | None = None
    coupons: tuple[Coupon, ...] = ()
    foresight: Foresight | None = None
    units: int = 1
    wants: tuple[Want, ...] = ()
    checked: bool = False
    manager: Staff | None = None
    noted: Witnesses | None = None
    weighed: Weighed = (None, Need.NOTHING, None)

    @property
    def by_phone(self) -> bool:
        """It came by a telephone number, which names a customer and not a coupon."""
        return self.found is not None and self.found.recognised.credential.kind is CredentialKind.PHONE

    def request(self, staff: Staff) -> Request:
        """What the cashier asks for."""
        return Request(staff, self.units, manager=self.manager, wants=self.wants)
