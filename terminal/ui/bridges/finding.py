"""From a text to the coupons that it stands for: the look-up, and the two questions that may come before them."""

from PySide6.QtCore import QObject, Signal

from sync.domain.reasons import Code, Reason, because
from sync.services.looking import Found
from terminal.presenters import counter as views
from terminal.presenters.choice import choose, platforms_of
from terminal.presenters.counter import Choose, PhoneCheck
from terminal.presenters.offer import usable
from terminal.presenters.phone import phone_check
from terminal.ui.bridges.errands import Errands, Seen
from terminal.ui.bridges.hand import Hand
from terminal.ui.bridges.scene import Scene
from terminal.ui.desk import Desk
from terminal.ui.operation import COUNTER
from terminal.wording import word


class Finding(QObject):
    """`found` carries a Hand that may be offered, `declined` a Hand and the Reason why its text is no coupon."""

    found = Signal(object)
    declined = Signal(object, object)

    def __init__(self, desk: Desk, scene: Scene, errands: Errands) -> None:
        super().__init__()
        self._desk, self._scene, self._errands = desk, scene, errands
        self._words = desk.words(views.AREA)
        self._hand: Hand | None = None

    def look_up(self, hand: Hand) -> None:
        """Ask what the text is, of the platform that was picked for it, if any."""
        self._hand = hand
        self._scene.begin(views.working(self._words, 1))
        text, platform, request = hand.shown.text, hand.platform, hand.request(self._desk.staff)
        self._scene.start(
            lambda: self._errands.see(text, request, platform),
            lambda seen: self._seen(hand, seen),
        )

    def choose(self, platform: str) -> None:
        """The cashier's answer: it is from this platform."""
        view, hand = self._scene.view, self._hand
        if isinstance(view, Choose) and hand is not None and platform in view.platforms:
            hand.platform = platform
            self.look_up(hand)

    def check(self) -> None:
        """The customer has said the digits in view."""
        hand = self._hand
        if isinstance(self._scene.view, PhoneCheck) and hand is not None:
            hand.checked = True
            self.found.emit(hand)

    def take_up(self, hand: Hand) -> None:
        """The question that was in view, once more."""
        self._hand = hand
        if hand.found is not None:
            self._check(hand, hand.found)
        elif hand.question is not None:
            self._ask(hand, hand.question)

    def _seen(self, hand: Hand, seen: Seen) -> None:
        found = seen.found
        if isinstance(found, Reason):
            if found.code is Code.WHICH_PLATFORM:
                self._ask(hand, found)
            else:
                self.declined.emit(hand, found)
            return
        others = _others(hand, found)
        if others is not None:
            self._ask(hand, others)
            return
        self._remember(hand)
        hand.found, hand.coupons, hand.foresight, hand.wants = found, seen.coupons, seen.foresight, seen.wants
        if hand.by_phone and usable(seen.coupons):
            self._check(hand, found)
        else:
            self.found.emit(hand)

    def _ask(self, hand: Hand, question: Reason) -> None:
        hand.question = question
        self._scene.show(choose(self._words, hand.shown.text, question))

    def _check(self, hand: Hand, found: Found) -> None:
        self._scene.show(phone_check(self._words, found, hand.coupons))

    def _remember(self, hand: Hand) -> None:
        """Which platform such texts are from; only once that platform did not disown this one."""
        question, platform, staff = hand.question, hand.platform, self._desk.staff
        if question is None or platform is None:
            return
        shape, desk = str(question.facts["shape"]), self._desk
        desk.operations.start(
            self,
            lambda: desk.store.choices.remember(shape, platform, staff),
            lambda _: None,
            lambda error: desk.frame.notice(word(error.reason, desk.language, desk.zone).line, "bad"),
            lane=COUNTER,
        )


def _others(hand: Hand, found: Found) -> Reason | None:
    """The question once more, without the platform that was picked and has no such coupon."""
    question, picked = hand.question, hand.platform
    if question is None or picked is None or not found.is_unknown:
        return None
    left = [name for name in platforms_of(question) if name != picked]
    shape = str(question.facts["shape"])
    return because(Code.WHICH_PLATFORM, choices=",".join(left), shape=shape, usual="", asked=picked) if left else None
