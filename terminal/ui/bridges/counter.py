"""The counter: one scan after another from text to verdict, each step asked for off the window's thread."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from sync.domain.decision import Accept, AcceptOnTrust, AskManager, Refuse
from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code, Reason
from sync.domain.staff import Deed, Staff
from sync.domain.voucher import Coupon
from sync.errors import KnownError
from sync.services.looking import Found
from sync.services.redeeming import Foresight
from sync.services.request import Request
from sync.services.reversing import ReversalVerdict
from sync.services.stage import Stage
from sync.services.verdict import Outcome, Verdict
from sync.services.weighing import LookAgain, Resume
from terminal.presenters import counter as views
from terminal.presenters.counter import CounterView, Idle, Light, Need, Offer, Recent, Told, Working
from terminal.ui.bridges.errands import Errands, Seen, Standing
from terminal.ui.bridges.turns import Turns
from terminal.ui.bridges.waiting import Shown
from terminal.ui.desk import Desk
from terminal.ui.operation import COUNTER
from terminal.wording import clock_of, word

RECENT = 3
ASK_AGAIN_MS = 1_000
# A lane of its own: a line that hangs must not keep the yes waiting.
ASKING = "asking"
_DONE_BY = {Stage.BOOKED: 3, Stage.CALLING: 3, Stage.ANSWERED: 4}
Answer = TypeVar("Answer")
_NOTHING_NOTED = Witnesses()


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
        self.turns = Turns(desk.clock)
        self.turns.setParent(self)
        self.turns.started.connect(self._look_up)
        self._recent: tuple[Recent, ...] = ()
        self._view: CounterView = Idle()
        self._turn = 0
        self._found: Found | None = None
        self._coupons: tuple[Coupon, ...] = ()
        self._units = 1
        self._manager: Staff | None = None
        self._noted: Witnesses | None = None
        self._weighed: tuple[Reason | None, Need, str | None] = (None, Need.NOTHING, None)
        self._again = QTimer(self, interval=ASK_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._ask_again)
        self._staged.connect(self._show_stage)

    @property
    def view(self) -> CounterView:
        """What is shown now."""
        return self._view

    @property
    def busy(self) -> bool:
        """A step is under way that can't be called back."""
        return isinstance(self._view, Working)

    @property
    def subject(self) -> str:
        """The request id of the coupon in hand: what was asked for one must not reach another. Empty for none."""
        return self._found.request_id if self._found is not None and isinstance(self._view, Offer) else ""

    def hear(self, text: str, *, damaged: bool = False) -> None:
        """A code was scanned or typed."""
        self.turns.hear(Shown(text, damaged))

    def unfinished(self) -> tuple[str, ...]:
        """The texts that have not come to a verdict, the one in hand first."""
        return self.turns.texts()

    def set_units(self, units: int) -> None:
        """How many units the offer in view asks for."""
        view, found = self._view, self._found
        if isinstance(view, Offer) and found is not None and found.booked_units is None:
            units = max(1, min(units, view.units_most))
            if units != view.units:
                # In view at once: what Enter confirms is what is shown, even before it was weighed.
                self._units = units
                self._propose(found, *self._weighed)
                self._weigh_again()

    def confirm(self, noted: Witnesses = _NOTHING_NOTED, offer: Offer | None = None) -> None:
        """The cashier says yes to the offer in view, with the evidence that it asks for. `offer`: what was in view when
        the yes was said; another one by now is not what was meant."""
        view, found = self._view, self._found
        if not isinstance(view, Offer) or found is None or (offer is not None and offer is not view):
            return
        if view.need is Need.MANAGER:
            asked = (found.request_id, view.units)
            why = view.why.why if view.why else ""
            self._desk.frame.authorise(why, Deed.OPEN_OUTAGE, lambda manager: self._authorised(asked, manager))
        elif view.need is Need.NOTHING or noted != _NOTHING_NOTED:
            self._settle(found, noted)

    def cancel(self) -> None:
        """Away with what is in view; a verdict stays in the history. A step under way can't be called back."""
        if not isinstance(self._view, Working):
            self._rest()

    def undo(self) -> None:
        """Take the accepted units of the verdict in view back."""
        view = self._view
        if isinstance(view, Told) and view.undo:
            self._begin(Working(view.title, ()))
            ids, staff = view.undo, self._desk.staff
            self._start(lambda: self._errands.take_back(ids, staff), self._reversed)

    def look_after(self) -> None:
        """The store changed in the background: a verdict in view that was on trust may be settled by now."""
        view = self._view
        if isinstance(view, Told) and view.light is Light.RECORDED and view.undo:
            ids = view.undo
            self._start(lambda: self._errands.stand(ids), self._settled_meanwhile)

    def _settled_meanwhile(self, now: Standing) -> None:
        verdict = now.verdict
        if verdict is None or all(unit.outcome is Outcome.RECORDED for unit in verdict.units):
            return
        if any(unit.outcome is Outcome.REFUSED and unit.reason is None for unit in verdict.units):
            # Taken back from another page: that page has told it.
            return
        until_ms = None if now.left_ms is None else self._desk.clock.monotonic_ms() + now.left_ms
        view = views.told(self._words, self._desk.zone, verdict, until_ms, self._desk.clock.wall_ms())
        self._recent = (views.recent_of(view, self._recent[0].at), *self._recent[1:])
        self._show(view)

    def _look_up(self, shown: Shown) -> None:
        self._found, self._coupons, self._units, self._manager, self._noted = None, (), 1, None, None
        self._begin(views.working(self._words, 1))
        request = self._request(1)
        self._start(lambda: self._errands.see(shown.text, request), self._looked_up)

    def _looked_up(self, seen: Seen) -> None:
        found, self._coupons, foresight = seen.found, seen.coupons, seen.foresight
        if isinstance(found, Reason):
            text, request = self.turns.shown.text, self._request(1)
            self._start(lambda: self._store.redeeming.decline(text, found, request), self._judged)
            return
        self._found = found
        if foresight is None:
            self._settle(found, _NOTHING_NOTED)
        else:
            self._weigh(found, foresight)

    def _weigh(self, found: Found, foresight: Foresight) -> None:
        match foresight.decision:
            case AskManager() as asked:
                self._propose(found, asked.reason, Need.MANAGER, asked.tier.value)
            case Refuse() as refused:
                need = views.need_of(refused.reason)
                if need is Need.NOTHING and refused.reason.code is not Code.UNITS_TOO_MANY:
                    self._refuse(found)
                else:
                    self._propose(found, refused.reason, need, None)
            case AcceptOnTrust() as trusted:
                self._propose(found, None, Need.NOTHING, trusted.tier.value)
            case Accept():
                self._propose(found, None, Need.NOTHING, None)
            case Resume() | LookAgain():
                self._settle(found, _NOTHING_NOTED)

    def _refuse(self, found: Found) -> None:
        """Record what was foreseen; nobody said yes, so if it would be accepted by now it is offered instead."""
        request = self._request(self._units)
        self._begin(views.working(self._words, 2))
        self._start(
            lambda: self._store.redeeming.refuse(found, request),
            lambda verdict: self._judged(verdict) if verdict is not None else self._weigh_again(),
        )

    def _propose(self, found: Found, why: Reason | None, need: Need, tier: str | None) -> None:
        self._weighed = (why, need, tier)
        self._show(views.offer(self._words, self._desk.zone, found, self._coupons, self._units, why, need, tier))
        if found.looked_up is None and found.booked_units is None:
            # While the cashier reads the contents out, the terminal goes on asking (product.md A5).
            self._again.start()

    def _ask_again(self) -> None:
        if isinstance(self._view, Offer):
            text, units = self.turns.shown.text, self._units
            request = self._request(units)
            self._start(
                lambda: self._errands.see(text, request),
                lambda seen: self._answered_meanwhile(seen, units),
                lane=ASKING,
            )

    def _answered_meanwhile(self, seen: Seen, units: int) -> None:
        found, coupons, foresight = seen.found, seen.coupons, seen.foresight
        before = self._found
        if before is None or isinstance(found, Reason) or foresight is None:
            return
        if found.looked_up is None and found.refusal is None:
            self._again.start()
            return
        # The request id was made at the scan and never changes.
        self._found, self._coupons = replace(found, request_id=before.request_id), coupons
        if units == self._units:
            self._weigh(self._found, foresight)
        else:
            self._weigh_again()

    def _weigh_again(self) -> None:
        found, units = self._found, self._units
        if found is None:
            return
        request = self._request(units)

        def weighed(foresight: Foresight) -> None:
            # Of another count, or older than the platform's answer, it says nothing any more.
            if found is self._found and units == self._units:
                self._weigh(found, foresight)

        self._start(lambda: self._store.redeeming.foresee(found, request), weighed)

    def _authorised(self, asked: tuple[str, int], manager: Staff) -> None:
        view, found = self._view, self._found
        if not isinstance(view, Offer) or found is None or asked != (found.request_id, view.units):
            # The PIN was typed for a coupon that is not in hand any more.
            return
        self._manager = manager
        if self._noted is not None:
            # The cashier had said yes, with this evidence; only the manager was wanting.
            self._settle(found, self._noted)
        else:
            self._weigh_again()

    def _settle(self, found: Found, noted: Witnesses) -> None:
        view, self._noted = self._view, noted
        request = replace(self._request(view.units if isinstance(view, Offer) else self._units), witnesses=noted)
        turn = self._begin(views.working(self._words, 2, view.title if isinstance(view, Offer) else ""))
        self._start(
            lambda: self._store.redeeming.confirm(found, request, lambda stage: self._staged.emit(turn, stage)),
            self._judged,
        )

    def _show_stage(self, turn: int, stage: Stage) -> None:
        if turn == self._turn and isinstance(self._view, Working):
            self._show(views.working(self._words, _DONE_BY[stage], self._view.title))

    def _judged(self, verdict: Verdict) -> None:
        first = verdict.first
        if first.outcome is Outcome.ASK_MANAGER and first.reason is not None and self._found is not None:
            self._propose(self._found, first.reason, Need.MANAGER, first.tier)
            return
        view = views.told(self._words, self._desk.zone, verdict, None, self._desk.clock.wall_ms())
        if self.turns.shown.damaged and view.light is Light.REFUSED:
            view = replace(view, next=self._words("told", "setup"), setup=True)
        self._tell(view)
        self._desk.operations.start(
            self,
            lambda: self._errands.announce(verdict),
            lambda left_ms: self._announced(view, left_ms),
            lambda error: self._desk.frame.notice(word(error.reason, self._desk.language, self._desk.zone).line, "bad"),
            lane=COUNTER,
        )

    def _announced(self, view: Told, left_ms: int | None) -> None:
        if self._view is view and left_ms is not None:
            self._show(replace(view, undo_until_ms=self._desk.clock.monotonic_ms() + left_ms))
        self._desk.frame.refresh_status()
        self._desk.loop.nudge()

    def _reversed(self, answers: list[ReversalVerdict]) -> None:
        self._tell(views.taken_back(self._words, self._desk.zone, answers))
        self._desk.loop.nudge()

    def _refused(self, error: KnownError) -> None:
        """The terminal itself could not: no shift, disk full, a ledger that can't be written."""
        if error.reason.code is Code.SHIFT_NOT_OPEN:
            self._rest()
            self.shift_needed.emit()
            return
        self._tell(views.refusal(self._words, self._desk.zone, error.reason))

    def _tell(self, view: Told) -> None:
        self._turn += 1
        self._again.stop()
        self._found = None
        at = clock_of(self._desk.clock.wall_ms(), self._desk.zone)
        self._recent = (views.recent_of(view, at), *self._recent)[:RECENT]
        self._show(view)
        self.told.emit(view)
        # Only a yes must outlive a scanner that reads twice; after anything else the same code is a new scan.
        accepted = view.light in (Light.REDEEMED, Light.RECORDED)
        self.turns.told(view.light, again=not accepted)

    def _rest(self) -> None:
        self._turn += 1
        self._again.stop()
        self._found = None
        self._show(Idle(self._recent))
        self.turns.rest()

    def _begin(self, view: Working) -> int:
        """A step that nothing may come between; answers of earlier steps are not heard any more."""
        self._turn += 1
        self._again.stop()
        self.turns.taken()
        self._show(view)
        return self._turn

    def _start(self, work: Callable[[], Answer], then: Callable[[Answer], object], lane: str = COUNTER) -> None:
        turn = self._turn

        def heard(answer: Answer) -> None:
            if turn == self._turn:
                then(answer)

        def failed(error: KnownError) -> None:
            if turn == self._turn:
                self._refused(error)

        def broke(_error: Exception) -> None:
            if turn == self._turn:
                self._tell(views.no_result(self._words))

        self._desk.operations.start(self, work, heard, failed, lane=lane, broken=broke)

    def _request(self, units: int) -> Request:
        return Request(self._desk.staff, units, manager=self._manager)

    def _show(self, view: CounterView) -> None:
        self._view = view
        self.view_changed.emit(view)
