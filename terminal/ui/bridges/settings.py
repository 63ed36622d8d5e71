"""The settings page: writes the terminal's settings beside the window, and keeps the store's people."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from sync.domain.staff import Deed, Role, Staff
from sync.errors import KnownError
from terminal.presenters import settings as views
from terminal.presenters.devices import Choice
from terminal.presenters.settings import AREA, Draft
from terminal.settings import FILE_NAME, Settings, amend, with_section
from terminal.ui.desk import Desk, Page
from terminal.ui.screens.settings.person import PersonSheet
from terminal.ui.screens.settings.screen import SettingsScreen
from terminal.wording import word


class SettingsPage(Page):
    """For managers and technicians."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._words = desk, desk.words(AREA)
        self._path = desk.data / FILE_NAME
        self._people: list[Staff] = []
        words = self._words
        self.face = SettingsScreen(
            words, desk.palette, desk.settings, views.people_columns(words), views.limit_columns(words)
        )
        self.face.show_limits(views.limit_rows(words, desk.settings))
        self.face.show_facts(views.store_facts(words, desk.settings), str(self._path))
        self.face.kept.connect(self._keep)
        self.face.person_wanted.connect(self._ask_for_person)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.face)

    def entered(self, subject: object = None) -> None:
        """In front."""
        del subject
        self.face.take_focus()
        self._refresh()

    def kept(self) -> object | None:
        """The subject in front."""
        return self.face.tab

    def take_up(self, kept: object) -> None:
        """Show it again."""
        if isinstance(kept, int):
            self.face.show_tab(kept)

    def _refresh(self) -> None:
        self._desk.operations.start(self, self._desk.store.people.all, self._show_people, self._refused)

    def _show_people(self, people: list[Staff]) -> None:
        self._people = people
        self.face.show_people(views.people_rows(self._words, people))

    def _keep(self, changes: Mapping[str, Mapping[str, object]]) -> None:
        wrong = views.wrong_in_scanner(self._words, changes["scanner"])
        self.face.show_wrong(wrong)
        if wrong:
            return

        def change(before: Settings) -> Settings:
            for section, fields in changes.items():
                before = with_section(before, section, fields)
            return before

        self._desk.operations.start(self, lambda: amend(self._path, change), self._saved, self._refused)

    def _saved(self, settings: Settings) -> None:
        frame, said = self._desk.frame, self._desk.words(AREA)("page", "saved")
        # The page is built again: nothing of this one may be used afterwards.
        frame.apply(settings)
        frame.notice(said, "good")

    def _ask_for_person(self, who: str) -> None:
        person = next((person for person in self._people if person.id == who), None)
        why = self._words("people", "why_change", name=person.name) if person else self._words("people", "why_add")
        self._desk.frame.authorise(why, Deed.KEEP_STAFF, lambda manager: self._open_sheet(person, manager))

    def _open_sheet(self, person: Staff | None, manager: Staff) -> None:
        roles = [Choice(role.value, views.role_name(self._words, role)) for role in Role]
        sheet = PersonSheet(self._words, roles, person)
        sheet.cancelled.connect(self._desk.frame.close_sheet)
        sheet.drafted.connect(partial(self._take, sheet, manager))
        self._desk.frame.show_sheet(sheet)

    def _take(self, sheet: PersonSheet, manager: Staff, draft: Draft) -> None:
        people, words = self._desk.store.people, self._words

        def keep() -> dict[str, str]:
            known = people.all()
            wrong = views.wrong_in_person(words, draft, known)
            if not wrong:
                who = draft.id or views.next_id(draft.role, known)
                people.add(who, draft.name, draft.role, draft.pin, by=manager)
            return wrong

        def kept(wrong: dict[str, str]) -> None:
            if wrong:
                sheet.show_wrong(wrong)
                return
            self._desk.frame.close_sheet()
            self._desk.frame.notice(words("people", "saved", name=draft.name), "good")
            self._refresh()

        def refused(error: KnownError) -> None:
            sheet.show_wrong({})
            self._refused(error)

        self._desk.operations.start(sheet, keep, kept, refused)

    def _refused(self, error: KnownError) -> None:
        self._desk.frame.notice(word(error.reason, self._desk.language, self._desk.zone).line, "bad")


def build(desk: Desk) -> Page:
    """The page."""
    return SettingsPage(desk)
