"""The page of what is owed: read off the window's thread, watched while it falls, tried again or held by a person."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from sync.domain.staff import Deed, Staff
from sync.errors import KnownError
from sync.services.delivering import Debt, Owed
from terminal.presenters import owed as views
from terminal.presenters.owed import AREA, OwedView, Setting
from terminal.ui.desk import Desk, Page
from terminal.ui.screens.owed import OwedScreen
from terminal.wording import word

EVERY_MS = 1_000
# Reading a long list again and again would only slow down what makes it shorter.
REST_FACTOR = 4
# A call that is under way has to be put down first: that may take as long as a platform may.
LANE = "owed"


@dataclass(frozen=True, slots=True)
class _Read:
    view: OwedView
    items: dict[str, Owed]
    setting: Setting
    debt: Debt
    took_ms: int


class OwedPage(Page):
    """Nothing is forgotten: what waits, why, and what a person may do."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words(AREA)
        self._read: _Read | None = None
        self._reading = self._asking = False
        self._ahead_ms = 0
        self._rest_until_ms = 0
        self._screen = OwedScreen(self._words, desk.palette, lambda: desk.clock.wall_ms() + self._ahead_ms)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screen)
        screen = self._screen
        screen.chosen.connect(self._show_chosen)
        screen.retried.connect(self._retry)
        screen.held.connect(self._hold)
        screen.let_go.connect(self._let_go)
        self._watch = QTimer(self, interval=EVERY_MS)
        self._watch.timeout.connect(self._look)

    @property
    def face(self) -> OwedScreen:
        """What is shown."""
        return self._screen

    def entered(self, subject: object = None) -> None:
        """Read afresh; `subject`: the id of a call to choose."""
        self._rest_until_ms = 0
        self._refresh()
        self._watch.start()
        if isinstance(subject, str):
            self._screen.table.choose(subject)
        self._screen.setFocus()

    def left(self) -> None:
        """Nobody looks."""
        self._watch.stop()

    def changed(self) -> None:
        """Something was delivered, or a line came or went."""
        self._refresh()

    def _offline(self) -> frozenset[str]:
        return frozenset(line.platform for line in self._desk.store.lines.states() if line.offline)

    def _look(self) -> None:
        """A cheap look at the sums: while they fall the list follows."""
        if not self._asking and not self._reading:
            self._asking = True
            self._desk.operations.start(
                self, self._desk.store.delivering.debt, self._compare, self._refuse, finally_=self._asked
            )

    def _asked(self) -> None:
        self._asking = False

    def _compare(self, debt: Debt) -> None:
        self._screen.show_summary(*views.summary(self._words, debt))
        read = self._read
        if read is None or debt != read.debt or self._offline() != read.setting.offline:
            self._refresh()

    def _refresh(self) -> None:
        if self._reading or self._desk.clock.monotonic_ms() < self._rest_until_ms:
            return
        self._reading = True
        desk, words, offline = self._desk, self._words, self._offline()

        def read() -> _Read:
            began_ms = desk.clock.monotonic_ms()
            now_ms = desk.store.ledger.read(desk.store.keeper.now).ms
            # The sums first: what changes between the two is looked at once more, not missed.
            debt, owed = desk.store.delivering.debt(), desk.store.delivering.owed()
            setting = Setting(words, desk.zone, now_ms, offline)
            view = views.view(setting, owed, debt)
            items = {item.entry.id: item for item in owed}
            return _Read(view, items, setting, debt, desk.clock.monotonic_ms() - began_ms)

        desk.operations.start(self, read, self._show, self._refuse, finally_=self._was_read)

    def _was_read(self) -> None:
        self._reading = False

    def _refuse(self, error: KnownError) -> None:
        """The ledger could not be read, or the deed not be done; the next look may be luckier."""
        self._desk.frame.notice(word(error.reason, self._desk.language, self._desk.zone).line, "bad")

    def _show(self, read: _Read) -> None:
        self._read = read
        clock = self._desk.clock
        self._ahead_ms = read.setting.now_ms - clock.wall_ms()
        self._rest_until_ms = clock.monotonic_ms() + REST_FACTOR * read.took_ms
        self._screen.show_view(read.view)
        self._show_chosen(self._screen.table.chosen_id)

    def _show_chosen(self, entry_id: object) -> None:
        read = self._read
        item = read.items.get(str(entry_id)) if read is not None else None
        if read is None or item is None:
            self._screen.show_detail(None)
            return
        setting = replace(read.setting, now_ms=self._desk.clock.wall_ms() + self._ahead_ms)
        self._screen.show_detail(views.detail(setting, item))

    def _retry(self, entry_id: str) -> None:
        self._act(entry_id, "retry", self._desk.store.delivering.retry, self._desk.staff)

    def _hold(self, entry_id: str) -> None:
        self._with_manager(entry_id, "hold", self._desk.store.delivering.hold)

    def _let_go(self, entry_id: str) -> None:
        self._with_manager(entry_id, "let_go", self._desk.store.delivering.retry)

    def _with_manager(self, entry_id: str, deed: str, job: Callable[[str, Staff], str | None]) -> None:
        """Held and let go by a manager alone; at a cashier's till one types a PIN."""
        staff = self._desk.staff
        if staff.may(Deed.HOLD):
            self._act(entry_id, deed, job, staff)
        else:
            why = self._words("told", f"why_{deed}", number=self._number(entry_id))
            self._desk.frame.authorise(why, Deed.HOLD, lambda manager: self._act(entry_id, deed, job, manager))

    def _act(self, entry_id: str, deed: str, job: Callable[[str, Staff], str | None], who: Staff) -> None:
        number = self._number(entry_id)
        self._screen.show_busy(busy=True)

        def done(moved: str | None) -> None:
            frame = self._desk.frame
            if moved is None:
                frame.notice(self._words("told", "gone"))
            else:
                frame.notice(self._words("told", deed, who=who.name, number=number))
                self._desk.loop.nudge()
            self._rest_until_ms = 0
            self._refresh()

        self._desk.operations.start(
            self,
            lambda: job(entry_id, who),
            done,
            self._refuse,
            lane=LANE,
            finally_=lambda: self._screen.show_busy(busy=False),
        )

    def _number(self, entry_id: str) -> str:
        item = self._read.items.get(entry_id) if self._read is not None else None
        return item.rows[0].number if item is not None and item.rows else ""


def build(desk: Desk) -> Page:
    """The page."""
    return OwedPage(desk)
