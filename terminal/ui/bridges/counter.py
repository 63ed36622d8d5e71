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
from terminal.ui.bridges.waiting import Shown, Waiting
from terminal.ui.desk import Desk
from terminal.ui.operation import COUNTER
from terminal.wording import clock_of

RECENT = 3
ASK_AGAIN_MS = 1_000
# A scanner that reads twice must not turn a green light into a red one.
SAME_AGAIN_MS = 5_000
# A verdict that nobody could have read yet is not pushed aside by the next code.
GLANCE_MS = 1_000
# How long a verdict stays in view before the next code that waits takes its place.
DWELL_MS = {Light.REFUSED: 4_000, Light.MANAGER: 4_000, Light.RECORDED: 2_500}
SHORT_DWELL_MS = 1_500
_DONE_BY = {Stage.BOOKED: 3, Stage.CALLING: 3, Stage.ANSWERED: 4}
Answer = TypeVar("Answer")
_NOTHING_NOTED = Witnesses()


class Counter(QObject):
    """What the counter shows and hears. `view_changed` carries a CounterView, `waiting_changed` how many codes wait,
    `told` each new verdict; `same_again`: the code in view was shown once more."""

    view_changed = Signal(object)
    waiting_changed = Signal(int)
    told = Signal(object)
    same_again = Signal()
    shift_needed = Signal()
    _staged = Signal(int, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._store = desk.store
        self._errands = Errands(desk.store)
        self._words = desk.words(views.AREA)
        self._waiting = Waiting()
        self._recent: tuple[Recent, ...] = ()
        self._view: CounterView = Idle()
        self._turn = 0
        self._shown = Shown("")
        self._told_at_ms = 0
        self._found: Found | None = None
        self._coupons: tuple[Coupon, ...] = ()
        self._units = 1
        self._manager: Staff | None = None
        self._noted: Witnesses | None = None
        self._weighed: tuple[Reason | None, Need, str | None] = (None, Need.NOTHING, None)
        self._again = QTimer(self, interval=ASK_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._ask_again)
        self._dwell = QTimer(self, singleShot=True)
        self._dwell.timeout.connect(self._take_next)
        self._staged.connect(self._show_stage)

    @property
    def view(self) -> CounterView:
        """What is shown now."""
        return self._view

    def hear(self, text: str, *, damaged: bool = False) -> None:
        """A code was scanned or typed. While another one is in hand it waits; the one in hand again is no new scan."""
        shown = Shown(text, damaged)
        in_hand = isinstance(self._view, (Working, Offer))
        if text == self._shown.text and (in_hand or self._just_told()):
            self.same_again.emit()
        elif in_hand or len(self._waiting) or self._dwell.isActive():
            if not self._waiting.add(shown):
                self.same_again.emit()
            self.waiting_changed.emit(len(self._waiting))
        elif isinstance(self._view, Told) and self._since_told_ms() < GLANCE_MS:
            self._waiting.add(shown)
            self.waiting_changed.emit(len(self._waiting))
            self._dwell.start(GLANCE_MS)
        else:
            self._look_up(shown)

    def unfinished(self) -> tuple[str, ...]:
        """The texts that have not come to a verdict, the one in hand first."""
        in_hand = (self._shown.text,) if isinstance(self._view, (Working, Offer)) and self._shown.text else ()
        return (*in_hand, *self._waiting.texts())

    def set_units(self, units: int) -> None:
        """How many units the offer in view asks for."""
        view, found = self._view, self._found
        if isinstance(view, Offer) and found is not None and found.booked_units is None:
            units = max(1, min(units, view.units_most))
            if units != view.units:
                # In view at once: what Enter confirms is what is shown, even before it was weighed.
                self._units = units
                self._propose(found, *self._weighed)
                self._weigh_again(found)

    def confirm(self, noted: Witnesses = _NOTHING_NOTED) -> None:
        """The cashier says yes to the offer in view, with the evidence that it asks for."""
        view = self._view
        if not isinstance(view, Offer) or self._found is None:
            return
        if view.need is Need.MANAGER:
            self._desk.frame.authorise(view.why.why if view.why else "", Deed.OPEN_OUTAGE, self._authorised)
        elif view.need is Need.NOTHING or noted != _NOTHING_NOTED:
            self._settle(self._found, noted)

    def cancel(self) -> None:
        """Away with what is in view; a verdict stays in the history. A step under way can't be called back."""
        if not isinstance(self._view, Working):
            self._rest()

    def undo(self) -> None:
        """Take the accepted units of the verdict in view back."""
        view = self._view
        if isinstance(view, Told) and view.undo:
            self._dwell.stop()
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
        view = views.told(self._words, self._desk.zone, verdict, now.until_ms, self._desk.clock.wall_ms())
        self._recent = (views.recent_of(view, self._recent[0].at), *self._recent[1:])
        self._show(view)

    def _look_up(self, shown: Shown) -> None:
        self._shown = shown
        self._found, self._coupons, self._units, self._manager, self._noted = None, (), 1, None, None
        self._begin(views.working(self._words, 1))
        request = self._request(1)
        self._start(lambda: self._errands.see(shown.text, request), self._looked_up)

    def _looked_up(self, seen: Seen) -> None:
        found, self._coupons, foresight = seen.found, seen.coupons, seen.foresight
        if isinstance(found, Reason):
            text, request = self._shown.text, self._request(1)
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
                    self._settle(found, _NOTHING_NOTED)
                else:
                    self._propose(found, refused.reason, need, None)
            case AcceptOnTrust() as trusted:
                self._propose(found, None, Need.NOTHING, trusted.tier.value)
            case Accept():
                self._propose(found, None, Need.NOTHING, None)
            case Resume() | LookAgain():
                self._settle(found, _NOTHING_NOTED)

    def _propose(self, found: Found, why: Reason | None, need: Need, tier: str | None) -> None:
        self._weighed = (why, need, tier)
        self._show(views.offer(self._words, self._desk.zone, found, self._coupons, self._units, why, need, tier))
        if found.looked_up is None and found.booked_units is None:
            # While the cashier reads the contents out, the terminal goes on asking (product.md A5).
            self._again.start()

    def _ask_again(self) -> None:
        if isinstance(self._view, Offer):
            text, request = self._shown.text, self._request(self._units)
            self._start(lambda: self._errands.see(text, request), self._answered_meanwhile)

    def _answered_meanwhile(self, seen: Seen) -> None:
        found, coupons, foresight = seen.found, seen.coupons, seen.foresight
        before = self._found
        if before is None or isinstance(found, Reason) or foresight is None:
            return
        if found.looked_up is None and found.refusal is None:
            self._again.start()
            return
        # The request id was made at the scan and never changes.
        self._found, self._coupons = replace(found, request_id=before.request_id), coupons
        self._weigh(self._found, foresight)

    def _weigh_again(self, found: Found) -> None:
        request = self._request(self._units)
        self._start(lambda: self._store.redeeming.foresee(found, request), lambda seen: self._weigh(found, seen))

    def _authorised(self, manager: Staff) -> None:
        if not isinstance(self._view, Offer) or self._found is None:
            return
        self._manager = manager
        if self._noted is not None:
            # The cashier had said yes, with this evidence; only the manager was wanting.
            self._settle(self._found, self._noted)
        else:
            self._weigh_again(self._found)

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
        if self._shown.damaged and view.light is Light.REFUSED:
            view = replace(view, next=self._words("told", "setup"), setup=True)
        self._tell(view)
        self._desk.operations.start(
            self,
            lambda: self._errands.announce(verdict),
            lambda until_ms: self._announced(view, until_ms),
            lane=COUNTER,
        )

    def _announced(self, view: Told, until_ms: int | None) -> None:
        if self._view is view and until_ms is not None:
            self._show(replace(view, undo_until_ms=until_ms))
        self._desk.frame.refresh_status()
        self._desk.loop.nudge()

    def _reversed(self, answers: list[ReversalVerdict]) -> None:
        self._tell(views.taken_back(self._words, self._desk.zone, answers))
        self._desk.loop.nudge()

    def _refused(self, error: KnownError) -> None:
        """The terminal itself could not: no shift, disk full, a ledger that can't be written."""
        self._tell(views.refusal(self._words, self._desk.zone, error.reason))
        if error.reason.code is Code.SHIFT_NOT_OPEN:
            self.shift_needed.emit()

    def _tell(self, view: Told) -> None:
        self._turn += 1
        self._again.stop()
        self._told_at_ms = self._desk.clock.monotonic_ms()
        at = clock_of(self._desk.clock.wall_ms(), self._desk.zone)
        self._recent = (views.recent_of(view, at), *self._recent)[:RECENT]
        self._show(view)
        self.told.emit(view)
        if len(self._waiting):
            self._dwell.start(DWELL_MS.get(view.light, SHORT_DWELL_MS))

    def _just_told(self) -> bool:
        return isinstance(self._view, Told) and self._since_told_ms() < SAME_AGAIN_MS

    def _since_told_ms(self) -> int:
        return self._desk.clock.monotonic_ms() - self._told_at_ms

    def _rest(self) -> None:
        self._turn += 1
        self._again.stop()
        self._dwell.stop()
        self._shown, self._found = Shown(""), None
        self._show(Idle(self._recent))
        self._take_next()

    def _take_next(self) -> None:
        shown = self._waiting.take()
        if shown is not None:
            self.waiting_changed.emit(len(self._waiting))
            self._look_up(shown)

    def _begin(self, view: Working) -> int:
        """A step that nothing may come between; answers of earlier steps are not heard any more."""
        self._turn += 1
        self._again.stop()
        self._dwell.stop()
        self._show(view)
        return self._turn

    def _start(self, work: Callable[[], Answer], then: Callable[[Answer], object]) -> None:
        turn = self._turn

        def heard(answer: Answer) -> None:
            if turn == self._turn:
                then(answer)

        def failed(error: KnownError) -> None:
            if turn == self._turn:
                self._refused(error)

        self._desk.operations.start(self, work, heard, failed, lane=COUNTER)

    def _request(self, units: int) -> Request:
        return Request(self._desk.staff, units, manager=self._manager)

    def _show(self, view: CounterView) -> None:
        self._view = view
        self.view_changed.emit(view)
