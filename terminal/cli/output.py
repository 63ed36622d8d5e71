"""What commands print: one JSON document on stdout for scripts, tables for people; progress and notes on stderr."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click

from sync.domain.reasons import Reason

LANGUAGE = "HEXIAO_LANG"
_SAID, _SHAPE = "hexiao.said", "hexiao.shape"


def language() -> str:
    """The language before any settings could be read."""
    return "en" if os.environ.get(LANGUAGE, "").startswith("en") else "zh"


def speak_utf8() -> None:
    """Chinese comes out whole on any locale; what can't be encoded is escaped, never fatal."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def document(body: Any) -> None:
    """The one JSON document of a command."""
    click.echo(json.dumps(body, ensure_ascii=False))
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_SAID] = True


def shape(empty: Mapping[str, Any]) -> None:
    """The fields that this command's document has at least, also when nothing comes of it."""
    click.get_current_context().meta[_SHAPE] = empty


def _said() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_SAID))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for people."""
    # Most commands print no table and must not wait for this import.
    from rich.console import Console
    from rich.table import Table

    found = Table(title=title or None, title_justify="left", show_edge=False)
    for column in columns:
        found.add_column(column, overflow="fold")
    for row in rows:
        found.add_row(*row)
    Console().print(found)


def say(line: str) -> None:
    """One line for people."""
    click.echo(line)


def note(line: str) -> None:
    """A line beside the answer."""
    click.echo(line, err=True)


def failed(reason: Reason, *, as_json: bool, zone: str = "Asia/Shanghai", spoken: str | None = None) -> None:
    """What stood in the way: for people on stderr, for scripts as the document, unless that is out already."""
    from terminal.wording import word

    sentence = word(reason, spoken or language(), zone)
    if as_json and not _said():
        context = click.get_current_context(silent=True)
        empty: Mapping[str, Any] = context.meta.get(_SHAPE, {}) if context is not None else {}
        body = {**empty, "ok": False, "outcome": "refused", "reason": reason.code.value, "message": sentence.line}
        document(body)
    else:
        note(f"✕ {sentence.what}\n  {sentence.why}\n  → {sentence.next}")


class Advance(Protocol):
    """Tells how far long work has come."""

    def __call__(self, count: int) -> None:
        """`count` things are done."""


def _unseen(count: int) -> None:
    """Progress that nobody looks at."""
    del count


@contextmanager
def progress(title: str, *, silent: bool) -> Iterator[Advance]:
    """Progress of long work on stderr, where a person looks at it."""
    if silent or not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _unseen
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:.0f}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda count: bar.update(task, completed=count)
