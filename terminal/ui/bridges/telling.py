"""How it ended: verdicts to the screen and to the ledger, the last ones kept in view, one of them taken back."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from sync.errors import KnownError
from sync.services.reversing import ReversalVerdict
from sync.services.verdict import Outcome, Verdict
from terminal.presenters import counter as views
from terminal.presenters.counter import Light, Recent, Told, Working
from terminal.presenters.permit import permit_may_help
from terminal.presenters.told import no_result, recent_of, refusal, taken_back, told
from terminal.ui.bridges.errands import Errands, Standing
from terminal.ui.bridges.hand import Hand
from terminal.ui.bridges.scene import Scene
from terminal.ui.desk import Desk
from terminal.ui.operation import COUNTER
from terminal.wording import clock_of, word

RECENT = 3


class Telling(QObject):
    """`told` carries each new Told as it comes into view, `told_beside` one on a customer who is not in front any
    more."""

    told = Signal(object)
    told_beside = Signal(object)

    def __init__(self, desk: Desk, scene: Scene, errands: Errands) -> None:
        super().__init__()
        self._desk, self._scene, self._errands = desk, scene, errands
        self._words = desk.words(views.AREA)
        self._recent: tuple[Recent, ...] = ()
        scene.broke.connect(self._broke)

    @property
    def recent(self) -> tuple[Recent, ...]:
        """The last verdicts, the newest first."""
        return self._recent

    def tell(self, hand: Hand, verdict: Verdict) -> None:
        """A verdict on the scan in front."""
        view = self._view(hand, verdict)
        self._show(view)
        self._announce(view, verdict)

    def beside(self, hand: Hand, verdict: Verdict) -> Told:
        """A verdict on an earlier scan, while the next customer is in front."""
        view = self._view(hand, verdict)
        self._note(view)
        self.told_beside.emit(view)
        self._announce(view, verdict)
        return view

    def refuse(self, error: KnownError) -> None:
        """The terminal itself could not: disk full, a ledger that can't be written."""
        self._show(refusal(self._words, self._desk.zone, error.reason))

    def undo(self) -> None:
        """Take the accepted units of the verdict in view back."""
        view = self._scene.view
        if isinstance(view, Told) and view.undo:
            self._scene.begin(Working(view.title, ()))
            ids, staff = view.undo, self._desk.staff
            self._scene.start(lambda: self._errands.take_back(ids, staff), self._reversed)

    def look_after(self) -> None:
        """The store changed in the background: a verdict in view that was on trust may be settled by now."""
        view = self._scene.view
        if isinstance(view, Told) and view.light is Light.RECORDED and view.undo:
            ids = view.undo
            self._scene.start(lambda: self._errands.stand(ids), self._settled_meanwhile)

    def _view(self, hand: Hand, verdict: Verdict) -> Told:
        view = told(self._words, self._desk.zone, verdict, None, self._desk.clock.wall_ms())
        if view.light is not Light.REFUSED:
            return view
        if hand.shown.damaged:
            return replace(view, next=self._words("told", "setup"), setup=True)
        return replace(view, permit=hand.found is not None and permit_may_help(hand.found, verdict.first.reason))

    def _announce(self, view: Told, verdict: Verdict) -> None:
        self._desk.operations.start(
            self,
            lambda: self._errands.announce(verdict),
            lambda left_ms: self._announced(view, left_ms),
            lambda error: self._desk.frame.notice(word(error.reason, self._desk.language, self._desk.zone).line, "bad"),
            lane=COUNTER,
        )

    def _settled_meanwhile(self, now: Standing) -> None:
        verdict = now.verdict
        if verdict is None or all(unit.outcome is Outcome.RECORDED for unit in verdict.units):
            return
        if any(unit.outcome is Outcome.REFUSED and unit.reason is None for unit in verdict.units):
            # Taken back from another page: that page has told it.
            return
        until_ms = None if now.left_ms is None else self._desk.clock.monotonic_ms() + now.left_ms
        view = told(self._words, self._desk.zone, verdict, until_ms, self._desk.clock.wall_ms())
        self._recent = (recent_of(view, self._recent[0].at), *self._recent[1:])
        self._scene.show(view)

    def _announced(self, view: Told, left_ms: int | None) -> None:
        if self._scene.view is view and left_ms is not None:
            self._scene.show(replace(view, undo_until_ms=self._desk.clock.monotonic_ms() + left_ms))
        self._desk.frame.refresh_status()
        self._desk.loop.nudge()

    def _reversed(self, answers: list[ReversalVerdict]) -> None:
        self._show(taken_back(self._words, self._desk.zone, answers))
        self._desk.loop.nudge()

    def _broke(self) -> None:
        self._show(no_result(self._words))

    def _show(self, view: Told) -> None:
        self._scene.end()
        self._note(view)
        self._scene.show(view)
        self.told.emit(view)

    def _note(self, view: Told) -> None:
        at = clock_of(self._desk.clock.wall_ms(), self._desk.zone)
        self._recent = (recent_of(view, at), *self._recent)[:RECENT]
