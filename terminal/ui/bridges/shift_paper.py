"""A closed shift on paper: saved as PDF into the till's folder, or sent to a printer."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from sync.errors import KnownError
from terminal.presenters.shift import AREA
from terminal.presenters.shift_lines import Telling
from terminal.receipts.document import Document
from terminal.receipts.shift import Origin, shift_document
from terminal.ui.desk import Desk
from terminal.ui.paper import ask_printer, printers, put_on, save_pdf
from terminal.wording import word

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

FOLDER = "reports"
# A print server that does not answer delays nothing but the next paper.
LANE = "paper"


class ShiftPaper(QObject):
    """`saved` hears in words where the PDF is."""

    def __init__(self, desk: Desk, saved: Callable[[str], object]) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words(AREA)
        self._saved = saved
        self._folder = desk.data / FOLDER
        self._printing = False

    def save(self, number: int | None) -> None:
        """As `reports/shift-NNNN.pdf`; once more after a late answer replaces it by what is true now."""
        if number is None:
            return
        path = self._folder / f"shift-{number:04}.pdf"

        def job() -> Path | OSError:
            document = self._document(number)
            try:
                save_pdf(document, path)
            except OSError as error:
                return error
            return path

        self._desk.operations.start(self, job, self._show_saved, self._refuse)

    def print_out(self, number: int | None) -> None:
        """Ask which printer, and send the report there."""
        if number is None or self._printing or self._desk.kiosk:
            return
        self._printing = True

        def job() -> Document | None:
            return self._document(number) if printers() else None

        self._desk.operations.start(self, job, self._ask_printer, self._refuse, lane=LANE, finally_=self._not_printing)

    def _not_printing(self) -> None:
        self._printing = False

    def open_folder(self) -> None:
        """Show the files; not where nothing may lead out of the window."""
        if not self._desk.kiosk:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _document(self, number: int) -> Document:
        """On a worker: the report with the journal's head as it is signed now."""
        desk = self._desk
        report, people, head = desk.store.shifts.report(number), desk.store.people.all(), desk.store.witnessing.sign()
        names = {person.id: person.name for person in people}
        tell = Telling(self._words, desk.zone, desk.clock.wall_ms(), names)
        seq, link = (head.seq, head.head) if head is not None else (0, b"")
        return shift_document(report, tell, Origin(desk.settings.store.name, desk.settings.store.terminal, seq, link))

    def _show_saved(self, answer: Path | OSError) -> None:
        if isinstance(answer, OSError):
            why = answer.strerror or str(answer)
            self._desk.frame.notice(self._words("report", "not_saved", why=why), "bad")
        else:
            self._saved(self._words("report", "saved", path=answer))

    def _ask_printer(self, document: Document | None) -> None:
        if document is None:
            self._desk.frame.notice(self._words("report", "no_printer"), "bad")
            return
        ask_printer(document, self.parent(), lambda printer: self._print(document, printer))

    def _print(self, document: Document, printer: "QPrinter") -> None:
        self._desk.operations.start(self, lambda: put_on(document, printer), self._printed, lane=LANE)

    def _printed(self, done: bool) -> None:
        name, kind = ("printed", "good") if done else ("not_printed", "bad")
        self._desk.frame.notice(self._words("report", name), kind)

    def _refuse(self, error: KnownError) -> None:
        said = word(error.reason, self._desk.language, self._desk.zone).line
        self._desk.frame.notice(said, "bad")
