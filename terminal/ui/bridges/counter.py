"""The counter: one scan after another from text to verdict, each step asked for off the window's thread."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code, Reason
from sync.errors import KnownError
from sync.services.stage import Stage
from sync.services.verdict import Outcome, Verdict
from terminal.presenters import counter as views
from terminal.presenters.counter import CounterView, Idle, Light, Need, Offer, Told, Working
from terminal.ui.bridges.errands import Errands, Seen
from terminal.ui.bridges.hand import Hand
from terminal.ui.bridges.offering import NOTHING_NOTED, Offering
from terminal.ui.bridges.scene import Scene
from terminal.ui.bridges.telling import Telling
from terminal.ui.bridges.turns import Turns
from terminal.ui.bridges.waiting import Shown
from terminal.ui.desk import Desk

_DONE_BY = {Stage.BOOKED: 3, Stage.CALLING: 3, Stage.ANSWERED: 4}


class Counter(QObject):
    """What the counter shows and hears. `view_changed` carries a CounterView, `told` each new verdict; `turns` says
    whose turn it is."""

    view_changed = Signal(object)
    told = Signal(object)
    shift_needed = Signal()
    _staged = Signal(int, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._store = desk.store
        self._errands = Errands(desk.store)
        self._words = desk.words(views.AREA)
        self._hand = Hand(Shown(""))
        self.turns = Turns(desk.clock)
        self._scene = Scene(desk)
        self._offering = Offering(desk, self._scene, self._errands)
        self._telling = Telling(desk, self._scene, self._errands)
        for part in (self.turns, self._scene, self._offering, self._telling):
            part.setParent(self)
        self.turns.started.connect(self._look_up)
        self._scene.view_changed.connect(self.view_changed)
        self._scene.begun.connect(self.turns.taken)
        self._scene.refused.connect(self._refused)
        self._offering.agreed.connect(self._settle)
        self._offering.judged.connect(self._judged)
        self._telling.told.connect(self._in_view)
        self._staged.connect(self._show_stage)

    @property
    def view(self) -> CounterView:
        """What is shown now."""
        return self._scene.view

    @property
    def busy(self) -> bool:
        """A step is under way that can't be called back."""
        return isinstance(self.view, Working)

    @property
    def subject(self) -> str:
        """The request id of the coupon in hand: what was asked for one must not reach another. Empty for none."""
        return self._offering.subject

    def hear(self, text: str, *, damaged: bool = False) -> None:
        """A code was scanned or typed."""
        self.turns.hear(Shown(text, damaged))

    def unfinished(self) -> tuple[str, ...]:
        """The texts that have not come to a verdict, the one in hand first."""
        return self.turns.texts()

    def set_units(self, units: int) -> None:
        """How many units the offer in view asks for."""
        self._offering.set_units(units)

    def confirm(self, noted: Witnesses = NOTHING_NOTED, offer: Offer | None = None) -> None:
        """The cashier says yes to the offer in view, with the evidence that it asks for. `offer`: what was in view when
        the yes was said; another one by now is not what was meant."""
        self._offering.confirm(noted, offer)

    def cancel(self) -> None:
        """Away with what is in view; a verdict stays in the history. A step under way can't be called back."""
        if not self.busy:
            self._rest()

    def undo(self) -> None:
        """Take the accepted units of the verdict in view back."""
        self._telling.undo()

    def look_after(self) -> None:
        """The store changed in the background: a verdict in view that was on trust may be settled by now."""
        self._telling.look_after()

    def _look_up(self, shown: Shown) -> None:
        hand = self._hand = Hand(shown)
        self._offering.drop()
        self._scene.begin(views.working(self._words, 1))
        request = hand.request(self._desk.staff)
        self._scene.start(lambda: self._errands.see(shown.text, request), lambda seen: self._looked_up(hand, seen))

    def _looked_up(self, hand: Hand, seen: Seen) -> None:
        found = seen.found
        if isinstance(found, Reason):
            request = hand.request(self._desk.staff)
            self._scene.start(lambda: self._store.redeeming.decline(hand.shown.text, found, request), self._judged)
            return
        hand.found, hand.coupons = found, seen.coupons
        self._offering.take(hand, seen.foresight)

    def _settle(self, hand: Hand) -> None:
        view, found = self.view, hand.found
        if found is None:
            return
        request = replace(hand.request(self._desk.staff), witnesses=hand.noted or NOTHING_NOTED)
        turn = self._scene.begin(views.working(self._words, 2, view.title if isinstance(view, Offer) else ""))
        self._scene.start(
            lambda: self._store.redeeming.confirm(found, request, lambda stage: self._staged.emit(turn, stage)),
            self._judged,
        )

    def _show_stage(self, turn: int, stage: Stage) -> None:
        view = self.view
        if turn == self._scene.turn and isinstance(view, Working):
            self._scene.show(views.working(self._words, _DONE_BY[stage], view.title))

    def _judged(self, verdict: Verdict) -> None:
        first = verdict.first
        if first.outcome is Outcome.ASK_MANAGER and first.reason is not None and self._hand.found is not None:
            self._offering.propose(first.reason, Need.MANAGER, first.tier)
        else:
            self._telling.tell(verdict, damaged=self._hand.shown.damaged)

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

    def _rest(self) -> None:
        self._scene.end()
        self._offering.drop()
        self._scene.show(Idle(self._telling.recent))
        self.turns.rest()
