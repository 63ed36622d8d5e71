"""The counter: one scan after another from text to verdict, each step asked for off the window's thread."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code, Reason
from sync.errors import KnownError
from sync.services.permits import PermitRequest
from sync.services.verdict import Outcome, Verdict
from terminal.presenters.counter import (
    Aside,
    Basket,
    Choose,
    CounterView,
    Idle,
    Light,
    Need,
    Offer,
    Permit,
    PhoneCheck,
    Told,
    Working,
)
from terminal.ui.bridges.errands import Errands
from terminal.ui.bridges.finding import Finding
from terminal.ui.bridges.hand import Hand
from terminal.ui.bridges.offering import NOTHING_NOTED, Offering
from terminal.ui.bridges.scene import Scene
from terminal.ui.bridges.settling import Settling
from terminal.ui.bridges.telling import Telling
from terminal.ui.bridges.turns import Turns
from terminal.ui.bridges.waiting import Shown
from terminal.ui.desk import Desk

# As long as a nonce is good for (dynamic-code.md).
PERMIT_MS = 120_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What outlives a counter that is built again in another language or theme."""

    view: CounterView
    hand: Hand | None
    waiting: tuple[Shown, ...]
    beside: tuple[Aside, ...]


class Counter(QObject):
    """What the counter shows and hears. `view_changed` carries a CounterView, `told` each new verdict, `beside_changed`
    every Aside; `turns` says whose turn it is."""

    view_changed = Signal(object)
    told = Signal(object)
    beside_changed = Signal(object)
    shift_needed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._errands = Errands(desk.store)
        self._hand = Hand(Shown(""))
        self.turns = Turns(desk.clock)
        self._scene = Scene(desk)
        self._finding = Finding(desk, self._scene, self._errands)
        self._offering = Offering(desk, self._scene, self._errands)
        self._telling = Telling(desk, self._scene, self._errands)
        self._settling = Settling(desk, self._scene, self._telling)
        self._permit_over = QTimer(self, interval=PERMIT_MS, singleShot=True)
        self._connect()

    def _connect(self) -> None:
        turns, scene, settling = self.turns, self._scene, self._settling
        for part in (turns, scene, self._finding, self._offering, self._telling, settling):
            part.setParent(self)
        turns.started.connect(self._look_up)
        scene.view_changed.connect(self.view_changed)
        scene.begun.connect(turns.taken)
        scene.over.connect(self._permit_over.stop)
        scene.refused.connect(self._refused)
        self._finding.found.connect(self._offering.take)
        self._finding.declined.connect(self._decline)
        self._offering.agreed.connect(settling.settle)
        self._offering.judged.connect(lambda verdict: self._judged(self._hand, verdict))
        settling.judged.connect(self._judged)
        settling.may_pass.connect(turns.let_pass)
        settling.ended.connect(self._ended_beside)
        settling.beside_changed.connect(self.beside_changed)
        self._telling.told.connect(self._in_view)
        self._telling.told_beside.connect(self.told)
        self._permit_over.timeout.connect(self.cancel)

    @property
    def view(self) -> CounterView:
        """What is shown now."""
        return self._scene.view

    @property
    def busy(self) -> bool:
        """A step is under way that can't be called back."""
        return isinstance(self.view, Working) or self._settling.busy

    @property
    def subject(self) -> str:
        """The request id of the coupon in hand: what was asked for one must not reach another. Empty for none."""
        return self._offering.subject

    def hear(self, text: str, *, damaged: bool = False) -> None:
        """A code was scanned or typed."""
        self.turns.hear(Shown(text, damaged), at_once=isinstance(self.view, Permit))

    def unfinished(self) -> tuple[str, ...]:
        """The texts that have not come to a verdict, the one in hand first."""
        return tuple(shown.text for shown in self.turns.unfinished())

    def choose(self, platform: str) -> None:
        """The text in hand is from this platform."""
        self._finding.choose(platform)

    def check(self) -> None:
        """The customer has said the last digits of the telephone number."""
        self._finding.check()

    def set_units(self, units: int) -> None:
        """How many units what is in view asks for."""
        self._offering.set_units(units)

    def pick(self, ref: str, units: int) -> None:
        """So many of one of the coupons in view."""
        self._offering.pick(ref, units)

    def confirm(self, noted: Witnesses = NOTHING_NOTED, offer: Offer | Basket | None = None) -> None:
        """The cashier says yes to what is in view, with the evidence that it asks for. `offer`: what was in view when
        the yes was said; another one by now is not what was meant."""
        self._offering.confirm(noted, offer)

    def cancel(self) -> None:
        """Away with what is in view; a verdict stays in the history. A step under way can't be called back."""
        if not isinstance(self.view, Working):
            self._rest()

    def undo(self) -> None:
        """Take the accepted units of the verdict in view back."""
        self._telling.undo()

    def look_after(self) -> None:
        """The store changed in the background: a verdict in view that was on trust may be settled by now."""
        self._telling.look_after()

    def dismiss(self, key: int) -> None:
        """Somebody has read how one beside ended."""
        self._settling.dismiss(key)

    def ask_phone(self) -> None:
        """Let the customer's phone ask the platform: what is in hand is let go, and the next scan is the phone's
        answer."""
        if not isinstance(self.view, Working):
            self._rest(then_next=False)
            self._scene.start(self._errands.permit, self._show_permit)

    def kept(self) -> Kept | None:
        """What is in hand and what waits; None for nothing."""
        view, waiting, beside = self.view, self.turns.waiting(), self._settling.beside
        in_hand = isinstance(view, (Choose, PhoneCheck, Offer, Basket))
        if not in_hand and not waiting and not beside and not isinstance(view, Permit):
            return None
        return Kept(view, self._hand if in_hand else None, waiting, beside)

    def take_up(self, kept: Kept) -> None:
        """Go on with it."""
        hand = kept.hand
        self.turns.take_up(hand.shown if hand is not None else None, kept.waiting)
        self._settling.take_up(kept.beside)
        if hand is None:
            if isinstance(kept.view, Permit) and kept.view.until_ms > self._desk.clock.monotonic_ms():
                self._show_until(kept.view)
            else:
                self._rest()
            return
        self._hand = hand
        if isinstance(kept.view, (Choose, PhoneCheck)):
            self._finding.take_up(hand)
        else:
            self._offering.take_up(hand)

    def _look_up(self, shown: Shown) -> None:
        self._hand = Hand(shown)
        self._offering.drop()
        self._finding.look_up(self._hand)

    def _decline(self, hand: Hand, reason: Reason) -> None:
        request = hand.request(self._desk.staff)
        self._scene.start(
            lambda: self._desk.store.redeeming.decline(hand.shown.text, reason, request),
            lambda verdict: self._judged(hand, verdict),
        )

    def _judged(self, hand: Hand, verdict: Verdict) -> None:
        first = verdict.first
        if first.outcome is Outcome.ASK_MANAGER and first.reason is not None and hand.found is not None:
            self._offering.propose(first.reason, Need.MANAGER, first.tier)
        else:
            self._telling.tell(hand, verdict)

    def _refused(self, error: KnownError) -> None:
        if error.reason.code is Code.SHIFT_NOT_OPEN:
            self._rest()
            self.shift_needed.emit()
        else:
            self._telling.refuse(error)

    def _in_view(self, view: Told) -> None:
        self._offering.drop()
        self.told.emit(view)
        # Only a yes must outlive a scanner that reads twice; after anything else the same code is a new scan.
        accepted = view.light in (Light.REDEEMED, Light.RECORDED)
        self.turns.told(view.light, again=not accepted)

    def _ended_beside(self, hand: Hand, accepted: bool) -> None:
        self.turns.ended_beside(hand.shown, again=not accepted)
        if isinstance(self.view, Idle):
            self._scene.show(Idle(self._telling.recent))

    def _show_permit(self, request: PermitRequest) -> None:
        self._show_until(Permit(request.text, self._desk.clock.monotonic_ms() + PERMIT_MS))

    def _show_until(self, view: Permit) -> None:
        self._permit_over.start(view.until_ms - self._desk.clock.monotonic_ms())
        self._scene.show(view)

    def _rest(self, *, then_next: bool = True) -> None:
        self._scene.end()
        self._offering.drop()
        self._scene.show(Idle(self._telling.recent))
        self.turns.rest(then_next=then_next)
