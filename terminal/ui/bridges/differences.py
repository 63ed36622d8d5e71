"""The differences' page: lists them, opens one with its evidence, ends it, and compares the books of a day."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout

from sync.domain.difference import Difference
from sync.errors import KnownError
from sync.services.reconciliation import Comparison
from sync.services.stories import Brief, Case
from terminal.presenters import books
from terminal.presenters import difference as views
from terminal.presenters.difference import AREA, CaseView, Choice
from terminal.presenters.story import AREA as STORY
from terminal.presenters.story import Telling, resolution_of
from terminal.ui.desk import Desk, Page
from terminal.ui.screens.differences.ending import EndingSheet, PhotoSheet
from terminal.ui.screens.differences.screen import DifferencesScreen
from terminal.wording import word

# Deadlines are told to the minute.
EVERY_MS = 30_000
# Reading a platform's book may take long; nothing else waits for it.
LANE = "books"
LONGEST_PHOTO_BYTES = 30_000_000
Open = tuple[tuple[Brief, ...], dict[str, str], int, str]


class DifferencesPage(Page):
    """What does not agree, until a person has ended it."""

    _read_on = Signal(str, int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words(AREA)
        self._briefs: tuple[Brief, ...] = ()
        self._people: dict[str, str] = {}
        self._now_ms = desk.clock.wall_ms()
        self._in_view: int | None = None
        self._photo: QImage | None = None
        self._found: dict[str, Comparison] = {}
        self._day = ""
        self._reading = False
        # The platform whose book is being read.
        self._comparing = ""
        self._screen = DifferencesScreen(self._words, desk.palette, desk.clock.wall_ms)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screen)
        screen = self._screen
        screen.opened.connect(self._open)
        screen.back.connect(self._forget)
        screen.case.wanted.connect(self._ask)
        screen.case.enlarged.connect(self._enlarge)
        screen.books.wanted.connect(self._compare)
        self._read_on.connect(lambda platform, count: screen.books.show_reading(self._said(platform, count)))
        screen.books.show_rows((), books.empty(self._words, "", ()), "")
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._refresh)

    @property
    def face(self) -> DifferencesScreen:
        """What is shown."""
        return self._screen

    def entered(self, subject: object = None) -> None:
        """Read afresh; `subject`: the number of a difference to open."""
        if isinstance(subject, int):
            self._open(subject)
        self._refresh()
        self._timer.start()
        self._screen.take_focus()

    def left(self) -> None:
        """Nobody looks."""
        self._timer.stop()

    def changed(self) -> None:
        """An answer that came may have opened one."""
        self._refresh()

    def _telling(self) -> Telling:
        return Telling(self._desk.words(STORY), self._desk.zone, self._now_ms, self._people)

    def _refresh(self) -> None:
        if self._reading:
            return
        self._reading = True
        store = self._desk.store

        def read() -> Open:
            now = store.ledger.read(store.keeper.now)
            return store.stories.open(), store.stories.people(), now.ms, store.profile.day_of(now)

        self._desk.operations.start(self, read, self._show, self._refuse, finally_=self._was_read)
        if self._in_view is not None:
            self._read_case(self._in_view)

    def _was_read(self) -> None:
        self._reading = False

    def _show(self, found: Open) -> None:
        self._briefs, self._people, self._now_ms, today = found
        empty_before = not self._screen.table.rows
        self._screen.show_rows(views.rows(self._words, self._telling(), self._briefs))
        if not self._day:
            self._day = today
            self._screen.books.show_day(today, today)
        self._show_books()
        if empty_before and self.isVisible() and not self._screen.in_case and not self._screen.in_books:
            self._screen.take_focus()

    def _open(self, number: object) -> None:
        if isinstance(number, int):
            self._in_view, self._photo = number, None
            self._read_case(number)

    def _read_case(self, number: int) -> None:
        store, data = self._desk.store, self._desk.data
        words, telling = self._words, self._telling()

        def read() -> tuple[CaseView | None, QImage | None]:
            found: Case | None = store.stories.case(number)
            if found is None:
                return None, None
            named = Telling(telling.words, telling.zone, telling.now_ms, found.people)
            view = views.case(words, named, found)
            return view, _photo(data, view.photo) if view.photo else None

        self._desk.operations.start(self, read, lambda answer: self._show_case(number, *answer), self._refuse)

    def _show_case(self, number: int, view: CaseView | None, photo: QImage | None) -> None:
        if number != self._in_view:
            return
        if view is None:
            self._forget()
            self._desk.frame.notice(self._words("told", "gone"), "bad")
            return
        self._photo = photo
        self._screen.show_case(view)
        self._screen.case.show_photo(photo)

    def _forget(self) -> None:
        self._in_view, self._photo = None, None

    def _ask(self, choice: object) -> None:
        """Ending is for good: it is confirmed, and may be given a note."""
        number, frame = self._in_view, self._desk.frame
        brief = next((one for one in self._briefs if one.difference.id == number), None)
        if not isinstance(choice, Choice) or number is None:
            return
        about = self._telling().words("causes", brief.difference.cause.value) if brief is not None else ""
        sheet = EndingSheet(self._words, choice, about)
        sheet.cancelled.connect(frame.close_sheet)
        sheet.sure.connect(partial(self._end, number, choice))
        frame.show_sheet(sheet)

    def _end(self, number: int, choice: Choice, note: str) -> None:
        store, staff = self._desk.store, self._desk.staff
        self._desk.operations.start(
            self,
            lambda: store.differences.resolve(number, staff, choice.ending, note),
            self._show_ended,
            self._refuse_ending,
        )

    def _show_ended(self, ended: Difference) -> None:
        how = resolution_of(self._telling().words, ended.resolution or "")
        self._desk.frame.close_sheet()
        self._screen.leave_case()
        self._desk.frame.notice(self._words("told", "ended", how=how), "good")
        self._refresh()

    def _refuse_ending(self, error: KnownError) -> None:
        self._desk.frame.close_sheet()
        self._screen.leave_case()
        self._refuse(error)
        self._refresh()

    def _refuse(self, error: KnownError) -> None:
        self._desk.frame.notice(word(error.reason, self._desk.language, self._desk.zone).line, "bad")

    def _enlarge(self) -> None:
        if self._photo is not None:
            sheet = PhotoSheet(self._words, self._photo, QSize(self.width() * 7 // 10, self.height() * 7 // 10))
            sheet.closed.connect(self._desk.frame.close_sheet)
            self._desk.frame.show_sheet(sheet)

    def _said(self, platform: str, count: int) -> str:
        return books.reading(self._words, platform, count) if self._comparing else ""

    def _compare(self, day: str) -> None:
        """One platform after the other, each shown as soon as it is compared."""
        if self._comparing:
            return
        self._day = day
        self._found.clear()
        self._show_books()
        self._compare_next(day, tuple(self._desk.store.asking.platforms))

    def _rest(self) -> None:
        self._comparing = ""
        self._screen.books.show_reading("")
        self._refresh()

    def _compare_next(self, day: str, platforms: tuple[str, ...]) -> None:
        if not platforms:
            self._rest()
            return
        platform, rest = platforms[0], platforms[1:]
        self._comparing = platform
        self._screen.books.show_reading(self._said(platform, 0))
        reconcile = self._desk.store.reconciliation.reconcile

        def shown(found: Comparison) -> None:
            self._found[platform] = found
            self._show_books()
            self._compare_next(day, rest)

        def failed(error: KnownError) -> None:
            self._refuse(error)
            self._rest()

        def ended() -> None:
            # Still this one: neither shown nor refused.
            if self._comparing == platform:
                self._rest()

        self._desk.operations.start(
            self,
            lambda: reconcile(platform, day, partial(self._read_on.emit, platform)),
            shown,
            failed,
            lane=LANE,
            finally_=ended,
        )

    def _show_books(self) -> None:
        found = tuple(self._found.values())
        open_ones = books.of_day(self._briefs, found)
        face = self._screen.books
        face.show_books([books.card(self._words, self._desk.zone, one) for one in found])
        rows = views.rows(self._words, self._telling(), open_ones)
        face.show_rows(
            rows, books.empty(self._words, self._day, found), books.headline(self._words, self._day, open_ones)
        )


def _photo(data: Path, name: str) -> QImage | None:
    """The evidence's picture; None where its file is gone or is none."""
    path = (data / name).resolve()
    if not path.is_relative_to(data.resolve()) or not path.is_file() or path.stat().st_size > LONGEST_PHOTO_BYTES:
        return None
    return QImage(str(path))


def build(desk: Desk) -> Page:
    """The page."""
    return DifferencesPage(desk)
