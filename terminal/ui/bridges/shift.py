"""The shift's page: readiness, the blind count, the report, each asked for off the window's thread."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from sync.domain.shift import Shift, ShiftState
from sync.domain.staff import Staff
from sync.errors import KnownError
from sync.services.shifts import Count, ShiftReport
from terminal.diagnostics import doctor
from terminal.presenters import shift as views
from terminal.presenters.shift_lines import Telling
from terminal.presenters.shift_report import report_view
from terminal.presenters.status import AREA as WINDOW
from terminal.ui.bridges.shift_paper import ShiftPaper
from terminal.ui.bridges.shift_signing import Signing
from terminal.ui.desk import Desk, Page
from terminal.ui.screens.shift.screen import ShiftScreen
from terminal.wording import word

# Ages and deadlines are told in minutes.
EVERY_MS = 15_000
PAST_SHOWN = 20
# A lane of its own: platforms that don't answer must not keep anybody from opening the shift.
_READINESS = "readiness"


class Place(StrEnum):
    """What the page is about: the shift that runs or could, its count, a closed one, the list of those."""

    NOW = "now"
    COUNT = "count"
    CLOSED = "closed"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Seen:
    """The ledger's answer: the shift that is not closed, or the one that was asked for; everybody who may sign in."""

    report: ShiftReport | None
    people: tuple[Staff, ...]


class ShiftPage(Page):
    """One page for a shift's whole life."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words(views.AREA)
        self._place = Place.NOW
        self._seen: Seen | None = None
        self._just_closed = False
        self._asking = self._again = self._busy = False
        self._ready: views.ReadyView | None = None
        self._offline: frozenset[str] = frozenset()
        self._screen = ShiftScreen(self._words, desk.palette)
        if desk.kiosk:
            self._screen.report.stay_inside()
        self._paper = ShiftPaper(desk, self._screen.report.show_saved)
        self._paper.setParent(self)
        self._signing = Signing(desk)
        self._signing.setParent(self)
        self._tick = QTimer(self, interval=EVERY_MS)
        self._tick.timeout.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screen)
        self.setFocusProxy(self._screen)
        self._connect()

    @property
    def face(self) -> ShiftScreen:
        """What people see and press."""
        return self._screen

    def entered(self, subject: object = None) -> None:
        """In front: the shift as it is now; `subject`: the number of a shift to open on."""
        self._tick.start()
        if isinstance(subject, int):
            self._pick(subject)
        elif self._place is Place.COUNT:
            self._screen.take_focus()
        else:
            self._now()

    def left(self) -> None:
        """Nobody looks."""
        self._tick.stop()

    def changed(self) -> None:
        """Deliveries change what is owed; a line that came or went changes what the check would say."""
        if self._place in (Place.NOW, Place.CLOSED):
            self._refresh()
        if self._ready is not None and self._ready.well is not None and self._lines() != self._offline:
            self._check()

    def kept(self) -> object | None:
        """What was typed into a count, or which report was open."""
        if self._place is Place.COUNT:
            return self._screen.counting.texts
        return self._number if self._place is Place.CLOSED else None

    def take_up(self, kept: object) -> None:
        """Go on with it."""
        if isinstance(kept, int):
            self._pick(kept)
        elif isinstance(kept, tuple):
            self._desk.operations.start(self, self._read, lambda seen: self._count_again(seen, kept), self._refuse)

    @property
    def _number(self) -> int | None:
        report = self._seen.report if self._seen is not None else None
        return report.shift.id if report is not None else None

    def _connect(self) -> None:
        screen, frame = self._screen, self._desk.frame
        screen.back.connect(self._now)
        screen.past_wanted.connect(self._list)
        screen.ready.opened.connect(self._open)
        screen.running.count_wanted.connect(self._begin_count)
        screen.running.owed_wanted.connect(lambda: frame.go("owed"))
        screen.counting.counted.connect(self._count)
        screen.report.recount_wanted.connect(self._begin_count)
        screen.report.hand_over_wanted.connect(self._ask_signatures)
        self._signing.closed.connect(self._closed)
        screen.report.print_wanted.connect(lambda: self._paper.print_out(self._number))
        screen.report.pdf_wanted.connect(lambda: self._paper.save(self._number))
        screen.report.folder_wanted.connect(self._paper.open_folder)
        screen.report.sign_out_wanted.connect(frame.sign_out)
        screen.past.picked.connect(self._pick)

    def _read(self) -> Seen:
        """On a worker: the shift that is not closed."""
        store = self._desk.store
        current = store.shifts.current()
        report = store.shifts.report(current.id) if current is not None else None
        return Seen(report, tuple(store.people.all()))

    def _read_closed(self, number: int) -> Seen:
        store = self._desk.store
        return Seen(store.shifts.report(number), tuple(store.people.all()))

    def _now(self) -> None:
        """The shift that runs, or the opening of one."""
        if self._place is not Place.NOW:
            self._seen = None
        self._place, self._just_closed = Place.NOW, False
        self._ready = None
        self._refresh()

    def _refresh(self) -> None:
        """Ask the ledger; one question at a time."""
        if self._asking:
            return
        self._asking = True
        place, number = self._place, self._number
        closed = place is Place.CLOSED and number is not None
        read = (lambda: self._read_closed(number or 0)) if closed else self._read
        self._desk.operations.start(
            self, read, lambda seen: self._answered(place, number, seen), self._refuse, finally_=self._asked
        )

    def _asked(self) -> None:
        self._asking = False
        if self._again:
            self._again = False
            self._refresh()

    def _answered(self, place: Place, number: int | None, seen: Seen) -> None:
        if place is self._place and (place is Place.NOW or number == self._number):
            self._see(seen)
        elif self._place is Place.NOW:
            self._again = True

    def _see(self, seen: Seen) -> None:
        self._seen = seen
        if seen.report is None and self._ready is None:
            self._check()
        self._tell()

    def _tell(self) -> None:
        """Show what was seen last, as old as it is now."""
        seen = self._seen
        if seen is None or self._place not in (Place.NOW, Place.CLOSED):
            return
        report, staff = seen.report, self._desk.staff
        if report is None:
            if self._ready is not None:
                self._screen.show_view(self._ready)
        elif report.shift.state is ShiftState.OPEN:
            self._screen.show_view(views.running(self._telling(seen), report, staff.role))
        else:
            tolerance = self._desk.store.profile.tolerance.get(staff.role)
            view = report_view(self._telling(seen), report, tolerance)
            self._screen.show_view(view, just_closed=self._just_closed)

    def _telling(self, seen: Seen) -> Telling:
        names = {person.id: person.name for person in seen.people}
        return Telling(self._words, self._desk.zone, self._desk.clock.wall_ms(), names)

    def _lines(self) -> frozenset[str]:
        return frozenset(line.platform for line in self._desk.store.lines.states() if line.offline)

    def _check(self) -> None:
        """Whether the till is well; nobody has to wait for it (product.md A6)."""
        self._ready = views.checking(self._words)
        store, language, zone = self._desk.store, self._desk.language, self._desk.zone
        self._desk.operations.start(
            self,
            lambda: doctor.ready(store, language, zone),
            self._checked,
            lambda error: self._not_checked(self._say(error)),
            lane=_READINESS,
            broken=lambda _error: self._not_checked(self._desk.words(WINDOW)("resort", "title")),
        )

    def _checked(self, findings: list[doctor.Finding]) -> None:
        self._offline = self._lines()
        self._ready = views.readiness(self._words, findings)
        self._tell()

    def _not_checked(self, why: str) -> None:
        self._offline = self._lines()
        self._ready = views.unchecked(self._words, why)
        self._tell()

    def _open(self, float_fen: int) -> None:
        if self._busy:
            return
        self._busy = True
        shifts, staff = self._desk.store.shifts, self._desk.staff

        def job() -> Seen:
            shifts.open(staff, float_fen)
            return self._read()

        self._desk.operations.start(self, job, self._opened, self._refuse, finally_=self._done)

    def _done(self) -> None:
        self._busy = False

    def _opened(self, seen: Seen) -> None:
        self._see(seen)
        self._screen.ready.clear_float()
        self._desk.frame.shift_changed()

    def _begin_count(self) -> None:
        if self._seen is not None and self._seen.report is not None:
            self._count_again(self._seen, ())

    def _count_again(self, seen: Seen, texts: tuple[str, ...]) -> None:
        report = seen.report
        if report is None:
            return
        self._seen, self._place = seen, Place.COUNT
        counts = report.earlier_counts + (1 if report.count is not None else 0)
        self._screen.show_view(views.counting(self._telling(seen), self._desk.store.asking.platforms, counts))
        self._screen.counting.fill(texts)

    def _count(self, cash_fen: int, slips: dict[str, int]) -> None:
        if self._busy:
            return
        self._busy = True
        shifts, staff = self._desk.store.shifts, self._desk.staff

        def job() -> Seen:
            shifts.count(staff, Count(cash_fen, slips))
            return self._read()

        self._desk.operations.start(self, job, self._counted, self._refuse, finally_=self._done)

    def _counted(self, seen: Seen) -> None:
        self._place = Place.NOW
        self._see(seen)

    def _ask_signatures(self) -> None:
        if self._seen is not None:
            self._signing.ask(self._seen.people)

    def _closed(self, report: ShiftReport) -> None:
        people = self._seen.people if self._seen is not None else ()
        self._place, self._just_closed = Place.CLOSED, True
        self._see(Seen(report, people))
        desk = self._desk
        desk.frame.shift_changed()
        # The head is signed now and left with the platform by the loop, whenever there is a line.
        desk.operations.start(self, desk.store.witnessing.sign, lambda _head: desk.loop.nudge(), self._refuse)

    def _list(self) -> None:
        store = self._desk.store
        self._place = Place.PAST

        def read() -> tuple[Seen, list[Shift]]:
            return Seen(None, tuple(store.people.all())), store.shifts.recent(PAST_SHOWN)

        self._desk.operations.start(self, read, self._listed, self._refuse)

    def _listed(self, answer: tuple[Seen, list[Shift]]) -> None:
        seen, shifts = answer
        if self._place is Place.PAST:
            self._screen.show_view(views.past(self._telling(seen), shifts))

    def _pick(self, number: int) -> None:
        self._desk.operations.start(self, lambda: self._read_closed(number), self._picked, self._refuse)

    def _picked(self, seen: Seen) -> None:
        self._place, self._just_closed = Place.CLOSED, False
        self._see(seen)

    def _say(self, error: KnownError) -> str:
        return word(error.reason, self._desk.language, self._desk.zone).line

    def _refuse(self, error: KnownError) -> None:
        self._desk.frame.notice(self._say(error), "bad")


def build(desk: Desk) -> Page:
    """The page."""
    return ShiftPage(desk)
