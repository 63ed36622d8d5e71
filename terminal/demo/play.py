"""Playing a shop's day on the real parts: sandbox over loopback, ledger on disk, pictures read by the real decoder."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import requests

from sync.clock import Clock
from sync.errors import KnownError
from sync.sandbox.sandbox import Sandbox
from sync.services.calls import refs_of
from sync.services.store import Store
from terminal import settings as settings_file
from terminal.bootstrap import initialise
from terminal.demo import evening, folder, morning, noon, outage
from terminal.demo.books import Books, Row, disagreements
from terminal.demo.control import Book, Control
from terminal.demo.day import Day
from terminal.demo.phone import Phone
from terminal.demo.report import Line, Report, shift_text
from terminal.demo.sides import sides
from terminal.demo.step import Step, book_says, ledger_says
from terminal.wording import word

Progress = Callable[[int], None]
SCENES = (*morning.SCENES, *noon.SCENES, *outage.SCENES, *evening.SCENES)


def play(out: Path, language: str, clock: Clock, progress: Progress = lambda _done: None) -> Report:
    """Play the day in `out`; leaves report.json, day.txt, shift.txt, the ledger and the pictures there. Raises
    FolderTaken, KnownError (the terminal could not be set up), OSError."""
    with folder.stage(out), Sandbox(clock=clock) as sandbox:
        pins = {one.id: one.pin or "" for one in settings_file.read(sandbox.profile).staff}
        with _opened(out / folder.TERMINAL, sandbox, clock) as store:
            credentials = sandbox.describe()["miniprogram"]
            with (
                closing(Control(sandbox.control)) as control,
                closing(Phone(sandbox.url, credentials, out / folder.SCREENS)) as phone,
            ):
                started_ms = clock.monotonic_ms()
                day = Day(store, control, phone, pins, language, clock)
                steps = _steps(day, progress)
                report = _judged(day, steps, clock.monotonic_ms() - started_ms)
                _write(out, report, shift_text(store, language))
        return report


@contextmanager
def _opened(data: Path, sandbox: Sandbox, clock: Clock) -> Iterator[Store]:
    store = initialise(data, sandbox.profile, clock)
    try:
        yield store
    finally:
        store.close()


def _steps(day: Day, progress: Progress) -> list[Step]:
    """All scenes in order; one that meets an error it does not expect ends the day, and the demo has failed."""
    steps: list[Step] = []
    for scene in SCENES:
        try:
            steps += scene(day)
        except KnownError as error:
            sentence = word(error.reason, day.language, day.store.profile.zone).line
            return [*steps, Step(scene.__name__, (), f"✕ {sentence}", error.reason.code.value, "")]
        except requests.RequestException as error:
            return [*steps, Step(scene.__name__, (), f"✕ {error}", type(error).__name__, "")]
        progress(len(steps))
    return steps


def _judged(day: Day, steps: list[Step], ms: int) -> Report:
    """The day beside both books as they stand at its end."""
    day.store.redeeming.flush()
    book, walked = day.control.book(), evening.walk(day.store)
    books = books_of(day, book, walked.ok)
    problems = disagreements(books)
    blamed = {one.redemption_id for one in problems if one.redemption_id}
    codes = {(one.platform, one.code) for one in problems if one.code}
    lines = []
    for step in steps:
        named = any((coupon.platform, coupon.code) in codes for coupon in step.coupons)
        agrees = not named and blamed.isdisjoint(step.redemption_ids)
        ledger_now = ledger_says(day.rows(step.redemption_ids), day.language)
        lines.append(Line(step, ledger_now, book_says(book, step.coupons, day.language), step.met and agrees))
    compared = sides(tuple(day.store.asking.platforms), books.rows, books.uses)
    return Report(tuple(lines), books, compared, problems, walked.entries, ms, day.language)


def books_of(day: Day, book: Book, journal_ok: bool) -> Books:
    """The three witnesses side by side: what customers heard, our ledger, the platforms' book."""
    rows = tuple(
        Row(row.id, row.platform, row.state, row.promised, row.amount_fen, refs_of(row).get("record"))
        for row in day.rows()
    )
    owned = tuple(one.redemption_id for one in day.store.differences.open() if one.redemption_id and one.owner)
    return Books(tuple(day.told), rows, book.uses, owned, book.second_attempts, journal_ok)


def _write(out: Path, report: Report, shift: str) -> None:
    body = json.dumps(report.document(), ensure_ascii=False, indent=2)
    (out / folder.REPORT).write_text(body + "\n", encoding="utf-8")
    (out / folder.DAY).write_text(report.plain(), encoding="utf-8")
    (out / folder.SHIFT).write_text(shift, encoding="utf-8")
