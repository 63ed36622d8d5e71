"""`hexiao init`, `sandbox`, `scan` and `doctor`: setting a terminal up and looking after it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from sync.clock import SystemClock
from sync.domain.reasons import Code, because
from sync.errors import NotAllowed
from terminal.bootstrap import initialise
from terminal.cli import output
from terminal.cli.session import data_option, guarded, json_option, session
from terminal.diagnostics.binding import examine_binding
from terminal.diagnostics.doctor import examine


@click.command()
@click.option("--profile", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The profile, TOML.")
@data_option
@json_option
@guarded
def init(profile: Path, data: Path, as_json: bool) -> None:
    """Set this terminal up from a profile, without questions; then pull what offline decisions need."""
    store = initialise(data, profile, SystemClock())
    try:
        pulled = store.pulling.pull() if store.pulling is not None else None
        body = {
            "ok": True,
            "data": str(data),
            "terminal": store.profile.terminal,
            "platforms": sorted(store.asking.platforms),
            "staff": [person.id for person in store.people.all()],
            "pulled": pulled is None or pulled.stopped is None,
        }
    finally:
        store.close()
    if as_json:
        output.document(body)
    else:
        output.say(f"✓ {data}")
        if not body["pulled"]:
            output.note("the platform can't be reached now; `hexiao pull` does the rest later")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: any free one.")
@click.option("--scenario", default="quiet", show_default=True, help="What it starts with.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Keep its state in this file.")
@guarded
def sandbox(port: int, scenario: str, state: Path | None) -> None:
    """Run the false platforms on this machine; prints one JSON line when ready."""
    from sync.sandbox.sandbox import serve
    from sync.sandbox.scenarios import ScenarioError
    from sync.sandbox.storage import StateError

    def announce(described: dict[str, Any]) -> None:
        click.echo(json.dumps(described, ensure_ascii=False))
        sys.stdout.flush()

    try:
        serve(port, scenario, state, announce)
    except ScenarioError as error:
        raise click.UsageError(str(error)) from error
    except (StateError, OSError, ValueError) as error:
        output.note(f"✕ {error}")
        sys.exit(1)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def scan(files: tuple[Path, ...], as_json: bool) -> None:
    """Read codes from pictures and videos. Exit 1 when a file held none."""
    from hardware.decoding.scan import scan_files

    with output.progress("scan", silent=as_json) as advance:
        results = list(scan_files(files, progress=lambda done, _total: advance(done)))
    if as_json:
        output.document(
            [
                {
                    "file": str(result.path),
                    "ms": round(result.ms, 2),
                    "error": str(result.error) if result.error else None,
                    "symbols": [
                        {"text": s.text, "symbology": s.symbology, "ms": round(s.ms, 2)} for s in result.symbols
                    ],
                }
                for result in results
            ]
        )
    else:
        rows = [
            (str(result.path), symbol.symbology, f"{symbol.ms:.1f}", symbol.text)
            for result in results
            for symbol in result.symbols
        ]
        rows += [
            (str(result.path), "—", "", str(result.error or "no code found"))
            for result in results
            if not result.symbols
        ]
        output.table("", ("file", "symbology", "ms", "text"), rows)
    sys.exit(0 if all(result.symbols for result in results) else 1)


@click.command()
@click.option("--platform", "only", metavar="P", help="Try the binding to this platform instead.")
@data_option
@json_option
@guarded
def doctor(only: str | None, data: Path, as_json: bool) -> None:
    """Tell whether this terminal is well, and what to do where it is not."""
    with session(data) as opened:
        bound = opened.store.asking.platforms
        if only is not None and only not in bound:
            raise NotAllowed(because(Code.NOT_CONNECTED, platform=only[:40]))
        if only is not None:
            findings = examine_binding(opened.store, only, opened.language, opened.zone)
        else:
            findings = examine(opened.store, opened.language, opened.zone)
    if as_json:
        output.document(
            {
                "ok": all(f.ok for f in findings),
                "checks": [asdict(finding) for finding in findings],
            }
        )
    else:
        output.table("", ("", "", "", ""), [("✓" if f.ok else "✕", f.title, f.what, f.next) for f in findings])
    sys.exit(0 if all(finding.ok for finding in findings) else 1)
