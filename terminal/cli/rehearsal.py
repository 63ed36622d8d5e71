"""`hexiao demo`: a shop on the real parts, to play in by hand or to watch a day of, checked at the end."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from sync.clock import SystemClock
from terminal.cli import output
from terminal.cli.pictures import have_taken, take
from terminal.cli.session import guarded, json_option
from terminal.cli.window import AREA, said
from terminal.demo.folder import FolderTaken
from terminal.demo.play import play
from terminal.demo.step import words
from terminal.i18n import Words
from terminal.ui.display import obstacle

_NARROWEST = 100


@click.command()
@click.option("--headless", is_flag=True, help="Without a window: play the day, print it, and leave.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-out"),
    show_default=True,
    help="Folder for ledger, pictures and reports; what an earlier demo left there is kept aside.",
)
@click.option("--pictures", is_flag=True, help="Only take the pictures of the window, which a headless day ends with.")
@json_option
@guarded
def demo(headless: bool, out: Path, pictures: bool, as_json: bool) -> None:
    """Run a shop to play in, with the false platforms inside: the till and its customers' phones. Headless, or where
    there is no screen: play a shop's day; exit 0 only if nothing was lost or doubled."""
    language = output.language()
    if pictures:
        sys.exit(0 if take(out, language) else 1)
    blocked = None if headless or as_json else obstacle()
    if blocked is not None:
        output.note(said(blocked, Words(AREA, language)))
        output.note(words(language, "words", "no_window"))
    try:
        if headless or as_json or blocked is not None:
            _play(out, language, as_json)
        else:
            _open(out, language)
    except FolderTaken as error:
        _leave(language, error.key, out, error.detail)
    except OSError as error:
        _leave(language, "not_writable", out, error.strerror or str(error))


def _open(out: Path, language: str) -> None:
    """Until a window is closed."""
    try:
        from terminal.ui.demo.shop import open_shop
    except ImportError as error:
        output.note(f"✕ {Words(AREA, language)('lacks', 'qt', detail=error)}")
        sys.exit(1)
    output.say(words(language, "words", "opening"))
    output.say(words(language, "words", "ledger_in", folder=open_shop(out, language, SystemClock())))


def _play(out: Path, language: str, as_json: bool) -> None:
    with output.progress("demo", silent=as_json) as advance:
        report = play(out, language, SystemClock(), advance)
    if as_json:
        output.document(report.document())
    else:
        console = Console()
        if not console.is_terminal:
            console.width = max(console.width, _NARROWEST)
        for one in report.tables():
            console.print(one)
    with output.progress(words(language, "words", "picturing"), silent=as_json):
        missing = have_taken(out)
    if missing:
        output.note(words(language, "words", "no_pictures", why=missing))
    if not as_json:
        output.say(words(language, "words", "left_in", folder=out))
    sys.exit(0 if report.ok else 1)


def _leave(language: str, key: str, folder: Path, detail: str) -> NoReturn:
    """Say in one sentence why the folder can't be played in, and go."""
    output.note(f"✕ {words(language, 'folder', key, folder=folder, detail=detail)}")
    sys.exit(1)
