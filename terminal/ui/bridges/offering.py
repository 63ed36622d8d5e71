"""From a coupon that was found to a yes: what is offered, and what is asked again while the cashier reads it out."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from sync.domain.decision import Accept, AcceptOnTrust, AskManager, Refuse
from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code, Reason
from sync.domain.staff import Deed, Staff
from sync.services.looking import Found
from sync.services.redeeming import Foresight
from sync.services.verdict import Verdict
from sync.services.weighing import LookAgain, Resume
from terminal.presenters import counter as views
from terminal.presenters.counter import Need, Offer
from terminal.presenters.offer import need_of, offer
from terminal.ui.bridges.errands import Errands, Seen
from terminal.ui.bridges.hand import Hand
from terminal.ui.bridges.scene import Scene
from terminal.ui.desk import Desk

ASK_AGAIN_MS = 1_000
# A lane of its own: a line that hangs must not keep the yes waiting.
ASKING = "asking"
NOTHING_NOTED = Witnesses()


class Offering(QObject):
    """`agreed` carries a Hand to which nobody has to say anything more; `judged` a Verdict on what was refused before
    anybody said yes."""

    agreed = Signal(object)
    judged = Signal(object)

    def __init__(self, desk: Desk, scene: Scene, errands: Errands) -> None:
        super().__init__()
        self._desk, self._scene, self._errands = desk, scene, errands
        self._words = desk.words(views.AREA)
        self._hand: Hand | None = None
        self._again = QTimer(self, interval=ASK_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._ask_again)
        scene.over.connect(self._again.stop)

    @property
    def subject(self) -> str:
        """The request id of the coupon in hand: what was asked for one must not reach another. Empty for none."""
        found = self._found
        return found.request_id if found is not None and isinstance(self._scene.view, Offer) else ""

    @property
    def _found(self) -> Found | None:
        return self._hand.found if self._hand is not None else None

    def drop(self) -> None:
        """Nothing is in hand."""
        self._hand = None

    def take(self, hand: Hand, foresight: Foresight | None) -> None:
        """A coupon was found; without a foresight it has to be taken on unasked."""
        self._hand = hand
        if foresight is None:
            self._agree(NOTHING_NOTED)
        elif hand.found is not None:
            self._weigh(hand.found, foresight)

    def set_units(self, units: int) -> None:
        """How many units the offer in view asks for."""
        view, hand = self._scene.view, self._hand
        if isinstance(view, Offer) and hand is not None and hand.found is not None and hand.found.booked_units is None:
            units = max(1, min(units, view.units_most))
            if units != view.units:
                # In view at once: what Enter confirms is what is shown, even before it was weighed.
                hand.units = units
                self.propose(*hand.weighed)
                self._weigh_again()

    def confirm(self, noted: Witnesses = NOTHING_NOTED, offered: Offer | None = None) -> None:
        """The cashier says yes to the offer in view, with the evidence that it asks for. `offered`: what was in view
        when the yes was said; another one by now is not what was meant."""
        view, found = self._scene.view, self._found
        if not isinstance(view, Offer) or found is None or (offered is not None and offered is not view):
            return
        if view.need is Need.MANAGER:
            asked = (found.request_id, view.units)
            why = view.why.why if view.why else ""
            self._desk.frame.authorise(why, Deed.OPEN_OUTAGE, lambda manager: self._authorised(asked, manager))
        elif view.need is Need.NOTHING or noted != NOTHING_NOTED:
            self._agree(noted)

    def propose(self, why: Reason | None, need: Need, tier: str | None) -> None:
        """Show what is in hand with what stands in the way of it."""
        hand, desk = self._hand, self._desk
        if hand is None or hand.found is None:
            return
        hand.weighed = (why, need, tier)
        self._scene.show(offer(self._words, desk.zone, hand.found, hand.coupons, hand.units, why, need, tier))
        if hand.found.looked_up is None and hand.found.booked_units is None:
            # While the cashier reads the contents out, the terminal goes on asking (product.md A5).
            self._again.start()

    def _agree(self, noted: Witnesses) -> None:
        view, hand = self._scene.view, self._hand
        if hand is not None:
            hand.noted = noted
            hand.units = view.units if isinstance(view, Offer) else hand.units
            self.agreed.emit(hand)

    def _weigh(self, found: Found, foresight: Foresight) -> None:
        match foresight.decision:
            case AskManager() as asked:
                self.propose(asked.reason, Need.MANAGER, asked.tier.value)
            case Refuse() as refused:
                need = need_of(refused.reason)
                if need is Need.NOTHING and refused.reason.code is not Code.UNITS_TOO_MANY:
                    self._refuse(found)
                else:
                    self.propose(refused.reason, need, None)
            case AcceptOnTrust() as trusted:
                self.propose(None, Need.NOTHING, trusted.tier.value)
            case Accept():
                self.propose(None, Need.NOTHING, None)
            case Resume() | LookAgain():
                self._agree(NOTHING_NOTED)

    def _refuse(self, found: Found) -> None:
        """Record what was foreseen; nobody said yes, so if it would be accepted by now it is offered instead."""
        hand = self._hand
        if hand is None:
            return
        request = hand.request(self._desk.staff)
        self._scene.begin(views.working(self._words, 2))
        self._scene.start(
            lambda: self._desk.store.redeeming.refuse(found, request),
            lambda verdict: self.judged.emit(verdict) if isinstance(verdict, Verdict) else self._weigh_again(),
        )

    def _ask_again(self) -> None:
        hand = self._hand
        if hand is not None and isinstance(self._scene.view, Offer):
            units, request = hand.units, hand.request(self._desk.staff)
            self._scene.start(
                lambda: self._errands.see(hand.shown.text, request),
                lambda seen: self._answered_meanwhile(hand, seen, units),
                lane=ASKING,
            )

    def _answered_meanwhile(self, hand: Hand, seen: Seen, units: int) -> None:
        found, foresight, before = seen.found, seen.foresight, hand.found
        if hand is not self._hand or before is None or isinstance(found, Reason) or foresight is None:
            return
        if found.looked_up is None and found.refusal is None:
            self._again.start()
            return
        # The request id was made at the scan and never changes.
        hand.found, hand.coupons = replace(found, request_id=before.request_id), seen.coupons
        if units == hand.units:
            self._weigh(hand.found, foresight)
        else:
            self._weigh_again()

    def _weigh_again(self) -> None:
        hand = self._hand
        if hand is None or hand.found is None:
            return
        found, units, request = hand.found, hand.units, hand.request(self._desk.staff)

        def weighed(foresight: Foresight) -> None:
            # Of another count, or older than the platform's answer, it says nothing any more.
            if found is self._found and units == hand.units:
                self._weigh(found, foresight)

        self._scene.start(lambda: self._desk.store.redeeming.foresee(found, request), weighed)

    def _authorised(self, asked: tuple[str, int], manager: Staff) -> None:
        view, hand, found = self._scene.view, self._hand, self._found
        if not isinstance(view, Offer) or hand is None or found is None or asked != (found.request_id, view.units):
            # The PIN was typed for a coupon that is not in hand any more.
            return
        hand.manager = manager
        if hand.noted is not None:
            # The cashier had said yes, with this evidence; only the manager was wanting.
            self._agree(hand.noted)
        else:
            self._weigh_again()
