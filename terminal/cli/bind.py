"""`hexiao bind`: the store's manager authorises this terminal at a platform."""

from pathlib import Path

import click

from sync.clock import SystemClock
from terminal import settings as settings_file
from terminal.bootstrap import authorising
from terminal.cli import output
from terminal.cli.session import data_option, guarded, json_option
from terminal.i18n import Words

BUDGET_MS = 15_000


@click.command()
@click.argument("platform")
@click.option("--code", help="What the platform's page gave; good for ten minutes.")
@click.option("--token", is_flag=True, help="Ask for a token that the platform gave for good (Meituan's dining line).")
@data_option
@json_option
@guarded
def bind(platform: str, code: str | None, token: bool, data: Path, as_json: bool) -> None:
    """Authorise this terminal at PLATFORM. Without --code: print the page on which the store's manager does it."""
    if code is not None and token:
        raise click.UsageError("--code and --token exclude each other")
    given = _asked_for(data) if token else None
    clock = SystemClock()
    with authorising(data, platform, clock) as authorisation:
        if code is not None:
            authorisation.take(code.strip(), clock.monotonic_ms() + BUDGET_MS)
        elif given is not None:
            authorisation.take_token(given)
        bound = code is not None or given is not None
        page = None if bound else authorisation.page()
    if as_json:
        output.document({"ok": True, "platform": platform, "bound": bound, "page": page})
    elif bound:
        output.say(_words(data)("bind", "bound", platform=platform))
    else:
        output.say(_words(data)("bind", "open_page", platform=platform))
        output.say(page or "")


def _asked_for(data: Path) -> str:
    """The token, typed unseen or through a pipe: on the command line it would stay in the shell's history."""
    answer: str = click.prompt(_words(data)("bind", "token"), hide_input=True, err=True)
    if not answer.strip():
        raise click.UsageError("no token was given")
    return answer.strip()


def _words(data: Path) -> Words:
    spoken = "en" if output.language() == "en" else settings_file.read(data / settings_file.FILE_NAME).store.language
    return Words("bind", spoken)
