"""From a coupon that was found to a yes: what is offered, and what is asked again while the cashier reads it out."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from sync.domain.decision import Accept, AcceptOnTrust, AskManager, Refuse
from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code, Reason
from sync.domain.staff import Deed, Staff
from sync.services.looking import Found
from sync.services.redeeming import Foresight
from sync.services.request import Want
from sync.services.verdict import Verdict
from sync.services.weighing import LookAgain, Resume
from terminal.presenters import counter as views
from terminal.presenters.basket import basket, is_basket, picked, spread
from terminal.presenters.counter import Basket, Need, Offer
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
        return found.request_id if found is not None and isinstance(self._scene.view, (Offer, Basket)) else ""

    @property
    def _found(self) -> Found | None:
        return self._hand.found if self._hand is not None else None

    def drop(self) -> None:
        """Nothing is in hand."""
        self._hand = None

    def take(self, hand: Hand) -> None:
        """A coupon was found, or several."""
        self._hand, found = hand, hand.found
        if found is None:
            return
        if found.unfinished is not None:
            self._agree(NOTHING_NOTED)
        elif hand.foresight is None:
            self.propose(None, Need.NOTHING, None)
        else:
            self._weigh(found, hand.foresight)

    def take_up(self, hand: Hand) -> None:
        """What was in view, once more."""
        self._hand = hand
        self.propose(*hand.weighed)

    def set_units(self, units: int) -> None:
        """How many units what is in view asks for."""
        view, hand = self._scene.view, self._hand
        if hand is None or hand.found is None or hand.found.booked_units is not None:
            return
        if isinstance(view, Basket):
            self._want(hand, spread(hand.coupons, units))
        elif isinstance(view, Offer):
            units = max(1, min(units, view.units_most))
            if units != view.units:
                hand.units = units
                self._want(hand, tuple(Want(want.ref, units) for want in hand.wants[:1]))

    def pick(self, ref: str, units: int) -> None:
        """So many of one of the coupons in view; 0: none of it."""
        hand = self._hand
        if isinstance(self._scene.view, Basket) and hand is not None:
            self._want(hand, picked(hand.coupons, hand.wants, ref, units))

    def confirm(self, noted: Witnesses = NOTHING_NOTED, offered: Offer | Basket | None = None) -> None:
        """The cashier says yes to what is in view, with the evidence that it asks for. `offered`: what was in view when
        the yes was said; another one by now is not what was meant."""
        view, found = self._scene.view, self._found
        if not isinstance(view, (Offer, Basket)) or found is None or (offered is not None and offered is not view):
            return
        if not view.units:
            return
        if view.need is Need.MANAGER:
            asked = (found.request_id, view.units)
            why = view.why.why if view.why else ""
            self._desk.frame.authorise(why, Deed.OPEN_OUTAGE, lambda manager: self._authorised(asked, manager))
        elif view.need is Need.NOTHING or noted != NOTHING_NOTED:
            self._agree(noted)

    def propose(self, why: Reason | None, need: Need, tier: str | None) -> None:
        """Show what is in hand with what stands in the way of it."""
        hand, zone = self._hand, self._desk.zone
        if hand is None or hand.found is None:
            return
        hand.weighed = (why, need, tier)
        found, coupons = hand.found, hand.coupons
        if is_basket(found, coupons):
            self._scene.show(basket(self._words, zone, found, coupons, hand.wants, why, need))
        else:
            self._scene.show(offer(self._words, zone, found, coupons, hand.units, why, need, tier))
        if found.looked_up is None and found.booked_units is None:
            # While the cashier reads the contents out, the terminal goes on asking (product.md A5).
            self._again.start()

    def _want(self, hand: Hand, wants: tuple[Want, ...]) -> None:
        """In view at once: what Enter confirms is what is shown, even before it was weighed."""
        hand.wants = wants
        if isinstance(self._scene.view, Basket):
            # What stood in the way may be picked no more.
            hand.weighed = (None, Need.NOTHING, None)
        self.propose(*hand.weighed)
        self._weigh_again()

    def _agree(self, noted: Witnesses) -> None:
        view, hand = self._scene.view, self._hand
        if hand is not None and (hand.checked or not hand.by_phone):
            hand.noted = noted
            hand.units = view.units if isinstance(view, Offer) else hand.units
            self.agreed.emit(hand)

    def _weigh(self, found: Found, foresight: Foresight) -> None:
        match foresight.decision:
            case AskManager() as asked:
                self.propose(asked.reason, Need.MANAGER, asked.tier.value)
            case Refuse() as refused:
                need = need_of(refused.reason)
                if need is Need.NOTHING and not self._may_change(found, refused.reason):
                    self._refuse(found)
                else:
                    self.propose(refused.reason, need, None)
            case AcceptOnTrust() as trusted:
                self.propose(None, Need.NOTHING, trusted.tier.value)
            case Accept():
                self.propose(None, Need.NOTHING, None)
            case Resume() | LookAgain():
                self._agree(NOTHING_NOTED)

    def _may_change(self, found: Found, reason: Reason) -> bool:
        """Fewer units, or another coupon of several, might be accepted."""
        several = self._hand is not None and is_basket(found, self._hand.coupons)
        return reason.code is Code.UNITS_TOO_MANY or (several and reason.code is not Code.SHIFT_NOT_OPEN)

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
        if hand is not None and hand.found is not None and isinstance(self._scene.view, Offer):
            units, request, platform = hand.units, hand.request(self._desk.staff), hand.found.recognised.platform
            self._scene.start(
                lambda: self._errands.see(hand.shown.text, request, platform),
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
        hand.wants = seen.wants
        if units == hand.units:
            self._weigh(hand.found, foresight)
        else:
            self._weigh_again()

    def _weigh_again(self) -> None:
        hand = self._hand
        if hand is None or hand.found is None or (not hand.wants and is_basket(hand.found, hand.coupons)):
            return
        found, request = hand.found, hand.request(self._desk.staff)

        def weighed(foresight: Foresight) -> None:
            # Of another count, or older than the platform's answer, it says nothing any more.
            if found is self._found and (request.units, request.wants) == (hand.units, hand.wants):
                self._weigh(found, foresight)

        self._scene.start(lambda: self._desk.store.redeeming.foresee(found, request), weighed)

    def _authorised(self, asked: tuple[str, int], manager: Staff) -> None:
        view, hand, found = self._scene.view, self._hand, self._found
        if not isinstance(view, (Offer, Basket)) or hand is None or found is None:
            return
        if asked != (found.request_id, view.units):
            # The PIN was typed for a coupon that is not in hand any more.
            return
        hand.manager = manager
        if hand.noted is not None:
            # The cashier had said yes, with this evidence; only the manager was wanting.
            self._agree(hand.noted)
        else:
            self._weigh_again()
