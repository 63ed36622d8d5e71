"""The history page: searches off the window's thread, opens one entry, takes a redemption back."""

from PySide6.QtWidgets import QVBoxLayout

from hardware.scanning.scan import Scan
from sync.errors import KnownError
from sync.services.history import MOST_AT_ONCE, HistoryLine, HistoryPageLocal
from sync.services.reversing import ReversalVerdict
from sync.services.stories import Story
from terminal.presenters import history as views
from terminal.presenters.command_card import command_of
from terminal.presenters.history import AREA, Sought
from terminal.presenters.story import AREA as STORY
from terminal.presenters.story import Telling
from terminal.presenters.table import Row
from terminal.ui.desk import Desk, Page
from terminal.ui.screens.history.screen import HistoryScreen
from terminal.wording import word

AT_ONCE = 50
# What asks a platform has a lane of its own: no page's reading waits for it.
LANE = "history"
Answered = tuple[HistoryPageLocal, tuple[Row, ...], dict[str, str]]


class HistoryPage(Page):
    """Everything that happened here, found by what a person has at hand."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words(AREA)
        self._names = views.names(desk.language, desk.store.asking.platforms)
        self._sought = Sought()
        self._lines: dict[object, HistoryLine] = {}
        self._before: int | None = None
        self._turn = 0
        self._asking_more = self._wants_more = False
        self._in_view = ""
        self._people: dict[str, str] = {}
        self._screen = HistoryScreen(self._words, desk.palette, desk.clock.wall_ms)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screen)
        found, detail = self._screen.found, self._screen.detail
        found.typed.connect(lambda text: self._seek(views.typed(self._words, text)))
        found.cleared.connect(lambda: self._seek(Sought()))
        found.opened.connect(self._open)
        found.more_wanted.connect(self._ask_more)
        detail.undone.connect(self._undo)
        self._screen.back.connect(self._forget_detail)

    @property
    def face(self) -> HistoryScreen:
        """What is shown."""
        return self._screen

    def entered(self, subject: object = None) -> None:
        """Read afresh; `subject`: a text to search for."""
        if isinstance(subject, str):
            self._screen.show_list()
            self._seek(views.typed(self._words, subject))
        else:
            self._search()
            self._reread()
        self._screen.take_focus()

    def left(self) -> None:
        """A question that was asked once is asked anew next time."""
        self._screen.detail.rest()

    def scanned(self, scan: Scan) -> bool:
        """A coupon is searched for; its code is never shown."""
        if command_of(scan.text) is not None:
            return False
        self._screen.show_list()
        self._seek(views.sought(self._words, scan.text))
        return True

    def changed(self) -> None:
        """What was delivered meanwhile shows at once."""
        self._search()
        self._reread()

    def kept(self) -> object | None:
        """The search."""
        return self._sought if self._sought.query else None

    def take_up(self, kept: object) -> None:
        """Go on with it."""
        if isinstance(kept, Sought):
            self._seek(views.sought(self._words, kept.query) if kept.said else kept)

    def _seek(self, sought: Sought) -> None:
        new = sought.query != self._sought.query
        self._sought = sought
        self._screen.found.show_sought(sought)
        if new:
            self._screen.found.table.verticalScrollBar().setValue(0)
            self._lines.clear()
        self._search()

    def _search(self) -> None:
        """The first page again, as long as what is shown of it."""
        self._turn += 1
        turn, query = self._turn, self._sought.query
        limit = min(MOST_AT_ONCE, max(AT_ONCE, len(self._lines)))
        self._desk.operations.start(
            self, lambda: self._find(query, None, limit), lambda answer: self._show_found(turn, answer)
        )

    def _ask_more(self) -> None:
        if self._before is None or self._asking_more:
            return
        self._asking_more = True
        turn, query, before = self._turn, self._sought.query, self._before
        self._desk.operations.start(
            self,
            lambda: self._find(query, before, AT_ONCE),
            lambda answer: self._show_more(turn, answer),
            finally_=self._asked_more,
        )

    def _asked_more(self) -> None:
        self._asking_more = False

    def _find(self, query: str, before: int | None, limit: int) -> Answered:
        store = self._desk.store
        page = store.history.search(query, before, limit, self._names)
        people = {person.id: person.name for person in store.people.all()}
        return page, views.rows(self._telling(people), page.lines), people

    def _telling(self, people: dict[str, str]) -> Telling:
        return Telling(self._desk.words(STORY), self._desk.zone, self._desk.clock.wall_ms(), people)

    def _show_found(self, turn: int, answer: Answered) -> None:
        if turn != self._turn:
            return
        page, rows, self._people = answer
        self._lines = {views.line_id(line): line for line in page.lines}
        self._before = page.before_seq
        tail = next((line.redemption.code_tail for line in page.lines if line.redemption is not None), "")
        if self._sought.said and tail:
            self._sought = views.sought(self._words, self._sought.query, tail)
            self._screen.found.show_sought(self._sought)
        self._screen.found.show_rows(rows, views.empty(self._words, self._sought))
        if self._wants_more:
            self._wants_more = False
            self._ask_more()

    def _show_more(self, turn: int, answer: Answered) -> None:
        if turn != self._turn:
            # The list is being read afresh meanwhile; whoever stands at its end still wants more.
            self._wants_more = True
            return
        page, rows, _ = answer
        new = [row for row in rows if row.id not in self._lines]
        self._lines |= {views.line_id(line): line for line in page.lines}
        self._before = page.before_seq
        self._screen.found.table.add_rows(new)

    def _open(self, row_id: object) -> None:
        line = self._lines.get(row_id)
        if line is None:
            return
        if line.refusal is not None:
            self._in_view = ""
            telling = self._telling(self._people)
            self._screen.show_detail(views.refusal_detail(self._words, telling, line.refusal))
        elif line.redemption is not None:
            self._in_view = line.redemption.id
            self._reread()

    def _reread(self) -> None:
        wanted = self._in_view
        if wanted:
            store = self._desk.store
            self._desk.operations.start(
                self, lambda: store.stories.of(wanted), lambda story: self._show_story(wanted, story)
            )

    def _show_story(self, wanted: str, story: Story | None) -> None:
        if wanted != self._in_view:
            return
        if story is None:
            self._desk.frame.notice(self._words("detail", "gone"), "bad")
            return
        self._screen.show_detail(views.detail(self._telling(dict(story.people)), story))

    def _undo(self, redemption_id: str) -> None:
        store, staff = self._desk.store, self._desk.staff

        def reverse() -> tuple[ReversalVerdict, Story | None]:
            return store.reversing.reverse(redemption_id, staff), store.stories.of(redemption_id)

        self._desk.operations.start(self, reverse, self._show_undone, self._show_refusal, lane=LANE)

    def _show_undone(self, answer: tuple[ReversalVerdict, Story | None]) -> None:
        verdict, story = answer
        if verdict.redemption.id == self._in_view and story is not None:
            newest = [one for one in story.differences if one.resolved_at_ms is None]
            owner = newest[-1].owner if newest else ""
            self._show_story(verdict.redemption.id, story)
            self._screen.detail.show_answer(views.answer(self._words, self._desk.zone, verdict, story.people, owner))
        self._search()

    def _show_refusal(self, error: KnownError) -> None:
        said = word(error.reason, self._desk.language, self._desk.zone).line
        self._desk.frame.notice(said, "bad")
        self._reread()

    def _forget_detail(self) -> None:
        self._in_view = ""


def build(desk: Desk) -> Page:
    """The page."""
    return HistoryPage(desk)
