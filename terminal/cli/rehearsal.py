"""`hexiao demo`: a shop's day on the real parts, played before your eyes and checked at the end."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from sync.clock import SystemClock
from terminal.cli import output
from terminal.cli.session import guarded, json_option
from terminal.demo.folder import FolderTaken
from terminal.demo.play import play
from terminal.demo.step import words

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
@json_option
@guarded
def demo(headless: bool, out: Path, as_json: bool) -> None:
    """Play a shop's day with the false platforms inside. Exit 0 only if nothing was lost or doubled."""
    language = output.language()
    if not headless:
        output.note(words(language, "words", "no_window"))
    try:
        with output.progress("demo", silent=as_json) as advance:
            report = play(out, language, SystemClock(), advance)
    except FolderTaken as error:
        _leave(language, error.key, out, error.detail)
    except OSError as error:
        _leave(language, "not_writable", out, error.strerror or str(error))
    if as_json:
        output.document(report.document())
    else:
        console = Console()
        if not console.is_terminal:
            console.width = max(console.width, _NARROWEST)
        for one in report.tables():
            console.print(one)
        output.say(words(language, "words", "left_in", folder=out))
    sys.exit(0 if report.ok else 1)


def _leave(language: str, key: str, folder: Path, detail: str) -> NoReturn:
    """Say in one sentence why the folder can't be played in, and go."""
    output.note(f"✕ {words(language, 'folder', key, folder=folder, detail=detail)}")
    sys.exit(1)
