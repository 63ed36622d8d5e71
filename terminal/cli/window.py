"""`hexiao run`, and `hexiao` alone: the window over a terminal's folder, or one sentence why there is none."""

import sys
from pathlib import Path

import click

from sync.clock import SystemClock
from terminal import logs
from terminal.cli import output
from terminal.cli.session import data_option, guarded
from terminal.i18n import Words
from terminal.ui.display import Obstacle, obstacle

AREA = "display"


@click.command()
@data_option
@click.option("--kiosk", is_flag=True, help="Full screen; only a manager or a technician closes it.")
@guarded
def run(data: Path, kiosk: bool) -> None:
    """Open the window. A window that is open over the same folder comes to the front instead."""
    words = Words(AREA, output.language())
    blocked = obstacle()
    if blocked is not None:
        output.note(f"✕ {said(blocked, words)}")
        sys.exit(1)
    try:
        from terminal.ui import app
    except ImportError as error:
        output.note(f"✕ {words('lacks', 'qt', detail=error)}")
        sys.exit(1)
    if app.call_first(data):
        output.say(words("instance", "shown"))
        return
    with logs.kept_in(data):
        stayed = app.run(data, SystemClock(), kiosk=kiosk)
    if not stayed:
        output.say(words("instance", "shown"))


def said(blocked: Obstacle, words: Words) -> str:
    """Why there can be no window, and what to do."""
    return words("lacks", blocked.lack.value, screen=blocked.screen, packages=" ".join(blocked.packages))
