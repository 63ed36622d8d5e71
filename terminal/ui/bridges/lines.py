"""The page of the lines: watched every second, read from the ledger now and then, asked at once when a person wants."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from sync.errors import KnownError, PlatformError
from sync.services.outages import Basis
from terminal.presenters import lines as views
from terminal.presenters.lines import AREA, Probed, Reading
from terminal.ui.desk import Desk, Page
from terminal.ui.screens.lines import LinesScreen
from terminal.wording import word

EVERY_MS = 1_000
READ_EVERY_MS = 5_000
# How long the answer to a question of one's own stays in view.
PROBED_MS = 30_000
LANE = "lines"
# Two answers in a row bring a line back, two silences take it down.
_QUESTIONS = 2


class LinesPage(Page):
    """How the lines are, and what works without them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._basis: Basis | None = None
        self._people: dict[str, str] = {}
        self._probed: dict[str, Probed] = {}
        self._reading = False
        self._read_at_ms = 0
        self._screen = LinesScreen(desk.words(AREA), desk.palette)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screen)
        self._screen.probed.connect(self._probe)
        self._screen.back.connect(lambda: desk.frame.go("redeem"))
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._forget = QTimer(self, interval=PROBED_MS, singleShot=True)
        self._forget.timeout.connect(self._probed.clear)

    @property
    def face(self) -> LinesScreen:
        """What is shown."""
        return self._screen

    def entered(self, subject: object = None) -> None:
        """Read afresh; there is nothing to open on."""
        del subject
        self._read()
        self._show()
        self._timer.start()
        self._screen.setFocus()

    def left(self) -> None:
        """Nobody looks."""
        self._timer.stop()

    def changed(self) -> None:
        """A line came or went, or something was delivered."""
        self._read()

    def _look(self) -> None:
        if self._desk.clock.monotonic_ms() - self._read_at_ms >= READ_EVERY_MS:
            self._read()
        self._show()

    def _read(self) -> None:
        if self._reading:
            return
        self._reading = True
        store = self._desk.store
        platforms = tuple(line.platform for line in store.lines.states())
        self._desk.operations.start(
            self,
            lambda: (store.outages.basis(platforms), store.stories.people()),
            self._keep,
            self._refuse,
            finally_=self._was_read,
        )

    def _was_read(self) -> None:
        self._reading = False

    def _keep(self, read: tuple[Basis, dict[str, str]]) -> None:
        self._read_at_ms = self._desk.clock.monotonic_ms()
        self._basis, self._people = read
        self._show()

    def _refuse(self, error: KnownError) -> None:
        self._desk.frame.notice(word(error.reason, self._desk.language, self._desk.zone).line, "bad")

    def _show(self) -> None:
        """From memory alone."""
        desk, basis = self._desk, self._basis
        monotonic_ms = desk.clock.monotonic_ms()
        now_ms = desk.clock.wall_ms() if basis is None else basis.at.ms + monotonic_ms - self._read_at_ms
        limits = desk.store.profile.limits
        reading = Reading(desk.words(AREA), desk.zone, limits, self._people, now_ms, monotonic_ms)
        standings = {} if basis is None else {one.platform: one for one in basis.standings}
        self._screen.show_cards(
            [
                views.card(reading, line, standings.get(line.platform), self._probed.get(line.platform))
                for line in desk.store.lines.states()
            ]
        )
        if basis is not None:
            self._screen.show_basis(views.basis_lines(reading, basis))

    def _probe(self) -> None:
        self._screen.show_asking(asking=True)
        self._desk.operations.start(
            self,
            self._ask_all,
            self._show_probed,
            self._refuse,
            lane=LANE,
            finally_=lambda: self._screen.show_asking(asking=False),
        )

    def _ask_all(self) -> dict[str, Probed]:
        """On a thread of its own: each platform, and once more where the answer would turn its line."""
        store, found = self._desk.store, dict[str, Probed]()
        for name in store.asking.platforms:
            for _ in range(_QUESTIONS):
                found[name] = self._ask(name)
                if store.lines.offline(name) == (found[name].why is not None):
                    break
        return found

    def _ask(self, name: str) -> Probed:
        clock, store = self._desk.clock, self._desk.store
        asked_ms = clock.monotonic_ms()
        budget_ms = store.profile.counter_budget_ms
        answer = store.asking.ask(name, budget_ms, lambda platform, deadline_ms: platform.probe(deadline_ms))
        why = answer.reason if isinstance(answer, PlatformError) else None
        return Probed(clock.monotonic_ms() - asked_ms, why)

    def _show_probed(self, found: dict[str, Probed]) -> None:
        self._probed.clear()
        self._probed.update(found)
        self._forget.start()
        self._desk.loop.nudge()
        self._read()
        self._show()


def build(desk: Desk) -> Page:
    """The page."""
    return LinesPage(desk)
