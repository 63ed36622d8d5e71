"""The report of a day's shift as a PDF, from a ledger that nobody has open."""

from pathlib import Path

from sync.clock import Clock
from terminal import settings as settings_file
from terminal.bootstrap import open_store
from terminal.i18n import Words
from terminal.presenters.shift import AREA
from terminal.presenters.shift_lines import Telling
from terminal.receipts.shift import Origin, shift_document
from terminal.ui.paper import save_pdf


def save_shift(data: Path, path: Path, language: str, clock: Clock) -> None:
    """The shift that was closed last in `data`. Raises KnownError, OSError."""
    place = settings_file.read(data / settings_file.FILE_NAME).store
    store = open_store(data, clock)
    try:
        names = {person.id: person.name for person in store.people.all()}
        tell = Telling(Words(AREA, language), place.zone, clock.wall_ms(), names)
        head = store.witnessing.sign()
        seq, link = (head.seq, head.head) if head is not None else (0, b"")
        document = shift_document(store.shifts.report(), tell, Origin(place.name, place.terminal, seq, link))
    finally:
        store.close()
    save_pdf(document, path)
