"""Yeses on their way to the ledger and the platform: one in view, and those that the next customer need not await."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from sync.errors import KnownError
from sync.services.stage import Stage
from sync.services.verdict import Verdict
from terminal.presenters import counter as views
from terminal.presenters.counter import Aside, Basket, Choose, Light, Offer, PhoneCheck, Told, Working
from terminal.presenters.told import no_result, refusal, wants_reading
from terminal.ui.bridges.hand import Hand
from terminal.ui.bridges.offering import NOTHING_NOTED
from terminal.ui.bridges.scene import Scene
from terminal.ui.bridges.telling import Telling
from terminal.ui.desk import Desk

# A platform that takes longer than this keeps nobody else waiting.
GOES_ON_MS = 600
# How long a yes that came beside stays in view.
BESIDE_MS = 6_000
LANES = ("settling-1", "settling-2", "settling-3")
_READ = (Choose, PhoneCheck, Offer, Basket)
_DONE_BY = {Stage.BOOKED: 3, Stage.CALLING: 3, Stage.ANSWERED: 4}


@dataclass(slots=True, eq=False)
class _Yes:
    """One that is under way. `durable`: the ledger has it."""

    hand: Hand
    lane: str
    aside: Aside
    durable: bool = False


class Settling(QObject):
    """`judged` carries the Hand in front and its Verdict; `may_pass`: the one in front lasts, and the next customer may
    come before it; `ended` carries the Hand of one that came to its end beside, and whether it was accepted;
    `beside_changed` carries every Aside."""

    judged = Signal(object, object)
    may_pass = Signal()
    ended = Signal(object, bool)
    beside_changed = Signal(object)
    _staged = Signal(int, object)

    def __init__(self, desk: Desk, scene: Scene, telling: Telling) -> None:
        super().__init__()
        self._desk, self._scene, self._telling = desk, scene, telling
        self._words = desk.words(views.AREA)
        self._under_way: dict[int, _Yes] = {}
        self._beside: dict[int, Aside] = {}
        self._passed: set[int] = set()
        self._front: int | None = None
        self._last = 0
        self._patience = QTimer(self, interval=GOES_ON_MS, singleShot=True)
        self._patience.timeout.connect(self._let_pass)
        self._staged.connect(self._stage)
        scene.over.connect(self._set_aside)

    @property
    def busy(self) -> bool:
        """Something is under way whose end must be told."""
        return bool(self._under_way)

    @property
    def beside(self) -> tuple[Aside, ...]:
        """What is beside the customer in front, the oldest first."""
        return tuple(self._beside.values())

    def settle(self, hand: Hand) -> None:
        """The cashier has said yes."""
        view, found, store = self._scene.view, hand.found, self._desk.store
        if found is None:
            return
        title = view.title if isinstance(view, (Offer, Basket)) else ""
        self._scene.begin(views.working(self._words, 2, title))
        self._last += 1
        key, used = self._last, {yes.lane for yes in self._under_way.values()}
        amount_fen = view.amount_fen if isinstance(view, (Offer, Basket)) else None
        aside = Aside(key, title, found.recognised.credential.tail, amount_fen)
        yes = _Yes(hand, next((lane for lane in LANES if lane not in used), LANES[0]), aside)
        self._under_way[key], self._front = yes, key
        request = replace(hand.request(self._desk.staff), witnesses=hand.noted or NOTHING_NOTED)
        self._desk.operations.start(
            self,
            lambda: store.redeeming.confirm(found, request, lambda stage: self._staged.emit(key, stage)),
            lambda verdict: self._answered(key, verdict),
            lambda error: self._failed(key, error),
            lane=yes.lane,
            broken=lambda _: self._broke(key),
        )

    def dismiss(self, key: int) -> None:
        """Somebody has read how it ended."""
        aside = self._beside.get(key)
        if aside is not None and aside.told is not None:
            del self._beside[key]
            self.beside_changed.emit(self.beside)

    def _pass_away(self, key: int) -> None:
        """Seen long enough; but nothing moves under the eyes, or the finger, of somebody who reads what is in front."""
        self._passed.add(key)
        if not isinstance(self._scene.view, _READ):
            self._sweep()

    def _sweep(self) -> None:
        passed, self._passed = self._passed, set()
        for key in passed:
            self.dismiss(key)

    def take_up(self, beside: tuple[Aside, ...]) -> None:
        """What nobody has read yet."""
        for aside in beside:
            self._last += 1
            self._beside[self._last] = replace(aside, key=self._last)
        self.beside_changed.emit(self.beside)

    def _stage(self, key: int, stage: Stage) -> None:
        yes = self._under_way.get(key)
        if yes is None:
            return
        yes.durable = True
        view = self._scene.view
        if key == self._front and isinstance(view, Working):
            self._scene.show(views.working(self._words, _DONE_BY[stage], view.title))
            if stage is Stage.BOOKED:
                self._patience.start()

    def _let_pass(self) -> None:
        """Only what is durable, and only while the next one would find a lane."""
        yes = self._under_way.get(self._front or 0)
        if yes is not None and yes.durable and not self._patience.isActive() and len(self._under_way) < len(LANES):
            self.may_pass.emit()

    def _set_aside(self) -> None:
        """Something else is in view now."""
        self._sweep()
        self._patience.stop()
        yes, self._front = self._under_way.get(self._front or 0), None
        if yes is not None:
            self._beside[yes.aside.key] = yes.aside
            self.beside_changed.emit(self.beside)

    def _answered(self, key: int, verdict: Verdict) -> None:
        def in_front(hand: Hand) -> None:
            self.judged.emit(hand, verdict)

        self._end(key, in_front, lambda hand: self._telling.beside(hand, verdict))

    def _failed(self, key: int, error: KnownError) -> None:
        view = refusal(self._words, self._desk.zone, error.reason)
        self._end(key, lambda _: self._scene.refused.emit(error), lambda _: view)

    def _broke(self, key: int) -> None:
        self._end(key, lambda _: self._scene.broke.emit(), lambda _: no_result(self._words))

    def _end(self, key: int, in_front: Callable[[Hand], object], beside: Callable[[Hand], Told]) -> None:
        yes = self._under_way.pop(key)
        if key == self._front:
            self._front = None
            self._patience.stop()
            in_front(yes.hand)
            return
        told = beside(yes.hand)
        self._beside[key] = replace(yes.aside, told=told)
        accepted = told.light in (Light.REDEEMED, Light.RECORDED)
        if not wants_reading(told):
            QTimer.singleShot(BESIDE_MS, self, lambda: self._pass_away(key))
        self.beside_changed.emit(self.beside)
        self.ended.emit(yes.hand, accepted)
        self._let_pass()
